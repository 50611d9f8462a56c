"""What a package is chosen from, what it has to respect, and what each level of the order counts."""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.interventions import Intervention
from cpassist.catalogue.records import Priority
from cpassist.errors import NotWorkedOut
from cpassist.family.vocabulary import ActionLevel
from cpassist.planning.candidates import Candidate
from cpassist.planning.matching.clashes import clashes_among

NeedKey = tuple[str, str]
# A house assumption: bands go from 1 to 5, and few sources state one.
MIDDLE_COST_BAND = 3


class SearchFailed(NotWorkedOut):
    """There is no proven best choice: a bug of ours, never shown as a package."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Wanted:
    """What a choice has to respect beside the rules."""

    forced: frozenset[str] = frozenset()
    """Offers that a worker accepted or added."""
    differs_from: tuple[frozenset[str], ...] = ()
    """Packages of which at least one kind of help is left out: one thing more is no other way."""
    not_all_of: tuple[frozenset[str], ...] = ()
    """Sets of offers of which at least one is left out: no order of weeks holds them together."""
    known: tuple[frozenset[str], ...] = ()
    """Packages found before, each within the rules: where one respects all this, only a better one is looked for."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Chosen:
    """The best choice and what it reaches at each level, in the order given."""

    keys: frozenset[str]
    values: tuple[tuple[Priority, int], ...]
    solved_by: str
    """"search" (our own) or "highs" (the solver behind it)."""


@dataclass(frozen=True, repr=False)
class Answered:
    """A level that counts the needs for which anything is offered at all; more is better."""

    needs: frozenset[NeedKey]

    def of(self, _: Collection[int], best: Mapping[NeedKey, int]) -> int:
        """What chosen offers reach; `best` is the quality of the best answer to each need."""
        return len(self.needs & best.keys())


@dataclass(frozen=True, repr=False)
class BestAnswers:
    """A level that adds up, need by need, urgency times the quality of the best offer; more is better."""

    urgency: Mapping[NeedKey, int]

    def of(self, _: Collection[int], best: Mapping[NeedKey, int]) -> int:
        return sum(self.urgency[need] * quality for need, quality in best.items())


@dataclass(frozen=True, repr=False)
class Costs:
    """A level that adds up what the chosen offers cost, once for each group; less is better."""

    group: tuple[int, ...]
    """By offer: those of one group cost once, however many are chosen."""
    each: tuple[int, ...]
    """By offer, never negative; the same for all of one group."""

    def of(self, chosen: Collection[int], _: Mapping[NeedKey, int]) -> int:
        return sum({self.group[index]: self.each[index] for index in chosen}.values())

    @property
    def is_each_its_own(self) -> bool:
        return len(set(self.group)) == len(self.group)


Measure = Answered | BestAnswers | Costs


@dataclass(frozen=True, kw_only=True, repr=False)
class Choice:
    """One family's choice: the offers that could be made and all that binds them, by their number."""

    candidates: tuple[Candidate, ...]
    clashes: tuple[tuple[int, int], ...]
    """At most one of the two."""
    requires: tuple[tuple[int, tuple[int, ...]], ...]
    """The first only with one of the others."""
    levels: tuple[tuple[Priority, Measure], ...]
    forced: tuple[int, ...] = ()
    left_out: tuple[tuple[tuple[int, ...], ...], ...] = ()
    """Groups of offers, several to a line: of each line at least one group stays unused as a whole."""
    known: tuple[tuple[int, ...], ...] = ()
    """Packages within the rules and within all this: where the search begins. They decide the time, never the choice."""
    worked_out: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)
    """What a search prepares of the offers and levels; shared by the same choice with other things to respect."""

    def answers(self) -> dict[NeedKey, dict[int, int]]:
        """For each need, which offers answer it and how well, in the order of the needs."""
        by_need: dict[NeedKey, dict[int, int]] = {}
        for index, candidate in enumerate(self.candidates):
            for answer in candidate.answers:
                by_need.setdefault((answer.person, answer.need), {})[index] = answer.quality
        return dict(sorted(by_need.items()))

    def keys(self, chosen: Collection[int]) -> frozenset[str]:
        return frozenset(self.candidates[index].key for index in chosen)

    def values_of(self, chosen: Collection[int]) -> tuple[tuple[Priority, int], ...]:
        """What a set of offers reaches at each level."""
        best: dict[NeedKey, int] = {}
        for index in chosen:
            for answer in self.candidates[index].answers:
                need = (answer.person, answer.need)
                best[need] = max(best.get(need, answer.quality), answer.quality)
        return tuple((priority, measure.of(chosen, best)) for priority, measure in self.levels)

    def wanting(self, wanted: Wanted) -> "Choice":
        """The same choice with what it has to respect beside the rules."""
        number = {candidate.key: index for index, candidate in enumerate(self.candidates)}
        kinds: dict[str, list[int]] = {}
        for index, candidate in enumerate(self.candidates):
            kinds.setdefault(candidate.intervention.key, []).append(index)
        packages = [
            sorted({c.intervention.key for c in self.candidates if c.key in package})
            for package in wanted.differs_from
        ]
        forced = tuple(sorted(number[key] for key in wanted.forced))
        left_out = (
            *(tuple(tuple(kinds[name]) for name in names) for names in packages),
            *(tuple((number[key],) for key in sorted(keys)) for keys in wanted.not_all_of),
        )
        known = tuple(tuple(sorted(number[key] for key in keys)) for keys in wanted.known)
        return replace(
            self,
            forced=forced,
            left_out=left_out,
            known=tuple(
                package
                for package in known
                if set(forced) <= set(package)
                and all(any(set(kind).isdisjoint(package) for kind in line) for line in left_out)
            ),
        )

    def led_by(self, level: str) -> "Choice | None":
        """The same choice with one level brought up to stand right after which needs are answered.

        None where that level stands there already or makes no difference between any two choices.
        """

        def place(priority: Priority) -> int:
            return 0 if priority.name in COVERAGE else 1 if priority.name == level else 2

        levels = tuple(sorted(self.levels, key=lambda pair: place(pair[0])))
        counts = any(
            not isinstance(measure, Costs) or any(measure.each)
            for priority, measure in levels
            if priority.name == level
        )
        return replace(self, levels=levels) if counts and levels != self.levels else None


def choice_of(candidates: Sequence[Candidate], catalogue: Catalogue) -> Choice:
    """The choice in numbers; sorted first, so that nothing depends on the order of people or files."""
    offers = tuple(sorted(candidates, key=lambda candidate: candidate.key))
    number = {candidate.key: index for index, candidate in enumerate(offers)}
    return Choice(
        candidates=offers,
        clashes=tuple(
            sorted({(number[a.key], number[b.key]) for a, b, _ in clashes_among(offers, catalogue)})
        ),
        requires=tuple(
            (index, tuple(i for i, c in enumerate(offers) if i != index and required.is_met_by(c)))
            for index, candidate in enumerate(offers)
            for required in candidate.requires
        ),
        levels=tuple(
            (priority, _MEASURES[priority.name](offers))
            for priority in (*catalogue.priorities, *TIES)
        ),
    )


def _answered(safety: bool | None, level: ActionLevel) -> Callable[[Sequence[Candidate]], Measure]:
    return lambda offers: Answered(
        frozenset(
            (answer.person, answer.need)
            for candidate in offers
            for answer in candidate.answers
            if answer.level == level and (safety is None or answer.safety is safety)
        )
    )


def _best_answers(offers: Sequence[Candidate]) -> Measure:
    return BestAnswers(
        {
            (answer.person, answer.need): int(answer.level)
            for candidate in offers
            for answer in candidate.answers
        }
    )


def _of_each(cost: Callable[[Candidate], int]) -> Callable[[Sequence[Candidate]], Measure]:
    return lambda offers: Costs(tuple(range(len(offers))), tuple(cost(c) for c in offers))


def _of_groups(name_of: Callable[[Candidate], str]) -> Callable[[Sequence[Candidate]], Measure]:
    def measure(offers: Sequence[Candidate]) -> Measure:
        names = sorted({name_of(candidate) for candidate in offers})
        return Costs(tuple(names.index(name_of(c)) for c in offers), (1,) * len(offers))

    return measure


def professional_of(intervention: Intervention) -> str:
    """Who gives it, as its source names them; the help itself where none is named."""
    asks = intervention.asks
    return (asks.given_by if asks and asks.given_by else intervention.title).casefold()


def cost_band(intervention: Intervention) -> int:
    """Its band of cost; the middle one where no source states it, for unknown is not free."""
    return intervention.cost.band if intervention.cost else MIDDLE_COST_BAND


def tie_value(candidate: Candidate, again: int = 0) -> int:
    """A number from the offer's own name: the same whatever the order of people, needs and files."""
    digest = hashlib.sha256(candidate.key.encode()).digest()
    return int.from_bytes(digest[2 * again : 2 * again + 2]) + 1


_MEASURES: Mapping[str, Callable[[Sequence[Candidate]], Measure]] = {
    "safety_needs_now": _answered(True, ActionLevel.NEEDS_HELP_NOW),
    "safety_needs": _answered(True, ActionLevel.NEEDS_HELP),
    "other_needs_now": _answered(False, ActionLevel.NEEDS_HELP_NOW),
    "other_needs": _answered(False, ActionLevel.NEEDS_HELP),
    "watched_needs": _answered(None, ActionLevel.KEEP_AN_EYE),
    "certainty_and_fit": _best_answers,
    "not_known_in_uk": _of_each(
        lambda c: int(c.available != "yes" and c.intervention.uk_delivered is not True)
    ),
    "wait_weeks": _of_each(lambda c: c.wait_weeks or 0),
    "family_minutes": _of_each(lambda c: c.family_minutes),
    "services": _of_groups(lambda c: c.intervention.key),
    "professionals": _of_groups(lambda c: professional_of(c.intervention)),
    "cost": _of_each(lambda c: cost_band(c.intervention)),
    "tie": _of_each(tie_value),
    "tie_again": _of_each(lambda c: tie_value(c, again=1)),
}
# The levels that say which needs are answered at all.
COVERAGE = frozenset(
    {"safety_needs_now", "safety_needs", "other_needs_now", "other_needs", "watched_needs"}
)
SAFETY = frozenset({"safety_needs_now", "safety_needs"})
# Two, since of very many families some would find two packages equal by the first.
TIES = tuple(
    Priority(
        name=name,
        better="less",
        label="a fixed rule between equals",
        otherwise="a fixed rule between equals",
        because="The same family is always shown the same package.",
    )
    for name in ("tie", "tie_again")
)


def only(candidates: Sequence[Candidate], keys: Collection[str]) -> tuple[Candidate, ...]:
    """The candidates of those keys, in the order of their keys."""
    return tuple(sorted((c for c in candidates if c.key in keys), key=lambda c: c.key))
