"""A census return on the worker's page: children are joined by a person, and adults are named by a person."""

import pytest
from importing.test_census import a_child, a_return
from page_driver import do, listening, text_of

from cpassist.family.changes import joined, with_factor_named, without_person
from cpassist.family.family import Family
from cpassist.family.records import Need, Person
from cpassist.family.vocabulary import Basis, Role
from cpassist.ui.case_planning.page import SocialWorkerPage

RETURN = a_return(
    a_child("LA1", "16A", "1B"),
    a_child("LA2", "4A", "1B", "3B"),
    a_child("LA3", "20", born="1990-01-01"),
)


@pytest.fixture
def opened(page):
    do(page, "hello")
    do(page, "open_census", text=RETURN)
    return page


def join(page, *numbers, label="The Harbour family"):
    do(page, "join_census", child=list(map(str, numbers)), family_label=label)
    return page.state.family


def test_a_return_lists_its_children_and_makes_no_family_by_itself(opened):
    words = text_of(opened)
    assert opened.state.family is None
    for reference in ("LA1", "LA2", "LA3"):
        assert reference in words
    assert "3 children in the return" in words
    assert "18 or older" in words
    assert 'value="3"' not in opened.html.split('id="census-form"')[1].split("</table>")[0]
    assert {"focus": ["census-h", "heading"]} in opened.sent


def test_a_person_joins_children_and_the_same_factor_waits_once(opened):
    family = join(opened, 1, 2)
    assert [p.label for p in family.people] == ["Child 1", "Child 2"]
    assert {(n.person, n.need) for n in family.needs} == {("child_1", "neglect"), ("child_2", "child_mental_health")}  # fmt: skip
    assert {(w.code, w.children) for w in family.waiting} == {
        ("1B", ("child_1", "child_2")),
        ("3B", ("child_2",)),
    }
    assert "LA1" not in repr(family)
    assert [c.reference for c in opened.state.census.children] == ["LA3"], (
        "the rest is the next family"
    )
    assert "Of whom is that said?" in " ".join(f.says for f in opened.state.package.findings)
    assert opened.state.package.offers == ()


def test_a_waiting_factor_becomes_a_need_of_whoever_is_named(opened):
    join(opened, 1, 2)
    dana = Person(key="dana", role=Role.ADULT, label="Dana", born="1990")
    opened.state.record_person(dana, (), None)
    do(opened, "go", step="needs")
    assert "Waits for a named person" in text_of(opened)
    index = next(i for i, w in enumerate(opened.state.family.waiting) if w.code == "1B")
    do(opened, "name_factor", index=str(index), person="", need="")
    assert "Say of whom it is said" in text_of(opened)
    do(opened, "name_factor", index=str(index), person="dana", need="alcohol_misuse")
    need = opened.state.family.need("dana", "alcohol_misuse")
    assert (need.level, need.basis, need.affects) == (None, Basis.SUSPECTED, ("child_1", "child_2"))
    assert [w.code for w in opened.state.family.waiting] == ["3B"]
    do(opened, "name_factor", index="0", person="child_1", need="domestic_abuse_victim")
    assert len(opened.state.family.waiting) == 1, "a child carries no adult's need"
    do(opened, "drop_factor", index="0")
    assert opened.state.family.waiting == ()
    assert "Waits for a named person" not in text_of(opened)


def test_what_waits_is_there_again_after_the_page_is_loaded_anew(opened, workspace):
    family = join(opened, 1, 2)
    later = listening(SocialWorkerPage(workspace))
    do(later, "hello")
    assert later.state.family == family


@pytest.mark.parametrize(
    ("act", "fields", "says"),
    [
        ("open_census", {"text": "no"}, "no XML"),
        ("open_census", {"text": "<a/>"}, "no CIN census"),
        ("open_census", {"text": "file: too large"}, "over 6 MB"),
        ("join_census", {"child": [], "family_label": "F"}, "Choose the children"),
        ("join_census", {"child": ["1"], "family_label": ""}, "Give the family a label"),
        ("join_census", {"child": ["3"], "family_label": "F"}, "only such as can be taken"),
        ("join_census", {"child": ["99"], "family_label": "F"}, "only such as can be taken"),
        ("join_census", {"child": ["x"], "family_label": "F"}, "Choose the children"),
        ("name_factor", {"index": "0", "person": "a", "need": "b"}, "no family yet"),
        ("drop_factor", {"index": "7"}, "no family yet"),
    ],
)
def test_a_mistake_is_a_sentence_and_the_return_stays(act, fields, says, opened):
    before = opened.state.census.children
    do(opened, act, **fields)
    assert says in text_of(opened)
    assert opened.state.census.children == before


def test_what_is_typed_in_a_return_stays_words(page):
    do(page, "hello")
    do(page, "open_census", text=a_return(a_child("&lt;img src=x onerror=alert(1)&gt;", "16A", "&lt;b&gt;")))  # fmt: skip
    assert "<img src=x" not in page.html
    assert "&lt;img" in page.html


def test_joining_copies_nothing_from_one_child_to_another():
    families = [
        Family(
            label=f"F{n}",
            assessed="2024-01-01",
            people=(Person(key="child", role=Role.CHILD, label=f"C{n}", born="2018"),),
            needs=(Need(person="child", need="neglect"),) if n == 1 else (),
        )
        for n in (1, 2)
    ]
    one = joined(families, "Both")
    assert [n.person for n in one.needs] == ["child_1"]


def test_a_known_need_keeps_its_words_and_a_child_that_goes_takes_its_factor_along(opened):
    family = join(opened, 1, 2)
    dana = Person(key="dana", role=Role.ADULT, label="Dana", born="1990")
    with_dana = family.with_changes(
        people=(*family.people, dana),
        needs=(*family.needs, Need(person="dana", need="alcohol_misuse", level=2, says="Mornings are hard.")),
    )  # fmt: skip
    index = next(i for i, w in enumerate(with_dana.waiting) if w.code == "1B")
    named = with_factor_named(with_dana, index, "dana", "alcohol_misuse")
    assert named.need("dana", "alcohol_misuse").says == "Mornings are hard."
    assert named.need("dana", "alcohol_misuse").level == 2
    left = without_person(family, "child_2")
    assert {(w.code, w.children) for w in left.waiting} == {("1B", ("child_1",))}
