"""The same page in JupyterLab: what stays in sight does so there too, and the width of the page decides what fits."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import example
from nbconvert import HTMLExporter
from playwright.sync_api import TimeoutError  # noqa: A004  what Playwright raises
from shipped import CATALOGUE

from cpassist.importing.family_file import read_family, write_family

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.fixture(scope="module")
def lab_folder(tmp_path_factory):
    """A copy of the notebooks."""
    home = tmp_path_factory.mktemp("lab")
    shutil.copytree(NOTEBOOKS, home / "notebooks", ignore=shutil.ignore_patterns(".*"))
    return home / "notebooks"


@pytest.fixture(scope="module")
def lab(lab_folder):
    """JupyterLab over them, with settings and a workspace of its own."""
    home = lab_folder.parent
    settings = home / "config/lab/user-settings/@jupyter-widgets/jupyterlab-manager"
    settings.mkdir(parents=True)
    # Off by default; whoever switches it on keeps what widgets hold with the notebook.
    (settings / "plugin.jupyterlab-settings").write_text('{"saveState": true}', encoding="utf-8")
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "jupyterlab",
            "--no-browser",
            "--allow-root",
            "--ServerApp.token=",
            "--ServerApp.password=",
            "--ServerApp.port=0",
            f"--ServerApp.root_dir={home / 'notebooks'}",
        ],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        cwd=home,
        env={
            **os.environ,
            "HOME": str(home),
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
            "CPASSIST_WORKSPACE": str(home / "workspace"),
        },
    )
    for line in process.stderr:
        if address := re.search(r"http://(?:localhost|127\.0\.0\.1):(\d+)/", line):
            break
    yield f"http://127.0.0.1:{address.group(1)}/"
    process.terminate()
    process.stderr.close()
    process.wait(30)


def run_all(page, lab, notebook, until):
    """Opens a notebook, runs it, and waits until something of it stands there."""
    # A workspace of its own: JupyterLab opens again what another test left open.
    page.goto(f"{lab}lab/workspaces/{notebook.partition('.')[0]}/tree/{notebook}")
    page.locator(".jp-Notebook").wait_for(timeout=90_000)
    # What is run before the kernel is there is not run.
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=90_000)
    # The menu runs the notebook that was last pressed.
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=90_000)
    for _ in range(5):
        page.locator(".jp-Notebook").click()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        with contextlib.suppress(TimeoutError):
            page.wait_for_selector(until, timeout=20_000)
            break


def test_what_is_to_stay_in_sight_stays_there_in_a_cell(lab, browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    run_all(page, lab, "social_worker.ipynb", ".cpa h1")

    # The page is narrower than the window, so its steps are one line.
    assert page.get_by_role("button", name=re.compile("^Step 1 of 7")).is_visible()
    page.select_option("#example-name", "larkfield")
    page.get_by_role("button", name="Open this example").click()
    page.get_by_text("The Larkfield family").first.wait_for()

    places = page.evaluate(
        """() => {
          const guard = document.querySelector(".cpa #guard");
          guard.classList.add("guard--on");
          guard.textContent = "Not being kept.";
          let window_ = guard.parentElement;
          while (window_ && !/auto|scroll/.test(getComputedStyle(window_).overflowY)) window_ = window_.parentElement;
          window_.scrollTop = 500;
          return [window_.scrollTop, guard.getBoundingClientRect().top, window_.getBoundingClientRect().top];
        }"""
    )
    scrolled, guard, window = places
    assert scrolled > 200
    assert abs(guard - window) < 2, places
    context.close()


CANARY = "Quokka"
CELLS = (
    "import ipywidgets, traitlets, cpassist as cp",
    "family = cp.family('family.yaml'); family",
    "package = cp.plan(family); package",
    "view, graph, form = cp.widgets.PackageView(package), cp.widgets.SupportGraph(package), cp.widgets.FamilyForm(family)",
    "traitlets.dlink((view, 'selected'), (graph, 'selected'))\nipywidgets.VBox([form, view, graph])",
    "table = cp.widgets.EvidenceTable(need='neglect', age=8)\nipywidgets.Tab([table, cp.widgets.GapMapView()], titles=['Evidence', 'Gaps'])",
)


def test_widgets_work_by_keyboard_and_nothing_of_a_real_family_is_saved(lab, lab_folder, browser):
    record = read_family(example("larkfield"), CATALOGUE)
    people = tuple(replace(p, label=f"{CANARY} {p.key}") for p in record.people)
    needs = tuple(replace(n, says=f"{CANARY} said") for n in record.needs)
    text = write_family(
        record.with_changes(invented=False, label=CANARY, people=people, needs=needs)
    )
    (lab_folder / "family.yaml").write_text(text, encoding="utf-8")
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    book.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    path = lab_folder / "mine.ipynb"
    nbformat.write(book, path)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    run_all(page, lab, "mine.ipynb", ".cpw")
    page.locator(".cpw", has_text=f"Support package for {CANARY}").wait_for(timeout=60_000)
    offer = page.locator(".cpw button[data-pick*=':']").first
    offer.focus()
    page.keyboard.press("Enter")
    page.locator(".cpw", has_text="What became of it").wait_for()
    assert page.evaluate("document.activeElement.dataset.pick") == offer.get_attribute("data-pick")
    assert page.locator(".cpw select").first.is_visible()
    found = Axe().run(page, ".cpw")
    assert found.response["violations"] == [], [v["id"] for v in found.response["violations"]]
    assert all(url.startswith((lab, "data:", "blob:")) for url in asked)

    for _ in range(30):
        # JupyterLab saves a little after it was asked to, and asks nobody twice.
        page.locator(".jp-Notebook .jp-InputArea-editor").first.click()
        page.keyboard.press("Control+s")
        page.wait_for_timeout(1000)
        written = path.read_text(encoding="utf-8")
        if "application/vnd.jupyter.widget-state+json" in written:
            break
    assert "application/vnd.jupyter.widget-state+json" in written
    context.close()
    for kept in lab_folder.rglob("*.ipynb"):
        assert CANARY not in kept.read_text(encoding="utf-8"), kept.name
    made, _ = HTMLExporter().from_filename(str(path))
    assert CANARY not in made


def test_jupyterlab_opens_on_a_page_that_says_which_notebook_is_for_whom(lab, browser):
    page = browser.new_page()
    page.goto(lab + "lab/workspaces/start/tree/start.ipynb")
    page.get_by_role("heading", name="Which notebook is for whom").wait_for(timeout=90_000)
    page.get_by_role("link", name="A tour in fifteen minutes").click()
    page.locator(".jp-Notebook", has_text="For anyone who works in cells").wait_for(timeout=60_000)
    page.close()
