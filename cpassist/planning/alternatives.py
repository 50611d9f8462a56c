"""Other ways to put a package together, each shown as what differs."""

from collections.abc import Sequence
from dataclasses import dataclass

from cpassist.catalogue.records import Catalogue, Priority
from cpassist.family import Family
from cpassist.planning.candidates import Candidate
from cpassist.planning.choice import COVERAGE, Chosen, Wanted, only
from cpassist.planning.offers import Offer, offers_of
from cpassist.planning.schedule import schedule
from cpassist.planning.search import choose
from cpassist.planning.weighing import weigh


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


# Named ways: every need that can be answered stays answered, then this comes before the rest.
PROFILES = (
    ("Asks less of the family", "family_minutes"),
    ("Fewer different professionals", "professionals"),
    ("Starts sooner", "wait_weeks"),
    ("On the surest evidence", "certainty_and_fit"),
)


def _led_by(level: str, catalogue: Catalogue) -> tuple[Priority, ...]:
    """The order with one level brought up to stand right after which needs are answered."""

    def place(priority: Priority) -> int:
        return 0 if priority.name in COVERAGE else 1 if priority.name == level else 2

    return tuple(sorted(catalogue.priorities, key=place))


def find_alternatives(
    offers: Sequence[Offer],
    able: Sequence[Candidate],
    chosen: Chosen,
    family: Family,
    catalogue: Catalogue,
) -> tuple[tuple[Alternative, ...], str | None]:
    """The next best package of other help and those of the profiles, or why there is none.

    `able` are the candidates that a person could carry at all.
    """
    # What a worker wants stays, and help for safety is never swapped for something else.
    forced = frozenset(c.key for c in able if c.judged is not None or c.is_safety) & chosen.keys
    limits = dict(family.limits.minutes_per_week)
    found: list[Alternative] = []
    seen = {chosen.keys}
    tries: list[tuple[str, Wanted, tuple[Priority, ...] | None]] = [
        ("Next best with other help", Wanted(forced=forced, differs_from=(chosen.keys,)), None)
    ]
    tries += [(name, Wanted(forced=forced), _led_by(level, catalogue)) for name, level in PROFILES]
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
                because=weigh(chosen.values, other.values).says,
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
