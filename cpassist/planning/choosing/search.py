"""Chooses one package exactly: need by need, with a proof at every turn not taken.

A branch and bound. It takes a need that is not settled, and tries each offer that would answer it
better: with this offer, without it but with the next, and so on, and last without any of them.
A branch is left as soon as the best it could still reach, level by level in the order of what
matters, is no better than what was found already; and an offer is left as soon as with it the best
would be worse. Sets of offers are the bits of a number.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from cpassist.planning.choosing.choice import (
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
        from cpassist.planning.choosing.solver import solved  # noqa: PLC0415  most families never need it

        return solved(choice)


class TooManyTurns(Exception):
    """The search has not ended within its turns."""


def searched(choice: Choice, most_turns: int) -> Chosen | None:
    """The best choice by our own search, or None when there is none. Raises TooManyTurns."""
    search = _Search(choice, most_turns)
    for package in choice.known:
        search.keep_if_better(_set(package))
    start: tuple[int, int] | None = (0, search.possible((1 << len(choice.candidates)) - 1))
    for offer in choice.forced:
        start = start and search.with_offer(offer, *start)
    if start is not None:
        search.visit(*start)
    if search.best is None:
        return None
    chosen = _members(search.best_chosen)
    return Chosen(keys=choice.keys(chosen), values=choice.values_of(chosen), solved_by="search")


@dataclass(frozen=True, repr=False)
class _Ladders:
    """Levels that follow each other and count answers, as one: what each answer is worth; more is better."""

    rungs: tuple[tuple[tuple[int, int], ...], ...]
    """For each need the worth of an answer and the offers that give it, the best first."""


@dataclass(frozen=True, repr=False)
class _Prices:
    """Levels that follow each other and add up what each offer costs, as one; less is better."""

    each: tuple[int, ...]


@dataclass(frozen=True, repr=False)
class _Groups:
    """A level that counts groups of offers, such as the professionals; less is better."""

    offers: tuple[tuple[int, int], ...]
    """What a group costs and its offers."""


_Level = _Ladders | _Prices | _Groups


class _Search:
    """One search: what is fixed for its whole length, and the best found so far.

    `chosen` are the offers taken, `free` those that still may be.
    """

    def __init__(self, choice: Choice, most_turns: int) -> None:
        self.turns_left = most_turns
        self.best: list[int] | None = None
        """What the best choice found reaches at each level, made so that more is better."""
        self.best_chosen = 0
        # The same measures in the same order prepare to the same; kept with them, no other takes their place.
        order = tuple(id(measure) for _, measure in choice.levels)
        if order not in choice.worked_out:
            if "answers" not in choice.worked_out:
                answers = choice.answers()
                ladders = [_rungs(qualities) for qualities in answers.values()]
                choice.worked_out["answers"] = (answers, ladders)
            answers, ladders = choice.worked_out["answers"]
            levels = _levels(choice, answers)
            likeliest = _likeliest_first(levels, len(choice.candidates))
            choice.worked_out[order] = (ladders, levels, likeliest, choice.levels)
        self.ladders, self.levels, self.likeliest_first, _ = choice.worked_out[order]
        self.clashing = [0] * len(choice.candidates)
        for one, other in choice.clashes:
            self.clashing[one] |= 1 << other
            self.clashing[other] |= 1 << one
        self.required: dict[int, list[int]] = {}
        for offer, others in choice.requires:
            self.required.setdefault(offer, []).append(_set(others))
        self.left_out = [[_set(kind) for kind in package] for package in choice.left_out]

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

    def keep_if_better(self, chosen: int) -> None:
        reached = [_reached(level, chosen) for level in self.levels]
        if self.best is None or reached > self.best:
            self.best, self.best_chosen = reached, chosen

    def visit(self, chosen: int, free: int) -> None:
        """Looks at every choice that has all of `chosen` and otherwise only some of `free`."""
        self.turns_left -= 1
        if self.turns_left < 0:
            raise TooManyTurns
        missing = self._missing(chosen)
        while True:
            if not all(others & free for others in missing):
                return
            left = self._worth_trying(chosen, free, missing)
            if left is None:
                return
            if left == free:
                break
            free = left
        options = (
            min(missing, key=int.bit_count) & free if missing else self._unsettled(chosen, free)
        )
        if not options:
            # Nothing is unsettled and nothing missing: this is as good as it gets here.
            self.keep_if_better(chosen)
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
        for rungs in self.ladders:
            better = 0
            for _, offers in rungs:
                if offers & chosen:
                    break
                better |= offers & free
            if better and (not fewest or better.bit_count() < fewest.bit_count()):
                fewest = better
        return fewest

    def _worth_trying(self, chosen: int, free: int, missing: Sequence[int]) -> int | None:
        """The open offers that may be part of something better than was found; None where nothing is.

        A level is looked at only where all before it can reach just what was found: there each need
        has to be answered as well as it still can, so a cost may count on those answers.
        """
        if self.best is None:
            return free
        had = chosen | free
        wanted = [others & free for others in missing]
        for level, found in zip(self.levels, self.best, strict=True):
            if isinstance(level, _Ladders):
                slack = -found
                for rungs in level.rungs:
                    for worth, offers in rungs:
                        if offers & had:
                            slack += worth
                            if not offers & chosen:
                                wanted.append(offers & had)
                            break
            elif isinstance(level, _Prices):
                least, left = _least_price(level, chosen, wanted)
                slack = -least - found
                free &= ~_set(offer for offer in _members(free) if left[offer] > slack)
            else:
                fewest, more = _fewest_groups(level, chosen, wanted)
                slack = -fewest - found
                for cost, offers in more:
                    if cost > slack:
                        free &= ~offers
            if slack:
                return free if slack > 0 else None
        return None


def _reached(level: _Level, chosen: int) -> int:
    """What a set of offers reaches at a level, made so that more is better."""
    if isinstance(level, _Ladders):
        return sum(
            next((worth for worth, offers in rungs if offers & chosen), 0) for rungs in level.rungs
        )
    if isinstance(level, _Prices):
        return -sum(level.each[offer] for offer in _members(chosen))
    return -sum(cost for cost, offers in level.offers if offers & chosen)


def _least_price(level: _Prices, chosen: int, wanted: Iterable[int]) -> tuple[int, list[int]]:
    """What the chosen cost and at least one offer of each wanted set must add; and what is left of each price.

    No offer is charged more than its price, however many wanted sets it serves: so the sum is a
    bound, and with an offer it would be more by what is left of its price.
    """
    left = list(level.each)
    total = sum(left[offer] for offer in _members(chosen))
    for offers in sorted(wanted, key=int.bit_count):
        members = _members(offers)
        share = min(left[offer] for offer in members)
        if share:
            total += share
            for offer in members:
                left[offer] -= share
    return total, left


def _fewest_groups(
    level: _Groups, chosen: int, wanted: Iterable[int]
) -> tuple[int, list[tuple[int, int]]]:
    """The same for groups, which cost once however many of their offers are taken."""
    total = had = 0
    left: dict[int, int] = {}
    for cost, offers in level.offers:
        if offers & chosen:
            total += cost
            had |= offers
        else:
            left[offers] = cost
    for some in sorted(wanted, key=int.bit_count):
        if some & had:
            continue
        groups = [offers for offers in left if offers & some]
        share = min(left[offers] for offers in groups)
        if share:
            total += share
            for offers in groups:
                left[offers] -= share
    return total, [(cost, offers) for offers, cost in left.items()]


def _levels(choice: Choice, answers: dict[NeedKey, dict[int, int]]) -> list[_Level]:
    """The levels in their order; those of one kind that follow each other are one, written as digits."""

    def kind(measure: Measure) -> str:
        if not isinstance(measure, Costs):
            return "answers"
        return "prices" if measure.is_each_its_own else "groups"

    made: list[_Level] = []
    for name, some in groupby((measure for _, measure in choice.levels), key=kind):
        measures = list(some)
        if name == "answers":
            same = ("ladders", *(id(measure) for measure in measures))
            if same not in choice.worked_out:
                choice.worked_out[same] = (_as_ladders(measures, answers), measures)
            made.append(choice.worked_out[same][0])
        elif name == "prices":
            made.append(_as_prices([m for m in measures if isinstance(m, Costs)]))
        else:
            made += [_as_groups(m) for m in measures if isinstance(m, Costs)]
    return made


def _as_ladders(measures: Sequence[Measure], answers: dict[NeedKey, dict[int, int]]) -> _Ladders:
    def worth(measure: Measure, need: NeedKey, quality: int) -> int:
        if isinstance(measure, Answered):
            return int(need in measure.needs)
        return measure.urgency[need] * quality if isinstance(measure, BestAnswers) else 0

    best = {need: max(by.values()) for need, by in answers.items()}
    spans = [1 + sum(worth(m, need, q) for need, q in best.items()) for m in measures]
    rungs = []
    for need, qualities in answers.items():
        values = {}
        for quality in set(qualities.values()):
            value = 0
            for measure, span in zip(measures, spans, strict=True):
                value = value * span + worth(measure, need, quality)
            values[quality] = value
        rungs.append(_rungs({o: values[q] for o, q in qualities.items() if values[q]}))
    return _Ladders(tuple(rungs))


def _as_prices(measures: Sequence[Costs]) -> _Prices:
    spans = [1 + sum(measure.each) for measure in measures]
    each = [0] * len(measures[0].each)
    for measure, span in zip(measures, spans, strict=True):
        each = [price * span + more for price, more in zip(each, measure.each, strict=True)]
    return _Prices(tuple(each))


def _as_groups(measure: Costs) -> _Groups:
    groups: dict[int, int] = {}
    for offer, group in enumerate(measure.group):
        groups[group] = groups.get(group, 0) | 1 << offer
    return _Groups(tuple((measure.each[_members(o)[0]], o) for _, o in sorted(groups.items())))


def _likeliest_first(levels: Sequence[_Level], offers: int) -> list[int]:
    """The offers in the order in which they are tried: it decides the time, never the choice."""
    promise = [_promise(level, offers) for level in levels]
    return sorted(range(offers), key=lambda offer: [p[offer] for p in promise], reverse=True)


def _promise(level: _Level, offers: int) -> list[int]:
    """By offer: what it would bring to a level by itself."""
    if isinstance(level, _Prices):
        return [-price for price in level.each]
    promise = [0] * offers
    if isinstance(level, _Ladders):
        for rungs in level.rungs:
            for worth, some in rungs:
                for offer in _members(some):
                    promise[offer] += worth
    else:
        for cost, some in level.offers:
            for offer in _members(some):
                promise[offer] = -cost
    return promise


def _rungs(values: dict[int, int]) -> tuple[tuple[int, int], ...]:
    """What an answer to a need can be worth, the best first, each with the offers that give it."""
    offers: dict[int, int] = {}
    for offer, worth in values.items():
        offers[worth] = offers.get(worth, 0) | 1 << offer
    return tuple(sorted(offers.items(), reverse=True))


def _set(offers: Iterable[int]) -> int:
    found = 0
    for offer in offers:
        found |= 1 << offer
    return found


@lru_cache(maxsize=4096)
def _members(offers: int) -> tuple[int, ...]:
    found = []
    while offers:
        lowest = offers & -offers
        found.append(lowest.bit_length() - 1)
        offers ^= lowest
    return tuple(found)
