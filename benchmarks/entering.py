"""How long a family and its plan take to enter by hand: keys, presses and pointings of a real browser, by the keystroke-level model.

One vignette: a mother who drinks, a partner who was violent, a girl of eleven, a boy of four, a grandmother; ten needs.
What is counted is what the hand does and the moment before each act; reading is not in it, and no clock is.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from benchmarks.saying import say

# Seconds: Card, Moran and Newell's operators, as the first measurement of these pages used them.
KEY, POINT, THINK = 0.2, 1.1, 1.35
FIRST_PACKAGE_LIMIT = 180
PLAN_LIMIT = 300
ONE_SCREEN = 900
PEOPLE = (
    ("Kim", "31", "parent"),
    ("Aisha", "11", ""),
    ("Ben", "4", ""),
    ("Craig", "35", "partner_of_carer"),
    ("Joan", "60", "grandparent"),
)
LEVELS = (
    ("aisha", "neglect", "2"),
    ("ben", "neglect", "3"),
    ("aisha", "school_absence", "2"),
    ("ben", "speech_and_development", "2"),
    ("kim", "alcohol_misuse", "3"),
    ("kim", "money", "1"),
)
# The other four needs come of one event.
EVENT = ("Kim",), ("Aisha", "Ben"), ("Craig",)


@dataclass
class Hand:
    """Somebody's hand on one page, and what it has done so far."""

    page: Any
    keys: int = 0
    presses: int = 0
    thoughts: int = 0
    by: dict[str, tuple[float, str]] = field(default_factory=dict)
    """What was reached → seconds up to there, and what they are made of."""

    @property
    def seconds(self) -> float:
        """By the keystroke-level model; a press of the button counts as a key."""
        return (self.keys + self.presses) * KEY + self.presses * POINT + self.thoughts * THINK

    def press(self, target: Any) -> None:
        """Points at something and presses it."""
        target.click()
        self.presses += 1
        self.thoughts += 1

    def type(self, selector: str, words: str, *, by_tab: bool = False) -> None:
        """Goes to a field, by the Tab key where it is the next one, and types."""
        target = self.page.locator(selector).first
        target.focus()
        self.page.keyboard.type(words)
        self.thoughts += 1
        self.keys += len(words) + by_tab
        self.presses += not by_tab

    def choose(self, selector: str, value: str, *, by_tab: bool = False) -> None:
        """Goes to a list and chooses by the first letters."""
        self.page.select_option(selector, value)
        self.thoughts += 1
        self.keys += 2 + by_tab
        self.presses += not by_tab

    def done(self, what: str) -> None:
        """Writes down how long it took up to here."""
        self.by[what] = self.seconds, f"{self.keys} keys, {self.presses} presses"


def bench_entering(browser: Any, address: str) -> None:
    """Says how long the first package and a plan that can be sent take, against the limits, and what one screen shows."""
    page = browser.new_page(viewport={"width": 1280, "height": ONE_SCREEN})
    page.goto(address)
    page.wait_for_selector("#people-family_label", timeout=60_000)
    hand = Hand(page)
    _people(hand)
    _needs(hand)
    hand.press(page.get_by_role("link", name=re.compile("6. Package")))
    page.wait_for_selector("h1:has-text('Package')")
    hand.done("package")
    bottom = page.evaluate(
        "Math.round(document.querySelector('.board').getBoundingClientRect().bottom + scrollY)"
    )
    _plan(hand)
    hand.done("plan")
    for name, limit in (("package", FIRST_PACKAGE_LIMIT), ("plan", PLAN_LIMIT)):
        took, made_of = hand.by[name]
        words = f"{int(took // 60)}:{int(took % 60):02d}"
        title = "first package by hand" if name == "package" else "plan ready to send, by hand"
        say(
            f"{title} / its limit",
            took / limit,
            1.0,
            f"{words} / {limit // 60}:00; {made_of}",
        )
    say("the package's table ends / one screen", bottom / ONE_SCREEN, 1.0, f"{bottom} px")
    page.close()


def _people(hand: Hand) -> None:
    page = hand.page
    hand.type("#people-family_label", "Family 12")
    hand.type("#people-home_all", "main")
    for number, (label, age, relation) in enumerate(PEOPLE):
        hand.type(f"#people-label_new-{number}", label, by_tab=number > 0)
        hand.type(f"#people-age_new-{number}", age, by_tab=True)
        if relation:
            hand.choose(f"#people-relation_new-{number}", relation)
    hand.press(page.locator("[name=cares_new-0]"))
    hand.press(page.get_by_role("button", name="Start with these people"))
    page.get_by_role("heading", name="Who is in the family").wait_for()
    hand.press(page.get_by_role("button", name="Go on to needs and strengths"))
    page.wait_for_selector("#grid-form")


def _needs(hand: Hand) -> None:
    page = hand.page
    hand.type("#grid-seen_by", "health visitor")
    hand.choose("#grid-basis", "confirmed", by_tab=True)
    for person, need, level in LEVELS:
        hand.type(f'[id="grid-cell.{person}.{need}"]', level)
    for child in ("Aisha", "Ben"):
        hand.press(page.locator("#grid-form .checks").get_by_label(child))
    hand.press(page.get_by_role("button", name="Record these needs"))
    page.get_by_text("6 needs recorded.").wait_for()
    hand.press(page.get_by_role("button", name="Something happened"))
    page.wait_for_selector("#event-form")
    hand.choose("#event-kind", "domestic_abuse")
    hand.type("#event-says", "Police called, door broken.", by_tab=True)
    groups = ("Whom did it happen to?", "Which children were there?", "Who did it?")
    for group, labels in zip(groups, EVENT, strict=True):
        for label in labels:
            hand.press(page.get_by_role("group", name=group).get_by_label(label))
    hand.press(page.locator("#event-form .choice label").nth(3))
    hand.press(page.get_by_role("button", name="Record what happened"))
    page.get_by_text("Recorded in 4 needs.").wait_for()


def _danger(hand: Hand) -> None:
    """Without an answer to whether anybody is in danger today no plan is sent."""
    page = hand.page
    hand.press(page.get_by_role("button", name="Answer the safety questions"))
    page.wait_for_selector(".question")
    asked = page.locator(".question[id^=q-immediate_danger]")
    for index in range(asked.count()):
        hand.press(asked.nth(index).locator(".choice label").nth(1))
        page.wait_for_function(
            "(at) => document.querySelectorAll('.question[id^=q-immediate_danger]')[at].querySelector('input[value=false]').hasAttribute('checked')",
            arg=index,
        )
    hand.press(page.get_by_role("link", name=re.compile("6. Package")))
    page.wait_for_selector("h1:has-text('Package')")


def _plan(hand: Hand) -> None:
    page = hand.page
    if page.locator(".danger").count():
        _danger(hand)
    everything = page.get_by_role("button", name=re.compile("^Accept (all|the)"))
    if everything.count():
        hand.press(everything)
        page.wait_for_selector("#status >> text=accepted")
    hand.press(page.get_by_role("button", name="Go on to the plan"))
    begin = page.get_by_role("button", name="Begin a plan from this package")
    begin.wait_for()
    hand.press(begin)
    page.wait_for_selector("form[data-act=plan_aim]")
    hand.press(page.get_by_role("button", name="Use every suggested day"))
    _write(hand)
    hand.press(page.get_by_role("button", name="Keep all and check your answers"))
    page.get_by_role("button", name="Send for review").wait_for()


def _write(hand: Hand) -> None:
    """What a plan asks for, in as few words as can be sent."""
    words = {
        "owner": "Health visitor",
        "change": "Fed and at school.",
        "noticed": "Weekly visits.",
        "contingency": "Legal advice.",
        "says": "Weekly visits.",
        "how_much": "Every day.",
        "seen_by": "Nobody yet: new.",
        "child_says": "Not asked yet.",
        "parents_say": "Not asked yet.",
        "shared_with": "School",
    }
    page = hand.page
    wanted = page.evaluate(
        """() => [...document.querySelectorAll("form[data-batch] input, form[data-batch] textarea")]
        .filter((field) => field.id && !field.value && field.type !== "hidden")
        .filter((field) => ["plan_action", "plan_meanwhile", "plan_aim", "plan_task", "plan_shared"].includes(field.form.dataset.act))
        .map((field) => [field.id, field.name])"""
    )
    for number, (field_id, name) in enumerate(wanted):
        if name in words and name != "goes_on_because":
            hand.type(f'[id="{field_id}"]', words[name], by_tab=number > 0)
    for index in range(page.locator("form[data-act=plan_consent]").count()):
        form = page.locator("form[data-act=plan_consent]").nth(index)
        hand.press(form.locator(".choice label").last)
        hand.type(f"#{form.get_attribute('id')} textarea", "New family.", by_tab=True)
