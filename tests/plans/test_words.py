"""Days that are offered, words that point at somebody, prompts, counts and what differs between versions."""

import datetime
from dataclasses import replace

import pytest
from example_plans import CATALOGUE, WORKER, decided, filled
from hypothesis import given
from hypothesis import strategies as st

from cpassist.family.vocabulary import Legal
from cpassist.plans.attention import attention_to, rests_on_the_victim
from cpassist.plans.compare import differences, marked
from cpassist.plans.dates import due_after, is_working_day, review_day, working_days_after
from cpassist.plans.labels import identifying, is_nhs_number, label_warnings
from cpassist.plans.lifecycle import begin_plan, changed
from cpassist.plans.plan import Agreement, Consent
from cpassist.plans.prompts import aged_evidence, prompts_for
from cpassist.plans.summary import FEWEST_SHOWN, Summary, patterns, summary_of

DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2035, 12, 31))


@pytest.fixture
def plan():
    begun = begin_plan("k", *decided(), WORKER)
    return changed(begun, WORKER, **filled(begun))


# --- days ---


def test_christmas_and_weekends_are_no_working_days():
    assert not is_working_day(datetime.date(2026, 12, 25))
    assert not is_working_day(datetime.date(2026, 12, 28))  # Boxing Day fell on a Saturday
    assert not is_working_day(datetime.date(2027, 3, 26))  # Good Friday
    assert working_days_after(datetime.date(2026, 12, 24), 1) == datetime.date(2026, 12, 29)
    assert working_days_after(datetime.date(2026, 12, 29), -1) == datetime.date(2026, 12, 24)
    # A bank holiday in Scotland and Northern Ireland only.
    assert is_working_day(datetime.date(2026, 3, 17))
    assert is_working_day(datetime.date(2026, 11, 30))


@given(DAYS, st.sampled_from(CATALOGUE.timescales))
def test_what_a_rule_offers_is_a_working_day_within_it(day, rule):
    due = due_after(day, rule)
    assert is_working_day(due)
    if rule.after > 0:
        assert due > day
    if rule.unit == "weeks":
        assert due <= day + datetime.timedelta(weeks=rule.after)


@given(DAYS, st.integers(1, 60))
def test_working_days_go_back_where_they_came_from(day, number):
    later = working_days_after(day, number)
    assert (
        sum(is_working_day(day + datetime.timedelta(n)) for n in range(1, (later - day).days + 1))
        == number
    )


def test_the_strictest_standing_of_the_children_decides():
    family, _ = decided()
    start = datetime.date(2026, 11, 2)
    mia, theo = family.children
    mixed = family.with_changes(
        people=tuple(
            replace(p, legal=(Legal.CHILD_IN_NEED,)) if p.key == mia.key else p
            for p in family.people
        )
    )
    both = review_day("action", (mia.key, theo.key), mixed, CATALOGUE, start)
    alone = review_day("action", (mia.key,), mixed, CATALOGUE, start)
    assert (both.rule.key, alone.rule.key) == ("core_group", "need_action")
    bare = mixed.with_changes(people=tuple(replace(p, legal=()) for p in mixed.people))
    assert review_day("child", (theo.key,), bare, CATALOGUE, start).rule.key == "any_child"
    assert review_day("action", (), bare, replace(CATALOGUE, timescales=()), start) is None


# --- labels ---


@pytest.mark.parametrize("label", ["Mia", "Child 1", "The Larkfield family", "M.", "Baby", "Dana’s mother", "Aunt Rose", "J T"])  # fmt: skip
def test_a_label_that_says_nothing_passes(label):
    assert label_warnings(label) == ()


@pytest.mark.parametrize(
    ("label", "what"),
    [
        ("Rosalind Carter", "a full name"),
        ("Rosalind J. Carter-Smith", "a full name"),
        ("Sean O’Neill", "a full name"),
        ("Flat 2 bn1 4zz", "a postcode"),
        ("07700 900123", "a phone number"),
        ("+44 7700 900123", "a phone number"),
        ("943 476 5919", "an NHS number"),
        ("9434765919", "an NHS number"),
    ],
)
def test_a_label_that_points_at_somebody_is_warned_of(label, what):
    assert any(f"looks like {what}" in says for says in label_warnings(label))


def test_an_nhs_number_has_its_check_digit():
    assert is_nhs_number("943 476 5919")
    assert not is_nhs_number("943 476 5918")
    assert list(identifying("Seen on 12 11 2026 at 10.30, 14 minutes, in week 3.")) == []


# --- what stands out ---


def test_work_that_rests_on_the_victim_is_said(plan):
    without = [o for o in plan.package.offers if "luke" not in o.people]
    rests = replace(plan, package=replace(plan.package, offers=tuple(without)))
    assert rests_on_the_victim(rests)
    assert "rests_on_victim" in {a.why for a in attention_to(rests)}
    assert any("only the person who is abused" in says for says in prompts_for(rests, CATALOGUE))
    with_luke = replace(
        plan,
        package=replace(plan.package, offers=(*without[:1], replace(without[0], people=("luke",)))),
    )
    assert not rests_on_the_victim(with_luke)


def test_a_child_without_anything_and_whoever_disagrees_are_named(plan):
    empty = replace(
        plan,
        package=replace(plan.package, offers=()),
        consents=(Consent(person="dana", answer=Agreement.DISAGREES, says="No."),),
    )
    said = {(a.why, a.who) for a in attention_to(empty)}
    assert {
        ("without_anything", "Mia"),
        ("without_anything", "Theo"),
        ("does_not_agree", "Dana"),
    } <= said
    assert any("Nothing here is for Mia" in says for says in prompts_for(empty, CATALOGUE))


def test_prompts_come_from_the_plan_and_name_no_mark(plan):
    said = prompts_for(plan, CATALOGUE)
    assert (
        "Mia says or shows: “Mia wants to see her aunt more.” What did that change in this plan?"
        in said
    )
    silent = replace(plan, aims=())
    assert "Where is Mia’s own voice in this, and what did it change?" in prompts_for(silent, CATALOGUE)  # fmt: skip
    assert len(said) == len(set(said))
    assert not any("score" in says or "risk" in says for says in said)


def test_old_withdrawn_and_thin_evidence_is_said(plan):
    assert any("thin evidence only" in says for says in aged_evidence(plan, CATALOGUE, 2026))
    assert len(aged_evidence(plan, CATALOGUE, 2060)) > len(aged_evidence(plan, CATALOGUE, 2026))
    first = plan.package.offers[0].intervention
    fewer = replace(
        CATALOGUE, interventions={k: v for k, v in CATALOGUE.interventions.items() if k != first}
    )
    assert f"{first}: this catalogue does not hold it any more." in aged_evidence(plan, fewer, 2026)


@given(st.lists(st.lists(st.sampled_from(["a:not_here", "b:declined", "c:only_thin"]), max_size=3), max_size=30))  # fmt: skip
def test_no_count_under_five_is_shown(gaps):
    summaries = [Summary(gaps=tuple(sorted(set(of_one)))) for of_one in gaps]
    shown = patterns(summaries)
    assert all(pattern.plans >= FEWEST_SHOWN for pattern in shown)
    for pattern in shown:
        assert pattern.plans == sum(pattern.about in s.gaps for s in summaries)


def test_a_summary_counts_each_gap_once(plan):
    summary = summary_of(plan)
    assert len(set(summary.gaps)) == len(summary.gaps)
    assert summary.children == 2


# --- what differs ---


@given(st.text(alphabet="ab \n", max_size=40), st.text(alphabet="ab \n", max_size=40))
def test_marked_words_hold_both_texts(before, after):
    parts = marked(before, after)
    for kind, text in (("gone", before), ("new", after)):
        words = "".join(said for sort, said in parts if sort in {"same", kind}).split()
        assert words == text.split()


def test_every_part_that_can_change_is_told(plan):
    changes = {
        "actions": tuple(replace(a, owner="Another") for a in plan.actions),
        "meanwhile": tuple(replace(m, says="Another") for m in plan.meanwhile),
        "aims": tuple(replace(a, by="2027-05-03") for a in plan.aims),
        "consents": (Consent(person="dana", answer=Agreement.PARTLY, says="Less of it."),),
        "shared_with": ("police",),
        "package": replace(
            plan.package, offers=plan.package.offers[1:], rules_fingerprint="x" * 64
        ),
        "family": plan.family.with_changes(needs=plan.family.needs[1:], wishes=()),
    }
    for name, value in changes.items():
        told = differences(plan, replace(plan, **{name: value}), CATALOGUE)
        assert told, name
    assert differences(plan, plan, CATALOGUE) == ()
