"""A real server and a real browser, one of each for all these tests."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import sync_playwright

from cpassist.storage.database import DRAFTS, open_database

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PAGE = "voila/render/social_worker.ipynb"


def pytest_collection_modifyitems(items):
    for item in items:
        if "served" in str(item.fspath):
            item.add_marker(pytest.mark.served)
            if CHROMIUM is None:
                item.add_marker(
                    pytest.mark.skip(reason="NO CHROMIUM FOUND: the pages were not tested")
                )


class Server:
    """`cpassist serve` as people start it."""

    def __init__(self, workspace: Path, user: str = "Jo Marsh", *more: str):
        self.workspace = workspace
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "cpassist",
                "serve",
                "--no-browser",
                "--port",
                "0",
                "--workspace",
                str(workspace),
                *more,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd="/",
            env={**os.environ, "CPASSIST_USER": user},
        )
        line = self.process.stdout.readline()
        self.address = re.search(r"Serving on (\S+)", line).group(1)

    def kernels(self, kernel_id=""):
        """The processes of its kernels, or of the one with that id."""
        found = []
        for process in psutil.Process(self.process.pid).children(recursive=True):
            try:
                command = " ".join(process.cmdline())
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue  # it ended while it was being asked
            if "ipykernel" in command and kernel_id in command:
                found.append(process)
        return found

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.process.stdout.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    running = Server(tmp_path_factory.mktemp("workspace"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(autouse=True)
def no_drafts(server):
    """Each test begins on a machine on which nothing was kept."""
    engine = open_database(f"sqlite:///{server.workspace / 'plans.db'}")
    with engine.begin() as connection:
        connection.execute(DRAFTS.delete())
    engine.dispose()


class Visit:
    """One visitor's tab: what it asked of other machines, and what went wrong in it."""

    def __init__(self, browser, server, *, width=1280, bypass_csp=False):
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, bypass_csp=bypass_csp
        )
        self.page = self.context.new_page()
        self.outside, self.errors, self.ran, self.warned = [], [], [], 0
        self.page.on(
            "request",
            lambda r: (
                self.outside.append(r.url)
                if not r.url.startswith((server.address, "data:", "blob:", "ws://127.0.0.1"))
                else None
            ),
        )
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        self.page.on("dialog", self._answer)
        self.server = server

    def _answer(self, dialog):
        """Leaving with something begun is asked about and allowed; any other dialog is a script's."""
        if dialog.type == "beforeunload":
            self.warned += 1
            dialog.accept()
        else:
            self.ran.append(dialog.message)
            dialog.dismiss()

    def open(self, path=PAGE):
        self.page.goto(self.server.address + path)
        self.page.wait_for_selector(".cpa h1", timeout=60_000)
        return self

    def unfold(self, title):
        """Opens a folded part of the page by its heading."""
        self.page.locator("summary", has=self.page.get_by_role("heading", name=title)).click()

    def step(self, title):
        before = self.page.locator("#content").get_attribute("data-step")
        link = self.page.get_by_role("link", name=re.compile(rf"\d\. {title}"))
        if not link.is_visible():
            # A narrow page shows the step that is open, and the others when they are asked for.
            self.page.get_by_role("button", name=re.compile(r"^Step \d of")).click()
        link.click()
        self.page.wait_for_selector(f"h1:has-text('{title}')")
        if self.page.locator("#content").get_attribute("data-step") != before:
            # The heading of a new step takes the focus, a moment after the step is drawn.
            self.page.wait_for_selector("#heading:focus")
        return self.page

    @property
    def kernel_id(self):
        return self.page.evaluate(
            "JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId"
        )

    def example(self, name="larkfield"):
        self.page.wait_for_selector("#example-name")
        self.page.select_option("#example-name", name)
        self.page.get_by_role("button", name="Open this example").click()
        self.page.wait_for_selector("text=Who is in the family")
        return self

    def close(self):
        self.context.close()


@pytest.fixture
def visit(browser, server):
    opened = []

    def start(**how):
        opened.append(Visit(browser, server, **how).open())
        return opened[-1]

    yield start
    for tab in opened:
        assert tab.outside == [], "a request left the machine"
        assert tab.errors == []
        tab.close()


def wait_until(true, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")
