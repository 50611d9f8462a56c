"""The workshop's numbers, against closed forms, simulations, SciPy and statsmodels."""

import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.power import TTestIndPower
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from cpassist.workshop.figures import simulation, statistics


@pytest.fixture
def draw():
    return np.random.default_rng(20261125)


def test_t1_those_above_one_deviation_drift_back(draw):
    assert statistics.mills(1) == pytest.approx(1.5251, abs=1e-3)
    expected = statistics.drift(mean=0, sd=1, steady=0.6, cutoff=1)
    assert expected.fall == pytest.approx(0.6101, abs=1e-3)
    seen = simulation.cohort(draw, size=1_000_000, steady=0.6, cutoff=1, mean=0, sd=1)
    assert -seen.change == pytest.approx(expected.fall, abs=0.005)


def test_t2_the_default_family_centre():
    expected = statistics.drift(mean=10, sd=6, steady=0.7, cutoff=17)
    assert expected.selected == pytest.approx(0.1217, abs=1e-4)
    assert expected.before == pytest.approx(19.961, abs=1e-3)
    assert expected.after == pytest.approx(16.973, abs=1e-3)
    assert expected.fall == pytest.approx(2.988, abs=1e-3)
    assert expected.below == pytest.approx(0.507, abs=0.003)
    z = (17 - 10) / 6
    both = scipy.stats.multivariate_normal([0, 0], [[1, 0.7], [0.7, 1]]).cdf([-z, -z])
    assert statistics.both_above(z, z, 0.7) == pytest.approx(both, abs=1e-5)


def test_t3_a_steadier_score_drifts_less():
    expected = statistics.drift(mean=0, sd=1, steady=0.8, cutoff=1.5)
    assert expected.fall == pytest.approx(0.3877, abs=1e-3)


def test_t4_before_and_after_finds_what_is_not_there_and_a_lot_does_not(draw):
    alone = [
        simulation.mean_change(simulation.cohort(draw, size=60, steady=0.6, cutoff=1, mean=0, sd=1))
        for _ in range(400)
    ]
    assert np.mean([high < 0 for _, _, high in alone]) > 0.99
    runs = 4000
    found = 0
    for _ in range(runs):
        pair = simulation.split_by_lot(draw, size=60, steady=0.6, cutoff=16, effect=0)
        _, low, high = simulation.difference(*pair)
        found += low > 0 or high < 0
    assert found / runs == pytest.approx(0.05, abs=0.01)


@pytest.mark.parametrize(("n", "d", "expected"), [(20, 0.3, 0.1523), (64, 0.5, 0.8015), (394, 0.2, 0.8006)])  # fmt: skip
def test_t5_power(n, d, expected):
    assert statistics.power(d, n) == pytest.approx(expected, abs=1e-4)
    assert statistics.power(d, n) == pytest.approx(
        TTestIndPower().power(d, nobs1=n, alpha=0.05), abs=1e-6
    )


@pytest.mark.parametrize(
    ("d", "exact", "rounded"),
    [(0.2, 393.4, 394), (0.3, 175.4, 176), (0.5, 63.8, 64), (0.8, 25.5, 26)],
)
def test_t6_how_many_for_80_per_cent(d, exact, rounded):
    assert statistics.n_for_power(d) == pytest.approx(exact, abs=0.05)
    assert math.ceil(statistics.n_for_power(d)) == rounded


def test_t7_small_significant_trials_overstate(draw):
    assert statistics.exaggeration(0.3, 20).times == pytest.approx(2.61, abs=0.01)
    seen = simulation.mean_noticed(draw, n=20, effect=0.3, runs=200_000)
    assert seen == pytest.approx(2.68, abs=0.05)


def test_t8_the_small_sample_factor_and_the_error_of_d():
    assert statistics.hedges_near(38) == pytest.approx(0.98013, abs=1e-5)
    assert statistics.hedges(38) == pytest.approx(0.98011, abs=1e-5)
    assert statistics.standard_error(0.3, 20) == pytest.approx(0.3180, abs=1e-4)


def test_t9_a_flag_among_a_thousand_families():
    seen = statistics.counted(base=0.04, finds=0.8, false_alarms=0.1)
    assert (seen.found, seen.false_alarms, seen.missed, seen.cleared) == (32, 96, 8, 864)
    assert seen.exact == pytest.approx(0.25)


def test_t10_one_result_told_four_ways():
    seen = statistics.compared(0.20, 0.15)
    assert seen.relative == pytest.approx(0.75)
    assert seen.difference == pytest.approx(0.05)
    assert seen.needed == pytest.approx(20)
    assert seen.odds == pytest.approx(0.706, abs=1e-3)


@pytest.mark.parametrize(
    ("of", "gap", "expected"),
    [(60, 3, 0.581), (60, 6, 0.225), (300, 15, 0.153), (300, 30, 0.0036)],
)
def test_t11_two_years_differ_by_chance(of, gap, expected):
    assert statistics.gap_by_chance(of, 0.22, gap) == pytest.approx(expected, abs=6e-4)


def test_t12_the_best_and_worst_of_areas_that_are_all_alike(draw):
    many = [
        simulation.areas(draw, count=152, smallest=40, largest=600, rate=0.22).rates
        for _ in range(3000)
    ]
    assert np.mean([rates.min() for rates in many]) == pytest.approx(0.127, abs=0.005)
    assert np.mean([rates.max() for rates in many]) == pytest.approx(0.321, abs=0.005)


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        (0, 10, 0, 0.2775),
        (1, 10, 0.0179, 0.4042),
        (7, 50, 0.0695, 0.2619),
        (12, 12, 0.7575, 1),
        (22, 100, 0.15, 0.3107),
    ],
)
def test_t13_wilson(count, of, low, high):
    seen = statistics.wilson(count, of)
    assert seen == pytest.approx((low, high), abs=1e-4)
    assert seen == pytest.approx(proportion_confint(count, of, method="wilson"), abs=1e-9)


def test_t14_newcombe():
    seen = statistics.newcombe((9, 40), (14, 40))
    assert seen == pytest.approx((-0.125, -0.310, 0.073), abs=1e-3)
    theirs = confint_proportions_2indep(9, 40, 14, 40, method="newcomb", compare="diff")
    assert seen[1:] == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize(("dull", "pooled", "visible"), [(1.0, 0.20, 1.0), (0.2, 0.29, 0.38), (0.1, 0.32, 0.30)])  # fmt: skip
def test_t15_what_is_published_is_not_what_was_found(draw, dull, pooled, visible):
    seen = simulation.pooled_published(draw, runs=2500, trials=30, effect=0.2, dull_published=dull)
    assert seen[0] == pytest.approx(pooled, abs=0.01)
    assert seen[1] == pytest.approx(visible, abs=0.01)


def test_t16_what_half_a_deviation_means():
    assert statistics.odds_ratio(0.5) == pytest.approx(2.477, abs=1e-3)
    assert statistics.better_off(0.5) == pytest.approx(0.6382, abs=1e-4)
    assert statistics.above_average(0.5) == pytest.approx(0.6915, abs=1e-4)
    assert statistics.overlap(0.5) == pytest.approx(0.8026, abs=1e-4)
    assert statistics.d_of_odds(statistics.odds_ratio(0.5)) == pytest.approx(0.5)


def test_t17_from_an_effect_to_children_in_a_hundred():
    treated = statistics.good_rate(0.5, 0.2)
    assert treated == pytest.approx(0.366, abs=1e-3)
    assert statistics.number_needed(treated, 0.2) == pytest.approx(6.01, abs=0.02)
    assert statistics.bad_rate(0.3, 0.2) == pytest.approx(0.127, abs=1e-3)
    assert statistics.about(6.01) == 7
    assert statistics.rate_of_odds(0.706, 0.2) == pytest.approx(0.15, abs=1e-3)
    assert statistics.design_effect(20, 0.05) == pytest.approx(1.95)


def test_t18_a_reported_odds_ratio_agrees_with_its_p():
    seen = statistics.read_odds(1.25, 0.77, 2.05)
    assert seen.error == pytest.approx(0.2498, abs=1e-4)
    assert seen.p == pytest.approx(0.372, abs=1e-3)


def test_t19_two_fair_trials_disagree():
    assert statistics.disagree(0.4, 30) == pytest.approx(0.44, abs=0.005)


def test_t20_a_gap_of_four_in_sixty():
    assert statistics.gap_by_chance(60, 14 / 60, 4) == pytest.approx(0.449, abs=1e-3)


def test_who_is_left_looks_better_than_everyone(draw):
    seen = simulation.who_is_left(draw, size=400_000)
    assert seen.lost == pytest.approx(0.42, abs=0.01)
    assert seen.everyone == pytest.approx(0, abs=0.01)
    assert seen.finishers == pytest.approx(-0.16, abs=0.01)
    assert seen.mixed == pytest.approx(-0.40, abs=0.01)


def test_pooling_never_takes_a_variance_below_nothing():
    near = statistics.pool(np.array([0.2, 0.2, 0.2]), np.array([0.1, 0.2, 0.3]), between=True)
    assert near.tau2 == 0
    apart = statistics.pool(np.array([-0.5, 0.2, 0.9]), np.array([0.1, 0.1, 0.1]), between=True)
    assert apart.tau2 > 0
    assert apart.error > near.error


def test_a_class_gain_and_what_is_no_gain():
    before, after = np.array([0.5, 0.5, 0.5]), np.array([0.75, 0.75, 0.75])
    assert statistics.class_gain(before, after) == pytest.approx(0.5)
    assert statistics.class_gain(np.ones(3), np.ones(3)) is None
    assert statistics.gain_interval(before, after, seed=1) == pytest.approx((0.5, 0.5))
    assert statistics.gain_interval(before[:1], after[:1], seed=1) is None
    assert statistics.changed_by_chance(9, 2) == pytest.approx(0.065, abs=1e-3)
    assert statistics.retained(0.75, 0.5) == pytest.approx(0.5)
    assert statistics.above_guessing(0.25) == pytest.approx(0)


def test_limits_are_exact_quantiles():
    for of in (40, 60, 152, 600):
        for tail in (0.025, 0.001):
            low, high = statistics.limits(of, 0.22, tail)
            ours = scipy.stats.binom(of, 0.22)
            assert low * of == pytest.approx(ours.ppf(tail))
            assert high * of == pytest.approx(ours.ppf(1 - tail))
    assert statistics.none_of(30) == pytest.approx(0.095, abs=1e-3)


@given(
    base=st.floats(0.0001, 0.9999),
    finds=st.floats(0, 1),
    alarms=st.floats(0, 1),
)
def test_whole_families_always_add_up(base, finds, alarms):
    seen = statistics.counted(base=base, finds=finds, false_alarms=alarms)
    parts = (seen.found, seen.false_alarms, seen.missed, seen.cleared)
    assert sum(parts) == seen.of
    assert min(parts) >= 0


@given(st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_wilson_holds_the_share_and_stays_between_none_and_all(pair):
    low, high = statistics.wilson(*pair)
    assert 0 <= low <= pair[0] / pair[1] + 1e-12
    assert pair[0] / pair[1] - 1e-12 <= high <= 1


def test_a_seat_draws_the_same_again_and_another_seat_something_else():
    def run(seat, turn=0):
        return simulation.run_trial(simulation.generator(7, 4, seat, turn), n=20, effect=0.2)

    assert run(1) == run(1)
    assert len({run(1), run(2), run(1, turn=1)}) == 3
