"""What is taken out by one press can be put back by one press, as long as the page is open."""

import pytest
from page_driver import do, text_of


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("remove_need", {"person": "mia", "need": "exposed_to_domestic_abuse"}),
        ("remove_person", {"key": "mia"}),
        ("remove_person", {"key": "dana"}),
        ("remove_line", {"group": "strengths", "index": "0"}),
        ("remove_line", {"group": "wishes", "index": "0"}),
    ],
)
def test_whatever_is_removed_comes_back_as_it_was(page, act, fields):
    do(page, "open_example", name="larkfield")
    before = page.state.family
    do(page, act, **fields)
    assert page.state.family != before
    assert "Undo" in text_of(page)
    do(page, "put_back", index="1")
    assert page.state.family == before
    assert page.state.removals == ()
    # Pressed twice, it puts nothing else back.
    assert do(page, "put_back", index="1").notice.level == "mistake"


def test_several_removals_wait_and_come_back_in_any_order(page):
    do(page, "open_example", name="larkfield")
    before = page.state.family
    do(page, "remove_need", person="mia", need="exposed_to_domestic_abuse")
    do(page, "remove_line", group="strengths", index="0")
    do(page, "record_wish", person="mia", says="A dog.")
    do(page, "go", step="needs")
    assert "Removed since you opened this family (2)" in text_of(page)
    do(page, "put_back", index="1")
    do(page, "put_back", index="2")
    after = page.state.family
    assert (after.needs, after.strengths) == (before.needs, before.strengths)
    assert after.wishes[-1].says == "A dog."


def test_what_cannot_be_put_back_is_said(page):
    do(page, "open_example", name="larkfield")
    state = do(page, "put_back", index="4")
    assert "put back already" in state.notice.says[0]


def test_another_family_brings_no_removals_of_the_one_before(page):
    do(page, "open_example", name="larkfield")
    do(page, "remove_line", group="strengths", index="0")
    do(page, "open_example", name="brindle")
    assert page.state.removals == ()


def test_what_was_recorded_again_since_is_not_written_over(page):
    do(page, "open_example", name="larkfield")
    do(page, "remove_need", person="mia", need="neglect")
    do(page, "record_need", person="mia", need="neglect", level="none", seen_by="school", basis="suspected")  # fmt: skip
    state = do(page, "put_back", index="1")
    assert "recorded again since" in state.notice.says[0]
    assert state.family.need("mia", "neglect").level is None
    assert len(state.removals) == 1


def test_nobody_new_gets_the_key_of_somebody_who_may_come_back(page):
    do(page, "open_example", name="larkfield")
    do(page, "remove_person", key="luke")
    do(page, "record_person", label="Luke", role="adult", age_known="known", born_year="1970")
    state = do(page, "put_back", index="1")
    assert "two people are called" in state.notice.says[0].casefold()
    assert [(p.key, p.born) for p in state.family.people if p.label == "Luke"] == [
        ("luke_2", "1970")
    ]
    assert state.family.needs_of("luke_2") == ()
    # With a label of their own both are there, each with what is theirs.
    do(
        page,
        "record_person",
        key="luke_2",
        label="Lee",
        role="adult",
        age_known="known",
        born_year="1970",
    )
    state = do(page, "put_back", index="1")
    assert state.family.needs_of("luke")
    assert state.family.needs_of("luke_2") == ()
