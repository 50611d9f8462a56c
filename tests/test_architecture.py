"""Who may import what, and how heavy a start may be."""

import ast
import subprocess
import sys

from conftest import ROOT
from shipped import CATALOGUE

from cpassist.catalogue import named_in_code

# Words that are keys of needs or questions and also something else: where, and what.
SOMETHING_ELSE = {
    "immediate_danger": "a finding of that name, in every room that shows findings",
    "substitute_carer": "a part in help: who takes part",
    "consents": "a field of a plan",
}


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


def test_the_code_names_no_need_and_no_question_but_those_that_are_listed_with_a_reason():
    """What a need or question is stands in YAML, so that one that an authority adds behaves as ours do."""
    keys = {*CATALOGUE.need_types, *CATALOGUE.questions} - set(SOMETHING_ELSE)
    named = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.value}"
        for path in sorted((ROOT / "cpassist").rglob("*.py"))
        if path.name != "named_in_code.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and node.value in keys
    ]
    assert not named, named
    listed = {v for k, v in vars(named_in_code).items() if k.isupper() and isinstance(v, str)}
    groups = (named_in_code.NEEDS, named_in_code.QUESTIONS, named_in_code.ANSWERED_BY_THE_FILE)
    assert listed == frozenset().union(*groups) <= {*CATALOGUE.need_types, *CATALOGUE.questions}


def _own_lines(node):
    """The lines of a statement, of a compound one those of its head."""
    body = getattr(node, "body", None)
    return range(node.lineno, body[0].lineno if body else node.end_lineno + 1)


def test_nothing_that_the_formatter_leaves_alone_hides_a_long_line():
    hidden = []
    folders = (ROOT / "cpassist", ROOT / "tests", ROOT / "benchmarks")
    for path in sorted(path for folder in folders for path in folder.rglob("*.py")):
        text = path.read_text()
        lines = text.splitlines()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.stmt) and lines[node.end_lineno - 1].endswith("# fmt: skip"):
                said = [lines[at - 1].removesuffix("# fmt: skip").rstrip() for at in _own_lines(node)]  # fmt: skip
                hidden += [f"{path.relative_to(ROOT)}: {line}" for line in said if len(line) > 120]
    assert not hidden, hidden


CASE_ROOMS = (
    "drawing",
    "family",
    "harm",
    "importing",
    "papers",
    "planning",
    "plans",
    "storage",
    "ui",
)


def test_no_record_of_a_case_shows_what_it_holds():
    """A repr ends up in logs, in notebooks and in error messages."""
    telling = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room in CASE_ROOMS
        for path in sorted((ROOT / "cpassist" / room).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        for decorator in node.decorator_list
        if "dataclass" in ast.unparse(decorator) and "repr=False" not in ast.unparse(decorator)
    ]
    assert not telling, telling
