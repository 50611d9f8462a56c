"""The same page in JupyterLab: what stays in sight does so there too, and the width of the page decides what fits."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import TimeoutError  # noqa: A004  what Playwright raises

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab over a copy of the notebooks, with settings and a workspace of its own."""
    home = tmp_path_factory.mktemp("lab")
    shutil.copytree(NOTEBOOKS, home / "notebooks", ignore=shutil.ignore_patterns(".*"))
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


def test_what_is_to_stay_in_sight_stays_there_in_a_cell(lab, browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(lab + "lab/tree/social_worker.ipynb")
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
            page.wait_for_selector(".cpa h1", timeout=20_000)
            break

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
