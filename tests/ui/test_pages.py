"""The page driven through the messages a browser sends; no browser, no kernel."""

import re
from dataclasses import replace

import jinja2
import pytest
from conftest import ROOT
from page_driver import do, text_of

from cpassist.family.records import Answer
from cpassist.family.vocabulary import AnswerValue
from cpassist.planning.asking_why.to_ask import how_many
from cpassist.ui.case_planning.view_questions import question_groups


def test_a_family_is_started_filled_and_planned(page):
    do(
        page,
        "start_family",
        family_label="The Test family",
        label="Ada",
        role="child",
        age_known="known",
        born_year="2023",
        born_month="5",
    )
    do(
        page,
        "record_person",
        label="Ann",
        role="adult",
        age_known="known",
        born_year="1990",
        cares_for="ada",
        relation_ada="parent",
        home="main",
    )
    state = do(
        page,
        "record_need",
        person="ada",
        need="neglect",
        level="2",
        seen_by="nursery",
        harmed_by="ann",
        basis="confirmed",
    )

    assert state.mistakes == {}
    assert [need.need for need in state.family.needs] == ["neglect"]
    assert "safecare" in {offer.intervention for offer in state.package.offers}
    do(page, "go", step="package")
    assert "SafeCare" in text_of(page)


def test_a_form_says_all_that_is_missing_and_keeps_the_family(page):
    do(page, "open_example", name="larkfield")
    before = page.state.family
    state = do(page, "record_need", person="mia", need="", level="", says="Something")

    assert set(state.mistakes) == {"need", "level", "seen_by", "basis"}
    assert state.family is before
    assert page.sent[-1] == {"focus": "need-summary"}
    do(page, "go", step="needs")
    assert state.mistakes == {}


def test_nobody_sees_a_thing_before_its_day(page):
    do(page, "open_example", name="larkfield")
    before = page.state.family
    filled = {
        "person": "theo", "need": "conduct_problems", "level": "2", "seen_by": "nursery", "basis": "confirmed",
    }  # fmt: skip

    state = do(
        page, "record_need", **filled, seen_on_day="1", seen_on_month="1", seen_on_year="2999"
    )

    assert set(state.mistakes) == {"seen_on"}
    assert "still to come" in state.mistakes["seen_on"]
    assert state.family is before
    do(page, "record_need", **filled, seen_on_month="1", seen_on_year="2020")
    assert state.family.need("theo", "conduct_problems").seen_on == "2020-01"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"label": "", "role": "child", "age_known": "known", "born_year": "2020"}, "label"),
        ({"label": "Zed", "role": "", "age_known": "known", "born_year": "2020"}, "role"),
        ({"label": "Zed", "role": "child", "age_known": "known", "born_year": "20"}, "born"),
        (
            {
                "label": "Zed",
                "role": "child",
                "age_known": "known",
                "born_day": "3",
                "born_year": "2020",
            },
            "born",
        ),
        ({"label": "Zed", "role": "child", "age_known": "unknown"}, "age_from"),
        (
            {"label": "Zed", "role": "child", "age_known": "unborn", "due_year": "2027"},
            "carried_by",
        ),
        ({"label": "<b>", "role": "adult", "age_known": "known", "born_year": "1990"}, "label"),
        ({"label": "Zed", "role": "adult", "age_known": "known", "born_year": "2020"}, "role"),
        ({"label": "Zed", "role": "child", "age_known": "known", "born_year": "1990"}, "role"),
        ({"label": "Zed", "role": "child", "age_known": "known", "born_year": "2999"}, "born"),
        ({"label": "Zed", "role": "adult", "age_known": "known", "born_year": "1850"}, "born"),
    ],
)
def test_each_mistake_about_a_person_stands_at_its_field(page, fields, wrong):
    do(page, "open_example", name="larkfield")
    state = do(page, "record_person", **fields)
    assert wrong in state.mistakes
    assert len(state.family.people) == 4


def test_a_contradiction_is_a_sentence_and_changes_nothing(page):
    do(page, "open_example", name="larkfield")
    before = page.state.family
    state = do(
        page, "record_person", label="Mia", role="adult", age_known="known", born_year="1990"
    )
    assert state.notice.level == "mistake"
    assert "two people are called" in state.notice.says[0]
    assert state.family is before


def test_an_answer_frees_what_it_held_and_can_be_taken_back(page):
    do(page, "open_example", name="larkfield")
    about = {"ask": "high_harm_signs", "person": "luke", "other": ""}
    state = do(page, "answer_question", **about, **{"answer-x": "true"})
    assert "The Drive Project" in state.notice.says[0]
    state = do(page, "answer_question", **about, **{"answer-x": "unknown"})
    assert state.family.answer("high_harm_signs", "luke") is AnswerValue.UNKNOWN


def test_declining_needs_a_reason_and_accepting_does_not(page):
    do(page, "open_example", name="larkfield")
    about = {"intervention": "safecare", "people": "dana,theo", "form": "judge-p-x"}
    state = do(page, "judge_offer", **about, decision="decline", because="  ")
    assert state.mistakes == {
        "because": "Say why. The reason goes to the supervisor with the package."
    }
    state = do(page, "judge_offer", **about, decision="decline", because="Not wanted.")
    assert "safecare" not in {o.intervention for o in state.package.offers}
    state = do(page, "withdraw_judgement", intervention="safecare", people="dana,theo")
    assert "safecare" in {o.intervention for o in state.package.offers}
    state = do(page, "judge_offer", **about, decision="accept")
    assert next(o for o in state.package.offers if o.intervention == "safecare").judged == "accept"


def test_a_reason_from_the_short_list_is_enough_and_own_words_follow_it(page):
    do(page, "open_example", name="larkfield")
    about = {"intervention": "safecare", "people": "dana,theo", "form": "judge-p-x", "decision": "decline"}  # fmt: skip
    state = do(page, "judge_offer", **about, reason="Not the right time")
    assert state.family.judgements[-1].because == "Not the right time"
    state = do(page, "judge_offer", **about, reason="Not the right time", because="After Easter.")
    assert state.family.judgements[-1].because == "Not the right time. After Easter."
    state = do(page, "judge_offer", **about, reason="<b>made up</b>", because="")
    assert "because" in state.mistakes


def test_a_carers_need_that_was_said_not_to_affect_a_child_is_shown_as_cut(page):
    state = do(page, "open_example", name="larkfield")
    do(page, "go", step="help")
    do(page, "choose_path", paths="mia")
    assert "Recorded as not affecting" not in text_of(page)
    needs = tuple(
        replace(n, affects=("theo",)) if n.need == "alcohol_misuse" else n
        for n in state.family.needs
    )
    state.change(state.family.with_changes(needs=needs))
    do(page, "choose_path", paths="mia")
    assert "Recorded as not affecting Mia, so not joined here: Dana: alcohol misuse." in text_of(page)  # fmt: skip
    do(page, "choose_path", paths="theo")
    assert "Recorded as not affecting" not in text_of(page)


def test_another_way_can_be_taken(page):
    do(page, "open_example", name="larkfield")
    other = page.state.package.alternatives[0]
    state = do(page, "use_alternative", index="0")
    assert {o.intervention for o in other.offers} <= {o.intervention for o in state.package.offers}


def test_no_forged_message_lifts_a_rule(page):
    do(page, "open_example", name="garland")
    state = do(
        page,
        "judge_offer",
        intervention="parents_as_partners",
        people="eve,karl",
        decision="add",
        because="They asked.",
    )
    assert "parents_as_partners" not in {o.intervention for o in state.package.offers}
    assert "judgement_not_possible" in {f.code for f in state.package.findings}


@pytest.mark.parametrize(
    "message",
    [
        None, 7, [], "go", {}, {"act": "go"}, {"act": "go", "fields": []}, {"act": "_keep", "fields": {}},
        {"act": "go", "fields": {"step": 3}}, {"act": "go", "fields": {"step": "../x"}},
        {"act": "__init__", "fields": {}}, {"act": "open_text", "fields": {"text": {"a": 1}}},
        {"act": "open_text", "fields": {"text": "x" * 3_000_000}}, {"act": "open_example", "fields": {"name": "../rules"}},
        {"act": "open_draft", "fields": {"key": "../../etc/passwd"}}, {"act": "forget_draft", "fields": {"key": "../x"}},
        {"act": "remove_line", "fields": {"group": "people", "index": "0"}}, {"act": "remove_line", "fields": {"group": "wishes", "index": "99"}},
        {"act": "use_alternative", "fields": {"index": "-1"}}, {"act": "remove_person", "fields": {"key": "nobody"}},
        {"act": "choose", "fields": {"person": "nobody", "node": "help:nothing", "form": "x"}},
        {"act": "judge_offer", "fields": {"intervention": "x", "people": "", "decision": "burn"}},
        {"act": "name_harmers", "fields": {"person": "mia", "harmers": "zoe"}},
        {"act": "answer_question", "fields": {"ask": "nothing", "person": "mia", "answer-x": "true"}},
        {"act": "answer_question", "fields": {"ask": "afraid_of", "person": "mia", "answer-x": "perhaps"}},
        {"act": "set_limits", "fields": {"minutes_dana": "-5"}}, {"act": "set_limits", "fields": {"minutes_dana": "1e9"}},
    ],
)  # fmt: skip
def test_nonsense_from_a_browser_changes_nothing_and_shows_no_trace(page, message):
    do(page, "open_example", name="larkfield")
    before = page.state.family
    page.receive(message)
    assert page.state.family == before
    assert page.state.notice is None or page.state.notice.level != "ours", page.state.notice
    for step in ("family", "needs", "safety", "limits", "help", "package"):
        do(page, "go", step=step)
        assert page.state.step == step
    assert "Traceback" not in page.html


def test_a_bug_of_ours_becomes_a_reference_and_names_nobody(
    page, monkeypatch, caplog, bugs_are_caught
):
    do(page, "open_example", name="larkfield")
    monkeypatch.setattr("cpassist.ui.case_planning.state.propose_with_matching", lambda *_: 1 / 0)
    state = do(page, "remove_need", person="mia", need="neglect")
    assert state.notice.level == "ours"
    assert "reference" in state.notice.says[0]
    assert len(state.family.needs_of("mia")) == 3
    assert "mia" not in caplog.text.lower()
    assert "ZeroDivisionError at test_pages.py, <lambda>:" in caplog.text


UNDEFINED = jinja2.StrictUndefined(name="the steps")


def test_a_bug_in_a_template_names_the_template_and_what_it_wanted(page, monkeypatch):
    do(page, "open_example", name="larkfield")
    monkeypatch.setattr(
        "cpassist.ui.case_planning.views.census_context", lambda _: {"steps": UNDEFINED}
    )
    with pytest.raises(jinja2.UndefinedError, match="'the steps' is undefined") as bug:
        do(page, "go", step="needs")
    assert any("templates" in str(entry.path) for entry in bug.traceback)


def test_a_removed_harmer_becomes_unknown_and_asks(page):
    do(page, "open_example", name="larkfield")
    state = do(page, "remove_person", key="luke")
    assert {n.harmed_by for n in state.family.needs if n.need == "exposed_to_domestic_abuse"} == {
        ("unknown",)
    }
    assert any(f.ask and f.ask.key == "harmed_by" for f in state.package.findings)


@pytest.mark.parametrize(
    "name", sorted(p.stem for p in (ROOT / "catalogue/families").glob("*.yaml"))
)
def test_every_example_shows_every_step(page, name):
    do(page, "open_example", name=name)
    for step in ("family", "needs", "safety", "limits", "help", "package"):
        do(page, "go", step=step)
        assert page.state.notice is None
    for node in (
        "help:safecare",
        "help:mash",
        f"need:{page.state.family.needs[0].person}:{page.state.family.needs[0].need}",
    ):
        do(page, "go", step="help")
        do(page, "choose", node=node)
        assert page.state.notice is None


def test_the_danger_card_stands_first_while_nobody_said_there_is_none(page):
    do(page, "open_example", name="lowther")
    do(page, "go", step="help")
    assert "is anybody in danger today" in text_of(page)
    do(
        page,
        "answer_question",
        ask="immediate_danger",
        person="jay",
        other="",
        **{"answer-x": "false"},
    )
    do(page, "go", step="help")
    assert "is anybody in danger today" not in text_of(page)


def test_words_are_escaped_wherever_they_stand(page):
    do(page, "open_example", name="larkfield")
    evil = "<script>alert(1)</script>"
    family = page.state.family
    page.state.start_family(
        family.with_changes(needs=tuple(replace(n, says=evil, seen_by=evil) for n in family.needs))
    )
    for step in ("needs", "help", "package"):
        do(page, "go", step=step)
        assert "<script" not in page.html


def aside_rows(page):
    do(page, "go", step="package")
    table = page.html[page.html.index("aside-t") :]
    return [re.sub(r"\s+", " ", row) for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)[1:]]


def test_what_a_rule_forbids_is_not_offered_to_be_brought_back(page):
    do(page, "open_example", name="jarvis")
    words = ("Not safe now", "Needs another first", "Not for these people", "Already in place")
    rows = aside_rows(page)
    forbidden = [row for row in rows if any(word in row for word in words)]
    assert forbidden
    assert not [row for row in forbidden if "Bring back" in row]
    assert [row for row in rows if "Bring back" in row], "what a worker may add can be added"


def test_what_was_brought_back_and_cannot_be_shows_its_reason_and_can_be_taken_back(page):
    do(page, "open_example", name="larkfield")
    do(
        page,
        "judge_offer",
        intervention="drive",
        people="luke",
        decision="add",
        because="He asked for it.",
    )

    row = next(row for row in aside_rows(page) if "The Drive Project" in row)
    assert "Brought back: “He asked for it.”, and it cannot be offered now." in row
    assert "Take back" in row
    do(page, "withdraw_judgement", intervention="drive", people="luke")
    assert not page.state.family.judgements


def test_who_gets_what_says_what_was_accepted(page):
    do(page, "open_example", name="larkfield")
    offer = next(o for o in page.state.package.offers if o.intervention == "advocacy")
    do(
        page,
        "judge_offer",
        intervention="advocacy",
        people=",".join(offer.people),
        decision="accept",
    )
    do(page, "go", step="package")

    row = page.html[page.html.index("<b>Advocacy for adults") :]
    row = row[: row.index("</tr>")]
    assert "Accepted" in row
    assert ">Accept<" not in row


def test_all_offers_are_accepted_by_one_press_and_nothing_else_is(page):
    do(page, "open_example", name="larkfield")
    before = {o.key for o in page.state.package.offers}
    do(page, "go", step="package")
    assert f"Accept all {len(before)}" in text_of(page)
    do(page, "accept_all")
    package = page.state.package
    assert {o.key for o in package.offers} == before
    assert {o.judged for o in package.offers} == {"accept"}
    assert all(step.judged is None for step in package.steps)
    assert "Accept all" not in text_of(page)
    assert page.sent[-1] == {"focus": ["status", "heading"]}
    assert do(page, "accept_all").notice.level == "mistake"


def test_one_number_stands_for_what_is_to_be_asked_on_every_step(page, invented):
    for name in invented:
        do(page, "open_example", name=name)
        open_, by_step = how_many(page.state.package), {}
        for step in ("family", "needs", "safety", "limits"):
            by_step[step] = how_many(page.state.package, step)
        do(page, "go", step="safety")
        unanswered = [
            row
            for group in question_groups(page.state)
            for row in group["rows"]
            if row["answer"] in ("", "unknown")
        ]
        assert len(unanswered) == by_step["safety"], name
        do(page, "go", step="package")
        if open_:
            assert f"{open_} to ask" in text_of(page), name


def questions_on(page):
    do(page, "go", step="safety")
    return re.findall(r'<div class="question" id="([^"]+)"', page.html)


@pytest.mark.parametrize("name", ["larkfield", "fenwick", "garland"])
def test_no_question_moves_while_somebody_answers(page, name):
    do(page, "open_example", name=name)
    before = questions_on(page)
    for group in question_groups(page.state):
        for row in group["rows"][:2]:
            if row["harmers"]:
                continue
            about = {"ask": row["ask"], "person": row["person"] or "", "other": row["other"] or ""}
            do(page, "answer_question", **about, **{f"answer-{row['id']}": "false"})
            after = questions_on(page)
            assert [q for q in after if q in before] == [q for q in before if q in after]


def test_a_question_that_goes_both_ways_is_asked_once(page):
    do(page, "open_example", name="garland")
    asked = [
        (row["ask"], row["person"], row["other"])
        for g in question_groups(page.state)
        for row in g["rows"]
    ]
    both = [ask for ask, one, other in asked if (ask, other, one) in asked]
    assert ("contact_forbidden", "eve", "karl") in asked
    assert not {"contact_forbidden", "asked_apart"} & set(both)

    # As it was recorded the other way round, and then as it is asked: one answer is left.
    reversed_line = Answer(ask="asked_apart", person="karl", other="eve", answer=AnswerValue.FALSE)
    family = page.state.family
    page.state.family = family.with_changes(circumstances=(*family.circumstances, reversed_line))
    about = {"ask": "asked_apart", "person": "eve", "other": "karl"}
    do(page, "answer_question", **about, **{"answer-x": "true"})
    kept = [a for a in page.state.family.circumstances if a.ask == "asked_apart"]
    assert [(a.person, a.other, a.answer.value) for a in kept] == [("eve", "karl", "true")]


def test_not_asked_yet_is_not_the_same_as_not_known(page):
    do(page, "open_example", name="larkfield")
    do(page, "go", step="safety")
    box = r'id="q-high_harm_signs-luke".*?</div>\s*</fieldset>.*?</p>'
    before = re.search(box, page.html, re.DOTALL).group()
    assert "checked" not in before
    assert "Answer this to unlock" in before

    about = {"ask": "high_harm_signs", "person": "luke", "other": ""}
    do(page, "answer_question", **about, **{"answer-q": "unknown"})

    after = re.search(box, page.html, re.DOTALL).group()
    assert re.search(r'value="unknown" checked', after)
    assert "Answer this to unlock" not in after
    drive = next(s for s in page.state.package.set_aside if s.intervention == "drive")
    assert drive.because == "safety_not_answered", "not known is never read as no"


def test_the_step_says_who_is_in_danger_today(page):
    do(page, "open_example", name="fenwick")
    assert "danger today: Joe" in text_of(page)


def test_the_day_of_the_assessment_can_be_moved_so_that_a_birth_can_be_recorded(page):
    do(page, "open_example", name="larkfield")
    baby = {
        "label": "Bo",
        "role": "child",
        "age_known": "known",
        "born_year": "2026",
        "born_month": "11",
        "born_day": "20",
    }
    state = do(page, "record_person", **baby)
    assert "after the assessment" in state.mistakes["born"]
    state = do(page, "record_details", family_label="The Larkfield family", assessed_year="2999")
    assert set(state.mistakes) == {"assessed"}

    do(
        page,
        "record_details",
        family_label="The Larkfield family",
        assessed_day="22",
        assessed_month="11",
        assessed_year="2026",
    )
    state = do(page, "record_person", **baby)

    assert state.mistakes == {}
    assert "Assessed 22 November 2026" in text_of(page)
    assert "Who looks after Bo?" in text_of(page)
    do(
        page,
        "record_person",
        key="dana",
        label="Dana",
        role="adult",
        age_known="known",
        born_year="1999",
        cares_for=["mia", "theo", "bo"],
        relation_bo="parent",
        responsibility_bo="yes",
    )
    assert "Who looks after Bo?" not in text_of(page)
    assert "parent of and with parental responsibility for Bo" in text_of(page)


def test_an_accepted_offer_that_a_change_costs_is_said(page):
    do(page, "open_example", name="larkfield")
    offer = next(o for o in page.state.package.offers if o.intervention == "safecare")
    do(
        page,
        "judge_offer",
        intervention="safecare",
        people=",".join(offer.people),
        decision="accept",
    )

    do(
        page, "record_person", key="theo", label="Theo", role="child", age_known="known",
        born_year="2014", born_month="5", home="main", placement="parents",
    )  # fmt: skip

    assert "You had accepted SafeCare" in text_of(page)


def test_odd_digits_are_no_number(page):
    do(page, "open_example", name="larkfield")
    state = do(page, "use_alternative", index="²")
    assert "no longer there" in state.notice.says[0]
    state = do(page, "set_limits", minutes_dana="²")
    assert "whole number" in state.mistakes["minutes_dana"]


def test_an_ordinary_step_is_declined_with_a_reason_reworded_and_taken_back(page):
    state = do(page, "open_example", name="larkfield")
    do(page, "go", step="package")
    step = next(s for s in state.package.steps if s.person and s.in_sight)
    about = {"ordinary": step.step, "whose": step.person, "place": "1"}

    state = do(page, "decide_step", **about, decision="decline", because=" ")
    assert "because" in state.mistakes
    assert state.family.steps == ()

    state = do(page, "decide_step", **about, decision="decline", because="Done <b>last</b> week.")
    assert [line.because for line in state.family.steps] == ["Done <b>last</b> week."]
    assert "<b>last</b>" not in text_of(page)

    state = do(
        page, "decide_step", **about, decision="accept", says="Ring them together on Friday."
    )
    row = next(s for s in state.package.steps if s.key == step.key)
    assert (row.judged, row.words) == ("accept", "Ring them together on Friday.")

    state = do(page, "undo_step", **about)
    assert state.family.steps == ()
    state = do(
        page, "decide_step", ordinary="no-such-step", whose="mia", place="1", decision="accept"
    )
    assert state.family.steps == ()
