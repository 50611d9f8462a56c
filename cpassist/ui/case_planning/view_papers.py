"""The papers of a plan as the templates show them: whose, what was left out, a preview, what can be saved."""

from typing import Any

from cpassist.papers.formats.files import digest_of_paper
from cpassist.papers.formats.to_html import body_context, reading_ages
from cpassist.papers.written.council_text import council_blocks
from cpassist.papers.written.document import NOT_CHECKED
from cpassist.papers.written.family_papers import YOUNGEST_YEARS, names_others
from cpassist.papers.written.readers import FAMILY_COPIES, Reader
from cpassist.plans.plan import CasePlan
from cpassist.ui.case_planning.state import CaseState

AS_DATA = ((".json", "Save as data (JSON)"), (".csv", "Save the actions as a table"))
ENDINGS = ((".docx", "Save as Word file"), (".html", "Save as web page"), (".pdf", "Save as PDF"))


def paper_context(state: CaseState) -> dict[str, Any]:
    """What the part *Papers* shows."""
    editor = state.editor
    plan, document = editor.plan, editor.document()
    reader, person = editor.paper or (None, "")
    context: dict[str, Any] = {
        "paper": document,
        "paper_options": _options(plan),
        "paper_chosen": f"{reader.value}:{person}" if reader else "",
        "endings": (*ENDINGS, *AS_DATA) if reader is Reader.WORKER else ENDINGS,
    }
    if document is None:
        return context
    is_copy = reader in FAMILY_COPIES
    return {
        **context,
        **body_context(document, deeper=2),
        "paper_digest": digest_of_paper(document),
        "must_tick": is_copy and NOT_CHECKED in document.marks,
        "is_copy": is_copy,
        "whose": plan.family.label_of(person) if person else "",
        "named": names_others(document, plan, person) if is_copy else (),
        "ages": [(title, age) for title, age in reading_ages(document) if age] if is_copy else [],
        "council": council_blocks(plan, state.catalogue) if reader is Reader.COUNCIL else (),
    }


def _options(plan: CasePlan) -> list[tuple[str, str]]:
    """Every paper that this plan can become."""
    family, on = plan.family, plan.package.planned_on
    adults = [
        (f"{Reader.PARENT.value}:{p.key}", f"A copy for {p.label}")
        for p in family.people
        if family.is_parenting(p.key)
    ]
    children = [
        (f"{Reader.CHILD.value}:{p.key}", f"A copy for {p.label}, as a child")
        for p in family.children
        if not p.is_unborn and family.age(p.key, on)[0] // 12 >= YOUNGEST_YEARS
    ]
    return [
        (f"{Reader.WORKER.value}:", "The whole plan, for professionals"),
        (f"{Reader.COUNCIL.value}:", "Text for the council’s form"),
        *adults,
        *children,
    ]
