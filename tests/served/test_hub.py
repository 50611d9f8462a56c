"""Real people under a real JupyterHub with its proxy, on one PostgreSQL: who may do what is the hub's to say."""

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from conftest import ROOT
from databases import MISSING, new_database, postgresql, programs
from example_plans import decided, filled

from cpassist.plans.lifecycle import is_approved
from cpassist.plans.plan import Colleague, Duty, PlanState
from cpassist.storage.database import open_database
from cpassist.storage.draft_store import Drafts
from cpassist.storage.kept import Draft, new_key
from cpassist.storage.plan_store import Store
from cpassist.workspace import Workspace
from served.conftest import wait_until

PROXY = next(
    (
        str(found)
        for found in (
            ROOT / ".venv" / "proxy" / "node_modules" / ".bin" / "configurable-http-proxy",
            Path(shutil.which("configurable-http-proxy") or "/nowhere"),
        )
        if found.exists()
    ),
    None,
)
ANA = Colleague(name="ana", duties=frozenset({Duty.WORKER}))
pytestmark = [
    pytest.mark.skipif(
        PROXY is None, reason="NO configurable-http-proxy FOUND: the hub was not tested"
    ),
    pytest.mark.skipif(programs() is None, reason=MISSING),
]


def free_ports(number):
    probes = [socket.socket() for _ in range(number)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


class Hub:
    """The hub with the configuration that we ship: ana works, ben supervises, cat runs the hub."""

    def __init__(self, folder, database):
        outside, inside, proxy = free_ports(3)
        self.address = f"http://127.0.0.1:{outside}/"
        settings = {
            "STATE": str(folder), "AUTHENTICATOR": "dummy", "USERS": "ana ben", "ADMINS": "cat",
            "WORKERS": "ana", "SUPERVISORS": "ben", "SPAWNER": "simple", "PROXY": PROXY,
            "ADDRESS": self.address, "INSIDE": f"http://127.0.0.1:{inside}",
            "PROXY_API": f"http://127.0.0.1:{proxy}",
        }  # fmt: skip
        self.log = folder / "hub.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "-f", str(ROOT / "deploy" / "jupyterhub_config.py")],
                stdout=log, stderr=log, cwd=folder,
                env={
                    **os.environ, **{f"CPASSIST_HUB_{k}": v for k, v in settings.items()},
                    "CPASSIST_DATABASE": database, "CPASSIST_WORKSPACE": str(folder / "workspace"),
                },
            )  # fmt: skip
        wait_until(lambda: "JupyterHub is now running" in self.log.read_text(), 60)

    def kernels(self):
        for process in psutil.Process(self.process.pid).children(recursive=True):
            if "ipykernel" in " ".join(process.cmdline()):
                yield process

    def stop(self):
        family = psutil.Process(self.process.pid).children(recursive=True)
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        for process in family:
            if process.is_running():
                process.kill()


@pytest.fixture
def hub(tmp_path):
    with postgresql() as server, new_database(server, f"h{secrets.token_hex(4)}") as database:
        running = Hub(tmp_path, database)
        running.store = Store(open_database(database))
        yield running
        running.stop()
        running.store.engine.dispose()


def signed_in(hub, browser, name):
    page = browser.new_context().new_page()
    page.goto(hub.address)
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", "x")
    page.get_by_role("button", name="Sign in").click()
    return page


def opened(hub, page, name, notebook):
    page.wait_for_url(f"**/user/{name}/", timeout=120_000)
    page.goto(f"{hub.address}user/{name}/voila/render/{notebook}.ipynb")
    page.wait_for_selector(".cpa h1", timeout=60_000)
    return page


def test_two_people_and_their_duties_through_the_hub(hub, browser):
    store, now = hub.store, Workspace.now(None)
    family, package = decided()
    begun = store.begin(family, package, ANA, now)
    key = begun.plan.key
    store.change(key, 1, ANA, now, **filled(begun.plan))
    draft = Draft(key=new_key(), family=family, step="plan", kept=now, plan=key)
    Drafts(store.engine, "ana").keep(draft)

    ana = opened(hub, signed_in(hub, browser, "ana"), "ana", "social_worker")
    ana.wait_for_selector("#mine-h")
    assert ana.locator(".bar .end").inner_text().endswith("ana")
    ana.get_by_role("button", name="Check your answers").click()
    ana.get_by_role("button", name="Send for review").click()
    ana.get_by_text("It is with the supervisor.").wait_for()
    assert store.read(key, None).by == "ana"

    # Her own supervision page opens, shows what she wrote, and decides nothing.
    ana.goto(f"{hub.address}user/ana/voila/render/supervisor.ipynb")
    ana.get_by_role("link", name="The Larkfield family").click()
    ana.get_by_text("You wrote in this plan, so somebody else has to decide on it.").wait_for()

    ben = opened(hub, signed_in(hub, browser, "ben"), "ben", "supervisor")
    ben.get_by_role("link", name="The Larkfield family").click()
    ben.get_by_text("all of it is new to you").wait_for()
    lines = ben.locator(".dec")
    for index in range(lines.count()):
        lines.nth(index).get_by_role("radio", name="Agree", exact=True).press("Space")
        wait_until(lambda index=index: lines.nth(index).get_by_text("Agrees").count() > 0)
    ben.get_by_role("button", name=re.compile("^Approve")).click()
    ben.get_by_text("Approved. The decision carries your name").wait_for()
    plan = store.read(key, None).plan
    assert is_approved(plan)
    assert (plan.state, plan.decisions[-1].by) == (PlanState.APPROVED, "ben")

    # Nobody comes into another person's server, not even who runs the hub: what is done there has a name.
    assert ana.goto(f"{hub.address}user/ben/").status in {403, 404}
    cat = signed_in(hub, browser, "cat")
    cat.wait_for_url("**/user/cat/", timeout=60_000)
    answer = cat.goto(f"{hub.address}user/ben/")
    if answer.ok:  # the hub asks an administrator once more whether they mean it
        cat.get_by_role("button", name=re.compile("Authorize|Yes")).click()
        cat.wait_for_load_state()
    assert "another person" in cat.inner_text("body") or "403" in cat.inner_text("body")
    assert "What do you want to do?" not in cat.inner_text("body")
    stranger = browser.new_context().new_page()
    stranger.goto(f"{hub.address}user/ben/voila/render/supervisor.ipynb")
    assert "/hub/login" in stranger.url

    for kernel in hub.kernels():
        assert not {"JUPYTERHUB_API_TOKEN", "JPY_API_TOKEN"} & set(kernel.environ())
    for page in (ana, ben, cat, stranger):
        page.context.close()
