"""The judgements that one press of a button stands for, and what they did, in a sentence."""

from collections.abc import Iterator

from cpassist.family.records import Judgement
from cpassist.family.vocabulary import Choice
from cpassist.planning.package.alternatives import Alternative
from cpassist.planning.package.package import SupportPackage


def judgements_for(other: Alternative, package: SupportPackage) -> Iterator[Judgement]:
    """Taking another way: what it adds is accepted, what it leaves out is declined, with the reason."""
    wanted = {offer.key: offer for offer in other.offers}
    gone = {offer.key: offer for offer in package.offers}
    for decision, these, those in ((Choice.ACCEPT, wanted, gone), (Choice.DECLINE, gone, wanted)):
        for key, offer in these.items():
            if key not in those:
                yield Judgement(
                    intervention=offer.intervention,
                    people=offer.people,
                    decision=decision,
                    because=f"Another way was chosen: {other.name.lower()}.",
                )


def judgements_for_all(package: SupportPackage) -> Iterator[Judgement]:
    """Every offer that nobody has decided on yet is accepted."""
    for offer in package.offers:
        if offer.judged is None:
            yield Judgement(
                intervention=offer.intervention, people=offer.people, decision=Choice.ACCEPT
            )


def judgements_against_all(package: SupportPackage, because: str) -> Iterator[Judgement]:
    """None of these: every offer is declined with one reason."""
    for offer in package.offers:
        yield Judgement(
            intervention=offer.intervention,
            people=offer.people,
            decision=Choice.DECLINE,
            because=because,
        )


def what_changed(judgement: Judgement, package: SupportPackage, title: str) -> str:
    """What became of a decision, once the package was put together anew around it."""
    done = {Choice.ACCEPT: "accepted", Choice.DECLINE: "set aside", Choice.ADD: "added"}[
        judgement.decision
    ]
    offers, gaps = len(package.offers), len(package.gaps)
    there = any(
        o.intervention == judgement.intervention and set(o.people) == set(judgement.people)
        for o in package.offers
    )
    if judgement.decision is not Choice.DECLINE and not there:
        return f"Your decision on {title} is recorded, but a rule keeps it from being offered. See what to ask."
    return (
        f"{title} is {done}. The package now has {offers} offer{'s' * (offers != 1)} and "
        f"{gaps} gap{'s' * (gaps != 1)}."
    )
