"""The ordinary steps, as the templates show them: need by need, four at first sight, the rest folded."""

from typing import Any

from cpassist.catalogue.ordinary import WITHHELD
from cpassist.papers.written.package_text import kind_words
from cpassist.planning.package.offers import names
from cpassist.planning.package.ordinary_steps import PackageStep
from cpassist.ui.case_planning.plan_forms import line_id
from cpassist.ui.case_planning.state import CaseState
from cpassist.words.family import LEVEL_WORDS


def step_groups(state: CaseState) -> list[dict[str, Any]]:
    """Each need with its steps, the most urgent need first; what holds for any need comes last."""
    family, catalogue = state.family, state.catalogue
    groups: dict[tuple[str, str], list[PackageStep]] = {}
    for step in state.package.steps:
        # What is for any need stands together, once, whichever child it is for.
        groups.setdefault(("", "any") if step.need == "any" else (step.person, step.need), []).append(step)  # fmt: skip
    shown = []
    for (person, need), steps in groups.items():
        recorded = family.need(person, need) if person else None
        title = (
            f"{family.label_of(person)}: {catalogue.label(need).lower()}"
            if recorded
            else "Whatever the need"
        )
        rows = [_row(state, step) for step in steps]
        shown.append(
            {
                "id": line_id(f"{person}-{need}"),
                "title": title,
                "level": LEVEL_WORDS[recorded.level] if recorded else "",
                "first": [row for row in rows if row["in_sight"]],
                "rest": [row for row in rows if not row["in_sight"]],
            }
        )
    return shown


def _row(state: CaseState, step: PackageStep) -> dict[str, Any]:
    source = state.catalogue.sources.get(step.source)
    said_of = [k for k in step.children if k != step.person or step.need == "any"]
    return {
        "line": line_id(step.key),
        "step": step.step,
        "person": step.person,
        "kind": kind_words(step),
        "mark": step.kind,
        "says": step.words,
        "catalogue_says": step.says,
        "only_if": step.only_if,
        "in_sight": step.in_sight,
        "judged": step.judged,
        "because": step.because,
        "for": names(said_of, state.family) if said_of else "",
        "facts": [
            (label, said)
            for label, said in (
                ("How", step.how),
                ("By when", step.timescale),
                ("Who does it", step.by_whom),
                ("Refer to", step.local or step.refer_to),
                ("Consent", step.consent),
                ("Not when", step.not_when),
                ("The law behind it", step.law_says),
                (
                    "Stays with you",
                    "What is written or drawn is not left at home."
                    if step.stays_with_worker
                    else "",
                ),
                (
                    "Not on family copies",
                    f"It tells {WITHHELD[step.withheld]}. Our reading, to be confirmed by a specialist."
                    if step.withheld
                    else "",
                ),
                (
                    "Source",
                    f"{source.title}, {source.body}" + (f", {source.year}" if source.year else "")
                    if source
                    else "",
                ),
            )
            if said
        ],
    }
