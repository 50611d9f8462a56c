"""The ten exercises: what they promise, how answers are marked, and what their files may not hold."""

import re
import shutil
from dataclasses import replace

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from cpassist.drawing.charts import WIDE, draw_chart
from cpassist.errors import Mistakes
from cpassist.workshop.charts import room_charts
from cpassist.workshop.charts.step_charts import chart_of
from cpassist.workshop.curriculum.reading import read_curriculum
from cpassist.workshop.exercises import answers, card_answers
from cpassist.workshop.exercises.marking import mark, shuffled
from cpassist.workshop.exercises.records import Ask, Card, Phase
from cpassist.workshop.exercises.reply import read_reply
from cpassist.workshop.exercises.seat import Seat


def seat(given=None, **how):
    """A seat with answers of `step.part` (asked first, unless the phase is named behind a bar)."""
    made = {}
    for name, value in (given or {}).items():
        key, _, phase = name.partition("|")
        made[key, phase or "predict"] = value
    return Seat(**{"seed": 3, "number": 5, **how}, answers=made)


@pytest.fixture
def exercise(curriculum):
    return lambda number: curriculum.exercises[number - 1]


def line(told, name):
    return next(one for one in told.lines if one.name == name)


def test_there_are_ten_and_seven_more_and_every_misconception_is_met_somewhere(curriculum):
    assert [one.number for one in curriculum.exercises] == list(range(1, 18))
    met = {code for one in curriculum.exercises for code in one.misconceptions}
    assert met == {m.code for m in curriculum.misconceptions} == {f"M{n}" for n in range(1, 20)}


def test_timetables_take_as_long_as_they_say(curriculum):
    assert {t.key: t.minutes for t in curriculum.timetables} == {
        "three_hours": 180,
        "two_hours": 120,
        "one_hour_leaders": 60,
    }


def test_e1_a_top_rating_can_be_trivial_and_a_change_without_comparison_has_no_size(exercise):
    told = mark(
        exercise(1),
        seat(
            {
                "card_b.sure|run": "several",
                "card_b.big|run": "trivial",
                "card_e.big|run": "moderate",
                "card_e.sure|run": "not_shown",
            }
        ),
    )
    assert line(told, "card_b.sure").share == 1
    assert line(told, "card_b.big").share == 1
    assert line(told, "card_e.big").share == 0
    assert line(told, "card_e.big").right == "Not stated"
    assert line(told, "card_e.big").misconception == "M1"


def test_e1_a_neighbouring_band_counts_half_and_not_stated_has_no_neighbours(exercise):
    told = mark(exercise(1), seat({"card_c.big|run": "small", "card_a.big|run": "large"}))
    assert line(told, "card_c.big").share == 0.5
    assert line(told, "card_a.big").share == 0


@pytest.mark.parametrize(
    ("low", "high", "worth", "kind"),
    [
        (-0.08, 0.05, 0.2, "no important difference"),
        (-0.3, 0.6, 0.2, "inconclusive"),
        (0.02, 0.08, 0.2, "no important difference (a tiny benefit)"),
        (0.25, 0.6, 0.2, "important benefit"),
        (0.25, 0.6, 0.3, "benefit, size unsure"),
        (-0.5, -0.1, 0.2, "harm, size unsure"),
        (-0.5, -0.3, 0.2, "important harm"),
    ],
)
def test_e2_an_interval_says_one_of_these(low, high, worth, kind):
    assert answers.interval_kind(low, high, worth) == kind
    bin_, words = answers.bin_of(Card(title="", low=low, high=high), worth)
    assert words == kind
    assert bin_ in {"no_important", "inconclusive", "benefit", "harm"}


def test_e2_what_is_worth_having_moves_a_report_to_another_bin(exercise):
    small = mark(exercise(2), seat({"worth.delta": "0.1", "r7.bin": "inconclusive"}))
    large = mark(exercise(2), seat({"worth.delta": "0.2", "r7.bin": "no_important"}))
    assert line(small, "r7.bin").share == line(large, "r7.bin").share == 1
    assert answers.bin_of(Card(title="", studied=False), 0.2)[0] == "not_looked"


def test_e3_the_second_answer_counts(exercise):
    first = {"guess.way": "same", "guess.points": "9"}
    told = mark(exercise(3), seat(first))
    assert line(told, "guess.way").misconception == "M4"
    told = mark(exercise(3), seat({**first, "guess.way|revote": "down", "guess.points|revote": "2"}))  # fmt: skip
    assert line(told, "guess.way").share == line(told, "guess.points").share == 1
    assert line(told, "guess.way").changed


def test_e4_each_seat_is_asked_about_its_own_trial(exercise):
    rights = {line(mark(exercise(4), seat({"guess.of_ten": "1"}, number=n)), "guess.of_ten").right for n in range(3)}  # fmt: skip
    assert len(rights) == 3


def test_e6_ages_need_and_what_was_not_reported(exercise):
    assert card_answers.fit_of(0, 1) == "differs"
    assert card_answers.fit_of(1, 2) == "partly"
    assert card_answers.fits_country(None, None)[0] == ("not_reported",)
    told = mark(
        exercise(6),
        seat(
            {
                "safecare_1.age|run": "partly",
                "safecare_1.country|run": "differs",
                "fnp_3.direct|run": "indirect",
            }
        ),
    )
    assert [line(told, n).share for n in ("safecare_1.age", "safecare_1.country", "fnp_3.direct")] == [1, 1, 1]  # fmt: skip


def test_e7_every_change_has_a_reason_and_why_families_might_need_it(exercise):
    changes = [p for _, step, p in exercise(7).questions() if p.shared == "place"]
    assert len(changes) == 10
    for part in changes:
        assert part.why
        assert re.search(r"Why: \w", part.prompt)


def test_e8_the_whole_room_sees_the_same_areas_and_one_really_changes(exercise):
    areas = [answers.three_areas(exercise(8), seat(number=n)) for n in (1, 2)]
    assert areas[0] is areas[1]
    for seed in range(12):
        changed = answers.changed_area(seed)
        told = mark(exercise(8), seat({"pick.area": changed}, seed=seed))
        assert line(told, "pick.area").share == 1


def test_e10_asks_the_briefings_questions_and_claims_no_impact(exercise, catalogue):
    which = next(p for n, _, p in exercise(10).questions() if n == "ask.which")
    bank = {option.key for option in which.options}
    assert {q.key for q in catalogue.leaders_questions if q.audience == "leaders"} <= bank
    assert len(bank) == 12
    assert not any("impact" in p.right for _, _, p in exercise(10).questions())
    asked = {f"rate_{key}" for key in bank}
    assert asked <= {step.key for step in exercise(10).steps}


def test_e10_a_good_set_covers_three_groups_and_the_two_that_must_be_there(exercise):
    def share(*keys):
        return line(mark(exercise(10), seat({"ask.which|run": " ".join(keys)})), "ask.which").share

    assert share("need", "other_knowledge", "comparison", "fit") == 1
    assert share("need", "fit", "how_it_helps", "how_do_we_know") == 0.5
    assert share("comparison", "capacity_to_evaluate") == pytest.approx(1 / 6)


def test_e10_to_decline_needs_no_comparison_and_anything_else_does(exercise):
    def share(how):
        said = seat({"decide.how|revote": how, "decide.compared|revote": "nobody"})
        return line(mark(exercise(10), said), "decide.compared").share

    assert share("decline") == 1
    assert share("test") == 0


@pytest.mark.parametrize(
    ("said", "level"),
    [
        (("lot", "several", "year"), "4"),
        (("lot", "several", "short"), "3"),
        (("lot", "one", "year"), "3"),
        (("lot", "none", "year"), "NE"),
        (("nobody", "several", "year"), "2"),
        (("others", "none", "short"), "NL2"),
    ],
)
def test_a_level_falls_out_of_the_criteria_and_one_flip_changes_it(exercise, said, level):
    assert card_answers.level_of(*said) == level
    dials = dict(zip(("flip.compared", "flip.found", "flip.later"), said, strict=True))
    step = exercise(11).step("flip")
    chart = chart_of(exercise(11), step, seat(dials=dials))
    assert chart.rows[-1][1].startswith(("4", "3", "2", "not level", "found not"))
    assert card_answers.LEVEL_WHY[level] in chart.sentence


def test_bodies_that_disagree_stand_side_by_side_with_what_splits_them(exercise, catalogue):
    step = exercise(12).step("look")
    for one in exercise(12).differing:
        chart = chart_of(exercise(12), step, seat(dials={"look.help": one.intervention}))
        known = [d for d in catalogue.disagreements if d.intervention == one.intervention]
        assert len(one.splits) == len(known) >= 1
        assert known[0].says in chart.sentence
        assert len(one.bodies) >= 2, one.intervention


def test_faults_are_in_the_packages_that_say_so_and_in_no_other(exercise):
    cards = {step.key: step.card.says for step in exercise(13).steps}
    assert "with Dana and Luke together" in cards["second"]
    assert sum("together" in says for says in cards.values()) == 1
    assert "No help is proposed for" not in cards["first"]
    assert cards["first"].count(", now.") > 5
    assert cards["third"].count("second best rating") == 1
    for key in ("second", "third", "fourth"):
        assert "No help is proposed for" in cards[key]
    told = mark(exercise(13), seat({"fourth.faults|revote": "none", "first.faults": "too_much"}))
    assert line(told, "fourth.faults").share == 1
    assert 0 < line(told, "first.faults").share < 1


def test_every_picture_says_in_its_sentence_and_table_what_it_shows(curriculum):
    for one in curriculum.exercises:
        for step in one.steps:
            for number in (1, 2, 3):
                chart = chart_of(one, step, seat(number=number))
                if chart is None:
                    continue
                assert chart.sentence.endswith("."), step.key
                assert chart.rows or not chart.panels
                for row in chart.rows:
                    assert len(row) == len(chart.heads)
                for panel in draw_chart(chart).panels:
                    for shape in panel.shapes:
                        assert -12 <= shape.x <= WIDE + 12, (step.key, shape)
                        assert -2 <= shape.y <= panel.height + 2, (step.key, shape)


def test_a_room_below_five_has_no_pictures_and_right_answers_wait_for_the_end(curriculum):
    for one in curriculum.exercises:
        for name, step, part in one.questions():
            options = one.options(part)
            said = options[0].key if options else "5"
            seats = tuple(seat({f"{name}|{step.phase.value}": said}, number=n) for n in range(1, 8))
            assert room_charts.room_chart(one, name, seats[:4], solved=True) is None
            drawn = room_charts.room_chart(one, name, seats, solved=False)
            assert drawn is not None, name
            if part.right and part.ask is Ask.CHOICE:
                told = room_charts.room_chart(one, name, seats, solved=True)
                assert told.panels != drawn.panels or not part.right


def test_a_picture_made_of_several_questions_shows_no_answer_of_fewer_than_five(exercise):
    e5, e4 = exercise(5), exercise(4)
    counts = [seat({"counts.chance|revote": "25"}, number=n) for n in range(1, 6)]
    one = seat({"percent.chance": "73", "counts.chance|revote": "25"}, number=6)
    assert room_charts.room_chart(e5, "two_ways", (*counts, one), solved=False) is None
    guessed = [seat({"guess.of_ten": "3"}, number=n) for n in range(1, 6)]
    told = seat({"guess.of_ten": "3", "mine.publish|run": "no"}, number=6)
    assert room_charts.room_chart(e4, "funnel_all", (*guessed, told), solved=True) is None
    published = [seat({"mine.publish|run": "yes"}, number=n) for n in range(1, 8)]
    chart = room_charts.room_chart(e4, "funnel_all", tuple(published), solved=True)
    assert len(chart.rows) == 1


def test_first_and_again_share_one_scale(exercise):
    seats = [seat({"pick.more": "p", "pick.more|revote": "cannot_tell" if n else "p"}, number=n) for n in range(6)]  # fmt: skip
    chart = room_charts.room_chart(exercise(1), "pick.more", tuple(seats), solved=False)
    assert len({panel.x.high for panel in chart.panels}) == 1


def test_a_simulated_room_makes_up_nobodys_answers(curriculum):
    for one in curriculum.exercises:
        for name in one.room_charts:
            seats = room_charts.simulated_seats(1, 20)
            chart = room_charts.room_chart(one, name, seats, solved=True, alone=True)
            assert (chart is not None) == (name in room_charts.SIMULATED)


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_a_browser_sends_only_allowed_answers_get_further(curriculum, data):
    one = data.draw(st.sampled_from([e for e in curriculum.exercises if e.steps]))
    step = data.draw(st.sampled_from(one.steps))
    junk = st.one_of(st.text(max_size=12), st.lists(st.text(max_size=8), max_size=4))
    keys = [p.key for p in step.parts] + ["sure", "step"]
    said, wrong = read_reply(one, step, data.draw(st.dictionaries(st.sampled_from(keys), junk)))
    for part in step.questions:
        name = f"{step.key}.{part.key}"
        assert (name in said) != (part.key in wrong)
        if name in said and part.ask is not Ask.NUMBER:
            assert set(said[name].split()) <= {o.key for o in one.options(part)}
    told = mark(one, Seat(answers={(n, step.phase.value): v for n, v in said.items()}))
    assert told.score is None or 0 <= told.score <= 10


def test_quiz_options_are_shuffled_for_each_person_and_sitting(curriculum):
    item = curriculum.quiz.items[0]
    orders = {shuffled(item, seat(number=n), sitting) for n in range(10) for sitting in (1, 2)}
    assert len(orders) > 6
    assert all(sorted(order) == ["a", "b", "c", "d"] for order in orders)
    assert shuffled(item, seat(), 1) == shuffled(item, seat(), 1)


def test_the_quiz_is_balanced(curriculum):
    keys = [item.key for item in curriculum.quiz.items]
    assert len(keys) == 12
    assert all(keys.count(key) == 3 for key in "abcd")


def test_phases_of_an_exercise_hold_its_steps(exercise):
    assert [s.key for s in exercise(3).in_phase(Phase.REVOTE)] == ["guess", "remedy"]
    assert [s.key for s in exercise(5).in_phase(Phase.PREDICT)] == ["percent"]


BROKEN = {
    "a key that is no option": (
        "e01_read_the_label.yaml",
        "right: [cannot_tell]",
        "right: [cannot]",
        "right: cannot is none of its options",
    ),
    "an unknown calculation": (
        "e03_vanishing_improvement.yaml",
        "rule: expected_fall",
        "rule: expected_rise",
        'no calculation "expected_rise"',
    ),
    "an unknown picture": (
        "e05_out_of_1000.yaml",
        "chart: thousand",
        "chart: million",
        'no picture "million"',
    ),
    "a finding that is not there": (
        "e01_read_the_label.yaml",
        "entry: family_foundations.ffeif.conflict",
        "entry: family_foundations.x",
        "no finding of the catalogue",
    ),
    "four controls": (
        "e03_vanishing_improvement.yaml",
        "    chart: vanishing\n    parts:\n",
        "    chart: vanishing\n    sure: true\n    parts:\n",
        "more than three controls",
    ),
    "an unknown misconception": (
        "e01_read_the_label.yaml",
        "misconceptions: [M1,",
        "misconceptions: [M99,",
        "no misconception M99",
    ),
    "an answer that nobody is asked": (
        "e10_leaders_desk.yaml",
        "only_if: ask.which=fit",
        "only_if: ask.which=fat",
        "is no answer of this exercise",
    ),
    "an unknown field": (
        "e07_keep_the_recipe.yaml",
        "minutes: 8",
        "minuets: 8",
        'Did you mean "minutes"',
    ),
    "a family that is not there": (
        "e09_build_a_package.yaml",
        "families: [larkfield,",
        "families: [larkfeld,",
        "no invented family larkfeld",
    ),
    "a quiz key that is no option": (
        "quiz.yaml",
        "    key: b",
        "    key: e",
        "key: e is none of the options",
    ),
    "a quiz id twice": ("quiz.yaml", "id: W02", "id: W01", "W01: this id is there twice"),
    "a long option": (
        "quiz.yaml",
        "R was tested without",
        "R was tested, and tested again, and tested once more by others who came later, without",
        "1.5 times the shortest",
    ),
    "a part that is not there": (
        "timetables.yaml",
        "part: e05_out_of_1000",
        "part: e05",
        "there is no part e05",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_is_refused_with_file_place_and_remedy(what, tmp_path, catalogue, invented):
    name, old, new, says = BROKEN[what]
    folder = tmp_path / "exercises"
    shutil.copytree(ROOT / "catalogue" / "exercises", folder)
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Mistakes) as refused:
        read_curriculum(folder, catalogue, invented)
    assert any(says in m and m.startswith(name) for m in refused.value.mistakes), refused.value


def test_every_mistake_is_told_at_once(tmp_path, catalogue, invented):
    folder = tmp_path / "exercises"
    shutil.copytree(ROOT / "catalogue" / "exercises", folder)
    for name, old, new, _ in list(BROKEN.values())[:3]:
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Mistakes) as refused:
        read_curriculum(folder, catalogue, invented)
    assert len(refused.value.mistakes) >= 3


def test_a_seat_that_answered_nothing_has_no_score(curriculum):
    for one in curriculum.exercises:
        assert mark(one, replace(seat(), answers={})).score is None
