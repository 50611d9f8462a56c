"""Chooses one package exactly: need by need, with a proof at every turn not taken.

A branch and bound. It takes a need that is not settled, and tries each offer that would answer it
better: with this offer, without it but with the next, and so on, and last without any of them.
A branch is left as soon as the best it could still reach, level by level in the order of what
matters, is no better than what was found already. Sets of offers are the bits of a number.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cpassist.planning.choice import (
    Answered,
    BestAnswers,
    Choice,
    Chosen,
    Costs,
    Measure,
    NeedKey,
)

# Turns after which the rare hard family goes to the solver. Counted, not timed: the same everywhere.
MOST_TURNS = 3_000


def choose(choice: Choice) -> Chosen | None:
    """The best choice by the order of what matters, or None when nothing satisfies what is wanted.

    Proven best, always: by our own search, or for the rare hard family by the solver behind it.
    Raises SearchFailed when that does not prove it either.
    """
    if not all(choice.left_out):
        return None  # of a package of nothing, nothing can be left out
    try:
        return searched(choice, MOST_TURNS)
    except TooManyTurns:
        from cpassist.planning.solver import solved  # noqa: PLC0415  most families never need it

        return solved(choice)


class TooManyTurns(Exception):
    """The search has not ended within its turns."""


def searched(choice: Choice, most_turns: int) -> Chosen | None:
    """The best choice by our own search, or None when there is none. Raises TooManyTurns."""
    search = _Search(choice, most_turns)
    start: tuple[int, int] | None = (0, search.possible((1 << len(choice.candidates)) - 1))
    for offer in choice.forced:
        start = start and search.with_offer(offer, *start)
    if start is not None:
        search.visit(*start)
    if search.best is None:
        return None
    values = zip((priority for priority, _ in choice.levels), search.best, strict=True)
    return Chosen(
        keys=choice.keys(list(_members(search.best_chosen))),
        values=tuple((priority, abs(value)) for priority, value in values),
        solved_by="search",
    )


@dataclass(frozen=True)
class _Level:
    """One level, and the needs of which the levels before it decide whether and how they are answered."""

    measure: Measure
    answered: Sequence[NeedKey]
    best_answered: Sequence[NeedKey]


class _Search:
    """One search: what is fixed for its whole length, and the best found so far.

    `chosen` are the offers taken, `free` those that still may be.
    """

    def __init__(self, choice: Choice, most_turns: int) -> None:
        self.turns_left = most_turns
        self.best: tuple[int, ...] | None = None
        """What the best choice found reaches at each level, made so that more is better."""
        self.best_chosen = 0
        self.ladders = {need: _ladder(qualities) for need, qualities in choice.answers().items()}
        self.anyone = {need: _union(s for _, s in rungs) for need, rungs in self.ladders.items()}
        self.clashing = [0] * len(choice.candidates)
        for one, other in choice.clashes:
            self.clashing[one] |= 1 << other
            self.clashing[other] |= 1 << one
        self.required: dict[int, list[int]] = {}
        for offer, others in choice.requires:
            self.required.setdefault(offer, []).append(_set(others))
        self.left_out = [[_set(kind) for kind in package] for package in choice.left_out]
        self.levels = [_level(choice, index) for index in range(len(choice.levels))]
        self.likeliest_first = _likeliest_first(choice)

    def possible(self, free: int) -> int:
        """Without the offers that need another which cannot be had; looked at until none falls away."""
        while True:
            gone = [
                offer
                for offer, sets in self.required.items()
                if free >> offer & 1 and not all(others & free for others in sets)
            ]
            if not gone:
                return free
            free &= ~_set(gone)

    def with_offer(self, offer: int, chosen: int, free: int) -> tuple[int, int] | None:
        """What is chosen and open once this offer is taken, or None when that breaks a rule."""
        if chosen >> offer & 1:
            return chosen, free
        if not free >> offer & 1:
            return None
        chosen |= 1 << offer
        free &= ~(1 << offer | self.clashing[offer])
        if any(all(kind & chosen for kind in package) for package in self.left_out):
            return None
        return chosen, free

    def visit(self, chosen: int, free: int) -> None:
        """Looks at every choice that has all of `chosen` and otherwise only some of `free`."""
        self.turns_left -= 1
        if self.turns_left < 0:
            raise TooManyTurns
        missing = self._missing(chosen)
        if not all(others & free for others in missing) or not self._may_be_better(
            chosen, free, missing
        ):
            return
        options = (
            min(missing, key=int.bit_count) & free if missing else self._unsettled(chosen, free)
        )
        if not options:
            self._keep(chosen, free)
            return
        for offer in self.likeliest_first:
            if options >> offer & 1:
                taken = self.with_offer(offer, chosen, free)
                if taken is not None:
                    self.visit(*taken)
                free &= ~(1 << offer)
        if not missing:
            self.visit(chosen, free)

    def _missing(self, chosen: int) -> list[int]:
        """For each offer taken that needs another: the sets of which one has yet to be taken."""
        return [
            others
            for offer, sets in self.required.items()
            if chosen >> offer & 1
            for others in sets
            if not others & chosen
        ]

    def _unsettled(self, chosen: int, free: int) -> int:
        """The open offers that answer some need better than what is taken: of the need with fewest."""
        fewest = 0
        for rungs in self.ladders.values():
            better = 0
            for _, offers in rungs:
                if offers & chosen:
                    break
                better |= offers & free
            if better and (not fewest or better.bit_count() < fewest.bit_count()):
                fewest = better
        return fewest

    def _may_be_better(self, chosen: int, free: int, missing: Sequence[int]) -> bool:
        """Whether the best that can still be reached beats what was found, at the first level that differs."""
        if self.best is None:
            return True
        for level, found in zip(self.levels, self.best, strict=True):
            reach = self._reach(level, chosen, free, missing)
            if reach != found:
                return reach > found
        return False

    def _keep(self, chosen: int, free: int) -> None:
        """Where nothing is unsettled and nothing missing, what can be reached is what is reached."""
        self.best = tuple(self._reach(level, chosen, free, ()) for level in self.levels)
        self.best_chosen = chosen

    def _reach(self, level: _Level, chosen: int, free: int, missing: Sequence[int]) -> int:
        """The best that one level can still reach; exact at the end of a branch.

        A bound on cost may count on an answer to a need only where a level before it has been
        settled by that answer: who answers fewer needs has lost before the cost is looked at.
        """
        measure = level.measure
        had = chosen | free
        if isinstance(measure, Answered):
            return sum(1 for need in measure.needs if self.anyone[need] & had)
        if isinstance(measure, BestAnswers):
            return sum(
                measure.urgency[need] * _best(rungs, had)[0] for need, rungs in self.ladders.items()
            )
        wanted = [others & free for others in missing]
        wanted += [self.anyone[need] & had for need in level.answered]
        wanted += [_best(self.ladders[need], had)[1] & had for need in level.best_answered]
        return -_least_cost(measure, chosen, [w for w in wanted if w and not w & chosen])


def _least_cost(costs: Costs, chosen: int, wanted: Sequence[int]) -> int:
    """What the chosen cost, and what at least one offer of each wanted set must add.

    No offer is charged more than its cost, however many wanted sets it serves: so it is a bound.
    """
    paid = {costs.group[offer]: costs.each[offer] for offer in _members(chosen)}
    total = sum(paid.values())
    left: dict[int, int] = {}
    for offers in sorted(wanted, key=int.bit_count):
        groups = {costs.group[offer]: costs.each[offer] for offer in _members(offers)}
        share = min(0 if group in paid else left.get(group, each) for group, each in groups.items())
        if share:
            total += share
            for group, each in groups.items():
                left[group] = left.get(group, each) - share
    return total


def _level(choice: Choice, index: int) -> _Level:
    before = [measure for _, measure in choice.levels[:index]]
    best = {
        need
        for measure in before
        if isinstance(measure, BestAnswers)
        for need, urgency in measure.urgency.items()
        if urgency > 0
    }
    answered = {need for m in before if isinstance(m, Answered) for need in m.needs}
    return _Level(choice.levels[index][1], sorted(answered - best), sorted(best))


def _likeliest_first(choice: Choice) -> list[int]:
    """The offers in the order in which they are tried: it decides the time, never the choice."""

    def promise(offer: int) -> tuple[int, ...]:
        return tuple(_promise(measure, offer, choice) for _, measure in choice.levels)

    return sorted(range(len(choice.candidates)), key=promise, reverse=True)


def _promise(measure: Measure, offer: int, choice: Choice) -> int:
    answers = choice.candidates[offer].answers
    if isinstance(measure, Answered):
        return sum((answer.person, answer.need) in measure.needs for answer in answers)
    if isinstance(measure, BestAnswers):
        return sum(measure.urgency[a.person, a.need] * a.quality for a in answers)
    return -measure.each[offer]


def _ladder(qualities: dict[int, int]) -> tuple[tuple[int, int], ...]:
    """The qualities at which a need can be answered, best first, each with its offers."""
    return tuple(
        (quality, _set(offer for offer, reached in qualities.items() if reached == quality))
        for quality in sorted(set(qualities.values()), reverse=True)
    )


def _best(rungs: Sequence[tuple[int, int]], had: int) -> tuple[int, int]:
    """The best rung that these offers reach; (0, 0) when they reach none."""
    return next((rung for rung in rungs if rung[1] & had), (0, 0))


def _set(offers: Iterable[int]) -> int:
    return _union(1 << offer for offer in offers)


def _union(sets: Iterable[int]) -> int:
    union = 0
    for offers in sets:
        union |= offers
    return union


def _members(offers: int) -> Iterator[int]:
    while offers:
        lowest = offers & -offers
        yield lowest.bit_length() - 1
        offers ^= lowest
