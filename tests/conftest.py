"""What every test shares: the real catalogue, and a guard against errors that widgets swallow."""

import importlib
import logging
import os
import pkgutil
import secrets
from pathlib import Path

import pytest
from databases import MISSING, new_database, postgresql, programs
from hypothesis import settings
from page_driver import listening
from shipped import CATALOGUE

import cpassist
from cpassist.importing.family_file import read_family
from cpassist.storage.plan_store import open_store
from cpassist.ui.case_planning.page import SocialWorkerPage
from cpassist.ui.frame import verbs
from cpassist.workshop.curriculum.reading import read_curriculum
from cpassist.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent

# Hypothesis tries constants of the modules that are loaded: all of ours are, whichever tests run and in whatever order.
for module in pkgutil.walk_packages(cpassist.__path__, "cpassist."):
    if not module.name.endswith("__main__") and ".migrations" not in module.name:
        importlib.import_module(module.name)
# The same examples every time, so that a red test is somebody's fault and not the day's; `make soak` looks elsewhere.
# A first call may wait for a library to load: no property is about time.
settings.register_profile("same_every_time", derandomize=True, deadline=None)
settings.register_profile("other_every_time", deadline=None)
if not os.environ.get("CPASSIST_SOAK"):
    settings.load_profile("same_every_time")
else:
    settings.load_profile("other_every_time")


@pytest.fixture(scope="session")
def catalogue():
    return CATALOGUE


@pytest.fixture(scope="session")
def invented(catalogue):
    """The invented families by key."""
    return {
        path.stem: read_family(path, catalogue)
        for path in sorted((ROOT / "catalogue" / "families").glob("*.yaml"))
    }


@pytest.fixture(scope="session")
def curriculum(catalogue, invented):
    """What workshops teach."""
    return read_curriculum(ROOT / "catalogue" / "exercises", catalogue, invented)


@pytest.fixture
def workspace(tmp_path, catalogue):
    return Workspace(
        catalogue=catalogue,
        families=ROOT / "catalogue" / "families",
        folder=tmp_path / "workspace",
        user="Jo Marsh",
    )


@pytest.fixture
def page(workspace):
    return listening(SocialWorkerPage(workspace))


# --- a store, on both databases ---


@pytest.fixture(scope="session")
def postgres():
    if programs() is None:
        pytest.skip(MISSING)
    with postgresql() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'workspace' / 'plans.db'}"
    else:
        server = request.getfixturevalue("postgres")
        with new_database(server, f"t{secrets.token_hex(6)}") as address:
            yield address


@pytest.fixture
def path(tmp_path):
    """The file of plans, where there is one."""
    return tmp_path / "workspace" / "plans.db"


@pytest.fixture
def store(url):
    opened = open_store(url)
    yield opened
    opened.engine.dispose()


@pytest.fixture(autouse=True)
def bugs_are_raised(monkeypatch):
    """A page tells a visitor of a bug in a sentence; a test is told by the bug itself."""
    monkeypatch.setattr(verbs, "bugs_are_caught", False)


@pytest.fixture
def bugs_are_caught(bugs_are_raised, monkeypatch):
    """For tests of what a visitor is told."""
    monkeypatch.setattr(verbs, "bugs_are_caught", True)


@pytest.fixture(autouse=True)
def no_swallowed_errors(caplog):
    """ipywidgets logs what a click handler raises and goes on: such a test must not pass."""
    yield
    swallowed = [r for r in caplog.get_records("call") if r.levelno >= logging.ERROR and r.exc_info]
    assert not swallowed, swallowed[0].exc_info


def example(name: str) -> Path:
    return ROOT / "catalogue" / "families" / f"{name}.yaml"
