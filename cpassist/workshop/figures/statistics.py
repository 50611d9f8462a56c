"""The formulas behind the workshop's exercises: what chance alone does, and what a figure means.

Normal theory throughout; each function names where its formula comes from. `d` is a standardised mean
difference, `n` the number of people in each of two arms.
"""

import math
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

STANDARD = NormalDist()
Z95 = STANDARD.inv_cdf(0.975)
Numbers = NDArray[np.float64]


# --- regression to the mean (Barnett, van der Pols and Dobson 2005, derived anew) ---


def mills(z: float) -> float:
    """How far above the mean, in standard deviations, those stand on average who lie beyond z."""
    return STANDARD.pdf(z) / (1 - STANDARD.cdf(z))


@dataclass(frozen=True, kw_only=True)
class Drift:
    """What happens to people picked for a high score when nothing is done for them."""

    selected: float
    """The share of all people who are picked, 0 to 1."""
    before: float
    after: float
    below: float
    """The share of those picked whose next score lies below the cut-off, 0 to 1."""

    @property
    def fall(self) -> float:
        return self.before - self.after


def drift(*, mean: float, sd: float, steady: float, cutoff: float) -> Drift:
    """The expected drift of those above a cut-off; `steady` is the correlation of two measures."""
    z = (cutoff - mean) / sd
    beyond = mills(z)
    both = both_above(z, z, steady)
    return Drift(
        selected=1 - STANDARD.cdf(z),
        before=mean + sd * beyond,
        after=mean + steady * sd * beyond,
        below=1 - both / (1 - STANDARD.cdf(z)),
    )


def both_above(first: float, second: float, rho: float) -> float:
    """The chance that two standard normal values with correlation rho both lie above their marks."""
    nodes, weights = _legendre(400)
    upper = 9.0
    x = first + (nodes + 1) / 2 * (upper - first)
    spread = math.sqrt(1 - rho**2)
    inner = np.array([1 - STANDARD.cdf((second - rho * v) / spread) for v in x])
    density = np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return float(np.sum(weights * density * inner) * (upper - first) / 2)


# --- power, precision, exaggeration ---


@cache
def _legendre(count: int) -> tuple[Numbers, Numbers]:
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return nodes, weights


def _beyond(t: float, df: float, shift: float) -> float:
    """The chance that |T| > t for a t value of df degrees of freedom, shifted (non-central)."""
    # T = (Z + shift) / S with S a chi over its root: for a given S this is a normal tail, and S is averaged out.
    nodes, weights = _legendre(300)
    spread = 9 / math.sqrt(2 * df)
    low, high = max(1e-9, 1 - spread), 1 + spread
    s = low + (nodes + 1) / 2 * (high - low)
    log_density = (
        (math.log(2) + (df / 2) * math.log(df / 2) - math.lgamma(df / 2))
        + (df - 1) * np.log(s)
        - df * s**2 / 2
    )
    density = np.exp(log_density)
    tails = np.array([STANDARD.cdf(shift - t * v) + STANDARD.cdf(-shift - t * v) for v in s])
    return float(np.sum(weights * density * tails) * (high - low) / 2)


@cache
def critical_t(df: float) -> float:
    """The t beyond which two-sided p is below 0.05."""
    low, high = 1.9, 13.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _beyond(middle, df, 0) > 0.05 else (low, middle)
    return (low + high) / 2


def power(d: float, n: float) -> float:
    """The chance that a fair trial with n in each arm finds p < 0.05, two-sided, when the effect is d."""
    df = 2 * n - 2
    return _beyond(critical_t(df), df, abs(d) * math.sqrt(n / 2))


def n_for_power(d: float, wanted: float = 0.8) -> float:
    """How many in each arm give a chance of `wanted` to notice d; not rounded. Raises ValueError for d = 0."""
    if d == 0:
        raise ValueError("No number of people shows a difference that is not there.")
    low, high = 2.0, 4.0
    while power(d, high) < wanted:
        low, high = high, high * 2
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if power(d, middle) < wanted else (low, middle)
    return (low + high) / 2


def smallest_significant(n: int) -> float:
    """The smallest |d| that a trial with n in each arm can call significant."""
    return critical_t(2 * n - 2) * math.sqrt(2 / n)


def standard_error(d: float, n: int) -> float:
    """Of an estimate of d with n in each arm."""
    return math.sqrt(2 / n + d**2 / (4 * n))


def hedges(df: int) -> float:
    """The exact factor that takes the small-sample bias out of d (Hedges)."""
    return math.exp(math.lgamma(df / 2) - math.lgamma((df - 1) / 2)) / math.sqrt(df / 2)


def hedges_near(df: int) -> float:
    """The usual short form of `hedges`."""
    return 1 - 3 / (4 * df - 1)


@dataclass(frozen=True, kw_only=True)
class Exaggeration:
    """What the trials look like that were called significant."""

    noticed: float
    """The share of all trials that are, 0 to 1."""
    mean: float
    """The mean estimate among them."""
    times: float
    """How many times the true effect that is."""
    wrong_way: float
    """The share of them that points the wrong way, 0 to 1."""


def exaggeration(d: float, n: int) -> Exaggeration:
    """The winner's curse in closed form, with a known spread (z and not t). `d` is not 0."""
    s = math.sqrt(2 / n)
    a, b = Z95 - d / s, -Z95 - d / s
    up, down = 1 - STANDARD.cdf(a), STANDARD.cdf(b)
    noticed = up + down
    right = d * up + s * STANDARD.pdf(a)
    wrong = d * down - s * STANDARD.pdf(b)
    return Exaggeration(
        noticed=noticed,
        mean=(right + wrong) / noticed,
        # Without a sign: an estimate of -0.8 overstates as much as one of 0.8.
        times=(right - wrong) / noticed / abs(d),
        wrong_way=(down if d > 0 else up) / noticed,
    )


def disagree(d: float, n: int) -> float:
    """The chance that of two identical fair trials one is significant and the other is not."""
    chance = power(d, n)
    return 2 * chance * (1 - chance)


def design_effect(size: int, icc: float) -> float:
    """How many times more people are needed where whole groups of a size are allotted together."""
    return 1 + (size - 1) * icc


# --- what a set of trials says together ---


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """Several estimates as one."""

    estimate: float
    error: float
    tau2: float
    """The variance between trials beyond chance; never below 0."""

    @property
    def interval(self) -> tuple[float, float]:
        return self.estimate - Z95 * self.error, self.estimate + Z95 * self.error


def pool(estimates: Numbers, errors: Numbers, *, between: bool = False) -> Pooled:
    """Pools by inverse variance; with `between`, the way of DerSimonian and Laird, cut off at 0."""
    weights = 1 / errors**2
    fixed = float(np.sum(weights * estimates) / np.sum(weights))
    tau2 = 0.0
    if between and len(estimates) > 1:
        spread = float(np.sum(weights * (estimates - fixed) ** 2))
        scale = float(np.sum(weights) - np.sum(weights**2) / np.sum(weights))
        tau2 = max(0.0, (spread - (len(estimates) - 1)) / scale)
        weights = 1 / (errors**2 + tau2)
        fixed = float(np.sum(weights * estimates) / np.sum(weights))
    return Pooled(estimate=fixed, error=float(1 / math.sqrt(np.sum(weights))), tau2=tau2)


# --- what an effect size means ---


def odds_ratio(d: float) -> float:
    """From d, by the logistic assumption (Chinn 2000); near enough to talk, not to plan."""
    return math.exp(d * math.pi / math.sqrt(3))


def d_of_odds(ratio: float) -> float:
    """From an odds ratio back to d."""
    return math.log(ratio) * math.sqrt(3) / math.pi


def better_off(d: float) -> float:
    """The chance that a random child with help does better than a random child without (McGraw and Wong 1992)."""
    return STANDARD.cdf(d / math.sqrt(2))


def above_average(d: float) -> float:
    """The share of those helped who stand above the average of those not helped (U3)."""
    return STANDARD.cdf(d)


def overlap(d: float) -> float:
    """How far the two groups overlap, 0 to 1."""
    return 2 * STANDARD.cdf(-abs(d) / 2)


def good_rate(d: float, base: float) -> float:
    """The rate of a good outcome with help, from d and the rate without (Furukawa and Leucht 2011)."""
    return STANDARD.cdf(STANDARD.inv_cdf(base) + d)


def bad_rate(d: float, base: float) -> float:
    """The rate of a bad outcome with help, from a benefit d and the rate without."""
    return STANDARD.cdf(STANDARD.inv_cdf(base) - d)


def rate_of_odds(ratio: float, base: float) -> float:
    """The rate with help, from an odds ratio and the rate without."""
    return ratio * base / (1 - base + ratio * base)


def number_needed(first: float, second: float) -> float | None:
    """How many are helped for one outcome more or fewer; None where the rates are the same."""
    return None if first == second else 1 / abs(first - second)


def about(number: float) -> int:
    """A number needed as it is said: rounded up."""
    return math.ceil(number - 1e-9)


@dataclass(frozen=True, kw_only=True)
class OddsReading:
    """A reported odds ratio with its interval, read back."""

    error: float
    """Of the logarithm."""
    p: float


def read_odds(ratio: float, low: float, high: float) -> OddsReading:
    """The standard error and two-sided p that belong to a reported odds ratio and 95 per cent interval."""
    error = (math.log(high) - math.log(low)) / (2 * Z95)
    return OddsReading(error=error, p=2 * (1 - STANDARD.cdf(abs(math.log(ratio)) / error)))


# --- proportions and counts ---


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 per cent interval of a proportion (Wilson)."""
    z, p = Z95, count / of
    centre = (p + z**2 / (2 * of)) / (1 + z**2 / of)
    half = z / (1 + z**2 / of) * math.sqrt(p * (1 - p) / of + z**2 / (4 * of**2))
    return max(0.0, centre - half), min(1.0, centre + half)


def newcombe(first: tuple[int, int], second: tuple[int, int]) -> tuple[float, float, float]:
    """The difference of two proportions (count, of) and its 95 per cent interval (Newcombe)."""
    p1, p2 = first[0] / first[1], second[0] / second[1]
    (l1, u1), (l2, u2) = wilson(*first), wilson(*second)
    return (
        p1 - p2,
        p1 - p2 - math.sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2),
        p1 - p2 + math.sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2),
    )


def binomial(of: int, p: float) -> Numbers:
    """The chance of each count from 0 to `of`."""
    if p in {0.0, 1.0}:
        certain: Numbers = np.eye(of + 1)[0 if p == 0 else of]
        return certain
    logs = [
        math.lgamma(of + 1) - math.lgamma(k + 1) - math.lgamma(of - k + 1)
        + k * math.log(p) + (of - k) * math.log(1 - p)
        for k in range(of + 1)
    ]  # fmt: skip
    chances: Numbers = np.exp(np.array(logs))
    return chances


def gap_by_chance(of: int, p: float, gap: int) -> float:
    """The chance that two years of equal size, with nothing changed, differ by `gap` cases or more."""
    chances = binomial(of, p)
    both = np.outer(chances, chances)
    counts = np.arange(of + 1)
    apart = np.abs(counts[:, None] - counts[None, :]) >= gap
    return float(both[apart].sum())


def limits(of: int, p: float, tail: float = 0.025) -> tuple[float, float]:
    """The proportions between which chance leaves a place of this size (exact binomial quantiles)."""
    total = np.cumsum(binomial(of, p))
    low = int(np.searchsorted(total, tail))
    high = int(np.searchsorted(total, 1 - tail))
    return low / of, high / of


def none_of(of: int) -> float:
    """The highest proportion (one-sided 95 per cent) that fits having seen none at all."""
    return float(1 - 0.05 ** (1 / of))


# --- counts in place of percentages (natural frequencies) ---


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A checklist among a number of families, in whole families."""

    of: int
    found: int
    false_alarms: int
    missed: int
    cleared: int
    exact: float
    """The chance of a concern among those flagged, not rounded, 0 to 1."""

    @property
    def flagged(self) -> int:
        return self.found + self.false_alarms


def counted(*, base: float, finds: float, false_alarms: float, of: int = 1000) -> Counted:
    """What a checklist does among `of` families, or more where the rarest would be no whole family.

    `base`, `finds` and `false_alarms` are shares from 0 to 1. The four counts add up to `of`.
    """
    parts = (
        base * finds,
        (1 - base) * false_alarms,
        base * (1 - finds),
        (1 - base) * (1 - false_alarms),
    )
    rarest = min((part for part in parts if part > 0), default=1.0)
    while rarest * of < 1 - 1e-9 and of < 1_000_000:
        of *= 10
    found, alarms, missed, cleared = whole([part * of for part in parts], of)
    flagged = parts[0] + parts[1]
    exact = parts[0] / flagged if flagged else 0.0
    return Counted(
        of=of, found=found, false_alarms=alarms, missed=missed, cleared=cleared, exact=exact
    )


def whole(parts: list[float], total: int) -> list[int]:
    """Whole numbers that add up to the total, by largest remainder."""
    # 95.99999999999999 is 96: a float's last digit is no remainder.
    floors = [math.floor(part + 1e-9) for part in parts]
    order = sorted(range(len(parts)), key=lambda i: (floors[i] - parts[i], i))
    for i in order[: total - sum(floors)]:
        floors[i] += 1
    return floors


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Two rates in every way they are told."""

    relative: float
    difference: float
    needed: float | None
    odds: float


def compared(without: float, with_help: float) -> Compared:
    """Relative risk, absolute difference, number needed and odds ratio of two rates from 0 to 1."""
    return Compared(
        relative=with_help / without,
        difference=without - with_help,
        needed=number_needed(without, with_help),
        odds=(with_help / (1 - with_help)) / (without / (1 - without)),
    )


# --- what a class learnt ---


def class_gain(before: Numbers, after: Numbers) -> float | None:
    """How much of what could be gained was gained, by the class as a whole (Hake); None at full marks before.

    `before` and `after` are the same people's shares right, 0 to 1.
    """
    first = float(np.mean(before))
    return None if first >= 1 else (float(np.mean(after)) - first) / (1 - first)


def gain_interval(
    before: Numbers, after: Numbers, *, seed: int, draws: int = 2000
) -> tuple[float, float] | None:
    """The middle 95 per cent of the gain over draws of the people with replacement; None below two people."""
    if len(before) < 2:
        return None
    picks = np.random.default_rng(seed).integers(0, len(before), (draws, len(before)))
    first, second = before[picks].mean(axis=1), after[picks].mean(axis=1)
    open_ = first < 1
    if not open_.any():
        return None
    gains = (second[open_] - first[open_]) / (1 - first[open_])
    low, high = np.quantile(gains, [0.025, 0.975])
    return float(low), float(high)


def above_guessing(share: float, options: int = 4) -> float:
    """A share right with lucky guesses taken out; below 0 for less than guessing."""
    return (share - 1 / options) / (1 - 1 / options)


def retained(after: float, later: float, options: int = 4) -> float | None:
    """How much of what was known at the end is known later, guessing apart; None where nothing was known."""
    chance = 1 / options
    return None if after <= chance else (later - chance) / (after - chance)


def changed_by_chance(better: int, worse: int) -> float:
    """Two-sided exact chance of so uneven a split of those who changed their answer."""
    changed = better + worse
    if changed == 0:
        return 1.0
    chances = binomial(changed, 0.5)
    return float(min(1.0, chances[chances <= chances[better] * (1 + 1e-9)].sum()))
