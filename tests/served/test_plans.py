"""A plan from draft through a return to approval and a later review: two people, two servers, two browsers."""

import contextlib
import re
import sqlite3
import time
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from example_plans import CATALOGUE, decided, filled

from cpassist.plans.lifecycle import is_approved
from cpassist.plans.plan import Colleague, Duty, PlanState, Remark, Verdict
from cpassist.storage.database import open_database
from cpassist.storage.draft_store import Drafts
from cpassist.storage.kept import Draft, new_key
from cpassist.storage.plan_store import Store
from cpassist.workspace import Workspace
from served.conftest import Server, Visit, wait_until
from served.test_journey import RULES

SUPERVISION = "voila/render/supervisor.ipynb"
JO = Colleague(name="Jo Marsh", duties=frozenset(Duty))


def told(content):
    """A long word that nobody hyphenates: it must widen no page."""
    first, *rest = content["aims"]
    return {**content, "aims": (replace(first, child_says=f"I want {'a' * 70}."), *rest)}


class Two:
    """Jo, who has a plan filled in and not sent, and Ruth, who reads it, each on a server of their own."""

    def __init__(self, servers, browser):
        self.store = Store(open_database(f"sqlite:///{servers[0].workspace / 'plans.db'}"))
        now = Workspace.now(None)
        family, package = decided()
        begun = self.store.begin(family, package, JO, now)
        self.key = begun.plan.key
        self.store.change(self.key, 1, JO, now, **told(filled(begun.plan, now.date())))
        draft = Draft(key=new_key(), family=family, step="plan", kept=now, plan=self.key)
        Drafts(self.store.engine, JO.name).keep(draft)
        self.jo, self.ruth = (Visit(browser, server) for server in servers)

    def as_jo(self):
        self.jo.open()
        self.jo.page.wait_for_selector("#mine-h")
        return self.jo.page

    def as_ruth(self):
        self.ruth.open(SUPERVISION)
        self.ruth.page.wait_for_selector(".queue-t, .paper")
        return self.ruth.page

    def plan(self):
        return self.store.read(self.key, None).plan

    def close(self):
        for tab in (self.jo, self.ruth):
            assert tab.outside == [], "a request left the machine"
            assert tab.errors == []
            tab.close()
        self.store.engine.dispose()


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """Jo's and Ruth's, over one file of plans, and that file as it is while it holds nothing."""
    folder = tmp_path_factory.mktemp("two")
    open_database(f"sqlite:///{folder / 'plans.db'}").dispose()
    running = [Server(folder, JO.name), Server(folder, "Ruth Hale")]
    with (
        contextlib.closing(sqlite3.connect(folder / "plans.db")) as there,
        contextlib.closing(sqlite3.connect(":memory:")) as empty,
    ):
        there.backup(empty)
        yield running, empty
    for server in running:
        server.stop()


@pytest.fixture
def two(servers, browser):
    running, empty = servers
    with contextlib.closing(sqlite3.connect(running[0].workspace / "plans.db")) as there:
        empty.backup(there)
    pair = Two(running, browser)
    yield pair
    pair.close()


def is_accessible(page):
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


def agree_to_the_rest(page):
    """Decides on each line, one after the other, as somebody who reads them."""
    lines = page.locator(".dec")
    for index in range(lines.count()):
        radio = lines.nth(index).get_by_role("radio", name="Agree", exact=True)
        if not radio.is_checked():
            # By key: a click goes to a place, and the line may move while the answer to the last one arrives.
            radio.press("Space")
            wait_until(lambda index=index: lines.nth(index).get_by_text("Agrees").count() > 0)


def test_from_draft_through_a_return_to_approval_and_a_later_review(two):
    page = two.as_jo()
    is_accessible(page)
    page.get_by_role("button", name="Keep all and check your answers").click()
    page.get_by_role("button", name="Send for review").wait_for()
    is_accessible(page)
    page.get_by_role("button", name="Send for review").click()
    page.get_by_text("It is with the supervisor.").wait_for()
    assert two.plan().state is PlanState.SUBMITTED

    ruth = two.as_ruth()
    is_accessible(ruth)
    ruth.get_by_role("link", name="The Larkfield family").click()
    ruth.get_by_text("all of it is new to you").wait_for()
    first = ruth.locator(".dec").first
    first.get_by_role("radio", name="Ask", exact=True).press("Space")
    first.get_by_role("textbox").wait_for()
    is_accessible(ruth)
    ruth.keyboard.type("Who speaks with Luke?")
    assert first.get_by_role("textbox").input_value() == "Who speaks with Luke?"
    first.get_by_role("button", name="Ask", exact=True).click()
    first.get_by_text("Asks").wait_for()
    ruth.get_by_role("button", name="Send back").click()
    ruth.get_by_text("Say what has to change before it comes back.").first.wait_for()
    ruth.fill("#decision-says", "Say who speaks with Luke, please.")
    ruth.get_by_role("button", name="Send back").click()
    ruth.get_by_text("Sent back with your reason.").wait_for()

    page = two.as_jo()
    page.get_by_text("Say who speaks with Luke, please.").wait_for()
    page.get_by_text("Who speaks with Luke?").first.wait_for()
    page.get_by_role("button", name="Edit as version 2").click()
    owner = page.locator(".plan-form input[name=owner]").first
    owner.fill("A colleague of the other team")
    page.locator(".plan-form").first.get_by_role("button", name=re.compile("^Keep")).click()
    page.locator(".plan-form").first.get_by_text(re.compile("^Kept ")).wait_for()
    is_accessible(page)
    page.get_by_role("button", name="Keep all and check your answers").click()
    page.get_by_role("button", name="Send for review").click()
    page.get_by_text("It is with the supervisor.").wait_for()

    ruth = two.as_ruth()
    ruth.get_by_role("link", name="The Larkfield family").click()
    ruth.locator(".diff", has_text="Now: A colleague of the other team").wait_for()
    # It looks as if it could not be pressed; pressing it all the same gets the store's own refusal.
    ruth.get_by_role("button", name=re.compile("^Approve")).press("Enter")
    ruth.locator("#notice", has_text="without a decision").wait_for()
    agree_to_the_rest(ruth)
    ruth.fill("#approve-says", "Good work.")
    ruth.get_by_role("button", name=re.compile("^Approve")).click()
    ruth.get_by_text("Approved. The decision carries your name").wait_for()
    is_accessible(ruth)
    assert is_approved(two.plan())
    assert two.plan().decisions[-1].by == "Ruth Hale"

    page = two.as_jo()
    page.get_by_text("Approved by Ruth Hale").wait_for()
    page.get_by_role("button", name="Begin a review").click()
    page.get_by_role("heading", name="What became of version 2").wait_for()
    form = page.locator("form[data-act=plan_found]").first
    form.get_by_role("combobox").select_option("declined")
    form.get_by_role("textbox").fill("Dana did not want it.")
    form.get_by_role("button", name=re.compile("^Keep")).click()
    form.get_by_text(re.compile("^Kept ")).wait_for()
    is_accessible(page)
    assert two.plan().version == 3
    assert two.store.verify_trail() == ()


def test_a_line_is_decided_with_the_keyboard_alone_and_arrows_only_move(two):
    store, key = two.store, two.key
    store.submit(key, 2, JO, Workspace.now(None), CATALOGUE)
    page = two.as_ruth()
    page.get_by_role("link", name="The Larkfield family").focus()
    page.keyboard.press("Enter")
    page.get_by_text("all of it is new to you").wait_for()
    wait_until(lambda: page.evaluate("document.activeElement.id") == "heading")
    first = page.locator(".dec").first
    first.get_by_role("radio", name="Agree", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    time.sleep(0.5)
    assert two.plan().remarks == ()
    page.keyboard.press("Space")
    box = first.get_by_role("textbox")
    box.wait_for()
    wait_until(lambda: page.evaluate("document.activeElement.nodeName") == "TEXTAREA")
    page.keyboard.type("Not while Luke sees the children.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    wait_until(lambda: len(two.plan().remarks) == 1)
    assert two.plan().remarks[0].verdict == "return"


def test_what_is_begun_is_kept_together_and_nothing_typed_is_lost(two):
    page = two.as_jo()
    forms = page.locator("form[data-act=plan_action]")
    owner = forms.first.locator("input[name=owner]")
    taken = page.get_by_role("button", name="Use every suggested day")
    if taken.count():
        taken.click()
    owner.fill("  The health visitor ")
    page.locator("form[data-act=plan_consent] textarea").first.fill("Not on Mondays.")
    day = forms.first.locator("input[name=review_day]")
    day.fill("1")
    # Begun elsewhere and come back to: the focus is where it was begun.
    page.get_by_role("link", name=re.compile("6. Package")).click()
    page.wait_for_selector("h1:has-text('Package')")
    line = page.locator("#unfinished p").first
    line.wait_for()
    line.get_by_role("button", name="Go back to it").click()
    page.wait_for_selector("#heading:text-is('Plan')")
    wait_until(lambda: page.evaluate("document.activeElement.closest('form')?.dataset.act") == "plan_action")  # fmt: skip
    assert owner.input_value() == "  The health visitor "
    assert page.locator("#unfinished p").count() == 0

    page.get_by_role("button", name="Keep all and check your answers").click()
    page.get_by_role("button", name="Send for review").wait_for()
    offer = two.plan().package.offers[0].key
    assert two.plan().action(offer).owner == "The health visitor"
    assert two.plan().action(offer).review.endswith("-01")
    assert "Not on Mondays." in {c.says for c in two.plan().consents}
    assert page.locator("#unfinished p").count() == 0
    page.get_by_role("button", name="Go on writing").first.click()
    owner.wait_for()
    assert day.input_value() == "01"

    # A form kept by itself counts as begun no more, though its words were tidied.
    owner.fill(" The school nurse ")
    forms.first.get_by_role("button", name=re.compile("^Keep")).click()
    wait_until(lambda: owner.input_value() == "The school nurse")
    page.get_by_role("link", name=re.compile("6. Package")).click()
    page.wait_for_selector("h1:has-text('Package')")
    assert page.locator("#unfinished p").count() == 0

    # What is wrong is said, and stays as it was typed; the rest is kept.
    page.get_by_role("link", name=re.compile("7. Plan")).click()
    owner.wait_for()
    owner.fill("The aunt")
    page.fill("#shared-shared_with", "12 Acacia Road, BN1 4ZZ")
    page.get_by_role("button", name="Keep all and check your answers").click()
    page.get_by_text("There is a postcode in it").first.wait_for()
    assert page.input_value("#shared-shared_with") == "12 Acacia Road, BN1 4ZZ"
    assert two.plan().action(offer).owner == "The aunt"


def test_a_form_that_was_refused_while_two_wrote_is_still_there_afterwards(two):
    page = two.as_jo()
    shared = page.locator("#shared-shared_with")
    now = Workspace.now(None)
    other = Colleague(name="Bo", duties=frozenset(Duty))
    invited = two.store.invite(two.key, 2, JO, now, "Bo")
    two.store.change(two.key, invited.revision, other, now, shared_with=("police",))
    owner = page.locator("form[data-act=plan_action] input[name=owner]").first
    owner.fill("The lighthouse keeper")
    page.locator("form[data-act=plan_action]").first.get_by_role("button", name=re.compile("^Keep")).click()  # fmt: skip
    page.get_by_text("Bo saved this plan while you were writing").wait_for()
    shared.fill("The zoo keeper, BN1 4ZZ")
    page.locator("form[data-act=plan_shared]").get_by_role("button", name=re.compile("^Keep")).click()  # fmt: skip
    page.get_by_text("There is a postcode in it").first.wait_for()
    page.get_by_role("button", name="Go on from theirs").click()
    page.get_by_text("What you had written before you went on").wait_for()
    assert page.get_by_text("The lighthouse keeper").first.is_visible()
    assert shared.input_value() == "The zoo keeper, BN1 4ZZ"
    assert owner.input_value() != "The lighthouse keeper"
    is_accessible(page)


def test_two_answers_are_kept_one_after_the_other_and_nothing_is_sent_while_one_is_begun(two):
    two.store.submit(two.key, 2, JO, Workspace.now(None), CATALOGUE)
    ruth = Colleague(name="Ruth Hale", duties=frozenset(Duty))
    lines = [f"offer:{offer.key}" for offer in two.plan().package.offers[:2]]
    asks = [
        Remark(line=line, by=ruth.name, at=Workspace.now(None), says="Who?", verdict=Verdict.QUERY)
        for line in lines
    ]
    two.store.remark(two.key, 3, ruth, Workspace.now(None), *asks)
    two.store.return_plan(two.key, 4, ruth, Workspace.now(None), "See my questions.")
    page = two.as_jo()
    page.get_by_role("button", name="Edit as version 2").click()
    boxes = page.locator("form[data-act=plan_reply] textarea")
    boxes.nth(0).fill("A colleague of the other team.")
    boxes.nth(1).fill("The health visitor.")
    page.get_by_role("button", name="Keep all and check your answers").click()
    page.get_by_role("button", name="Send for review").click()
    page.locator("#notice", has_text="Begun and not kept yet").wait_for()
    assert two.plan().state is PlanState.DRAFT
    page.locator("#unfinished").get_by_role("button", name="Go back to it").first.click()
    boxes.nth(1).wait_for()
    assert boxes.nth(0).input_value() == "A colleague of the other team."
    assert boxes.nth(1).input_value() == "The health visitor."
    # Somebody writes beside another line meanwhile: what is being typed stays, and so does the focus.
    boxes.nth(1).focus()
    page.get_by_role("button", name="Answer", exact=True).first.click()
    wait_until(lambda: two.plan().remarks[-1].says == "A colleague of the other team.")
    last = page.locator("form[data-act=plan_reply] textarea").last
    wait_until(lambda: last.input_value() == "The health visitor.")
    page.locator("form[data-act=plan_reply]").last.get_by_role("button", name="Answer").click()
    wait_until(lambda: two.plan().remarks[-1].says == "The health visitor.")
    assert page.locator("#unfinished p").count() == 0
    page.get_by_role("button", name="Keep all and check your answers").click()
    page.get_by_role("button", name="Send for review").click()
    page.get_by_text("It is with the supervisor.").wait_for()


def test_a_supervisor_signs_nothing_while_a_question_is_begun(two):
    two.store.submit(two.key, 2, JO, Workspace.now(None), CATALOGUE)
    page = two.as_ruth()
    page.get_by_role("link", name="The Larkfield family").click()
    first = page.locator(".dec").first
    first.get_by_role("radio", name="Ask", exact=True).press("Space")
    first.get_by_role("textbox").wait_for()
    # A question that is chosen counts, also while it has no words yet.
    page.get_by_role("button", name=re.compile("^Approve")).press("Enter")
    page.locator("#notice", has_text="Begun and not recorded yet").wait_for()
    first.get_by_role("textbox").fill("Who speaks with Luke?")
    page.get_by_role("button", name="Mia", exact=True).click()
    page.get_by_role("button", name="Mia", exact=True, pressed=True).wait_for()
    page.get_by_role("button", name=re.compile("^Approve")).press("Enter")
    page.locator("#notice", has_text="Begun and not recorded yet").wait_for()
    page.get_by_role("button", name="The whole plan").click()
    wait_until(lambda: first.get_by_role("textbox").input_value() == "Who speaks with Luke?")
    assert two.plan().state is PlanState.SUBMITTED


def test_a_copy_is_read_ticked_and_saved_and_what_is_printed_is_the_paper_alone(two, tmp_path):
    page = two.as_jo()
    page.get_by_role("button", name=re.compile("^Papers")).click()
    page.wait_for_selector("#pick-h")
    for whose in ("worker:", "council:", "parent:luke"):
        page.select_option("#paper-whose", whose)
        page.get_by_role("button", name="Show it").click()
        wait_until(lambda: page.evaluate("document.activeElement.id") == "paper-h")
        is_accessible(page)
    page.get_by_role("button", name="I have read it through").click()
    page.get_by_text("Ticked.").wait_for()
    for ending, start in (("Word file", b"PK"), ("web page", b"<!doctype"), ("PDF", b"%PDF")):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Save as {ending}").click()
        assert download.value.suggested_filename.startswith("plan-for-an-adult.")
        download.value.save_as(tmp_path / "file")
        assert (tmp_path / "file").read_bytes().startswith(start)
    page.emulate_media(media="print")
    assert page.locator(".paper-preview").is_visible()
    for hidden in ("header.bar", "#pick-h", "#paper-h", "footer"):
        assert not page.locator(hidden).first.is_visible(), hidden
    page.emulate_media(media="screen")

    # The file opens by itself, without a request and without a script.
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as web page").click()
    download.value.save_as(tmp_path / "copy.html")
    alone = page.context.new_page()
    asked = []
    alone.on("request", lambda request: asked.append(request.url))
    alone.goto(f"file://{tmp_path / 'copy.html'}")
    is_accessible(alone)
    assert asked == [f"file://{tmp_path / 'copy.html'}"]
    alone.set_viewport_size({"width": 320, "height": 800})
    assert alone.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("width", [320, 1280])
def test_both_pages_are_readable_on_a_narrow_window_and_reach_no_further(width, two):
    two.store.submit(two.key, 2, JO, Workspace.now(None), CATALOGUE)
    for open_page in (two.as_jo, two.as_ruth):
        tab = two.jo if open_page == two.as_jo else two.ruth
        tab.page.set_viewport_size({"width": width, "height": 900})
        page = open_page()
        if tab is two.ruth:
            page.get_by_role("link", name="The Larkfield family").click()
            page.get_by_text("Your decision").first.wait_for()
        is_accessible(page)
        wide = page.evaluate("document.querySelector('.cpa').scrollWidth - document.documentElement.clientWidth")  # fmt: skip
        assert wide <= 0
        all_steps = page.get_by_role("button", name=re.compile(r"^Step \d of"))
        if all_steps.is_visible():
            all_steps.click()
        page.locator("nav.steps").get_by_role("link").last.click()
        page.wait_for_timeout(500)
        is_accessible(page)
