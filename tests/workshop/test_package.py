"""Building a package: what is scored holds whatever the catalogue says, and the planner is no answer key."""

import pytest

from cpassist.workshop.charts.room_charts import room_chart
from cpassist.workshop.exercises.records import Phase
from cpassist.workshop.exercises.seat import Seat
from cpassist.workshop.package_task.marks import mark_package
from cpassist.workshop.package_task.task import (
    case_of,
    chosen_in,
    differences,
    package_steps,
    thin_kinds,
)


@pytest.fixture
def exercise(curriculum):
    return next(one for one in curriculum.exercises if one.built)


def built(*lines, case=None, **more):
    """A seat with lines of (help, when), the safety steps ticked, and what else is said."""
    answers = {"family.which": "larkfield"}
    for at, (key, when) in enumerate(lines, 1):
        answers |= {f"slot{at}.what": key, f"slot{at}.when": when, f"slot{at}.sure": "some"}
    if case:
        answers["needs.safety"] = " ".join(rule for rule, _ in case.steps)
    answers |= {key.replace("__", "."): value for key, value in more.items()}
    return Seat(seed=1, number=1, answers={(k, "predict"): v for k, v in answers.items()})


def points(exercise, seat):
    return {mark.name: mark for mark in mark_package(exercise, seat).marks}


GOOD = (
    ("advocacy:dana", "now"),
    ("m_pact:dana", "next"),
    ("safecare:theo", "next"),
    ("vig:mia", "later"),
)


def doubts(case, source="family", check="child"):
    return {
        f"doubt_{kind}__{part}": value
        for kind in thin_kinds(case)
        for part, value in (("source", source), ("check", check))
    }


def test_the_planners_own_package_agrees_wholly_and_scores_full(exercise):
    case = exercise.cases[0]
    told = mark_package(exercise, built(*GOOD, case=case, **doubts(case)))
    assert told.agreement == 1
    assert told.differences == 0
    assert told.score == 10, [(m.name, m.points, m.says) for m in told.marks]


def test_disjoint_packages_agree_in_nothing_and_reasons_are_what_counts(exercise):
    case = exercise.cases[0]
    other = next(
        one.key
        for one in case.help
        if one.fits and one.intervention not in {o.intervention for o in case.planner}
    )
    seat = built((other, "now"), case=case, **doubts(case))
    told = mark_package(exercise, seat)
    assert told.agreement == 0
    assert told.reasoned == 0
    given = {(f"diff_{key}.reason", "revote"): "family_wish" for key, _, _ in differences(case, seat)}  # fmt: skip
    reasoned = Seat(answers={**seat.answers, **given})
    assert mark_package(exercise, reasoned).reasoned == told.differences > 0
    assert mark_package(exercise, reasoned).score == told.score


def test_a_programme_for_another_age_loses_fit_and_says_why(exercise):
    case = exercise.cases[0]
    off = next(one for one in case.help if "old" in one.flag or "outside" in one.flag)
    told = points(exercise, built(GOOD[0], (off.key, "later"), case=case))
    fit = told["Age and need fit"]
    assert fit.points == 1
    assert off.flag in fit.says


def test_safety_is_all_or_nothing(exercise):
    case = exercise.cases[0]
    every = " ".join(rule for rule, _ in case.steps)
    assert points(exercise, built(*GOOD, case=case))["Safety first"].points == 2
    assert points(exercise, built(*GOOD))["Safety first"].points == 0
    assert points(exercise, built(*GOOD, needs__safety=f"{every} not_0"))["Safety first"].points == 0  # fmt: skip
    unsafe = [one for one in case.help if one.unsafe]
    assert unsafe
    for one in unsafe:
        told = points(exercise, built((one.key, "now"), case=case))["Safety first"]
        assert told.points == 0
        assert one.title in told.says


def test_everything_now_is_too_much_and_order_matters(exercise):
    case = exercise.cases[0]
    all_now = [(key, "now") for key, _ in GOOD]
    assert points(exercise, built(*all_now, case=case))["Load and order"].points == 0
    turned = (("advocacy:dana", "later"), ("safecare:theo", "now"))
    assert points(exercise, built(*turned, case=case))["Load and order"].points == 0


def test_a_need_without_help_is_met_by_saying_what_else_one_goes_by(exercise):
    case = exercise.cases[0]
    silent = points(exercise, built(*GOOD, case=case))
    said = points(exercise, built(*GOOD, case=case, **doubts(case)))
    assert silent["Every need has a response"].points < said["Every need has a response"].points == 2  # fmt: skip
    assert silent["Doubts are said"].points == 0
    assert silent["You will know"].points == 0


def test_neglect_always_counts_as_thin_evidence(exercise):
    assert {"neglect"} <= set(thin_kinds(exercise.cases[0]))


def test_where_nothing_fits_to_choose_nothing_is_right(exercise):
    case = next(one for one in exercise.cases if one.family == "marlow")
    assert case.planner == ()
    assert len(case.gaps) == 4
    seat = built(case=case, family__which="marlow", slot1__what="nothing", **doubts(case))
    told = mark_package(exercise, seat)
    assert told.score == 10, [(m.name, m.points, m.says) for m in told.marks]
    assert case_of(exercise, seat) is case


def test_the_next_line_comes_once_the_one_before_is_filled(exercise):
    def slots(seat):
        return [s.key for s in package_steps(exercise, Phase.PREDICT, seat) if s.key.startswith("slot")]  # fmt: skip

    assert slots(built()) == ["slot1"]
    assert slots(built(*GOOD)) == ["slot1", "slot2", "slot3", "slot4", "slot5"]
    assert len(chosen_in(exercise.cases[0], built(GOOD[0], GOOD[0]))) == 1


def test_every_difference_is_asked_about(exercise):
    case, seat = exercise.cases[0], built(GOOD[0])
    asked = {s.key for s in package_steps(exercise, Phase.REVOTE, seat)}
    theirs = {offer.intervention for offer in case.planner} - {"advocacy"}
    assert asked == {"compare", *(f"diff_{key}" for key in theirs)}


def test_the_room_sees_what_five_or_more_chose(exercise):
    seats = tuple(Seat(seed=1, number=n, answers=built(*GOOD[:n]).answers) for n in (1, 2, 3, 4, 4))
    assert room_chart(exercise, "package_room", seats[:4], solved=True) is None
    chart = room_chart(exercise, "package_room", seats, solved=True)
    assert chart.rows[0] == ("Advocacy for adults subjected to domestic abuse", "5", "yes")
