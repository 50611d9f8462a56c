"""The best choice that also finds room in the weeks of those who take part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cpassist.planning.candidates import Candidate
from cpassist.planning.choosing.choice import Choice, Chosen, SearchFailed, Wanted, only
from cpassist.planning.choosing.search import choose
from cpassist.planning.weeks.schedule import Schedule, schedule

# Choices without room after which the last offer of each is left out for good, which proves nothing.
MOST_TRIES = 40


@dataclass(frozen=True, kw_only=True, repr=False)
class TooMuch:
    """Whose week an offer would overfill, by itself or beside others."""

    person: str
    beside: frozenset[str] = frozenset()
    grown_out: bool = False
    """Not a week too full: by the week in which it could begin, this child has grown out of its ages."""


@dataclass(frozen=True, kw_only=True, repr=False)
class WithinCapacity:
    """The best choice by the order among those that find room, and when each of its offers starts."""

    chosen: Chosen
    picked: tuple[Candidate, ...]
    planned: Schedule
    crowded: tuple[frozenset[str], ...] = ()
    """The sets of offers that turned out to find no room together."""
    proven: bool = True


def able_to_carry(
    candidates: Sequence[Candidate], limits: Mapping[str, int]
) -> tuple[tuple[Candidate, ...], dict[str, TooMuch]]:
    """The offers that nobody's limit rules out by itself, and those that one does."""
    too_much = {}
    for candidate in candidates:
        over = _over_alone(candidate, limits)
        if over is not None:
            too_much[candidate.key] = TooMuch(person=over)
        elif _is_late(candidate, 1 + (candidate.wait_weeks or 0)):
            too_much[candidate.key] = TooMuch(person=candidate.children[0], grown_out=True)
    return tuple(c for c in candidates if c.key not in too_much), too_much


def _over_alone(candidate: Candidate, limits: Mapping[str, int]) -> str | None:
    """Who could not carry this offer even alone; never asked of safety help or of assumed minutes."""
    if candidate.is_safety or not candidate.load.stated:
        return None
    asked = candidate.load.minutes_per_week
    return next((p for p in candidate.people if p in limits and asked > limits[p]), None)


def best_within_capacity(
    choice: Choice, wanted: Wanted, limits: Mapping[str, int]
) -> WithinCapacity | None:
    """The best choice for which weeks are found, or None when nothing satisfies what is wanted.

    Where the best finds no room, the smallest set of its offers that finds none is not chosen
    together again, and the next best is looked for: so it is the best of all that have room.
    """
    crowded: list[frozenset[str]] = list(wanted.not_all_of)
    proven = True
    while True:
        chosen = choose(choice.wanting(replace(wanted, not_all_of=tuple(crowded))))
        if chosen is None:
            return None
        picked = only(choice.candidates, chosen.keys)
        planned = schedule(picked, limits)
        late = [] if planned.no_room else _grown_out(picked, planned)
        if not planned.no_room and not late:
            return WithinCapacity(
                chosen=chosen,
                picked=picked,
                planned=planned,
                crowded=tuple(crowded),
                proven=proven,
            )
        too_many = len(crowded) >= MOST_TRIES
        proven = proven and planned.proven and not too_many
        together = planned.no_room or late
        crowded.append(frozenset(together[-1:] if too_many else together))


def _is_late(candidate: Candidate, week: int) -> bool:
    """Whether a child for whom it is has grown out of its ages by a week; what a worker added stays."""
    return (
        candidate.until_week is not None
        and candidate.judged is None
        and week > candidate.until_week
    )


def _grown_out(picked: Sequence[Candidate], planned: Schedule) -> list[str]:
    """Offers of which the last begins too late for a child, since the others come before it."""
    for candidate in sorted(picked, key=lambda c: c.key):
        start = planned.starts[candidate.key]
        if _is_late(candidate, start):
            sooner = [
                other.key
                for other in picked
                if other.key != candidate.key
                and planned.starts[other.key] < start
                and (
                    set(other.people) & set(candidate.people)
                    or other.key in planned.first.get(candidate.key, ())
                )
            ]
            return [*sorted(sooner), candidate.key]
    return []


def best_for_judgements(choice: Choice, limits: Mapping[str, int]) -> WithinCapacity:
    """The best choice with what workers accepted or added, as far as it can be had together."""
    forced = frozenset(c.key for c in choice.candidates if c.judged is not None)
    best = best_within_capacity(choice, Wanted(forced=forced), limits)
    if best is None:
        kept: frozenset[str] = frozenset()
        best = best_within_capacity(choice, Wanted(), limits)
        for key in sorted(forced):
            more = best_within_capacity(choice, Wanted(forced=kept | {key}), limits)
            if more is not None:
                kept, best = kept | {key}, more
    if best is None:
        raise SearchFailed("No package could be put together.")
    return best


def crowded_out(best: WithinCapacity, limits: Mapping[str, int]) -> dict[str, TooMuch]:
    """The offers that were left out of a crowded set, each with those that it would have stood beside."""
    found: dict[str, TooMuch] = {}
    for together in best.crowded:
        kept = together & best.chosen.keys
        everybody = {person for key in together for person in _limited(key, limits)}
        for key in sorted(together - best.chosen.keys):
            # One that only comes before another may be of people who have no limit of their own.
            people = _limited(key, limits) or everybody
            if not people:
                # Nobody's minutes: what comes before it is why it would begin too late.
                found.setdefault(
                    key,
                    TooMuch(
                        person=key.partition(":")[2].split(",")[0], beside=kept, grown_out=True
                    ),
                )
                continue
            person = min(people, key=lambda p: (limits[p], p))
            found.setdefault(key, TooMuch(person=person, beside=kept))
    return found


def _limited(key: str, limits: Mapping[str, int]) -> set[str]:
    """Those of an offer who have stated a limit."""
    return {person for person in key.partition(":")[2].split(",") if person in limits}
