"""Puts chosen offers into weeks: what must come first, waits, and what each person can carry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cpassist.catalogue.vocabulary import Phase
from cpassist.planning.candidates import Candidate

# House settings, not research. What would begin more than a year from now is no plan for now.
HORIZON_WEEKS = 52
# Work on recovery begins some weeks after help that makes safe or steady, so that a family does not
# meet everybody in one week.
STAGGER_WEEKS = 4
PHASES = (Phase.SAFETY, Phase.STABILISE, Phase.RECOVERY, Phase.SUSTAIN)


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """The week in which each offer starts (1 is the first) and those that found no room."""

    starts: Mapping[str, int]
    first: Mapping[str, tuple[str, ...]]
    """Offer → the offers that start before or with it."""
    no_room: tuple[str, ...]


def schedule(offers: Sequence[Candidate], limits: Mapping[str, int]) -> Schedule:
    """Start weeks for chosen offers.

    `limits` are minutes a week by person; whoever is missing has stated none. Help for safety
    starts at once and is never held back by minutes. An offer whose minutes are only assumed may
    pass a limit rather than vanish.
    """
    starts: dict[str, int] = {}
    first: dict[str, tuple[str, ...]] = {}
    no_room: list[str] = []
    load: dict[tuple[str, int], int] = {}
    for offer in _in_order(offers):
        before = _starting_first(offer, offers)
        first[offer.key] = tuple(sorted(other.key for other, _ in before))
        earliest = 1 + (offer.wait_weeks or 0)
        if not offer.is_safety:
            for other, gap in (*before, *_steadying(offer, offers)):
                if other.key in starts:
                    earliest = max(earliest, starts[other.key] + gap)
        week = _week_with_room(offer, earliest, limits, load)
        if week is None and offer.load.stated and not offer.is_safety:
            no_room.append(offer.key)
            continue
        starts[offer.key] = week if week is not None and not offer.is_safety else earliest
        for person in offer.people:
            for at in range(starts[offer.key], starts[offer.key] + offer.load.weeks_high):
                load[person, at] = load.get((person, at), 0) + offer.load.minutes_per_week
    return Schedule(starts=starts, first=first, no_room=tuple(sorted(no_room)))


def _in_order(offers: Sequence[Candidate]) -> list[Candidate]:
    """By phase, then what others wait for, then the most urgent need, then the longest, then by name."""
    depth = {offer.key: 0 for offer in offers}
    for _ in offers:
        for offer in offers:
            for other, _gap in _starting_first(offer, offers):
                depth[offer.key] = min(len(offers), max(depth[offer.key], depth[other.key] + 1))
    return sorted(
        offers,
        key=lambda o: (
            PHASES.index(o.intervention.phase),
            depth[o.key],
            -max((answer.level for answer in o.answers), default=0),
            -o.load.weeks_high,
            o.key,
        ),
    )


def _starting_first(offer: Candidate, offers: Sequence[Candidate]) -> list[tuple[Candidate, int]]:
    """The offers that a rule wants before this one (with the weeks between) or beside it (0)."""
    found = []
    for required in offer.requires:
        for other in offers:
            if other.key != offer.key and required.is_met_by(other):
                found.append((other, STAGGER_WEEKS if required.first else 0))
    return found


def _steadying(offer: Candidate, offers: Sequence[Candidate]) -> list[tuple[Candidate, int]]:
    """Help of an earlier phase that shares a person: this one begins some weeks after it."""
    if offer.intervention.phase in {Phase.SAFETY, Phase.STABILISE}:
        return []
    return [
        (other, STAGGER_WEEKS)
        for other in offers
        if other.key != offer.key
        and PHASES.index(other.intervention.phase) < PHASES.index(offer.intervention.phase)
        and set(other.people) & set(offer.people)
    ]


def _week_with_room(
    offer: Candidate,
    earliest: int,
    limits: Mapping[str, int],
    load: Mapping[tuple[str, int], int],
) -> int | None:
    """The first week from which nobody's limit is passed, or None within the horizon."""
    for week in range(earliest, max(earliest, HORIZON_WEEKS) + 1):
        weeks = range(week, week + offer.load.weeks_high)
        if all(
            load.get((person, at), 0) + offer.load.minutes_per_week <= limits[person]
            for person in offer.people
            if person in limits
            for at in weeks
        ):
            return week
    return None if offer.load.stated else earliest
