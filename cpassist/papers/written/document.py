"""A plan as a paper: the content once, for one reader; how it looks is the renderers' business."""

import datetime
from dataclasses import replace

from cpassist.catalogue.catalogue import Catalogue
from cpassist.errors import Mistakes
from cpassist.family.vocabulary import day_words
from cpassist.harm.causing import causing_harm
from cpassist.harm.reading import read_harm
from cpassist.papers.written.blocks import Document, Heading, Para
from cpassist.papers.written.council_text import council_blocks
from cpassist.papers.written.family_papers import family_copy
from cpassist.papers.written.readers import FAMILY_COPIES, Reader
from cpassist.papers.written.worker_paper import whole_plan
from cpassist.planning.package.offers import names
from cpassist.plans.lifecycle import is_approved
from cpassist.plans.plan import CasePlan

NOT_CHECKED = "Not checked: do not give to anyone"
DRAFT = "DRAFT: nobody has approved it"
INVENTED = "Invented family"


def build_document(
    plan: CasePlan,
    catalogue: Catalogue,
    reader: Reader = Reader.WORKER,
    person: str = "",
    *,
    checked: bool = False,
    made_on: datetime.date | None = None,
) -> Document:
    """One paper for one reader.

    `person` is the key of whom a family's copy is for. `checked` says that a person has read a family's
    copy through and found it safe; without that every page of it says that it must not be given away.
    Raises Mistakes where there is no such copy.
    """
    if reader in FAMILY_COPIES:
        if not person:
            raise Mistakes((f"A copy for a {reader.value} needs to know for whom: give the person’s key.",))  # fmt: skip
        document = replace(family_copy(plan, catalogue, reader, person), is_copy=True)
        if document.file_name == "note":
            # A plain note: a draft of what, made from what, nobody should be able to tell.
            return replace(document, marks=() if checked else (NOT_CHECKED,))
        marks = () if checked else (NOT_CHECKED,)
    elif reader is Reader.COUNCIL:
        blocks = [
            block
            for field in council_blocks(plan, catalogue)
            for block in (Heading(words=field.title), Para(words=field.text, said=True))
        ]
        document = Document(
            title="Text for the council’s form",
            sum=plan.family.label,
            blocks=tuple(blocks),
            file_name="form-text",
        )
        marks = ()
    else:
        document, marks = whole_plan(plan, catalogue), ()
    if reader not in FAMILY_COPIES:
        certain = causing_harm(plan.family)
        harm = read_harm(plan.family, catalogue, plan.package.planned_on)
        possible = harm.may_cause - set(certain)
        if certain:
            marks = (f"Must not reach {names(certain, plan.family)}", *marks)
        if possible:
            keys = [p.key for p in plan.family.people if p.key in possible]
            says = f"Not to {names(keys, plan.family)} while it is not known who harms, or from whom somebody is kept"
            marks = (says, *marks)
    if not is_approved(plan):
        marks = (DRAFT, *marks)
    if plan.family.invented:
        marks = (INVENTED, *marks)
    return replace(document, marks=marks, foot=_foot(plan, made_on))


def _foot(plan: CasePlan, made_on: datetime.date | None) -> tuple[str, ...]:
    foot = (
        f"Version {plan.version}, fingerprint {plan.content[:16]}",
        f"Catalogue of {plan.package.catalogue_version}",
    )
    return (*foot, f"Made on {day_words(made_on.isoformat())}") if made_on else foot
