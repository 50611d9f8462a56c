"""A paper as a file: the format by its ending, and the file whole or not at all."""

import datetime
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from cpassist.catalogue.catalogue import Catalogue
from cpassist.errors import Mistakes
from cpassist.family.vocabulary import day_words
from cpassist.papers.formats.plan_data import actions_csv, plan_json
from cpassist.papers.formats.to_html import to_html
from cpassist.papers.formats.to_pdf import to_pdf
from cpassist.papers.written.blocks import Document, words_of
from cpassist.plans.plan import CasePlan
from cpassist.words.plan import STATE_WORDS

MEDIA = {
    ".html": "text/html",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".txt": "text/plain",
    ".json": "application/json",
    ".csv": "text/csv",
}
DATA = frozenset({".json", ".csv"})
"""Endings that are the plan itself and no paper for anybody."""


def data_bytes(plan: CasePlan, catalogue: Catalogue, ending: str) -> bytes:
    """The whole plan as data: .json, or its actions as .csv."""
    return (plan_json(plan) if ending == ".json" else actions_csv(plan, catalogue)).encode()


def paper_bytes(
    document: Document,
    plan: CasePlan,
    ending: str,
    *,
    template: Path | None = None,
    made_on: datetime.date | None = None,
) -> bytes:
    """A paper in the format of an ending (.html, .docx, .pdf, .txt). Raises Mistakes, CpassistError."""
    makers: dict[str, Callable[[], bytes]] = {
        ".html": lambda: to_html(document).encode(),
        ".docx": lambda: _word(document, plan, template, made_on),
        ".pdf": lambda: to_pdf(document),
        ".txt": lambda: to_text(document).encode(),
    }
    if ending not in makers:
        raise Mistakes((f"{ending or 'no ending'}: a paper ends in {', '.join(sorted(makers))}.",))
    if template is not None and document.is_copy:
        # The form's own fields would put on it what a copy leaves out.
        raise Mistakes(("--template: a copy for the family is made without a form.",))
    if template is not None and ending != ".docx":
        raise Mistakes((f"--template: only a .docx is made from a template, and not {ending}.",))
    return makers[ending]()


def _word(
    document: Document, plan: CasePlan, template: Path | None, made_on: datetime.date | None
) -> bytes:
    from cpassist.papers.formats.to_docx import to_docx  # noqa: PLC0415  Word's library waits until a file is wanted

    fields = _fields(plan, made_on)
    return to_docx(document, template=template, fields=fields, made_on=made_on)


def digest_of_paper(document: Document) -> str:
    """What somebody read when they ticked a paper: everything in it except its marks."""
    words = "\0".join((*words_of(document), *document.foot))
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


def to_text(document: Document) -> str:
    """Plain words, to be pasted elsewhere, with the marks first and from what it was made last."""
    return "\n\n".join((*document.marks, *words_of(document), *document.foot)) + "\n"


def write_paper(
    document: Document,
    plan: CasePlan,
    path: Path,
    *,
    template: Path | None = None,
    made_on: datetime.date | None = None,
) -> None:
    """Writes a paper, whole or not at all. Raises Mistakes, CpassistError."""
    made = paper_bytes(document, plan, path.suffix.casefold(), template=template, made_on=made_on)
    write_whole(path, made)


def write_whole(path: Path, made: bytes) -> None:
    """Writes a file for its owner alone, whole or not at all. Raises Mistakes."""
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, suffix=".part")
    except OSError as trouble:
        raise Mistakes((f"{path}: it cannot be written there ({trouble.strerror}).",)) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(made)
        # The owner alone may read it until they say otherwise.
        Path(beside).replace(path)
    except OSError as trouble:
        Path(beside).unlink(missing_ok=True)
        raise Mistakes((f"{path}: it cannot be written there ({trouble.strerror}).",)) from None


def _fields(plan: CasePlan, made_on: datetime.date | None) -> dict[str, str]:
    """What a council's template may say beside the text itself."""
    return {
        "family": plan.family.label,
        "state": STATE_WORDS[plan.state],
        "version": str(plan.version),
        "day": day_words(made_on.isoformat()) if made_on else "",
        "catalogue": plan.package.catalogue_version,
        "fingerprint": plan.content[:16],
    }
