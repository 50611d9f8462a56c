"""The rules that speak to one kind of help in the family that is open."""

from cpassist.catalogue.interventions import Intervention
from cpassist.catalogue.vocabulary import Severity
from cpassist.ui.case_planning.state import CaseState
from cpassist.words.evidence import RULE_BASIS_WORDS


def rules(state: CaseState, help_: Intervention) -> list[dict[str, str]]:
    """The rules that speak to this help in this family: those that warn, hold or block it."""
    catalogue = state.catalogue
    mine = [c for c in state.matching.candidates if c.intervention.key == help_.key]
    speaking = {r for c in mine for r in c.warnings} | {r.rule for c in mine for r in c.requires}
    blocking = {
        b for s in state.package.set_aside if s.intervention == help_.key for b in s.blocked_by
    }
    rows = []
    for rule, basis in catalogue.rules_for(help_):
        if rule.id not in speaking | blocking:
            continue
        stops = rule.id in blocking and rule.severity is Severity.BLOCK
        word = (
            "Not safe now, or open"
            if stops
            else {"pair": "Goes together with", "sequence": "Comes after"}.get(
                rule.severity.value, "Keep in mind"
            )
        )
        sources = ", ".join(catalogue.sources[s].body for s in rule.source[:3])
        confirm = f" To be confirmed by {rule.to_confirm}." if rule.to_confirm else ""
        rows.append(
            {
                "tone": "stop" if stops else "ask",
                "mark": "stop" if stops else "warn",
                "word": word,
                "says": rule.says,
                "basis": f"{RULE_BASIS_WORDS[basis]}{f' {sources}.' if sources else ''}{confirm} ({rule.id})",
            }
        )
    return rows
