"""Acts: what a page asks for is there, and what is there is asked for."""

import importlib
import pkgutil
import re

import pytest
from conftest import ROOT

import cpassist.ui
from cpassist.ui.frame.acts import act, acts_of

WRITTEN = "\n".join(
    path.read_text() for path in (ROOT / "cpassist").rglob("*") if path.suffix in {".j2", ".js"}
)


def _marked():
    """The name of each act that any verb of any page is marked with."""
    modules = pkgutil.walk_packages(cpassist.ui.__path__, "cpassist.ui.")
    kinds = (k for m in modules for k in vars(importlib.import_module(m.name)).values())
    verbs = (v for kind in kinds if isinstance(kind, type) for v in vars(kind).values())
    return {made.name for verb in verbs for made in getattr(verb, "acts", ())}


def test_every_act_that_a_page_asks_for_is_there_and_none_is_there_for_nobody():
    asked_for = set(re.findall(r"data-(?:act|change)=[\"']([a-z_]+)[\"']", WRITTEN))
    # A macro is told the name of its act.
    named = {name for name in _marked() if re.search(rf"[\"']{name}[\"']", WRITTEN)}

    assert asked_for <= _marked()
    assert _marked() == named


def test_a_name_that_is_there_twice_is_refused():
    class Twice:
        @act("go")
        def go(self):
            """One."""

        @act("go")
        def stay(self):
            """Another."""

    with pytest.raises(ValueError, match="go is there twice"):
        acts_of(Twice())
