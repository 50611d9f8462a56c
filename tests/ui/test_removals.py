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
    do(page, "put_back", index="0")
    assert page.state.family == before
    assert page.state.removals == ()


def test_several_removals_wait_and_come_back_in_any_order(page):
    do(page, "open_example", name="larkfield")
    before = page.state.family
    do(page, "remove_need", person="mia", need="exposed_to_domestic_abuse")
    do(page, "remove_line", group="strengths", index="0")
    do(page, "record_wish", person="mia", says="A dog.")
    do(page, "go", step="needs")
    assert "Removed since you opened this family (2)" in text_of(page)
    do(page, "put_back", index="0")
    do(page, "put_back", index="0")
    after = page.state.family
    assert (after.needs, after.strengths) == (before.needs, before.strengths)
    assert after.wishes[-1].says == "A dog."


def test_what_cannot_be_put_back_is_said(page):
    do(page, "open_example", name="larkfield")
    state = do(page, "put_back", index="4")
    assert "no longer there" in state.notice.says[0]


def test_another_family_brings_no_removals_of_the_one_before(page):
    do(page, "open_example", name="larkfield")
    do(page, "remove_line", group="strengths", index="0")
    do(page, "open_example", name="brindle")
    assert page.state.removals == ()
