"""A family in three minutes: the table of people, the grid of needs and an event, in a browser."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from served.conftest import wait_until
from served.test_journey import RULES

PEOPLE = (
    ("Kim", "31", "parent"),
    ("Aisha", "11", ""),
    ("Ben", "4", ""),
    ("Craig", "35", "partner_of_carer"),
)


def started(page):
    """The family of the table, as somebody fills it in."""
    page.fill("#people-family_label", "The Test family")
    page.check("[name=invented]")
    page.fill("#people-home_all", "main")
    for number, (label, age, relation) in enumerate(PEOPLE):
        page.fill(f"#people-label_new-{number}", label)
        page.fill(f"#people-age_new-{number}", age)
        if relation:
            page.select_option(f"#people-relation_new-{number}", relation)
    page.check("[name=cares_new-0]")
    page.get_by_role("button", name="Start with these people").click()
    page.get_by_role("heading", name="Who is in the family").wait_for()


def cell(page, person, need):
    return page.locator(f'[id="grid-cell.{person}.{need}"]')


def test_people_needs_and_an_event_lead_to_a_package(visit):
    tab = visit()
    page = tab.page
    started(page)
    page = tab.step("Needs and strengths")
    page.fill("#grid-seen_by", "health visitor")
    page.select_option("#grid-basis", "confirmed")

    # Arrow keys go from cell to cell, over what no cell is for.
    cell(page, "aisha", "neglect").focus()
    page.keyboard.type("2")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("3")
    assert cell(page, "ben", "neglect").input_value() == "3"
    page.keyboard.press("ArrowDown")
    wait_until(lambda: page.evaluate("document.activeElement.id") == "grid-cell.ben.sexual_abuse")
    cell(page, "kim", "alcohol_misuse").fill("2")
    page.get_by_role("button", name="Record these needs").click()
    page.get_by_text("3 needs recorded.").wait_for()
    # What was recorded stands in the grid, and counts as begun no more.
    assert cell(page, "ben", "neglect").input_value() == "3"
    assert page.locator("#unfinished p").count() == 0

    page.get_by_role("button", name="Something happened").click()
    page.select_option("#event-kind", "domestic_abuse")
    page.fill("#event-says", "Police were called, the door was broken.")
    page.get_by_role("group", name="Whom did it happen to?").get_by_label("Kim").check()
    page.get_by_role("group", name="Which children were there?").get_by_label("Aisha").check()
    page.get_by_role("group", name="Who did it?").get_by_label("Craig").check()
    page.get_by_role("radio", name="3 Needs help now", exact=True).press("Space")
    page.get_by_role("button", name="Record what happened").click()
    page.get_by_text("Recorded in 3 needs.").wait_for()

    page = tab.step("Package")
    assert page.get_by_role("rowheader", name=re.compile("Alcohol misuse")).count() == 1


def test_a_mistake_in_the_grid_loses_nothing_and_removal_is_taken_back_where_one_stands(visit):
    tab = visit()
    page = tab.page
    started(page)
    page = tab.step("Needs and strengths")
    cell(page, "ben", "neglect").fill("7")
    page.get_by_role("button", name="Record these needs").click()
    page.wait_for_selector("#grid-summary:focus")
    assert "Ben, neglect" in page.locator("#grid-summary").inner_text()
    assert cell(page, "ben", "neglect").input_value() == "7"
    page.locator("#grid-summary a", has_text="Ben, neglect").click()
    wait_until(lambda: page.evaluate("document.activeElement.id") == "grid-cell.ben.neglect")
    page.keyboard.type("2")
    page.fill("#grid-seen_by", "school")
    page.select_option("#grid-basis", "suspected")
    page.get_by_role("button", name="Record these needs").click()
    page.get_by_text("1 need recorded.").wait_for()

    page.get_by_role("button", name="One person at a time").click()
    page.get_by_role("link", name=re.compile("^Ben")).click()
    page.get_by_role("heading", name="Neglect").wait_for()
    page.get_by_role("button", name="Remove Neglect").click()
    page.wait_for_selector("#undo:focus")
    assert page.get_by_role("heading", name="Neglect").count() == 0
    assert 0 <= page.locator("#undo").bounding_box()["y"] < 900
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Neglect").wait_for()


@pytest.mark.parametrize("name", ["larkfield", "brindle"])
def test_what_decides_stands_on_one_screen(visit, name):
    tab = visit()
    tab.page.select_option("#example-name", name)
    tab.page.get_by_role("button", name="Open this example").click()
    tab.page.wait_for_selector(".bar .family")
    for title, table in (("What could help", ".matrix"), ("Package", ".board")):
        page = tab.step(title)
        box = page.locator(table).bounding_box()
        assert box["y"] + page.evaluate("scrollY") + box["height"] <= 900, title


def test_an_offer_is_looked_at_and_accepted_where_it_stands(visit):
    tab = visit().example()
    page = tab.step("Package")
    page.mouse.wheel(0, 250)
    wait_until(lambda: page.evaluate("scrollY") > 200)
    row = page.locator(".board tr", has=page.locator("summary", has_text="SafeCare"))
    row.locator("summary").click()
    row.get_by_text("Evidence, ratings and sources").wait_for()
    before = page.evaluate("scrollY")
    row.get_by_role("button", name="Accept SafeCare").first.click()
    row.get_by_text("Accepted").first.wait_for()
    page.wait_for_timeout(300)
    assert abs(page.evaluate("scrollY") - before) < 120
    page.get_by_role("button", name="Go on to the plan").click()
    page.get_by_role("heading", name="Begin a plan").wait_for()


def test_the_tour_can_be_closed_for_ever(visit):
    page = visit().page
    page.get_by_role("button", name="Don’t show this again").click()
    assert not page.locator("#tour").is_visible()
    page.reload()
    page.wait_for_selector("#people-form", timeout=60_000)
    assert not page.locator("#tour").is_visible()


def test_rows_pasted_from_a_spreadsheet_fill_the_table_and_what_finds_no_place_is_said(visit):
    page = visit().page
    page.focus("#people-label_new-0")
    paste = """(text) => {
      const data = new DataTransfer();
      data.setData("text/plain", text);
      document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }"""
    page.evaluate(
        paste,
        "Kim\t31\tAdult\tmain\tParent\nAisha\t11\t\tmain\nBen\t4\tChild\tmain\tUncle",
    )
    assert page.input_value("#people-label_new-2") == "Ben"
    assert page.input_value("#people-age_new-1") == "11"
    assert page.input_value("#people-relation_new-0") == "parent"
    assert page.input_value("#people-relation_new-2") == ""
    assert "1 of the cells" in page.locator("#status").inner_text()


@pytest.mark.parametrize("width", [1280, 768, 390])
def test_axe_finds_nothing_in_the_table_the_grid_and_the_event(visit, width):
    tab = visit(bypass_csp=True, width=width)
    page = tab.page
    found = []

    def look(where):
        for violation in Axe().run(page, options=RULES).response["violations"]:
            found.append(
                (where, violation["id"], [n["html"][:120] for n in violation["nodes"][:3]])
            )
        assert page.evaluate("document.documentElement.scrollWidth") <= width, where

    look("first visit")
    started(page)
    page.get_by_role("button", name="Everybody in one table").click()
    page.wait_for_selector("#people-form")
    look("table")
    page = tab.step("Needs and strengths")
    look("grid")
    page.get_by_role("button", name="Something happened").click()
    page.wait_for_selector("#event-form")
    look("event")
    assert found == []
