"""Other ways to put a package together, each shown as what differs."""

from collections.abc import Sequence
from dataclasses import dataclass

from cpassist.catalogue.records import Catalogue
from cpassist.family import Family
from cpassist.planning.candidates import Candidate
from cpassist.planning.choice import COVERAGE, TIE, Chosen, Wanted, only
from cpassist.planning.offers import Offer, offers_of
from cpassist.planning.schedule import schedule
from cpassist.planning.search import choose


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing in which another package differs."""

    change: str
    intervention: str
    people: tuple[str, ...]
    because: str


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """Another way to put the package together."""

    name: str
    because: str
    """What it gains and what it gives up, by the order of what matters."""
    differs: tuple[Difference, ...]
    offers: tuple[Offer, ...]


def find_alternatives(
    offers: Sequence[Offer],
    able: Sequence[Candidate],
    chosen: Chosen,
    family: Family,
    catalogue: Catalogue,
) -> tuple[tuple[Alternative, ...], str | None]:
    """The next best package of other help and the one that asks least, or why there is none.

    `able` are the candidates that a person could carry at all.
    """
    # What a worker wants stays, and help for safety is never swapped for something else.
    forced = frozenset(c.key for c in able if c.judged is not None or c.is_safety) & chosen.keys
    limits = dict(family.limits.minutes_per_week)
    found: list[Alternative] = []
    seen = {chosen.keys}
    lighter = tuple(
        sorted(
            catalogue.priorities,
            key=lambda p: 0 if p.name in COVERAGE else 1 if p.name == "family_minutes" else 2,
        )
    )
    tries = (
        (
            "Next best with other help",
            Wanted(forced=forced, differs_from=(chosen.keys,)),
            None,
        ),
        ("Asks less of the family", Wanted(forced=forced), lighter),
    )
    for name, wanted, order in tries:
        other = choose(able, catalogue, wanted, order)
        if other is None or other.keys in seen:
            continue
        planned = schedule(only(able, other.keys), limits)
        if planned.no_room:
            continue
        seen.add(other.keys)
        theirs = offers_of(only(able, other.keys), planned, family, catalogue)
        found.append(
            Alternative(
                name=name,
                because=_gains_and_losses(chosen, other),
                differs=_differences(offers, theirs, catalogue),
                offers=theirs,
            )
        )
    because = None
    if not found:
        because = (
            "Nothing can be offered here, so there is nothing to put together in another way."
            if not able
            else "No other set of help that the rules allow answers any of these needs."
        )
    return tuple(found), because


def _gains_and_losses(chosen: Chosen, other: Chosen) -> str:
    """In which levels of the order another choice is better, and in which it is worse, in words."""
    theirs = {priority.name: value for priority, value in other.values}
    gains: list[str] = []
    losses: list[str] = []
    for priority, value in chosen.values:
        more = theirs[priority.name] - value
        if more and priority.name != TIE.name:
            if (more > 0) == (priority.better == "more"):
                gains.append(priority.label)
            else:
                losses.append(priority.otherwise)
    says = [
        f"{word}: {'; '.join(labels)}."
        for word, labels in (("For it", gains), ("Against it", losses))
        if labels
    ]
    return " ".join(says) or "As good by everything that is weighed; ask the family."


def _differences(
    ours: Sequence[Offer], theirs: Sequence[Offer], catalogue: Catalogue
) -> tuple[Difference, ...]:
    mine, others = {o.key: o for o in ours}, {o.key: o for o in theirs}
    gone = [o for key, o in mine.items() if key not in others]
    new = [o for key, o in others.items() if key not in mine]
    differs = []
    for offer in new:
        shared = {(a.person, a.need) for a in offer.answers}
        replaced = [g for g in gone if shared & {(a.person, a.need) for a in g.answers}]
        if replaced:
            title = catalogue.title(replaced[0].intervention)
            differs.append(
                Difference(
                    change="swapped",
                    intervention=offer.intervention,
                    people=offer.people,
                    because=f"In place of {title}.",
                )
            )
            gone.remove(replaced[0])
        else:
            differs.append(
                Difference(
                    change="added",
                    intervention=offer.intervention,
                    people=offer.people,
                    because=offer.says,
                )
            )
    differs += [
        Difference(
            change="removed",
            intervention=offer.intervention,
            people=offer.people,
            because="Left out in this way.",
        )
        for offer in gone
    ]
    return tuple(differs)
