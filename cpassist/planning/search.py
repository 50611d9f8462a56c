"""Chooses one package exactly: the order of what matters, level by level, with HiGHS."""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING

from cpassist.catalogue.records import Catalogue, Priority
from cpassist.errors import CpassistError
from cpassist.family_vocabulary import ActionLevel
from cpassist.planning.candidates import Candidate
from cpassist.planning.graph import clashes_among

if TYPE_CHECKING:
    import highspy

# Neighbouring levels are solved as one while their product stays small: the solver takes 0.999999 for
# a whole one, and the larger a factor the more that millionth weighs.
WIDEST_GROUP = 2**18
NeedKey = tuple[str, str]


class SearchFailed(CpassistError):
    """The solver stopped without a proven best choice: a bug of ours, never shown as a package."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The best choice and what it reaches at each level, in the order given."""

    keys: frozenset[str]
    values: tuple[tuple[Priority, int], ...]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a choice has to respect beside the rules."""

    forced: frozenset[str] = frozenset()
    """Offers that a worker accepted or added."""
    differs_from: tuple[frozenset[str], ...] = ()
    """Packages from which the choice must differ."""


@dataclass
class _Row:
    """One line of the model: low ≤ Σ factor · column ≤ high."""

    low: float
    high: float
    factors: dict[int, float] = field(default_factory=dict)


class _Model:
    """The choice as a model of yes-or-no columns; built in sorted order so that ties never wander."""

    def __init__(
        self, candidates: Sequence[Candidate], catalogue: Catalogue, wanted: Wanted
    ) -> None:
        self.candidates = candidates
        self.rows: list[_Row] = []
        self.columns = len(candidates)
        self.offer = {candidate.key: index for index, candidate in enumerate(candidates)}
        self.reached: dict[tuple[NeedKey, int], int] = {}
        self.service: dict[str, int] = {}
        self.professional: dict[str, int] = {}
        self._add_needs()
        self._add_groups(self.service, lambda c: c.intervention.key)
        self._add_groups(self.professional, _professional)
        self._add_rules(catalogue, wanted)

    def _column(self) -> int:
        self.columns += 1
        return self.columns - 1

    def _add_needs(self) -> None:
        """A need is answered at a quality when some chosen offer answers it at least so well."""
        by_need: dict[NeedKey, list[tuple[int, int]]] = {}
        for index, candidate in enumerate(self.candidates):
            for answer in candidate.answers:
                by_need.setdefault((answer.person, answer.need), []).append((index, answer.quality))
        for need, offers in sorted(by_need.items()):
            for quality in sorted({quality for _, quality in offers}):
                column = self._column()
                self.reached[need, quality] = column
                row = _Row(0, inf, {column: -1.0})
                for index, reaches in offers:
                    if reaches >= quality:
                        row.factors[index] = 1.0
                self.rows.append(row)

    def _add_groups(self, columns: dict[str, int], name_of: Callable[[Candidate], str]) -> None:
        """One column for each kind of help, or each profession, that is used at all."""
        for name in sorted({name_of(candidate) for candidate in self.candidates}):
            columns[name] = self._column()
        used: dict[str, dict[int, float]] = {}
        for index, candidate in enumerate(self.candidates):
            column = columns[name_of(candidate)]
            self.rows.append(_Row(0, inf, {column: 1.0, index: -1.0}))
            used.setdefault(name_of(candidate), {column: -1.0})[index] = 1.0
        # And nothing counts as used without an offer, or "differs" could be met by a phantom.
        self.rows += [_Row(0, inf, factors) for factors in used.values()]

    def _add_rules(self, catalogue: Catalogue, wanted: Wanted) -> None:
        for index, candidate in enumerate(self.candidates):
            for required in candidate.requires:
                row = _Row(0, inf, {index: -1.0})
                for other, another in enumerate(self.candidates):
                    if other != index and required.is_met_by(another):
                        row.factors[other] = 1.0
                self.rows.append(row)
        for this, that, _ in clashes_among(tuple(self.candidates), catalogue):
            self.rows.append(_Row(0, 1, {self.offer[this.key]: 1.0, self.offer[that.key]: 1.0}))
        for key in sorted(wanted.forced):
            self.rows.append(_Row(1, 1, {self.offer[key]: 1.0}))
        for package in wanted.differs_from:
            self._differ(package)

    def _differ(self, package: frozenset[str]) -> None:
        """Other kinds of help, not only other people for the same kind."""
        used = {
            candidate.intervention.key for candidate in self.candidates if candidate.key in package
        }
        # At least one is left out: a package with one thing more is no other way.
        self.rows.append(_Row(0, len(used) - 1, {self.service[name]: 1.0 for name in sorted(used)}))

    def measure(self, priority: str) -> dict[int, float]:
        """What one level of the order counts, by column."""
        return _MEASURES[priority](self)


def _answered(safety: bool | None, level: ActionLevel) -> Callable[[_Model], dict[int, float]]:
    def measure(model: _Model) -> dict[int, float]:
        lowest: dict[NeedKey, tuple[int, int]] = {}
        for (need, quality), column in model.reached.items():
            if need not in lowest or quality < lowest[need][0]:
                lowest[need] = (quality, column)
        wanted = {
            (answer.person, answer.need)
            for candidate in model.candidates
            for answer in candidate.answers
            if answer.level == level and (safety is None or answer.safety is safety)
        }
        return {column: 1.0 for need, (_, column) in lowest.items() if need in wanted}

    return measure


def _quality(model: _Model) -> dict[int, float]:
    """Each step up the ladder of quality counts by how urgent the need is."""
    urgency = {
        (answer.person, answer.need): int(answer.level)
        for candidate in model.candidates
        for answer in candidate.answers
    }
    factors: dict[int, float] = {}
    previous: dict[NeedKey, int] = {}
    for (need, quality), column in sorted(model.reached.items()):
        factors[column] = float((quality - previous.get(need, 0)) * urgency[need])
        previous[need] = quality
    return factors


def _of_offers(
    value: Callable[[Candidate], int],
) -> Callable[[_Model], dict[int, float]]:
    return lambda model: {index: float(value(c)) for index, c in enumerate(model.candidates)}


def _professional(candidate: Candidate) -> str:
    asks = candidate.intervention.asks
    return (asks.given_by if asks and asks.given_by else candidate.intervention.title).casefold()


def tie_value(candidate: Candidate) -> int:
    """A number from the offer's own name: the same whatever the order of people, needs and files."""
    return int.from_bytes(hashlib.sha256(candidate.key.encode()).digest()[:2]) + 1


_MEASURES: Mapping[str, Callable[[_Model], dict[int, float]]] = {
    "safety_needs_now": _answered(True, ActionLevel.NEEDS_HELP_NOW),
    "safety_needs": _answered(True, ActionLevel.NEEDS_HELP),
    "other_needs_now": _answered(False, ActionLevel.NEEDS_HELP_NOW),
    "other_needs": _answered(False, ActionLevel.NEEDS_HELP),
    "watched_needs": _answered(None, ActionLevel.KEEP_AN_EYE),
    "certainty_and_fit": _quality,
    "not_known_in_uk": _of_offers(
        lambda c: c.available != "yes" and c.intervention.uk_delivered is not True
    ),
    "wait_weeks": _of_offers(lambda c: c.wait_weeks or 0),
    "family_minutes": _of_offers(lambda c: c.family_minutes),
    "services": lambda model: dict.fromkeys(model.service.values(), 1.0),
    "professionals": lambda model: dict.fromkeys(model.professional.values(), 1.0),
    "cost": _of_offers(lambda c: c.intervention.cost.band if c.intervention.cost else 0),
    "tie": _of_offers(tie_value),
}
# The levels that say which needs are answered at all.
COVERAGE = frozenset(
    {"safety_needs_now", "safety_needs", "other_needs_now", "other_needs", "watched_needs"}
)
TIE = Priority(
    name="tie",
    better="less",
    label="a fixed rule between equals",
    because="The same family is always shown the same package.",
)


def choose(
    candidates: Sequence[Candidate],
    catalogue: Catalogue,
    wanted: Wanted | None = None,
    order: Sequence[Priority] | None = None,
) -> Chosen | None:
    """The best choice by the order of what matters, or None when nothing satisfies `wanted`.

    Every level is solved to proof before the next and then held. Raises SearchFailed when HiGHS
    does not prove it.
    """
    wanted = wanted or Wanted()
    order = (*(order or catalogue.priorities), TIE)
    if not candidates:
        return (
            None
            if wanted.forced or wanted.differs_from
            else Chosen(keys=frozenset(), values=tuple((p, 0) for p in order))
        )
    import highspy  # noqa: PLC0415  a page that has no family yet is up sooner without it

    model = _Model(candidates, catalogue, wanted)
    solver = _solver(model)
    measures = [model.measure(priority.name) for priority in order]
    solution: Sequence[float] = ()
    for group in _groups(order, measures):
        factors = _joined(group)
        solver.changeColsCost(
            model.columns,
            list(range(model.columns)),
            [factors.get(i, 0.0) for i in range(model.columns)],
        )
        solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        # HiGHS does not raise: without this an error would pass for a package of nothing.
        if status != highspy.HighsModelStatus.kOptimal:
            raise SearchFailed(
                f"No package could be proven best (the solver stopped with {status}). This is our mistake."
            )
        solution = solver.getSolution().col_value
        best = round(sum(factor * round(solution[i]) for i, factor in factors.items()))
        solver.addRow(best, inf, len(factors), list(factors), list(factors.values()))
    values = tuple(
        (
            priority,
            round(sum(factor * round(solution[i]) for i, factor in measure.items())),
        )
        for priority, measure in zip(order, measures, strict=True)
    )
    keys = frozenset(c.key for index, c in enumerate(candidates) if round(solution[index]))
    return Chosen(keys=keys, values=values)


def _solver(model: _Model) -> "highspy.Highs":
    import highspy  # noqa: PLC0415  see `choose`

    solver = highspy.Highs()
    solver.setOptionValue("log_to_console", False)
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 0.0)
    count = model.columns
    solver.addVars(count, [0.0] * count, [1.0] * count)
    solver.changeColsIntegrality(count, list(range(count)), [highspy.HighsVarType.kInteger] * count)
    for row in model.rows:
        solver.addRow(
            row.low,
            row.high,
            len(row.factors),
            list(row.factors),
            list(row.factors.values()),
        )
    return solver


_Group = list[tuple[Priority, dict[int, float]]]


def _groups(order: Sequence[Priority], measures: Sequence[dict[int, float]]) -> list[_Group]:
    """Neighbouring levels that fit into one exact objective; levels that count nothing fall away."""
    groups: list[_Group] = []
    width = 1.0
    for priority, measure in zip(order, measures, strict=True):
        span = sum(abs(factor) for factor in measure.values()) + 1
        if span <= 1:
            continue
        if groups and width * span <= WIDEST_GROUP:
            groups[-1].append((priority, measure))
            width *= span
        else:
            groups.append([(priority, measure)])
            width = span
    return groups


def _joined(group: _Group) -> dict[int, float]:
    """One objective to be made large, in which each level outweighs all that follow."""
    factors: dict[int, float] = {}
    weight = 1.0
    for priority, measure in reversed(group):
        sign = 1.0 if priority.better == "more" else -1.0
        for column, factor in measure.items():
            factors[column] = factors.get(column, 0.0) + sign * weight * factor
        weight *= sum(abs(factor) for factor in measure.values()) + 1
    return {column: factor for column, factor in sorted(factors.items()) if factor}


def only(candidates: Sequence[Candidate], keys: Collection[str]) -> tuple[Candidate, ...]:
    """The candidates of those keys, in the order of their keys."""
    return tuple(sorted((c for c in candidates if c.key in keys), key=lambda c: c.key))
