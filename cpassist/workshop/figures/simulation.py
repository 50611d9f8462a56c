"""What each seat of a workshop draws for itself: a cohort, a trial, a set of trials, a set of areas.

Every draw follows from the session's seed, the number of the exercise and the number of the seat, so that a
session can be replayed exactly.
"""

from dataclasses import dataclass

import numpy as np

from cpassist.workshop.figures.statistics import (
    Z95,
    Numbers,
    critical_t,
    hedges,
    pool,
    standard_error,
)


def generator(seed: int, exercise: int, seat: int, turn: int = 0) -> np.random.Generator:
    """The random numbers of one seat in one exercise; `turn` counts how often it was run again."""
    return np.random.default_rng(np.random.SeedSequence([seed, exercise, seat, turn]))


@dataclass(frozen=True, kw_only=True, eq=False)
class Cohort:
    """Families measured twice; a higher score is worse. Scores as arrays, one place a family."""

    before: Numbers
    after: Numbers

    @property
    def change(self) -> float:
        """The mean change; below 0 is better."""
        return float(np.mean(self.after - self.before)) if len(self.before) else 0.0


def cohort(
    draw: np.random.Generator,
    *,
    size: int,
    steady: float,
    cutoff: float | None,
    mean: float = 10.0,
    sd: float = 6.0,
    effect: float = 0.0,
) -> Cohort:
    """Families above a cut-off (None: anybody), measured again; `effect` in standard deviations helps.

    Two measures with correlation `steady`; nothing else happens between them.
    """
    kept: list[Numbers] = []
    total = 0
    while total < size:
        first = draw.standard_normal(max(2000, size * 4))
        if cutoff is not None:
            first = first[first * sd + mean > cutoff]
        kept.append(first)
        total += len(first)
    first = np.concatenate(kept)[:size]
    second = steady * first + np.sqrt(1 - steady**2) * draw.standard_normal(size)
    return Cohort(before=mean + sd * first, after=mean + sd * (second - effect))


def split_by_lot(
    draw: np.random.Generator, *, size: int, steady: float, cutoff: float | None, effect: float
) -> tuple[Cohort, Cohort]:
    """The same families, half of them given the service at random after they were picked: with it, without it."""
    all_ = cohort(draw, size=size, steady=steady, cutoff=cutoff)
    order = draw.permutation(size)
    with_it, without = order[: size // 2], order[size // 2 :]
    return (
        Cohort(before=all_.before[with_it], after=all_.after[with_it] - effect * 6.0),
        Cohort(before=all_.before[without], after=all_.after[without]),
    )


def mean_change(group: Cohort) -> tuple[float, float, float]:
    """The mean change with its 95 per cent interval (t)."""
    changes = group.after - group.before
    middle = float(np.mean(changes))
    half = critical_t(len(changes) - 1) * float(np.std(changes, ddof=1)) / np.sqrt(len(changes))
    return middle, middle - half, middle + half


def difference(with_it: Cohort, without: Cohort) -> tuple[float, float, float]:
    """The difference of two groups' changes with its 95 per cent interval (t, one spread)."""
    one, two = with_it.after - with_it.before, without.after - without.before
    df = len(one) + len(two) - 2
    spread = np.sqrt(
        ((len(one) - 1) * np.var(one, ddof=1) + (len(two) - 1) * np.var(two, ddof=1)) / df
    )
    middle = float(np.mean(one) - np.mean(two))
    half = critical_t(df) * float(spread) * np.sqrt(1 / len(one) + 1 / len(two))
    return middle, middle - half, middle + half


@dataclass(frozen=True, kw_only=True)
class LeftOver:
    """What three ways of reporting say when those who do badly stop coming, in standard deviations."""

    lost: float
    """The share that stopped coming, 0 to 1."""
    everyone: float
    finishers: float
    """Those who finished, against their own start."""
    mixed: float
    """Those who finished at the end, against everyone's start: a common mistake."""


def who_is_left(
    draw: np.random.Generator, *, size: int, steady: float = 0.6, pull: float = 1.2
) -> LeftOver:
    """Families without any change on average; `pull` says how much a bad score makes it likely to stop coming."""
    first = draw.standard_normal(size)
    second = steady * first + np.sqrt(1 - steady**2) * draw.standard_normal(size)
    stops = draw.random(size) < 1 / (1 + np.exp(-(-0.4 + pull * second)))
    stays = ~stops
    return LeftOver(
        lost=float(np.mean(stops)),
        everyone=float(np.mean(second - first)),
        finishers=float(np.mean(second[stays] - first[stays])),
        mixed=float(np.mean(second[stays]) - np.mean(first)),
    )


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One trial's result: a standardised mean difference (Hedges) with its 95 per cent interval."""

    n: int
    """In each arm."""
    estimate: float
    low: float
    high: float
    significant: bool

    @property
    def error(self) -> float:
        return standard_error(self.estimate, self.n)


def run_trial(draw: np.random.Generator, *, n: int, effect: float) -> Trial:
    """One trial of n in each arm of a programme whose true effect is known here and to nobody else."""
    with_it = draw.standard_normal(n) + effect
    without = draw.standard_normal(n)
    spread = np.sqrt((np.var(with_it, ddof=1) + np.var(without, ddof=1)) / 2)
    small = hedges(2 * n - 2)
    estimate = small * float((np.mean(with_it) - np.mean(without)) / spread)
    half = small * critical_t(2 * n - 2) * float(np.sqrt(2 / n))
    return Trial(
        n=n,
        estimate=estimate,
        low=estimate - half,
        high=estimate + half,
        significant=abs(estimate) > half,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Funnel:
    """Many trials of one thing: estimate, error and whether it was published, one place a trial."""

    estimates: Numbers
    errors: Numbers
    published: np.ndarray

    @property
    def visible(self) -> float:
        return float(np.mean(self.published))


def funnel(
    draw: np.random.Generator,
    *,
    trials: int,
    effect: float,
    dull_published: float,
    tau: float = 0.0,
) -> Funnel:
    """Trials of 15 to 200 in each arm; a significant gain is published, the rest with a chance."""
    n = np.exp(draw.uniform(np.log(15), np.log(200), trials))
    errors = np.sqrt(2 / n + effect**2 / (4 * n))
    estimates = effect + tau * draw.standard_normal(trials) + errors * draw.standard_normal(trials)
    gain = estimates / errors > Z95
    published = gain | (draw.random(trials) < dull_published)
    return Funnel(estimates=estimates, errors=errors, published=published)


def pooled_published(
    draw: np.random.Generator, *, runs: int, trials: int, effect: float, dull_published: float
) -> tuple[float, float]:
    """Over many funnels: the mean pooled estimate of what was published, and the share that was."""
    pooled, seen = [], []
    for _ in range(runs):
        many = funnel(draw, trials=trials, effect=effect, dull_published=dull_published)
        seen.append(many.visible)
        if many.published.any():
            shown = many.published
            pooled.append(pool(many.estimates[shown], many.errors[shown]).estimate)
    return float(np.mean(pooled)), float(np.mean(seen))


def mean_noticed(draw: np.random.Generator, *, n: int, effect: float, runs: int) -> float:
    """By simulation, with t and Hedges' factor: how many times too big the significant trials are on average."""
    with_it = draw.standard_normal((runs, n)) + effect
    without = draw.standard_normal((runs, n))
    spread = np.sqrt((with_it.var(axis=1, ddof=1) + without.var(axis=1, ddof=1)) / 2)
    estimates = (with_it.mean(axis=1) - without.mean(axis=1)) / spread
    noticed = np.abs(estimates) > critical_t(2 * n - 2) * np.sqrt(2 / n)
    return hedges(2 * n - 2) * float(np.mean(np.abs(estimates[noticed]))) / effect


@dataclass(frozen=True, kw_only=True, eq=False)
class Areas:
    """Areas with a yearly number of plans and how many of them were repeats, one place an area."""

    plans: np.ndarray
    repeats: np.ndarray

    @property
    def rates(self) -> Numbers:
        rates: Numbers = self.repeats / self.plans
        return rates


def areas(
    draw: np.random.Generator, *, count: int, smallest: int, largest: int, rate: float
) -> Areas:
    """Areas that are all alike but for their size."""
    plans = draw.integers(smallest, largest + 1, count)
    return Areas(plans=plans, repeats=draw.binomial(plans, rate))


def years(
    draw: np.random.Generator, *, plans: int, rate: float, count: int = 8, step: float = 0.0
) -> Areas:
    """One area's years; with `step`, the rate moves by so much from the middle year on."""
    rates = np.where(np.arange(count) >= count // 2, rate + step, rate)
    sizes = np.full(count, plans)
    return Areas(plans=sizes, repeats=draw.binomial(sizes, rates))
