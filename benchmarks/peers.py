"""The peers of our search: the same choice by two libraries, four objectives one after the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

import highspy
import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from cpassist.planning.choosing.choice import Choice
from cpassist.planning.choosing.solver import Model, joined, solver_of

# Levels that are solved together: the needs and the evidence; what it asks; who comes and the cost;
# the fixed rule between equals.
TOGETHER = (6, 3, 3, 2)


@dataclass(frozen=True)
class Prepared:
    """One choice as a model of yes-or-no columns, with its objectives; to be made large."""

    model: Model
    objectives: tuple[Mapping[int, float], ...]


def prepared(choice: Choice) -> Prepared:
    """The model, which the peers get for nothing."""
    model = Model(choice)
    measures = [model.columns_of(measure) for _, measure in choice.levels]
    ends = list(accumulate(TOGETHER))
    groups = [measures[end - size : end] for end, size in zip(ends, TOGETHER, strict=True)]
    return Prepared(model, tuple(joined(group) for group in groups))


def by_highspy(given: Prepared) -> list[float]:
    """Four solves by highspy, each held before the next; the value of every column."""
    model, count = given.model, given.model.columns
    solver = solver_of(model)
    solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
    values: list[float] = [0.0] * count
    for factors in given.objectives:
        solver.changeColsCost(
            count, list(range(count)), [factors.get(i, 0.0) for i in range(count)]
        )
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError("highspy proved nothing")
        values = [float(round(value)) for value in solver.getSolution().col_value]
        best = sum(factor * values[column] for column, factor in factors.items())
        solver.addRow(best, highspy.kHighsInf, len(factors), list(factors), list(factors.values()))
    return values


def by_scipy(given: Prepared) -> list[float]:
    """Four solves by scipy.optimize.milp, each held before the next; the value of every column."""
    count = given.model.columns
    rows = [(row.low, row.high, row.factors) for row in given.model.rows]
    values: list[float] = [0.0] * count
    for factors in given.objectives:
        cost = np.zeros(count)
        for column, factor in factors.items():
            cost[column] = -factor
        held = []
        if rows:
            cells = [(r, c, f) for r, (_, _, some) in enumerate(rows) for c, f in some.items()]
            at, column, factor = (np.array(part) for part in zip(*cells, strict=True))
            matrix = csr_array((factor, (at, column)), shape=(len(rows), count))
            held = [LinearConstraint(matrix, [r[0] for r in rows], [r[1] for r in rows])]
        found = milp(
            cost,
            integrality=np.ones(count),
            bounds=Bounds(0, 1),
            constraints=held,
            options={"mip_rel_gap": 0.0},
        )
        if found.x is None:
            raise RuntimeError("scipy proved nothing")
        values = [float(round(value)) for value in found.x]
        best = sum(factor * values[column] for column, factor in factors.items())
        rows.append((best, np.inf, dict(factors)))
    return values
