"""Notebooks stay thin, clean, and run on an empty workspace."""

import ast
import re

import nbformat
import pytest
from conftest import ROOT
from nbclient import NotebookClient


def _opens_in_lab(path):
    return "cpassist" in nbformat.read(path, as_version=4).metadata


BOTH = sorted((ROOT / "notebooks").glob("*.ipynb"))
NOTEBOOKS = [path for path in BOTH if not _opens_in_lab(path)]
CELLS = [path for path in BOTH if _opens_in_lab(path)]
"""For those who work in cells; the others are pages."""


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
def test_a_notebook_is_thin_and_clean(path):
    notebook = nbformat.read(path, as_version=4)
    assert len(notebook.cells) <= 3
    assert notebook.cells[0].source.startswith("# ")
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        assert cell.outputs == []
        assert cell.execution_count is None
        for statement in ast.parse(cell.source).body:
            assert isinstance(statement, ast.ImportFrom | ast.Expr)
            if isinstance(statement, ast.ImportFrom):
                assert statement.module.split(".")[0] == "cpassist"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
@pytest.mark.filterwarnings("default")
def test_a_notebook_runs_to_a_widget(path, tmp_path, monkeypatch):
    monkeypatch.setenv("CPASSIST_WORKSPACE", str(tmp_path))
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    outputs = [o for cell in notebook.cells if cell.cell_type == "code" for o in cell.outputs]
    assert [o for o in outputs if "application/vnd.jupyter.widget-view+json" in o.get("data", {})]
    assert not [o for o in outputs if o.output_type == "error"]


@pytest.mark.parametrize("path", CELLS, ids=lambda p: p.name)
@pytest.mark.filterwarnings("default")
def test_a_notebook_of_cells_is_clean_runs_and_shows_something_in_every_cell(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    assert notebook.cells[0].source.startswith("# ")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    for cell in code:
        assert not [o for o in cell.outputs if o.output_type == "error"]
        if cell.source.splitlines()[-1] != "import cpassist as cp":
            assert cell.outputs, cell.source
    assert "http" not in str([cell.outputs for cell in code]).replace("http://www.w3.org", "")


def test_the_page_on_which_jupyterlab_opens_names_every_notebook():
    start = ROOT / "notebooks" / "start.ipynb"
    says = nbformat.read(start, as_version=4).cells[0].source
    assert {path.name for path in BOTH} - {start.name} == set(re.findall(r"\((\w+\.ipynb)\)", says))
    assert start.name in (ROOT / "Makefile").read_text(encoding="utf-8")
