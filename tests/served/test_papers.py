"""Every paper as the file that people open: in a browser by itself, and in a word processor where there is one."""

import shutil
import subprocess

import pytest
from axe_playwright_python.sync_playwright import Axe
from example_plans import drafted
from papers.test_family_copies import CATALOGUE, DAY, known, safe

from cpassist.papers.formats.to_docx import to_docx
from cpassist.papers.formats.to_html import to_html
from cpassist.papers.written.document import build_document
from cpassist.papers.written.readers import Reader
from served.test_journey import RULES

PAPERS = [
    (Reader.WORKER, ""),
    (Reader.COUNCIL, ""),
    (Reader.PARENT, "dana"),
    (Reader.PARENT, "luke"),
    (Reader.CHILD, "mia"),
]
SOFFICE = shutil.which("soffice")


def plan():
    return known(safe(drafted()), "domestic_abuse_causing", "luke")


@pytest.mark.parametrize(("reader", "person"), PAPERS)
def test_every_paper_is_accessible_by_itself_and_asks_for_nothing(
    reader, person, browser, tmp_path
):
    path = tmp_path / "paper.html"
    path.write_text(to_html(build_document(plan(), CATALOGUE, reader, person, made_on=DAY)), encoding="utf-8")  # fmt: skip
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"file://{path}")
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert asked == [f"file://{path}"]
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


@pytest.mark.skipif(SOFFICE is None, reason="NO LIBREOFFICE FOUND: the Word files were not opened")
def test_every_word_file_opens_in_a_word_processor(tmp_path):
    documents = [build_document(plan(), CATALOGUE, *paper, made_on=DAY) for paper in PAPERS]
    files = [tmp_path / f"paper{number}.docx" for number in range(len(PAPERS))]
    for document, file in zip(documents, files, strict=True):
        file.write_bytes(to_docx(document, made_on=DAY))
    subprocess.run(
        [
            SOFFICE,
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "txt:Text",
            "--outdir",
            str(tmp_path),
            *map(str, files),
        ],
        check=True,
        capture_output=True,
        timeout=240,
    )
    for document, file in zip(documents, files, strict=True):
        words = file.with_suffix(".txt").read_text(encoding="utf-8-sig")
        assert document.title in words
        for mark in document.marks:
            assert mark in words
