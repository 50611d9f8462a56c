"""A census return as the templates show it: its children, and what waits for a named person."""

from typing import Any

from cpassist.family.records import WaitingFactor
from cpassist.family.vocabulary import day_words
from cpassist.ui.case_planning.state import CaseState

SHOWN = 200


def census_context(state: CaseState) -> dict[str, Any]:
    """The children of the return that is open, and what a waiting factor may be."""
    catalogue = state.catalogue

    def factor_options(factor: WaitingFactor) -> list[tuple[str, str]]:
        return [(key, catalogue.label(key)) for key in factor.needs]

    rows = [
        {
            "number": one.number,
            "reference": one.reference or f"child {one.number}",
            "can": one.family is not None,
            "born": day_words(one.family.people[0].born or "")
            if one.family and one.family.people[0].born != "unknown"
            else "not known",
            "needs": [catalogue.label(n.need) for n in one.family.needs] if one.family else [],
            "waiting": [factor.says for factor in one.waiting],
            "odd": [f"{o.says} {o.remedy}" for o in one.oddities if o.says not in {w.says for w in one.waiting}],
        }
        for one in state.census.children[:SHOWN]
    ]  # fmt: skip
    return {
        "census_rows": rows,
        "census_more": max(0, len(state.census.children) - SHOWN),
        "factor_options": factor_options,
    }
