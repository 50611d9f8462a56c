"""Glossary, reasons, gaps, findings and commands are documented; the repository stands alone."""

import re

from conftest import ROOT

from cpassist.planning.candidates import REASONS
from cpassist.planning.checks import all_checks as checks
from cpassist.planning.package.gaps import KINDS

GLOSSARY = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")


def test_every_reason_gap_and_finding_has_its_line():
    modules = (ROOT / "cpassist" / "planning" / "checks").glob("*_checks.py")
    codes = [
        code
        for module in modules
        for code in re.findall(r'code="([a-z_]+)"', module.read_text(encoding="utf-8"))
    ]
    assert len(codes) >= len(checks.CHECKS)
    for word in {*REASONS, *(kind for kind, _ in KINDS), *codes}:
        assert f"| `{word}` |" in GLOSSARY, word
    assert len(checks.CHECKS) >= 15
    looked_at = (ROOT / "cpassist" / "plans" / "attention.py").read_text(encoding="utf-8")
    for word in re.findall(r'why="([a-z_]+)"', looked_at):
        assert f"| `{word}` |" in GLOSSARY, word


def test_every_command_is_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = (
        "serve",
        "plan",
        "explain",
        "document",
        "import-census",
        "directory",
        "check-catalogue",
        "plans",
        "replay",
        "check-trail",
        "purge",
        "backup",
    )
    for command in commands:
        assert f"cpassist {command}" in readme
    for link in re.findall(r"\]\(([^)#]+)\)", readme):
        assert (ROOT / link).exists(), link


def test_the_locks_carry_no_addresses():
    for name in ("requirements.lock", "requirements-dev.lock"):
        assert "://" not in (ROOT / name).read_text(encoding="utf-8")


def test_no_page_reaches_beyond_this_machine():
    kinds = {".css", ".html", ".j2", ".js", ".svg"}
    shown = [
        path
        for folder in ("voila_templates", "cpassist")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in kinds
    ]
    assert len(shown) > 50
    for path in shown:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(src|href|url|import)[^>\n]{0,20}https?://", text), path
