"""The family group meeting of the law: in the plan, in its papers, in a supervisor's reading, and as a census calls it."""

import datetime
import re
from dataclasses import replace

import pytest
from builders import a_child, a_family
from example_plans import CATALOGUE, WORKER, decided, drafted

from cpassist.errors import InvalidRecord, Mistakes
from cpassist.family.changes import joined, without_person
from cpassist.family.family import Family
from cpassist.family.records import FamilyMeeting
from cpassist.family.vocabulary import Legal
from cpassist.importing.family_file import parse_family, write_family
from cpassist.papers.formats.to_html import to_html
from cpassist.papers.written.council_text import council_blocks
from cpassist.papers.written.document import build_document
from cpassist.papers.written.readers import Reader
from cpassist.planning.proposal import propose
from cpassist.plans.compare import differences
from cpassist.plans.family_meeting import census_days, may_accept, responsibility_is_recorded
from cpassist.plans.lifecycle import begin_plan
from cpassist.plans.plan import CasePlan
from cpassist.plans.prompts import prompts_for
from cpassist.ui.case_planning.plan_forms import read_lead, read_meeting
from cpassist.ui.frame.fields import FieldMistakes

HELD = FamilyMeeting(
    letter_on="2026-11-02",
    offered_on="2026-11-02",
    offered_in="the letter before proceedings",
    accepted_by=("dana",),
    held_on="2026-11-20",
)
ON = datetime.date(2026, 11, 27)


def before_court(plan: CasePlan) -> CasePlan:
    people = tuple(
        replace(p, legal=(Legal.PRE_PROCEEDINGS,)) if p.is_child else p for p in plan.family.people
    )
    return replace(plan, family=plan.family.with_changes(people=people))


def asked(plan: CasePlan) -> list[str]:
    return [says for says in prompts_for(plan, CATALOGUE) if "family group meeting" in says]


def test_it_is_asked_for_only_where_an_application_is_thought_of():
    plan = drafted()
    assert asked(plan) == []
    (says,) = asked(before_court(plan))
    assert "Court may come next" in says


@pytest.mark.parametrize(
    ("meeting", "says"),
    [
        (replace(HELD, held_on=""), "said yes to a family group meeting"),
        (HELD, None),
        (FamilyMeeting(not_because="It would not be safe for Mia."), None),
        (replace(HELD, accepted_by=(), held_on=""), "Who was asked"),
    ],
)
def test_what_was_accepted_is_held_before_the_application(meeting, says):
    found = asked(replace(before_court(drafted()), meeting=meeting))
    assert [bool(says and says in words) for words in found] == [True] * bool(says)


def test_only_somebody_with_parental_responsibility_accepts_it():
    family = drafted().family
    recorded = {r.person for r in family.relations if r.parental_responsibility}
    assert set(may_accept(family)) == recorded
    nobody = family.with_changes(
        relations=tuple(replace(r, parental_responsibility=None) for r in family.relations)
    )
    assert set(may_accept(nobody)) == {r.person for r in family.relations if r.kind == "parent"}


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"accepted_by": ["mia"], **{f"offered_on_{p}": v for p, v in (("day", "2"), ("month", "11"), ("year", "2026"))}}, "accepted_by"),
        ({"accepted_by": ["dana"]}, "offered_on"),
        ({f"held_on_{p}": v for p, v in (("day", "2"), ("month", "12"), ("year", "2026"))}, "held_on"),
        ({"not_because": "Ring her on 07700 900123."}, "not_because"),
        ({"letter_on_day": "31", "letter_on_month": "2", "letter_on_year": "2026"}, "letter_on"),
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_is_explained_at_its_field(fields, where):
    with pytest.raises(FieldMistakes) as found:
        read_meeting(fields, drafted().family, ON)
    assert where in found.value.by_field


def test_a_form_left_empty_says_nothing_and_a_full_one_all_of_it():
    family = drafted().family
    assert read_meeting({}, family, ON) == FamilyMeeting()
    days = {"letter_on": "2", "offered_on": "2", "held_on": "20"}
    fields = {
        f"{name}_{part}": said
        for name, day in days.items()
        for part, said in (("day", day), ("month", "11"), ("year", "2026"))
    }
    said = {"accepted_by": ["dana"], "offered_in": "the letter before proceedings"}
    assert read_meeting({**fields, **said}, family, ON) == HELD
    assert (
        read_lead({"led_by": " Family help lead practitioner "}) == "Family help lead practitioner"
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"offered_on": "2026-11"},
        {"accepted_by": ("dana",)},
        {"offered_on": "2026-11-02", "held_on": "2026-11-01"},
    ],
)
def test_what_cannot_have_been_is_no_meeting(fields):
    with pytest.raises(InvalidRecord):
        FamilyMeeting(**fields)


def test_a_file_brings_it_into_the_plan_and_older_files_read_as_before():
    family, package = decided()
    told = family.with_changes(meeting=HELD)
    text = write_family(told)
    assert parse_family(text, CATALOGUE).meeting == HELD
    assert begin_plan("key", told, package, WORKER).meeting == HELD
    assert "meeting" not in write_family(family)
    assert told.fingerprint() != family.fingerprint()
    assert (
        propose(told, CATALOGUE, None, family.assessed_on).offers
        == propose(family, CATALOGUE, None, family.assessed_on).offers
    )


def test_a_stranger_accepts_nothing():
    family: Family = decided()[0]
    with pytest.raises(Mistakes, match=r"meeting\.accepted_by"):
        family.with_changes(meeting=replace(HELD, accepted_by=("nobody",)))


def test_papers_for_workers_hold_it_and_copies_for_the_family_do_not():
    plan = replace(drafted(), meeting=HELD, led_by="Family help lead practitioner")
    whole = to_html(build_document(plan, CATALOGUE, Reader.WORKER, ""))
    for words in ("Family group meeting", "Accepted by", "FGDMMeetingFac 2026-11-20", "Family help lead practitioner"):  # fmt: skip
        assert words in whole
    text = {block.key: block.text for block in council_blocks(plan, CATALOGUE)}
    assert "LBPSentDate: 2026-11-02" in text["meeting"]
    assert "Led by: Family help lead practitioner" in text["family"]
    assert "meeting" not in {block.key for block in council_blocks(drafted(), CATALOGUE)}
    without = replace(plan, meeting=None, led_by="")
    for person in ("dana", "luke"):
        copies = [
            re.sub(
                r"fingerprint \w+", "", to_html(build_document(p, CATALOGUE, Reader.PARENT, person))
            )
            for p in (plan, without)
        ]
        assert copies[0] == copies[1]


def test_what_changed_in_it_is_read_word_by_word_and_whoever_left_the_family_is_not_named():
    plan = drafted()
    found = differences(plan, replace(plan, meeting=HELD, led_by="Social worker"), CATALOGUE)
    said = {change.what: change.after for change in found}
    assert said["Family group meeting: accepted by"] == plan.family.label_of("dana")
    assert said["Family group meeting: held on"] == "20 November 2026"
    assert said["Who leads the plan"] == "Social worker"
    gone = replace(plan, meeting=replace(HELD, accepted_by=("gone",)))
    assert "Accepted by: not said" in {b.key: b.text for b in council_blocks(gone, CATALOGUE)}["meeting"]  # fmt: skip


def test_children_taken_from_a_return_bring_the_last_meeting_and_whoever_leaves_takes_their_word_along():
    child = a_family(people=[a_child("kim")], needs=[], meeting={"letter_on": "2026-03-03"})
    older = a_family(people=[a_child("lee")], needs=[], meeting={"letter_on": "2025-03-03"})
    assert joined([older, child], "x").meeting.letter_on == "2026-03-03"
    told = decided()[0].with_changes(meeting=HELD)
    assert without_person(told, "dana").meeting == replace(HELD, accepted_by=())


def test_whoever_is_recorded_without_parental_responsibility_is_not_asked_and_no_brother_counts():
    plan = before_court(drafted())
    without = plan.family.with_changes(
        relations=tuple(replace(r, parental_responsibility=False) for r in plan.family.relations)
    )
    assert may_accept(without) == ()
    assert not responsibility_is_recorded(without)


def test_a_child_accepts_nothing_and_a_meeting_that_was_held_was_offered():
    family: Family = decided()[0]
    with pytest.raises(Mistakes, match="mia is a child"):
        family.with_changes(meeting=replace(HELD, accepted_by=("mia",)))
    plan = replace(before_court(drafted()), meeting=FamilyMeeting(held_on="2026-11-20"))
    assert asked(plan) == []


def test_words_make_no_line_of_the_form_and_what_was_emptied_says_nothing():
    assert read_lead({"led_by": "a\nShared with: all"}) == "a Shared with: all"
    forged = replace(HELD, offered_in="a\nLBPSentDate: 2020-01-01")
    plan = replace(drafted(), led_by="x\nShared with: all", meeting=forged)
    lines = [line for block in council_blocks(plan, CATALOGUE) for line in block.text.splitlines()]
    assert "LBPSentDate: 2020-01-01" not in lines
    assert "Shared with: all" not in lines
    empty = replace(drafted(), meeting=FamilyMeeting())
    assert "meeting" not in {block.key for block in council_blocks(empty, CATALOGUE)}
    assert "Family group meeting" not in to_html(
        build_document(empty, CATALOGUE, Reader.WORKER, "")
    )


def test_the_census_gets_only_days_that_are_known():
    assert census_days(FamilyMeeting(letter_on="2026-11-02")) == (("LBPSentDate", "2026-11-02"),)
    assert census_days(FamilyMeeting()) == ()
