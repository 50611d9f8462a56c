"""What a social worker does, in a real browser against a real server."""

import re
import time
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import example

from cpassist.family.records import Judgement, SourceScale
from cpassist.family.vocabulary import Choice
from cpassist.importing.family_file import read_family, write_family
from served.conftest import Server, Visit, wait_until

STEPS = (
    "Family",
    "Needs and strengths",
    "Safety questions",
    "Limits and wishes",
    "What could help",
    "Package",
)
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    # What holds is told of in a line; only what does not is worth its nodes.
    "resultTypes": ["violations"],
}


def test_the_front_page_lets_a_person_choose_and_a_wrong_address_is_explained(browser, server):
    page = browser.new_page()
    page.goto(server.address)
    page.get_by_role("link", name=re.compile("Case planning")).click()
    page.wait_for_selector(".cpa h1", timeout=60_000)
    page.goto(server.address + "voila/render/nothing.ipynb")
    assert page.get_by_role("heading", name="There is no such page").is_visible()
    page.close()


def test_a_need_that_is_added_changes_picture_and_package(visit):
    tab = visit().example()
    page = tab.step("Needs and strengths")
    page.get_by_role("link", name=re.compile("Theo, 3")).click()
    page.get_by_role("heading", name="Theo", exact=True).wait_for()
    page.get_by_role("button", name="Add a need").click()
    page.select_option("#need-need", "conduct_problems")
    page.get_by_role("radio", name="2 Needs help", exact=True).press("Space")
    page.fill("#need-says", "Bites when told no.")

    # Who saw it is missing: the form says so, focus goes there, and nothing typed is lost.
    page.get_by_role("button", name="Record this need").click()
    page.wait_for_selector("#need-summary")
    wait_until(lambda: page.evaluate("document.activeElement.id") == "need-summary")
    assert page.input_value("#need-says") == "Bites when told no."
    page.fill("#need-seen_by", "nursery key worker")
    page.get_by_role("radio", name=re.compile("^Confirmed")).press("Space")
    page.get_by_role("button", name="Record this need").click()
    page.get_by_role("heading", name="Behaviour that is hard to manage").wait_for()

    page = tab.step("What could help")
    assert page.locator("g.n", has_text="behaviour that is").count() == 1
    page = tab.step("Package")
    assert page.get_by_text("Behaviour that is hard to manage").first.is_visible()


def focused(page):
    return page.evaluate("document.activeElement.id")


def test_what_is_begun_in_one_form_survives_what_is_recorded_in_another(visit):
    tab = visit().example()
    page = tab.step("Limits and wishes")
    page.select_option("#wish-person", "mia")
    page.fill("#wish-says", "To sleep in my own bed.")
    page.fill("#limits-minutes_dana", "90")

    page.select_option("#support-person", "dana")
    page.select_option("#support-state", "current")
    page.fill("#support-says", "A neighbour cooks on Fridays.")
    page.get_by_role("button", name="Record this help").click()
    page.get_by_text("A neighbour cooks on Fridays.").wait_for()

    assert page.input_value("#support-says") == ""
    assert page.input_value("#wish-says") == "To sleep in my own bed."
    assert page.input_value("#limits-minutes_dana") == "90"
    wait_until(lambda: focused(page) == "support-person")

    page.get_by_role("button", name="Record this wish").click()
    page.locator(".voice", has_text="To sleep in my own bed.").wait_for()
    assert page.input_value("#wish-says") == ""
    wait_until(lambda: focused(page) == "wish-person")
    assert page.input_value("#limits-minutes_dana") == "90"
    page.get_by_role("button", name="Keep these limits").click()
    page.wait_for_selector("#status >> text=Limits kept.")
    wait_until(lambda: focused(page) == "keep-limits")
    page.reload()
    page.wait_for_selector("h1:has-text('Limits')", timeout=60_000)
    assert tab.warned == 0, "nothing was left unrecorded, so nothing was to be warned of"


def test_a_half_filled_need_waits_until_somebody_comes_back_to_it(visit):
    tab = visit().example()
    page = tab.step("Needs and strengths")
    page.get_by_role("link", name=re.compile("Theo, 3")).click()
    page.get_by_role("heading", name="Theo", exact=True).wait_for()
    page.get_by_role("button", name="Add a need").click()
    page.select_option("#need-need", "conduct_problems")
    page.get_by_role("radio", name="2 Needs help", exact=True).press("Space")
    page.fill("#need-says", "Bites when told no.")

    page.get_by_role("link", name=re.compile("Mia, 8")).click()
    page.get_by_role("heading", name="Mia", exact=True).wait_for()
    page.wait_for_selector("text=Begun and not recorded yet: a need of Theo.")
    page.get_by_role("button", name="Add a need").click()
    page.wait_for_selector("#need-form")
    assert page.input_value("#need-says") == "", "what was begun for Theo is not said of Mia"
    page.get_by_role("button", name="Discard this").click()
    wait_until(lambda: focused(page) == "open-need")

    tab.step("Family")
    page.get_by_role("button", name="Go back to it").click()
    page.wait_for_selector("#need-form")
    assert page.input_value("#need-need") == "conduct_problems"
    assert page.input_value("#need-says") == "Bites when told no."
    assert page.get_by_role("radio", name="2 Needs help", exact=True).is_checked()
    assert page.get_by_text("Begun and not recorded yet").count() == 0
    page.fill("#need-seen_by", "nursery key worker")
    page.get_by_role("radio", name=re.compile("^Confirmed")).press("Space")
    page.get_by_role("button", name="Record this need").click()
    page.get_by_role("heading", name="Behaviour that is hard to manage").wait_for()
    wait_until(lambda: focused(page) == "open-need")
    assert page.get_by_text("Begun and not recorded yet").count() == 0

    page.get_by_role("button", name="Add a strength").click()
    page.fill("#strength-says", "Laughs at the cat.")
    page.reload()
    page.wait_for_selector("h1:has-text('Needs')", timeout=60_000)
    assert tab.warned == 1, "leaving the page with words begun is asked about"


def test_an_answer_sets_free_what_it_held(visit):
    tab = visit().example()
    page = tab.step("Safety questions")
    question = page.locator(".question", has_text="strangling, a weapon")
    assert "The Drive Project" in question.inner_text()

    question.get_by_role("radio", name="Yes").press("Space")

    page.wait_for_selector("#status >> text=Now proposed: The Drive Project.")
    page = tab.step("Package")
    assert page.locator(".offer-card summary", has_text="The Drive Project").count() == 1


def test_a_declined_offer_keeps_its_reason_over_a_reload(visit):
    tab = visit().example()
    page = tab.step("Package")
    card = page.locator(".offer-card", has=page.locator("summary", has_text="SafeCare"))
    card.locator("summary").click()
    card.get_by_role("button", name="Set aside, and say why").click()
    card.get_by_role("button", name="Set aside", exact=True).click()
    card.get_by_text("Say why. The reason goes").first.wait_for()
    card.get_by_role("textbox").fill("Dana had a visitor in 2024 and did not take to it.")
    card.get_by_role("button", name="Set aside", exact=True).click()
    page.wait_for_selector("#status >> text=SafeCare is set aside")

    page.reload()
    page.wait_for_selector("h1:has-text('Package')", timeout=60_000)

    tab.unfold("Set aside")
    row = page.locator(".aside-t tr", has_text="did not take to it")
    assert "Declined" in row.first.inner_text()
    assert page.locator(".offer-card summary", has_text="SafeCare").count() == 0


def test_another_way_and_none_of_these(visit):
    tab = visit().example()
    page = tab.step("Package")
    tab.unfold("Other ways to put it together")
    page.get_by_role("button", name="Use this one").first.click()
    page.wait_for_selector("#status >> text=Put together anew")
    page.get_by_role("button", name="None of these").click()
    page.fill("#none-because", "The family wants to wait for the new worker.")
    page.get_by_role("button", name="Set all aside").click()
    page.wait_for_selector("#status >> text=Each offer is set aside")


def _poisoned(hostile, catalogue):
    """The Larkfields with hostile words in every field that takes words."""
    family = read_family(example("larkfield"), catalogue)

    def bad(lines, *names):
        return tuple(
            replace(line, **{n: hostile if n == "says" else hostile[:70] for n in names})
            for line in lines
        )

    needs = tuple(
        replace(n, scale=SourceScale(name=hostile[:70], value=hostile[:70]))
        for n in bad(family.needs, "says", "seen_by")
    )
    judgement = Judgement(
        intervention="safecare",
        people=("dana", "theo"),
        decision=Choice.DECLINE,
        because=hostile,
        by=hostile[:70],
    )
    limits = replace(
        family.limits, languages={"dana": (hostile[:70],)}, access_needs={"mia": (hostile[:70],)}
    )
    return write_family(
        family.with_changes(
            needs=needs,
            strengths=bad(family.strengths, "says", "seen_by"),
            wishes=bad(family.wishes, "says"),
            support=bad(family.support, "says"),
            circumstances=bad(family.circumstances, "says"),
            limits=limits,
            judgements=(judgement,),
        )
    )


@pytest.mark.parametrize("bypass_csp", [False, True], ids=["with the policy", "without it"])
def test_hostile_words_execute_nothing(visit, bypass_csp, tmp_path, catalogue):
    hostile = '"><img src=x onerror=alert(1)><script>alert(2)</script><svg onload=alert(3)>{{7*7}}</textarea>'
    path = tmp_path / "family.yaml"
    path.write_text(_poisoned(hostile, catalogue), encoding="utf-8")
    tab = visit(bypass_csp=bypass_csp)
    page = tab.page
    page.wait_for_selector("#open-file")
    page.set_input_files("#open-file", str(path))
    page.wait_for_selector("text=Who is in the family")
    for title in STEPS:
        tab.step(title)
        assert "49" not in page.locator(".voice").all_inner_texts()
    page = tab.step("Needs and strengths")
    page.get_by_role("button", name="Add a strength").click()
    page.fill("#strength-says", hostile)
    page.fill("#strength-seen_by", hostile[:60])
    page.get_by_role("button", name="Record this strength").click()
    page.locator(".strengths .voice", has_text="onerror").first.wait_for()
    tab.step("Family")
    page.get_by_role("button", name="Add a person").click()
    page.fill("#person-label", "<script>alert(1)</script>")
    page.get_by_role("radio", name="Adult").check()
    page.fill("#person-born-year", "1990")
    page.get_by_role("button", name="Add this person").click()
    page.wait_for_selector("#person-summary >> text=holds < or >")
    assert page.input_value("#person-label") == "<script>alert(1)</script>"

    assert tab.ran == []
    assert page.locator(".cpa script, .cpa img, .cpa [onerror], .cpa [onload]").count() == 0


def test_a_bad_file_is_explained_and_loses_nothing(visit, tmp_path):
    path = tmp_path / "family.yaml"
    path.write_text("format: cpassist-family/1\nlabel: x\nlabel: y\n", encoding="utf-8")
    tab = visit().example()
    tab.page.set_input_files("#open-file", str(path))
    tab.page.wait_for_selector("#notice >> text=is there twice")
    assert tab.page.locator(".bar .family").inner_text() == "The Larkfield family"


def test_a_warm_kernel_that_died_keeps_nobody_waiting(browser, tmp_path):
    running = Server(tmp_path)
    try:
        before = Visit(browser, running).open()
        wait_until(lambda: len(running.kernels()) == 2, 60)
        # Until the next one is warm, and no longer only starting: it has nothing left to do.
        time.sleep(3)
        wait_until(lambda: all(k.cpu_percent(1) < 5 for k in running.kernels()), 60)
        for kernel in running.kernels():
            kernel.kill()

        tab = Visit(browser, running).open()

        tab.example()
        tab.close()
        before.close()
    finally:
        running.stop()


def test_a_killed_kernel_is_said_and_loses_no_confirmed_step(visit, server):
    tab = visit().example()
    page = tab.step("Package")
    (kernel,) = server.kernels(tab.kernel_id)
    kernel.kill()
    page.mouse.wheel(0, 2500)
    page.wait_for_selector("#guard.guard--on >> text=Not being kept", timeout=40_000)
    assert "reload" in page.locator("#guard").inner_text()
    # Wherever somebody is on a long page, that what they type is not kept stands in their sight.
    assert page.evaluate("scrollY") > 500
    assert 0 <= page.locator("#guard").bounding_box()["y"] < 100

    page.goto(server.address + "voila/render/social_worker.ipynb")
    page.wait_for_selector("h1:has-text('Package')", timeout=60_000)
    assert page.locator(".bar .family").inner_text() == "The Larkfield family"


def test_closing_a_page_ends_its_kernel(visit, server):
    tab = visit()
    mine = tab.kernel_id
    assert server.kernels(mine)
    tab.page.goto("about:blank")
    wait_until(lambda: not server.kernels(mine))


def test_a_printed_package_is_whole(visit):
    tab = visit().example()
    page = tab.step("Package")
    page.emulate_media(media="print")
    pages = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
    # Everything that was looked at is in it, so it grows with the catalogue.
    assert 5 <= pages <= 16
    # Whatever is folded on the screen is open on paper, and folded again afterwards.
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    box = page.locator(".aside-t").bounding_box()
    assert box["width"] <= page.evaluate("document.documentElement.clientWidth")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not page.locator(".aside-t").is_visible()
    assert not page.get_by_role("button", name="Accept").first.is_visible()


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_on_any_step(visit, width):
    tab = visit(bypass_csp=True, width=width)
    found = {"start": Axe().run(tab.page, options=RULES).response["violations"]}
    tab.example()
    for title in STEPS:
        page = tab.step(title)
        if title == "Needs and strengths":
            page.get_by_role("button", name="Add a need").click()
            page.wait_for_selector("#need-form")
        if width == 320:
            assert page.evaluate("document.documentElement.scrollWidth") <= 321, (
                f"{title} scrolls sideways"
            )
        found[title] = Axe().run(page, options=RULES).response["violations"]
    told = [
        (title, v["id"], [n["html"][:120] for n in v["nodes"][:3]])
        for title, vs in found.items()
        for v in vs
    ]
    assert told == []


def test_the_whole_journey_by_keyboard_alone(visit):
    page = visit().page
    page.wait_for_selector("#people-family_label")

    def tab_to(reached, presses=150):
        for _ in range(presses):
            page.keyboard.press("Tab")
            if page.evaluate(reached):
                return
        raise AssertionError(f"Tab never reached {reached}")

    def active(test):
        return f"(() => {{ const e = document.activeElement; return e !== document.body && {test}; }})()"

    page.keyboard.press("Tab")
    assert page.evaluate(active("e.classList.contains('skip')"))
    tab_to(active("e.id === 'people-family_label'"))
    page.keyboard.type("The Test family")
    tab_to(active("e.id === 'people-label_new-0'"))
    page.keyboard.type("Ada")
    page.keyboard.press("Tab")
    page.keyboard.type("2023")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Who is in the family")

    tab_to(active("e.textContent.includes('Add a person')"))
    page.keyboard.press("Enter")
    page.wait_for_selector("#person-form")
    wait_until(lambda: page.evaluate(active("e.id === 'person-label'")))
    page.keyboard.type("Ann")
    tab_to(active("e.name === 'role'"))
    page.keyboard.press("ArrowDown")
    tab_to(active("e.id === 'person-born-year'"))
    page.keyboard.type("1990")
    tab_to(active("e.name === 'cares_for'"))
    page.keyboard.press("Space")
    tab_to(active("e.textContent.includes('Add this person')"))
    page.keyboard.press("Enter")
    page.locator(".rows strong", has_text="Ann").wait_for()

    tab_to(active("e.textContent.includes('Go on to needs')"))
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Needs and strengths')")
    wait_until(lambda: page.evaluate(active("e.id === 'heading'")))
    tab_to(active("e.textContent.trim() === 'One person at a time'"))
    page.keyboard.press("Enter")
    page.wait_for_selector("nav.people")
    tab_to(active("e.textContent.includes('Ada, ')"))
    page.keyboard.press("Enter")
    page.wait_for_selector(".who h2:has-text('Ada')")
    tab_to(active("e.textContent.trim() === 'Add a need'"))
    page.keyboard.press("Enter")
    page.wait_for_selector("#need-form")
    wait_until(lambda: page.evaluate(active("e.id === 'need-need'")))
    page.keyboard.type("Negl")
    tab_to(active("e.name === 'level'"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    tab_to(active("e.id === 'need-seen_by'"))
    page.keyboard.type("nursery")
    tab_to(active("e.name === 'basis'"))
    page.keyboard.press("Space")
    tab_to(active("e.name === 'harmed_by'"))
    page.keyboard.press("Space")
    tab_to(active("e.textContent.includes('Record this need')"))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Neglect").wait_for()

    page.keyboard.press("Shift+Tab")
    tab_to(active("e.textContent.includes('5. What could help')"), 300)
    page.keyboard.press("Enter")
    page.wait_for_selector("#picture")
    tab_to(active("e.matches('#picture > summary')"), 300)
    page.keyboard.press("Enter")
    page.wait_for_selector("g.n")
    tab_to(active("e.matches('g.n')"))
    first = page.evaluate(active("e.getAttribute('aria-label')"))
    page.keyboard.press("ArrowRight")
    assert page.evaluate(active("e.getAttribute('aria-label')")) != first
    page.keyboard.press("Enter")
    wait_until(
        lambda: page.evaluate(
            active("e.matches('g.n') && e.getAttribute('aria-pressed') === 'true'")
        )
    )

    tab_to(active("e.textContent.includes('Go on to the package')"), 400)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Package')")
    tab_to(active("e.textContent.startsWith('Accept ')"), 300)
    page.keyboard.press("Enter")
    page.wait_for_selector("#status >> text=accepted")


def test_back_goes_to_the_step_before_and_not_away(visit):
    tab = visit().example()
    tab.step("Needs and strengths")
    page = tab.step("Safety questions")

    page.go_back()
    page.wait_for_selector("h1:has-text('Needs and strengths')")
    page.go_back()
    page.wait_for_selector("h1:has-text('Family')")
    page.go_forward()
    page.wait_for_selector("h1:has-text('Needs and strengths')")


def test_arrow_keys_move_between_answers_and_only_space_records_one(visit):
    tab = visit().example()
    page = tab.step("Safety questions")
    group = page.locator(".question", has_text="Does Dana have a settled home")

    group.get_by_role("radio", name="Yes").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.value") == "unknown"
    assert group.locator("input:checked").count() == 0
    page.keyboard.press("Space")

    page.wait_for_selector("#status >> text=Answer kept")
    assert group.get_by_role("radio", name="Not known").is_checked()
