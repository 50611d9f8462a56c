"""A workshop in real browsers: one trainer, one wall and five participants, served to a room."""

import re
import time
import urllib.error
import urllib.request
import zipfile

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from cpassist.room_server import addresses_here
from cpassist.storage.database import open_database
from served.conftest import Server, Visit, wait_until
from served.test_journey import RULES

PARTS = ("e01_read_the_label", "e03_vanishing_improvement", "e05_out_of_1000", "e09_build_a_package")  # fmt: skip
PARTICIPANT, TRAINER = "voila/render/participant.ipynb", "voila/render/trainer.ipynb"
# Pages look at the room every two seconds; here they look more often, so that nobody waits for a test.
QUICK = "const later = window.setTimeout; window.setTimeout = (f, ms, ...more) => later(f, ms === 2000 ? 250 : ms, ...more);"
# Fills the one form that is open, differently for each seat, and sends it; clicks on where there is none.
ANSWER = """at => {
  const form = document.querySelector('form[data-act=answer]');
  if (!form) {
    [...document.querySelectorAll('button[data-act=show_step]')].find((b) => b.textContent === 'Next')?.click();
    return;
  }
  for (const group of form.querySelectorAll('fieldset')) {
    const boxes = [...group.querySelectorAll('input')];
    boxes[at % boxes.length].click();
  }
  for (const list of form.querySelectorAll('select')) list.selectedIndex = 1 + at % (list.options.length - 1);
  for (const number of form.querySelectorAll('input[inputmode=decimal]')) number.value = String(5 + at);
  form.requestSubmit();
}"""


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    running = Server(tmp_path_factory.mktemp("room"), "Tess Trainer", "--room")
    yield running
    running.stop()


@pytest.fixture
def come(browser, room):
    opened = []

    def start(path, **how):
        tab = Visit(browser, room, **how)
        opened.append(tab)
        tab.page.add_init_script(QUICK)
        tab.page.goto(room.address + path)
        tab.page.wait_for_selector(".cpa h1", timeout=60_000)
        return tab.page

    yield start
    for tab in opened:
        assert tab.outside == [], "a request left the machine"
        assert tab.errors == []
        assert tab.ran == []
        tab.close()


@pytest.fixture(scope="module")
def word(room):
    """The opening word, from what the start prints."""
    for line in room.process.stdout:
        if "types this word" in line:
            return line.split()[-1]
    raise AssertionError("no opening word was printed")


def step_of(page):
    return page.locator("#content").get_attribute("data-step")


def answer_all(pages, shift=0):
    """Answers every screen of the phase that is open, on all pages at once, each differently."""
    open_ = list(enumerate(pages))
    for _ in range(30):
        open_ = [
            (at, page)
            for at, page in open_
            if page.locator(".wstep form, .wstep button:has-text('Next')").count()
        ]
        if not open_:
            return
        before = [step_of(page) for _, page in open_]
        for at, page in open_:
            page.evaluate(ANSWER, at * (1 + bool(shift)) + shift)
        for (_, page), now in zip(open_, before, strict=True):
            page.wait_for_selector(f"#content:not([data-step='{now}'])")
    raise AssertionError("the phase does not end")


def open_session(page, word, parts=PARTS):
    while page.locator(".wprogramme li").count():
        left = page.locator(".wprogramme li").count()
        page.get_by_role("button", name=re.compile("^.? ?Take out")).first.click()
        wait_until(lambda left=left: page.locator(".wprogramme li").count() == left - 1)
    for at, part in enumerate(parts):
        page.select_option("#add-part", part)
        page.get_by_role("button", name="Add", exact=True).click()
        wait_until(lambda at=at: page.locator(".wprogramme li").count() == at + 1)
    page.fill("#open-title", "Tuesday")
    page.fill("#open-word", word)
    page.get_by_role("button", name="Open the session").click()
    page.wait_for_selector(".wsecret")
    code, secret = page.locator(".wcode").inner_text(), page.locator(".wsecret").inner_text()
    page.get_by_role("button", name="I have noted it").click()
    return code, secret


def join(page, code):
    page.fill("#join-code", code)
    page.get_by_role("button", name="Join", exact=True).click()
    page.wait_for_selector("text=Your words")


def forward(page):
    before = page.locator("#content").inner_text()
    page.locator("#forward").click()
    wait_until(lambda: page.locator("#content").inner_text() != before)
    return page.locator("#forward").inner_text()


def follows(page, part, phase):
    page.wait_for_selector(f"#content[data-step^='room:{part}:{phase}:']", timeout=20_000)


def test_one_trainer_and_five_participants_from_the_lobby_to_the_export(come, word):
    console = come(TRAINER)
    code, secret = open_session(console, word)
    people = [come(f"{PARTICIPANT}?s={code}", width=390) for _ in range(5)]
    for page in people:
        assert page.input_value("#join-code") == code
        join(page, code)
    wall = come(TRAINER)
    wall.fill("#back-code", code)
    wall.fill("#back-secret", secret)
    wall.get_by_text("Projector").first.click()
    wall.get_by_role("button", name="Go back to it").click()
    wall.wait_for_selector(".wwall-code")

    for part in PARTS:
        for phase in ("predict", "locked", "run", "revote", "explain"):
            if (part, phase) == ("e09_build_a_package", "run"):
                continue
            forward(console)
            for page in people:
                follows(page, part, phase)
            if phase in {"predict", "run", "revote"}:
                # All five take the same family, and begin their package with some help.
                answer_all(people, 2 if part == "e09_build_a_package" else 0)
        shown = console.get_by_role("button", name=re.compile("^Show to the room"))
        if shown.count():
            shown.first.click()
            wall.wait_for_selector(".wwall figure svg", timeout=20_000)
            expect(wall.locator(".wwall figure").first).to_have_text(
                re.compile(r".{41}", re.DOTALL)
            )
            people[0].wait_for_selector("text=What the room said", timeout=20_000)
        assert "for your eyes only" in people[0].locator("#content").inner_text()
        if part != PARTS[-1]:
            forward(console)

    with console.expect_download() as saved:
        console.get_by_role("button", name="Take results out").click()
    packed = zipfile.ZipFile(saved.value.path())
    assert saved.value.suggested_filename == f"workshop-{code}.zip"
    answers = packed.read("answers_long.csv").decode("utf-8-sig")
    for part in PARTS:
        assert answers.count(f",{part},") >= 5
    assert any("two_ways" in name for name in packed.namelist())

    # A tab that sleeps, and one whose kernel dies: the seat is found again with all that was answered.
    people[1].reload()
    people[1].wait_for_selector("text=Your words", timeout=30_000)
    follows(people[1], PARTS[-1], "explain")
    assert "for your eyes only" in people[1].locator("#content").inner_text()


def test_a_dead_kernel_is_said_and_the_words_bring_the_seat_back(come, word, room):
    console = come(TRAINER)
    code, _ = open_session(console, word, ("e05_out_of_1000",))
    page = come(PARTICIPANT, width=390)
    join(page, code)
    forward(console)
    follows(page, "e05_out_of_1000", "predict")
    page.fill("input[inputmode=decimal]", "33")
    page.get_by_role("button", name="Send my answer").click()
    page.wait_for_selector("text=All answered")
    kernel = page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")  # fmt: skip
    for process in room.kernels(kernel):
        process.kill()
    page.wait_for_selector("#guard.guard--on", timeout=25_000)
    page.reload()
    page.wait_for_selector("text=All answered", timeout=30_000)
    page.get_by_role("button", name=re.compile("Screen 1")).click()
    page.wait_for_selector("input[inputmode=decimal]")
    assert page.input_value("input[inputmode=decimal]") == "33"


def test_a_round_by_keyboard_alone(come):
    page = come(PARTICIPANT, width=390)
    page.get_by_role("button", name="Practise alone").press("Enter")
    page.wait_for_selector("h1:has-text('Exercises')")
    page.get_by_role("button", name="Open Out of 1,000 families").press("Enter")
    page.wait_for_selector("#step-heading:has-text('With percentages')")
    page.wait_for_selector("#step-heading:focus")
    page.keyboard.press("Tab")
    page.keyboard.type("80")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#step-heading:has-text('That is all here')")
    page.get_by_role("button", name="Go on", exact=True).press("Enter")
    page.wait_for_selector("#step-heading:has-text('Count them')")
    for number in ("40", "32", "96"):
        page.keyboard.press("Tab")
        page.keyboard.type(number)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=That is all here")
    page.get_by_role("button", name="Go on", exact=True).press("Enter")
    page.wait_for_selector(".wkey >> text=flagged, no concern")
    assert "Your first guess was 80 in 100." in page.locator("#content").inner_text()


def test_a_trainer_needs_no_mouse(come, word):
    page = come(TRAINER)
    page.locator("#open-title").focus()
    page.keyboard.type("By keyboard")
    page.keyboard.press("Tab")
    page.keyboard.type(word)
    page.keyboard.press("Enter")
    page.wait_for_selector(".wsecret")
    page.wait_for_selector("#heading:focus")
    page.get_by_role("button", name="I have noted it").press("Enter")
    page.locator("#next-part").press("Enter")
    page.wait_for_selector("h1:has-text('Quiz before')")
    page.wait_for_selector("#forward:focus")
    page.keyboard.press("Enter")
    page.wait_for_selector(".wstrip .now:has-text('Answer')")
    page.wait_for_selector("#forward:focus")
    page.keyboard.press("Enter")
    page.wait_for_selector(".wstrip .now:has-text('Wait')")


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_on_any_page(come, word, width):
    def check(page, where):
        time.sleep(0.25)  # colours take a moment to settle under the pointer
        found = Axe().run(page, options=RULES)
        wrong = [(v["id"], v["nodes"][0]["html"][:160]) for v in found.response["violations"]]
        assert wrong == [], (where, wrong)
        assert page.evaluate("document.documentElement.scrollWidth") <= width + 1, where

    console = come(TRAINER, width=width, bypass_csp=True)
    check(console, "trainer's door")
    page = come(PARTICIPANT, width=width, bypass_csp=True)
    check(page, "door")
    page.get_by_role("button", name="Join", exact=True).click()
    page.wait_for_selector("#join-summary")
    check(page, "door with a mistake")
    page.get_by_role("button", name="Practise alone").click()
    page.wait_for_selector("h1:has-text('Exercises')")
    check(page, "list")
    for number in (1, 3, 5, 9) if width == 320 else (5,):
        page.locator(".wlist li").nth(number - 1).get_by_role("button").first.click()
        page.wait_for_selector(".wstrip")
        for phase in ("predict", "run", "revote", "explain"):
            if step_of(page).split(":")[2] != phase:
                continue
            check(page, (number, phase))
            if phase != "explain":
                answer_all([page])
                page.get_by_role("button", name="Go on", exact=True).click()
                page.wait_for_selector(f"#content:not([data-step*=':{phase}:'])")
        page.get_by_role("button", name="Back to the list").first.click()
        page.wait_for_selector("h1:has-text('Exercises')")
    code, secret = open_session(console, word, ("e05_out_of_1000",))
    check(console, "console")
    console.get_by_role("button", name="Projector page").click()
    console.wait_for_selector(".wwall-code")
    check(console, "wall")
    assert secret not in console.content()
    assert code in console.content()


def test_only_the_two_notebooks_are_served_and_only_under_names_of_this_machine(room):
    def status(path="", host=None):
        asked = urllib.request.Request(room.address + path, headers={"Host": host} if host else {})
        try:
            return urllib.request.urlopen(asked, timeout=10).status
        except urllib.error.HTTPError as refused:
            return refused.code

    port = room.address.rstrip("/").rpartition(":")[2]
    front = urllib.request.urlopen(room.address, timeout=10).read().decode()
    assert set(re.findall(r"([a-z_]+)\.ipynb", front)) == {"trainer", "participant"}
    for name in ("social_worker", "supervisor", "evidence"):
        assert status(f"voila/render/{name}.ipynb") == 404
    assert status(host=f"evil.example:{port}") == 403
    others = [address for address in addresses_here() if not address.startswith("127.")]
    if others:
        assert urllib.request.urlopen(f"http://{others[0]}:{port}/", timeout=10).status == 200


def test_a_workspace_with_cases_is_not_opened_to_a_room(tmp_path, capfd):
    from cpassist.__main__ import main

    open_database(f"sqlite:///{tmp_path / 'plans.db'}").dispose()
    assert main(["serve", "--room", "--no-browser", "--port", "0", "--workspace", str(tmp_path)]) == 1  # fmt: skip
    assert "holds plans or drafts" in capfd.readouterr().err
