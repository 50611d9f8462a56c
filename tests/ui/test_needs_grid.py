"""Many needs at once, and one event for everybody whom it touches."""

import pytest
from page_driver import do, text_of

from cpassist.family.vocabulary import ActionLevel
from cpassist.ui.case_planning.page import SocialWorkerPage

PEOPLE = {
    "family_label": "The Test family",
    "label_new-0": "Kim",
    "age_new-0": "31",
    "relation_new-0": "parent",
    "cares_new-0": "yes",
    "label_new-1": "Aisha",
    "age_new-1": "11",
    "label_new-2": "Ben",
    "age_new-2": "4",
    "label_new-3": "Craig",
    "age_new-3": "35",
    "relation_new-3": "partner_of_carer",
}
SEEN = {"seen_by": "health visitor", "basis": "confirmed"}


@pytest.fixture
def family(page):
    do(page, "start_with_people", **PEOPLE)
    do(page, "go", step="needs")
    return page


def test_needs_of_several_people_are_recorded_by_one_press(family):
    cells = {
        "cell.ben.neglect": "2",
        "cell.aisha.neglect": "2",
        "cell.kim.alcohol_misuse": "3",
        "cell.aisha.school_absence": "?",
    }
    state = do(family, "record_grid", **cells, **SEEN, affects=["aisha", "ben"])
    assert state.mistakes == {}
    found = {(n.person, n.need): n for n in state.family.needs}
    assert set(found) == {tuple(key.split(".")[1:]) for key in cells}
    assert found["kim", "alcohol_misuse"].affects == ("aisha", "ben")
    assert found["ben", "neglect"].affects == ()
    assert found["aisha", "school_absence"].level is None
    assert {n.seen_by for n in state.family.needs} == {"health visitor"}
    assert state.notice.says[-1] == "4 needs recorded."


def test_who_saw_it_is_remembered_for_the_next_need(family):
    do(family, "record_grid", **{"cell.ben.neglect": "2"}, **SEEN)
    do(family, "choose", form="need", person="aisha")
    assert 'value="health visitor"' in family.html
    do(family, "open_example", name="larkfield")
    do(family, "go", step="needs")
    do(family, "choose", form="need")
    assert "health visitor" not in family.html[family.html.index('id="need-form"') :]


def test_each_cell_that_is_no_level_is_named(family):
    state = do(family, "record_grid", **{"cell.ben.neglect": "4", "cell.kim.money": "x"}, **SEEN)
    assert set(state.mistakes) == {"cell.ben.neglect", "cell.kim.money"}
    assert state.mistakes["cell.ben.neglect"].startswith("Ben, neglect: ")
    assert state.family.needs == ()


def test_a_level_without_anybody_who_saw_it_is_not_recorded(family):
    state = do(family, "record_grid", **{"cell.ben.neglect": "2"})
    assert set(state.mistakes) == {"seen_by", "basis"}


def test_an_emptied_cell_takes_the_need_out_and_can_be_undone(family):
    do(family, "record_grid", **{"cell.ben.neglect": "2", "cell.kim.money": "1"}, **SEEN)
    before = family.state.family
    state = do(family, "record_grid", **{"cell.ben.neglect": "", "cell.kim.money": "1"})
    assert [n.need for n in state.family.needs] == ["money"]
    do(family, "put_back", index="1")
    assert family.state.family == before


def test_a_changed_level_keeps_what_was_said_of_the_need(family):
    do(
        family,
        "record_need",
        person="ben",
        need="neglect",
        level="1",
        says="No coat.",
        harmed_by="kim",
        **SEEN,
    )
    state = do(family, "record_grid", **{"cell.ben.neglect": "3"}, **SEEN)
    (need,) = state.family.needs
    assert (need.level, need.says, need.harmed_by) == (3, "No coat.", ("kim",))


def test_nobody_gets_a_need_that_cannot_be_theirs(family):
    state = do(
        family, "record_grid", **{"cell.ben.alcohol_misuse": "3", "cell.kim.neglect": "2"}, **SEEN
    )
    assert state.family.needs == ()
    assert "cell.ben.alcohol_misuse" not in family.html


def test_a_child_who_looks_after_a_brother_has_a_childs_needs_only(family):
    do(
        family,
        "record_person",
        key="aisha",
        label="Aisha",
        role="child",
        age_known="unknown",
        age_from="11",
        age_to="11",
        cares_for="ben",
    )
    do(family, "go", step="needs")
    do(family, "choose", form="need", person="aisha")
    form = family.html[family.html.index('id="need-form"') :]
    assert 'value="alcohol_misuse"' not in form
    assert 'value="young_carer"' in form


POLICE = {
    "kind": "domestic_abuse",
    "says": "Police were called, the door was broken.",
    "hurt": "kim",
    "there": ["aisha", "ben"],
    "did": "craig",
    "level": "3",
    "seen_by": "police",
    "basis": "confirmed",
    "seen_on_day": "3",
    "seen_on_month": "11",
    "seen_on_year": "2026",
}


def test_one_event_is_entered_once_for_all_whom_it_touches(family):
    state = do(family, "record_event", **POLICE)
    assert state.mistakes == {}
    found = {(n.person, n.need): n for n in state.family.needs}
    assert set(found) == {
        ("kim", "domestic_abuse_victim"),
        ("aisha", "exposed_to_domestic_abuse"),
        ("ben", "exposed_to_domestic_abuse"),
        ("craig", "domestic_abuse_causing"),
    }
    assert {n.says for n in found.values()} == {POLICE["says"]}
    assert {n.seen_on for n in found.values()} == {"2026-11-03"}
    assert found["ben", "exposed_to_domestic_abuse"].harmed_by == ("craig",)
    assert found["craig", "domestic_abuse_causing"].harmed_by is None
    assert found["craig", "domestic_abuse_causing"].affects == ("aisha", "ben")


def test_a_second_event_adds_to_what_is_recorded_and_lowers_nothing(family):
    do(family, "record_event", **POLICE)
    again = {
        **POLICE,
        "level": "2",
        "says": "Shouting at the gate.",
        "there": [],
        "did": "outside_family",
    }
    state = do(family, "record_event", **again)
    need = state.family.need("kim", "domestic_abuse_victim")
    assert need.level is ActionLevel.NEEDS_HELP_NOW
    assert need.says == f"{POLICE['says']} Shouting at the gate."
    assert need.harmed_by == ("craig", "outside_family")
    assert state.family.need("ben", "exposed_to_domestic_abuse").says == POLICE["says"]


def test_that_nobody_knows_who_did_it_before_is_not_undone_by_a_later_name(family):
    do(family, "record_event", **{**POLICE, "did": "unknown"})
    before = family.state.family
    state = do(family, "record_event", **POLICE)
    assert "nobody knows who did this before" in state.mistakes["did"]
    assert state.family == before


def test_a_child_can_be_hurt_and_there_and_both_are_recorded(family):
    state = do(family, "record_event", **{**POLICE, "hurt": ["kim", "ben"]})
    assert {n.need for n in state.family.needs_of("ben")} == {
        "physical_abuse",
        "exposed_to_domestic_abuse",
    }


def test_who_saw_a_need_before_stays_beside_who_saw_it_now(family):
    do(
        family,
        "record_event",
        **{**POLICE, "seen_by": "nursery", "basis": "said_by_child", "level": "none"},
    )
    again = {**POLICE, "basis": "suspected", "level": "0", "says": "Again."}
    need = do(family, "record_event", **again).family.need("ben", "exposed_to_domestic_abuse")
    assert need.says == f"{POLICE['says']} [nursery, 2026-11-03] Again."
    assert (need.seen_by, need.seen_on) == ("police", "2026-11-03")
    assert need.basis.value == "said_by_child"
    # Nobody has rated it yet: that this time no help was needed does not answer for that.
    assert need.level is None


def test_a_level_written_now_is_of_now(family):
    do(
        family,
        "record_need",
        person="ben",
        need="neglect",
        level="1",
        when="past",
        **{**SEEN, "basis": "said_by_child"},
    )
    state = do(family, "record_grid", **{"cell.ben.neglect": "3"}, **{**SEEN, "basis": "suspected"})
    (need,) = state.family.needs
    assert (need.level, need.when.value, need.basis.value) == (3, "current", "said_by_child")


def test_what_another_window_recorded_outlives_an_emptied_cell(family, workspace):
    do(family, "record_grid", **{"cell.ben.neglect": "2"}, **SEEN)
    other = SocialWorkerPage(workspace)
    other.send = lambda *_: None
    do(other, "hello")
    do(other, "record_wish", person="ben", says="A dog.")
    state = do(family, "record_grid", **{"cell.ben.neglect": ""})
    assert state.family.needs == ()
    assert [w.says for w in state.family.wishes] == ["A dog."]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"hurt": [], "there": []}, "hurt"),
        ({"did": ["craig", "unknown"]}, "did"),
        ({"did": "kim"}, "did"),
        ({"did": "ben"}, "did"),
        ({"did": "aisha", "there": ["ben"]}, "did"),
        ({"kind": "child_hurt", "hurt": ["ben", "kim"], "there": []}, "hurt"),
        ({"kind": "child_hurt", "hurt": "ben", "there": ["aisha"]}, "there"),
        ({"kind": "child_hurt_by_child", "hurt": "ben", "there": [], "did": "craig"}, "did"),
        ({"kind": "child_missing", "hurt": "ben", "there": [], "did": "craig"}, "did"),
        ({"level": ""}, "level"),
        ({"seen_by": ""}, "seen_by"),
        ({"kind": "child_missing", "hurt": "kim", "there": []}, "hurt"),
    ],
)
def test_what_is_missing_of_an_event_is_said_and_nothing_is_recorded(family, change, field):
    state = do(family, "record_event", **{**POLICE, **change})
    assert field in state.mistakes
    assert state.family.needs == ()


def test_an_unknown_person_beside_a_named_one_is_asked_about(family):
    do(family, "record_event", **POLICE)
    state = do(family, "record_event", **{**POLICE, "did": "unknown"})
    assert "who did it this time" in state.mistakes["did"]


def test_the_grid_stands_first_until_something_is_recorded(family):
    assert "Record these needs" in text_of(family)
    do(family, "choose", way="one")
    do(family, "choose", person="aisha", form="")
    assert "What helps Aisha already" in text_of(family)
