"""Puts chosen offers into weeks: what must come first, waits, and what each person can carry."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cpassist.catalogue.vocabulary import PHASES, Phase
from cpassist.planning.candidates import Candidate

# House settings, not research. What would begin more than a year from now is no plan for now.
HORIZON_WEEKS = 52
# Work on recovery begins some weeks after help that makes safe or steady, so that a family does not
# meet everybody in one week.
STAGGER_WEEKS = 4
# What begins after the weeks in which things are steadied begins late where help is needed now.
LATE_AFTER_WEEK = 1 + STAGGER_WEEKS
# Turns after which no further order of the offers is tried. Counted, not timed.
MOST_TURNS = 2_000


class Why(StrEnum):
    """What keeps an offer from starting in the first week."""

    WAIT = "wait"
    """The local directory says how long one waits for it."""
    FIRST = "first"
    """A rule wants another offer before it."""
    STEADY = "steady"
    """Help of an earlier phase is given some weeks first."""
    RISK = "risk"
    """It brings somebody together with whoever harmed them: the risk is looked at first."""
    ROOM = "room"
    """The weeks before are full for somebody."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Delay:
    """Without this an offer could start sooner; `about` is the other offer, or the person."""

    why: Why
    about: str = ""
    beside: tuple[str, ...] = ()
    """Where the weeks are full: the offers that fill them."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Schedule:
    """The week in which each offer starts (1 is the first), or the offers for which no weeks were found."""

    starts: Mapping[str, int]
    first: Mapping[str, tuple[str, ...]]
    """Offer → the offers that start before or with it."""
    delays: Mapping[str, tuple[Delay, ...]]
    """Offer → why it does not start sooner; those that start in week 1 are missing."""
    no_room: tuple[str, ...] = ()
    """Offers that no order of weeks holds together, none of them to spare; empty when all found room."""
    proven: bool = True
    """Whether that was proven, rather than given up after many tries."""


@dataclass(frozen=True, kw_only=True, repr=False)
class _Earlier:
    """An offer that starts so many weeks before another, or with it (0)."""

    key: str
    weeks: int
    why: Why


Before = Mapping[str, Sequence[_Earlier]]


def schedule(offers: Sequence[Candidate], limits: Mapping[str, int]) -> Schedule:
    """Start weeks for chosen offers.

    `limits` are minutes a week by person; whoever is missing has stated none. Help for safety
    starts as soon as it is to be had and is never held back by minutes. An offer whose minutes are
    only assumed may pass a limit rather than vanish, and never pushes out one whose minutes are stated.
    """
    order = _in_order(offers)
    before = {offer.key: tuple(_before(offer, order[:at])) for at, offer in enumerate(order)}
    first = {
        offer.key: tuple(sorted({e.key for e in _starting_first(offer, offers)})) for offer in order
    }
    starts, stuck = _in_turn(order, before, limits)
    no_room: tuple[str, ...] = ()
    proven = True
    if stuck:
        try:
            found = _in_any_order(order, before, limits)
            starts = starts if found is None else found
            no_room = () if found is not None else _none_to_spare(order, before, limits)
        except _GaveUp:
            no_room, proven = (stuck,), False
    delays = {} if no_room else _delays(order, before, starts, limits)
    return Schedule(starts=starts, first=first, delays=delays, no_room=no_room, proven=proven)


def _in_order(offers: Sequence[Candidate]) -> list[Candidate]:
    """Help for safety, what others wait for, the most urgent need, by phase, the youngest child, what answers most, the longest, then by name.

    Months are long to a baby: of two needs that are as urgent, the younger child's comes first. What is needed now
    does not stand behind what can wait, whatever its phase; what a rule wants first is as urgent as what waits for it.
    """
    phase = {offer.key: PHASES.index(offer.intervention.phase) for offer in offers}
    urgent = {o.key: max((a.level for a in o.answers), default=0) for o in offers}
    depth = dict.fromkeys(phase, 0)
    waiting = {o.key: others for o in offers if (others := tuple(_starting_first(o, offers)))}
    for _ in offers:
        for key, others in waiting.items():
            for other in others:
                depth[key] = min(len(offers), max(depth[key], depth[other.key] + 1))
                urgent[other.key] = max(urgent[other.key], urgent[key])
    return sorted(
        offers,
        key=lambda o: (
            not o.is_safety,
            -urgent[o.key],
            phase[o.key],
            depth[o.key],
            (o.youngest_months is None, o.youngest_months or 0),
            -len(o.answers),
            -o.load.weeks_high,
            o.key,
        ),
    )


def _starting_first(offer: Candidate, offers: Iterable[Candidate]) -> Iterator[_Earlier]:
    """The offers that a rule wants before this one, or beside it."""
    for required in offer.requires:
        for other in offers:
            if other.key != offer.key and required.is_met_by(other):
                weeks = STAGGER_WEEKS if required.first else 0
                yield _Earlier(key=other.key, weeks=weeks, why=Why.FIRST)


def _before(offer: Candidate, earlier: Sequence[Candidate]) -> Iterator[_Earlier]:
    """Of the offers that are placed before this one, those it has to wait for."""
    if offer.is_safety:
        return
    yield from _starting_first(offer, earlier)
    phase = PHASES.index(offer.intervention.phase)
    if phase > PHASES.index(Phase.STABILISE):
        for other in earlier:
            sooner = PHASES.index(other.intervention.phase) < phase
            if sooner and set(other.people) & set(offer.people):
                yield _Earlier(key=other.key, weeks=STAGGER_WEEKS, why=Why.STEADY)


def _earliest(offer: Candidate, before: Before, starts: Mapping[str, int]) -> int:
    return max(
        [
            1 + (offer.wait_weeks or 0),
            _risk_weeks(offer) + 1,
            *(starts[e.key] + e.weeks for e in before[offer.key] if e.key in starts),
        ]
    )


def _risk_weeks(offer: Candidate) -> int:
    """The weeks in which the risk is looked at and the child asked again, before those two are in one room."""
    return STAGGER_WEEKS if offer.risk_first and not offer.is_safety else 0


def _binds(offer: Candidate) -> bool:
    """Whether it has to find room: its minutes are stated and it is not for safety."""
    return offer.load.stated and not offer.is_safety


class _Weeks:
    """What is asked of each limited person in each week: all minutes, and those that sources state."""

    def __init__(self, limits: Mapping[str, int]) -> None:
        self.limits = limits
        self.all: dict[tuple[str, int], int] = {}
        self.stated: dict[tuple[str, int], int] = {}

    def copy(self) -> "_Weeks":
        weeks = _Weeks(self.limits)
        weeks.all, weeks.stated = dict(self.all), dict(self.stated)
        return weeks

    def take(self, offer: Candidate, start: int) -> None:
        for person in offer.people:
            if person in self.limits:
                for week in range(start, start + offer.load.weeks_high):
                    at = (person, week)
                    self.all[at] = self.all.get(at, 0) + offer.load.minutes_per_week
                    if offer.load.stated:
                        self.stated[at] = self.stated.get(at, 0) + offer.load.minutes_per_week

    def room(
        self, offer: Candidate, earliest: int, taken: Mapping[tuple[str, int], int]
    ) -> int | None:
        """The first week from which nobody's limit is passed, or None within the horizon."""
        start = earliest
        while start <= max(earliest, HORIZON_WEEKS):
            full = self.full_week(offer, start, taken)
            if full is None:
                return start
            start = full + 1
        return None

    def full_week(
        self, offer: Candidate, start: int, taken: Mapping[tuple[str, int], int]
    ) -> int | None:
        """The last week in which somebody could not carry it as well, were it to start then."""
        for week in reversed(range(start, start + offer.load.weeks_high)):
            if any(
                taken.get((person, week), 0) + offer.load.minutes_per_week > self.limits[person]
                for person in offer.people
                if person in self.limits
            ):
                return week
        return None


def _in_turn(
    order: Sequence[Candidate], before: Before, limits: Mapping[str, int]
) -> tuple[dict[str, int], str]:
    """Each offer in the first weeks with room, one after the other; and the first that found none."""
    starts: dict[str, int] = {}
    weeks = _Weeks(limits)
    for offer in order:
        earliest = _earliest(offer, before, starts)
        start: int | None = earliest
        if not offer.is_safety:
            start = weeks.room(offer, earliest, weeks.all)
            if start is None:
                start = weeks.room(offer, earliest, weeks.stated) if _binds(offer) else earliest
        if start is None:
            return starts, offer.key
        starts[offer.key] = start
        weeks.take(offer, start)
    return starts, ""


class _GaveUp(Exception):
    """Too many orders to try them all."""


def _in_any_order(
    order: Sequence[Candidate], before: Before, limits: Mapping[str, int]
) -> dict[str, int] | None:
    """Starts in which all that has to find room does, or None when no order of weeks has them.

    It is enough to place the offers one after the other in every order, each as early as it can be:
    from any plan the offers can be moved forward to such a one. Raises _GaveUp.
    """
    turns = MOST_TURNS

    def visit(starts: dict[str, int], weeks: _Weeks) -> dict[str, int] | None:
        nonlocal turns
        turns -= 1
        if turns < 0:
            raise _GaveUp
        left = [offer for offer in order if offer.key not in starts]
        ready = [o for o in left if all(e.key in starts for e in before[o.key])]
        if not ready:
            return starts
        easy = [offer for offer in ready if not _binds(offer)]
        for offer in easy:
            starts = {**starts, offer.key: _earliest(offer, before, starts)}
            weeks = weeks.copy()
            weeks.take(offer, starts[offer.key])
        if easy:
            return visit(starts, weeks)
        found = {o.key: weeks.room(o, _earliest(o, before, starts), weeks.stated) for o in ready}
        if None in found.values():
            return None  # with more beside it there is less room still
        for offer in ready:
            start = found[offer.key]
            assert start is not None
            taken = weeks.copy()
            taken.take(offer, start)
            done = visit({**starts, offer.key: start}, taken)
            if done is not None:
                return done
        return None

    return visit({}, _Weeks(limits))


def _none_to_spare(
    order: Sequence[Candidate], before: Before, limits: Mapping[str, int]
) -> tuple[str, ...]:
    """Of offers that find no room together, so few that without any one of them the rest would."""
    kept = list(order)
    for offer in reversed(order):
        fewer = [other for other in kept if other is not offer]
        there = {other.key for other in fewer}
        theirs = {key: [e for e in before[key] if e.key in there] for key in there}
        try:
            if _in_any_order(fewer, theirs, limits) is None:
                kept = fewer
        except _GaveUp:
            continue
    return tuple(offer.key for offer in kept)


def _delays(
    order: Sequence[Candidate],
    before: Before,
    starts: Mapping[str, int],
    limits: Mapping[str, int],
) -> dict[str, tuple[Delay, ...]]:
    """For each offer that does not start in week 1: what stands in the way of the week before."""
    found = {}
    for offer in order:
        start, earliest = starts[offer.key], _earliest(offer, before, starts)
        if start == 1:
            continue
        if start > earliest:
            before_it = [
                o
                for o in order
                if o is not offer and starts[o.key] < start <= starts[o.key] + o.load.weeks_high
            ]
            delays = [
                Delay(
                    why=Why.ROOM,
                    about=person,
                    beside=tuple(sorted(o.key for o in before_it if person in o.people)),
                )
                for person in sorted(offer.people)
                if person in limits
            ]
            others = _Weeks(limits)
            for other in order:
                if other is not offer:
                    others.take(other, starts[other.key])
            tight = [d for d in delays if _tight(offer, d.about, start - 1, others)]
            found[offer.key] = tuple(tight or delays)
            continue
        delays = [
            Delay(why=e.why, about=e.key)
            for e in before[offer.key]
            if starts[e.key] + e.weeks == earliest
        ]
        if 1 + _risk_weeks(offer) == earliest:
            delays.insert(0, Delay(why=Why.RISK))
        if 1 + (offer.wait_weeks or 0) == earliest:
            delays.insert(0, Delay(why=Why.WAIT))
        found[offer.key] = tuple(dict.fromkeys(delays))
    return found


def _tight(offer: Candidate, person: str, start: int, others: _Weeks) -> bool:
    """Whether this person could not carry it as well, were it to start then."""
    return any(
        others.all.get((person, week), 0) + offer.load.minutes_per_week > others.limits[person]
        for week in range(start, start + offer.load.weeks_high)
    )
