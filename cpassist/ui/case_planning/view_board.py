"""The package on one screen: people and needs by weeks, with offers, gaps, ordinary steps and what a week asks."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cpassist.family.records import Need, Person
from cpassist.family.vocabulary import ActionLevel, When
from cpassist.planning.package.offers import Offer, names
from cpassist.planning.package.package import SupportPackage, WeekLoad
from cpassist.ui.case_planning.plan_forms import line_id
from cpassist.ui.case_planning.state import CaseState
from cpassist.ui.case_planning.view_help import offer_id
from cpassist.ui.case_planning.view_people import People
from cpassist.words.evidence import CERTAINTY_WORDS, FIT_WORDS
from cpassist.words.package import GAP_WORDS

SHORTEST = 12
"""Weeks: a package of two weeks is not drawn as if it filled a year."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Stretch:
    """Some weeks on the line of weeks, in percent of it."""

    left: float
    width: float
    words: str
    over: bool = False
    """Whether it asks more than the limit that was stated."""


@dataclass(frozen=True, kw_only=True, repr=False)
class BoardOffer:
    """One offer where it answers one need."""

    id: str
    intervention: str
    people: str
    title: str
    says: str
    """How sure, at the right age or not, with whom, in which weeks."""
    weeks: Stretch
    judged: str | None
    first: bool
    """Whether it stands here for the first time: shared help is decided once."""


@dataclass(frozen=True, kw_only=True, repr=False)
class BoardRow:
    """One need and what answers it."""

    need: str
    level: ActionLevel | None
    offers: tuple[BoardOffer, ...]
    gap: str
    """Why nothing answers it; empty where something does."""
    steps: int
    """How many ordinary steps there are for it."""
    steps_id: str
    asks: bool
    """Whether it is still to be said how much help is needed."""


@dataclass(frozen=True, kw_only=True, repr=False)
class BoardPerson:
    """One person with their needs, in the order in which they are met."""

    key: str
    label: str
    age: str
    wants: str
    rows: tuple[BoardRow, ...]
    watched: tuple[str, ...]
    """Needs to keep an eye on, for which nothing is matched."""
    load: tuple[Stretch, ...]
    load_words: str


@dataclass(frozen=True, kw_only=True, repr=False)
class Board:
    """The whole package, people by weeks."""

    weeks: int
    ticks: tuple[tuple[float, int], ...]
    people: tuple[BoardPerson, ...]
    undecided: int
    """How many offers nobody has decided on."""


def board_of(state: CaseState, people: People) -> Board:
    """The package of the family on the screen."""
    package = state.package
    weeks = max([SHORTEST, *(offer.last_week for offer in package.offers)])
    shown: set[str] = set()
    step = next(s for s in (2, 4, 8, 13, 26, 52) if weeks / s <= 9 or s == 52)
    return Board(
        weeks=weeks,
        ticks=tuple((_at(n, weeks), n) for n in range(1, weeks + 1, step)),
        people=tuple(
            _person(state, people, person, weeks, shown)
            for person in (*state.the_family().children, *state.the_family().adults)
        ),
        undecided=sum(offer.judged is None for offer in package.offers),
    )


def _at(week: int, weeks: int) -> float:
    return round((week - 1) / weeks * 100, 2)


def _person(
    state: CaseState, people: People, person: Person, weeks: int, shown: set[str]
) -> BoardPerson:
    family, package = state.the_family(), state.package
    starts = {
        (answer.person, answer.need): offer.starts_week
        for offer in sorted(package.offers, key=lambda o: -o.starts_week)
        for answer in offer.answers
    }
    mine = [n for n in family.needs_of(person.key) if n.when is not When.PAST and n.level != 0]
    # In the order in which they are met: what is urgent, then what begins first, then what waits.
    mine.sort(key=lambda n: (-(n.level or 0), starts.get((n.person, n.need), weeks + 1)))
    wish = next((w.says for w in family.wishes if w.person == person.key), "")
    load = [line for line in package.load if line.person == person.key]
    return BoardPerson(
        key=person.key,
        label=person.label,
        age=people.short_age(person),
        wants=wish,
        rows=tuple(
            _row(state, n, weeks, shown)
            for n in mine
            if n.level != ActionLevel.KEEP_AN_EYE or (n.person, n.need) in starts
        ),
        watched=tuple(
            state.catalogue.label(n.need)
            for n in mine
            if n.level == ActionLevel.KEEP_AN_EYE and (n.person, n.need) not in starts
        ),
        load=tuple(_load(load, weeks)),
        load_words=_load_words(load),
    )


def _row(state: CaseState, need: Need, weeks: int, shown: set[str]) -> BoardRow:
    package, catalogue = state.package, state.catalogue
    key = (need.person, need.need)
    gap = next((g for g in package.gaps if (g.person, g.need) == key), None)
    return BoardRow(
        need=catalogue.label(need.need),
        level=need.level,
        offers=tuple(_offers(state, package, need, weeks, shown)),
        gap=GAP_WORDS[gap.kind] if gap else "",
        steps=sum((step.person, step.need) == key for step in package.steps),
        steps_id=f"sg-{line_id(f'{need.person}-{need.need}')}",
        asks=need.level is None,
    )


def _offers(
    state: CaseState, package: SupportPackage, need: Need, weeks: int, shown: set[str]
) -> Iterator[BoardOffer]:
    family, catalogue = state.the_family(), state.catalogue
    for offer in package.offers:
        answer = next(
            (a for a in offer.answers if (a.person, a.need) == (need.person, need.need)), None
        )
        if answer is None:
            continue
        others = [key for key in offer.people if key != need.person]
        says = [CERTAINTY_WORDS[answer.certainty].capitalize()]
        says += [FIT_WORDS[answer.age_fit]] if answer.of_child else []
        says += [f"with {names(others, family)}"] if others else []
        yield BoardOffer(
            id=offer_id(offer),
            intervention=offer.intervention,
            people=",".join(offer.people),
            title=catalogue.title(offer.intervention),
            says=" · ".join(says),
            weeks=_weeks(offer, weeks),
            judged=offer.judged,
            first=offer.key not in shown,
        )
        shown.add(offer.key)


def _weeks(offer: Offer, weeks: int) -> Stretch:
    assumed = " (assumed)" if offer.load_basis == "assumed" else ""
    return Stretch(
        left=_at(offer.starts_week, weeks),
        width=round(offer.weeks_high / weeks * 100, 2),
        words=f"Weeks {offer.starts_week} to {offer.last_week}, {offer.minutes_per_week} min a week{assumed}",
    )


def _load(lines: Iterable[WeekLoad], weeks: int) -> Iterator[Stretch]:
    """Neighbouring weeks that ask the same of somebody, as one stretch."""
    for minutes, same in itertools.groupby(lines, key=lambda w: w.minutes + w.assumed_minutes):
        together = list(same)
        limit = together[0].limit
        if minutes:
            yield Stretch(
                left=_at(together[0].week, weeks),
                width=round(len(together) / weeks * 100, 2),
                words=str(minutes),
                over=limit is not None and minutes > limit,
            )


def _load_words(lines: list[WeekLoad]) -> str:
    """What somebody's fullest week asks, and what they said they can carry."""
    if not lines:
        return ""
    most = max(lines, key=lambda w: w.minutes + w.assumed_minutes)
    limit = "no limit stated" if most.limit is None else f"limit {most.limit}"
    return f"up to {most.minutes + most.assumed_minutes} min a week, {limit}"
