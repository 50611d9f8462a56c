"""What every test shares: the real catalogue, and a guard against errors that widgets swallow."""

import logging
from pathlib import Path

import pytest
from page_driver import listening

from cpassist.catalogue.reading import read_catalogue
from cpassist.ui.pages import SocialWorkerPage
from cpassist.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def catalogue():
    return read_catalogue(ROOT / "catalogue")


@pytest.fixture
def workspace(tmp_path, catalogue):
    return Workspace(
        catalogue=catalogue,
        families=ROOT / "catalogue" / "families",
        drafts=tmp_path / "drafts",
        user="Jo Marsh",
    )


@pytest.fixture
def page(workspace):
    return listening(SocialWorkerPage(workspace))


@pytest.fixture(autouse=True)
def no_swallowed_errors(caplog):
    """ipywidgets logs what a click handler raises and goes on: such a test must not pass."""
    yield
    swallowed = [r for r in caplog.get_records("call") if r.levelno >= logging.ERROR and r.exc_info]
    assert not swallowed, swallowed[0].exc_info


def example(name: str) -> Path:
    return ROOT / "catalogue" / "families" / f"{name}.yaml"
