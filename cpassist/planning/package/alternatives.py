"""Other ways to put a package together, each shown as what differs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

from cpassist.catalogue.catalogue import Catalogue
from cpassist.harm.reading import HarmReading
from cpassist.planning.choosing.capacity import WithinCapacity, best_within_capacity
from cpassist.planning.choosing.choice import COVERAGE, SAFETY, Choice, Wanted
from cpassist.planning.choosing.weighing import weigh
from cpassist.planning.package.offers import Offer, offers_of


@dataclass(frozen=True, kw_only=True, repr=False)
class Difference:
    """One thing in which another package differs."""

    change: str
    intervention: str
    people: tuple[str, ...]
    because: str


@dataclass(frozen=True, kw_only=True, repr=False)
class Alternative:
    """Another way to put the package together."""

    name: str
    because: str
    """What it gains and what it gives up, by the order of what matters."""
    differs: tuple[Difference, ...]
    offers: tuple[Offer, ...]


# Named ways: every need that can be answered stays answered, then this comes before the rest.
PROFILES = (
    ("Asks less of the family", "family_minutes"),
    ("Fewer different professionals", "professionals"),
    ("Starts sooner", "wait_weeks"),
    ("On the surest evidence", "certainty_and_fit"),
)
# A tag: what a doctor prescribes is stopped by a doctor, not by a package.
MEDICINE = "medicine"
# The best of what is left once a kind of help of each one before is not used.
NEXT_BEST = (
    "Next best with other help",
    "Second best with other help",
    "Third best with other help",
)


def find_alternatives(
    offers: Sequence[Offer], choice: Choice, best: WithinCapacity, harm: HarmReading
) -> tuple[tuple[Alternative, ...], str | None]:
    """The next best packages of other help and those of the profiles, or why there is none.

    `choice` is among the offers that a person could carry at all, `best` what was chosen.
    """
    family, catalogue = harm.family, harm.catalogue
    limits = family.limits.minutes_per_week
    # What a worker wants stays, and neither help for safety nor a medicine is swapped to save something.
    forced = frozenset(
        c.key
        for c in best.picked
        if c.judged is not None or c.is_safety or MEDICINE in c.intervention.tags
    )
    found: list[Alternative] = []
    seen = {best.chosen.keys}

    def add(name: str, other: WithinCapacity | None, kept: frozenset[str]) -> None:
        if other is None or other.chosen.keys in seen or _is_worse(other, best, kept):
            return
        seen.add(other.chosen.keys)
        theirs = offers_of(other.picked, other.planned, family, catalogue)
        differs = _differences(offers, theirs, catalogue)
        only_less = all(difference.change == "removed" for difference in differs)
        found.append(
            Alternative(
                name="Doing less" if only_less and name in NEXT_BEST else name,
                because=" ".join(
                    (
                        *_with_who_harmed(offers, theirs, harm),
                        weigh(best.chosen.values, other.chosen.values).says,
                    )
                ),
                differs=differs,
                offers=theirs,
            )
        )

    wanted = Wanted(forced=forced, not_all_of=best.crowded, known=(best.chosen.keys,))

    def search(among: Choice, **more: Any) -> WithinCapacity | None:
        nonlocal wanted
        other = best_within_capacity(among, replace(wanted, **more), limits)
        if other is not None:
            wanted = replace(wanted, known=(*wanted.known, other.chosen.keys))
        return other

    for name, level in PROFILES:
        led = choice.led_by(level)
        if led is not None:
            add(name, search(led), COVERAGE)
    others = [best.chosen.keys]
    for name in NEXT_BEST:
        other = search(choice, differs_from=tuple(others))
        if other is None:
            break
        # The first may leave a need for later, and says so; a need for safety is never left.
        add(name, other, COVERAGE if len(others) > 1 else SAFETY)
        others.append(other.chosen.keys)
    because = None
    if not found:
        because = (
            "Nothing can be offered here, so there is nothing to put together in another way."
            if not choice.candidates
            else "No other set of help that the rules allow answers these needs."
        )
    return tuple(found), because


def _with_who_harmed(
    offers: Sequence[Offer], theirs: Sequence[Offer], harm: HarmReading
) -> Iterator[str]:
    """What has to be said first of a way that newly brings somebody together with whoever harmed them.

    Neglect is left out, as everywhere: much of the help for it is that very carer with that child.
    """
    ours = {offer.key for offer in offers}
    family = harm.family
    pairs = {
        (one, other)
        for offer in theirs
        if offer.together and offer.key not in ours
        for one, other in permutations(offer.people, 2)
        if harm.has_harmed(other, one)
    }
    for one, other in sorted(pairs):
        harmed, harming = family.label_of(one), family.label_of(other)
        yield (
            f"It brings {harmed} together with {harming}, who is recorded as harming {harmed}: check contact, "
            f"any court order and what {harmed} wants first."
        )


def _is_worse(other: WithinCapacity, best: WithinCapacity, levels: frozenset[str]) -> bool:
    """Whether another choice answers fewer of the needs that these levels count."""
    ours = {priority.name: value for priority, value in best.chosen.values}
    return any(
        value < ours[priority.name]
        for priority, value in other.chosen.values
        if priority.name in levels
    )


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
