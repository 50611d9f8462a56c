"""The table of people: everybody at once, in any order, with what is wrong said row by row."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_driver import do, text_of

from cpassist.errors import InvalidRecord
from cpassist.family.records import Person
from cpassist.family.vocabulary import Role
from cpassist.ui.case_planning.people_table import age_words, rows_of, said_age


def table(*rows, **more):
    """The fields of a table with these rows: label, age, and what else a row says."""
    fields = dict(more)
    for number, (label, age, rest) in enumerate(rows):
        fields |= {f"label_new-{number}": label, f"age_new-{number}": age}
        fields |= {f"{name}_new-{number}": said for name, said in rest.items()}
    return fields


FAMILY = (
    ("Kim", "31", {"relation": "parent", "cares": "yes"}),
    ("Aisha", "11", {}),
    ("Craig", "1990", {"relation": "partner_of_carer", "home": "flat"}),
    ("Ben", "6 2022", {}),
)


def test_a_family_of_four_is_started_at_once_with_the_mother_first(page):
    state = do(
        page, "start_with_people", **table(*FAMILY, family_label="The Test family", home_all="main")
    )
    family = state.family
    assert state.mistakes == {}
    assert [p.label for p in family.children] == ["Aisha", "Ben"]
    assert family.carers_of("ben") == ("kim",)
    kinds = {(r.person, r.child): r.kind.value for r in family.relations}
    assert kinds == {
        ("kim", "aisha"): "parent",
        ("kim", "ben"): "parent",
        ("craig", "aisha"): "partner_of_carer",
        ("craig", "ben"): "partner_of_carer",
    }
    # Nobody said anything of parental responsibility.
    assert {r.parental_responsibility for r in family.relations} == {None}
    assert family.lives_with("kim", "ben") is True
    assert family.lives_with("kim", "craig") is False
    assert not family.invented


def test_a_training_workspace_can_plan_an_invented_family_that_was_typed(page):
    fields = table(*FAMILY, family_label="The Test family", invented="yes")
    assert do(page, "start_with_people", **fields).family.invented


def test_everything_wrong_is_said_row_by_row_and_nothing_is_recorded(page):
    state = do(
        page,
        "start_with_people",
        **table(("Mia", "next spring", {}), ("", "9", {}), ("Tom", "17-18", {}), ("Ada", "", {})),
    )
    assert state.family is None
    assert set(state.mistakes) == {
        "family_label",
        "age_new-0",
        "label_new-1",
        "age_new-2",
        "age_new-3",
    }
    assert state.mistakes["age_new-0"].startswith("Row 1: ")
    assert "child or an adult" in state.mistakes["age_new-2"]


def test_recording_the_table_unchanged_changes_nothing(page, invented):
    for name in invented:
        do(page, "open_example", name=name)
        before = page.state.family
        do(page, "choose", form="people")
        fields = {}
        for row in rows_of(before):
            fields[f"label_{row.id}"] = row.label
            if not row.unborn:
                fields |= {
                    f"{cell}_{row.id}": getattr(row, cell)
                    for cell in ("age", "role", "home", "relation", "cares")
                }
        state = do(page, "record_people", **fields)
        assert state.mistakes == {}, name
        assert state.family == before, name


def test_a_new_child_is_added_and_what_was_said_of_the_others_stays_theirs(page):
    do(page, "start_with_people", **table(*FAMILY, family_label="The Test family"))
    fields = {}
    for row in rows_of(page.state.family)[:4]:
        fields |= {f"label_{row.id}": row.label, f"age_{row.id}": row.age}
        fields |= {f"relation_{row.id}": row.relation, f"cares_{row.id}": row.cares}
    state = do(page, "record_people", **fields, **{"label_new-0": "Zoe", "age_new-0": "2"})
    assert "Zoe is new" in " ".join(state.notice.says)
    assert "zoe" in {p.key for p in state.family.people}
    # Nobody has said yet what Kim is to Zoe: the table shows that it differs by child.
    assert ("kim", "zoe") not in {(r.person, r.child) for r in state.family.relations}
    kim = next(row for row in rows_of(state.family) if row.key == "kim")
    assert (kim.relation, kim.cares) == ("keep", "keep")


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ("8", {"born": "unknown", "age_between": (8, 8)}),
        (" 13 - 15 ", {"born": "unknown", "age_between": (13, 15)}),
        ("13 to 15", {"born": "unknown", "age_between": (13, 15)}),
        ("2018", {"born": "2018"}),
        ("6 2018", {"born": "2018-06"}),
        ("June 2018", {"born": "2018-06"}),
        ("3 6 2018", {"born": "2018-06-03"}),
        ("03/06/2018", {"born": "2018-06-03"}),
        ("3. June 2018", {"born": "2018-06-03"}),
        ("2018-06-03", {"born": "2018-06-03"}),
    ],
)
def test_an_age_or_a_birth_date_is_read_as_people_write_it(said, fields):
    assert said_age(said) == fields


@pytest.mark.parametrize(
    "said",
    [
        "",
        "?",
        "baby",
        "17 months",
        "3 6 18",
        "31 2 2018",
        "due 2 2027",
        "8 or so",
        "1/2/3/4",
        "6-18",
        "2010-11",
        "6 decoy 2018",
        "15-13",
    ],
)
def test_what_could_be_misread_is_asked_for(said):
    with pytest.raises(InvalidRecord):
        said_age(said)


@given(day=st.dates(min_value=datetime.date(1930, 1, 1), max_value=datetime.date(2026, 1, 1)))
def test_what_the_table_shows_is_read_back_as_the_same(day):
    for born in (day.isoformat(), day.isoformat()[:7], day.isoformat()[:4]):
        person = Person(key="x", label="x", role=Role.ADULT, born=born)
        assert said_age(age_words(person)) == {"born": born}


def test_the_first_page_says_in_four_sentences_what_will_come(page):
    assert "Look at a finished example" in text_of(page)
    assert "tag--ask" not in page.html
    state = do(page, "show_example")
    assert state.step == "package"
    assert state.family.invented


def test_homes_stay_apart_and_what_nobody_touched_stays_as_it_was(page):
    fields = {
        **table(*FAMILY, family_label="The Test family"),
        "home_new-0": "12 High",
        "home_new-1": "14 Low",
        "home_new-2": "foster placement one a",
        "home_new-3": "foster placement one b",
    }
    family = do(page, "start_with_people", **fields).family
    homes = [home for person in family.people for home in person.lives_in]
    assert len(set(homes)) == 4
    state = do(page, "start_with_people", **{**fields, "home_new-0": "дом"})
    assert "plain letters" in state.mistakes["home_new-0"]


def test_nobody_gets_a_key_that_means_something_else(page):
    rows = (("Unknown", "30-33", {}), ("Outside family", "40", {}), ("Everyone", "9", {}))
    family = do(page, "start_with_people", **table(*rows, family_label="The Test family")).family
    assert not {"unknown", "outside_family", "everyone"} & {p.key for p in family.people}


def test_what_is_said_towards_children_needs_a_child(page):
    fields = table(("Kim", "31", {"relation": "parent"}), family_label="The Test family")
    assert "no child" in do(page, "start_with_people", **fields).mistakes["relation_new-0"]


def test_more_people_than_empty_rows_are_all_read(page):
    many = [(f"Child {n}", "9", {}) for n in range(20)]
    do(page, "start_with_people", **table(*many, family_label="The Test family"))
    more = {f"label_{row.id}": row.label for row in rows_of(page.state.family) if row.key}
    more |= {f"age_{row.id}": row.age for row in rows_of(page.state.family) if row.key}
    more |= {f"label_new-{n}": f"Late {n}" for n in range(14)}
    more |= {f"age_new-{n}": "8" for n in range(14)}
    assert len(do(page, "record_people", **more).family.people) == 34
    last = rows_of(page.state.family)[33]
    fields = {f"label_{row.id}": row.label for row in rows_of(page.state.family) if row.key}
    fields |= {f"age_{row.id}": row.age for row in rows_of(page.state.family) if row.key}
    state = do(page, "record_people", **{**fields, f"label_{last.id}": "Renamed"})
    assert state.family.people[33].label == "Renamed"
