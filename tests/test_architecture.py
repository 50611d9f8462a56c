"""Who may import what, and how heavy a start may be."""

import subprocess
import sys

from conftest import ROOT


def test_the_layers_hold():
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_planning_loads_no_page_and_no_server():
    heavy = "('ipywidgets', 'voila', 'pandas', 'tornado', 'networkx')"
    code = f"import sys, cpassist.__main__, cpassist.planning.proposal; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
