"""What is still to be asked of a family, once: the same number in the list of steps, on the package and beside the questions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cpassist.planning.package.package import Finding, SupportPackage

# In which step a question is answered that is no safety question. What is not here is asked on the package.
ANSWERED_IN: Mapping[str, str] = {
    "carer_not_recorded": "family",
    "age_not_sure": "family",
    "birth_overdue": "family",
    "bond_not_recorded": "family",
    "not_rated": "needs",
    "child_not_considered": "needs",
    "need_of_another_age": "needs",
    "factor_waiting": "needs",
    "harm_without_need": "needs",
    "victim_not_recorded": "needs",
    "limits_not_stated": "limits",
    "interpreter": "limits",
    "travel_not_possible": "limits",
    "support_not_known": "limits",
    "support_may_be": "limits",
}


@dataclass(frozen=True, kw_only=True, repr=False)
class ToAsk:
    """One question that is open, and the step in which it is answered; an empty one: with the package."""

    step: str
    finding: Finding


def to_ask(package: SupportPackage) -> tuple[ToAsk, ...]:
    """Every open question of a package, each once, in the order in which the checks found them."""
    found: dict[object, ToAsk] = {}
    for finding in package.findings:
        if finding.level != "asks" and not (finding.code == "immediate_danger" and finding.ask):
            continue
        key = finding.ask or (finding.code, finding.says)
        step = "safety" if finding.ask else ANSWERED_IN.get(finding.code, "")
        first = found[key].finding if key in found else finding
        holds = tuple(dict.fromkeys((*first.holds, *finding.holds)))
        found[key] = ToAsk(step=step, finding=replace(first, holds=holds))
    return tuple(found.values())


def how_many(package: SupportPackage, step: str = "") -> int:
    """How many questions are open: those that one step answers, or all."""
    return sum(step in ("", one.step) for one in to_ask(package))
