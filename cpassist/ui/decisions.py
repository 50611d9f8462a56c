"""The judgements that one press of a button stands for."""

from collections.abc import Iterator

from cpassist.family import Judgement
from cpassist.family_vocabulary import Choice
from cpassist.planning.alternatives import Alternative
from cpassist.planning.package import SupportPackage


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


def judgements_against_all(package: SupportPackage, because: str) -> Iterator[Judgement]:
    """None of these: every offer is declined with one reason."""
    for offer in package.offers:
        yield Judgement(
            intervention=offer.intervention,
            people=offer.people,
            decision=Choice.DECLINE,
            because=because,
        )
