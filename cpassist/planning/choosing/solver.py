"""The same choice by HiGHS, level by level: for the rare hard family, and as a second opinion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

import highspy

from cpassist.planning.choosing.choice import (
    Answered,
    BestAnswers,
    Choice,
    Chosen,
    Costs,
    Measure,
    NeedKey,
    SearchFailed,
)

# Neighbouring levels are solved as one while their product stays small: the solver takes 0.999999 for
# a whole one, and the larger a factor the more that millionth weighs.
WIDEST_GROUP = 2**18
# For each group of levels. Nobody waits longer than this for a page to answer.
MOST_SECONDS = 20.0


def solved(choice: Choice) -> Chosen | None:
    """The best choice, or None when there is none.

    Every level is solved to proof before the next and then held. Raises SearchFailed when HiGHS
    does not prove it.
    """
    model = Model(choice)
    measures = [model.columns_of(measure) for _, measure in choice.levels]
    solver = solver_of(model)
    solution: Sequence[float] = [0.0] * model.columns
    for group in _groups(measures):
        factors = joined(group)
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
                "No package could be proven the best one in time: very many kinds of help compete here. "
                f"(The solver stopped with {status.name}.)"
            )
        solution = solver.getSolution().col_value
        best = _value(factors, solution)
        solver.addRow(best, inf, len(factors), list(factors), list(factors.values()))
    return Chosen(
        keys=choice.keys([i for i in range(len(choice.candidates)) if round(solution[i])]),
        values=tuple(
            (priority, abs(_value(columns, solution)))
            for (priority, _), columns in zip(choice.levels, measures, strict=True)
        ),
        solved_by="highs",
    )


@dataclass(repr=False)
class _Row:
    """One line of the model: low ≤ Σ factor · column ≤ high."""

    low: float
    high: float
    factors: dict[int, float] = field(default_factory=dict)


class Model:
    """The choice as a model of yes-or-no columns; the first ones are the offers."""

    def __init__(self, choice: Choice) -> None:
        self.rows: list[_Row] = []
        self.columns = len(choice.candidates)
        self.reached: dict[NeedKey, dict[int, int]] = {}
        for need, qualities in choice.answers().items():
            self._add_need(need, qualities)
        for index, others in choice.requires:
            self.rows.append(_Row(0, inf, {index: -1.0, **dict.fromkeys(others, 1.0)}))
        for one, other in choice.clashes:
            self.rows.append(_Row(0, 1, {one: 1.0, other: 1.0}))
        for index in choice.forced:
            self.rows.append(_Row(1, 1, {index: 1.0}))
        for kinds in choice.left_out:
            used = [self._used(offers) for offers in kinds]
            self.rows.append(_Row(0, len(used) - 1, dict.fromkeys(used, 1.0)))

    def _column(self) -> int:
        self.columns += 1
        return self.columns - 1

    def _add_need(self, need: NeedKey, qualities: Mapping[int, int]) -> None:
        """A need is answered at a quality when some chosen offer answers it at least so well."""
        for quality in sorted(set(qualities.values())):
            column = self._column()
            self.reached.setdefault(need, {})[quality] = column
            offers = [index for index, reaches in qualities.items() if reaches >= quality]
            self.rows.append(_Row(0, inf, {column: -1.0, **dict.fromkeys(offers, 1.0)}))

    def _used(self, offers: Sequence[int]) -> int:
        """A column that says whether any of these offers is chosen."""
        column = self._column()
        self.rows += [_Row(0, inf, {column: 1.0, index: -1.0}) for index in offers]
        # And nothing counts as used without an offer, or "left out" could be met by a phantom.
        self.rows.append(_Row(0, inf, {column: -1.0, **dict.fromkeys(offers, 1.0)}))
        return column

    def columns_of(self, measure: Measure) -> dict[int, float]:
        """What one level counts, by column, made so that more is better."""
        if isinstance(measure, Answered):
            return {self.reached[need][min(self.reached[need])]: 1.0 for need in measure.needs}
        if isinstance(measure, BestAnswers):
            return self._steps(measure)
        return self._costs(measure)

    def _steps(self, measure: BestAnswers) -> dict[int, float]:
        """Each step up the ladder of quality counts by how urgent the need is."""
        factors: dict[int, float] = {}
        for need, columns in self.reached.items():
            previous = 0
            for quality, column in sorted(columns.items()):
                factors[column] = float((quality - previous) * measure.urgency[need])
                previous = quality
        return factors

    def _costs(self, measure: Costs) -> dict[int, float]:
        groups: dict[int, list[int]] = {}
        for index, group in enumerate(measure.group):
            groups.setdefault(group, []).append(index)
        factors: dict[int, float] = {}
        for offers in groups.values():
            cost = measure.each[offers[0]]
            if cost:
                factors[offers[0] if len(offers) == 1 else self._used(offers)] = -float(cost)
        return factors


def solver_of(model: Model) -> highspy.Highs:
    """HiGHS with a model in it: one thread, no gap, and quiet."""
    solver = highspy.Highs()
    solver.setOptionValue("log_to_console", False)
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("time_limit", MOST_SECONDS)
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


def _value(factors: Mapping[int, float], solution: Sequence[float]) -> int:
    return round(sum(factor * round(solution[i]) for i, factor in factors.items()))


def _groups(measures: Sequence[dict[int, float]]) -> list[list[dict[int, float]]]:
    """Neighbouring levels that fit into one exact objective; levels that count nothing fall away."""
    groups: list[list[dict[int, float]]] = []
    width = 1.0
    for measure in measures:
        span = sum(abs(factor) for factor in measure.values()) + 1
        if span <= 1:
            continue
        if groups and width * span <= WIDEST_GROUP:
            groups[-1].append(measure)
            width *= span
        else:
            groups.append([measure])
            width = span
    return groups


def joined(group: Sequence[dict[int, float]]) -> dict[int, float]:
    """One objective to be made large, in which each level outweighs all that follow."""
    factors: dict[int, float] = {}
    weight = 1.0
    for measure in reversed(group):
        for column, factor in measure.items():
            factors[column] = factors.get(column, 0.0) + weight * factor
        weight *= sum(abs(factor) for factor in measure.values()) + 1
    return {column: factor for column, factor in sorted(factors.items()) if factor}
