"""Safety steps: what a worker does now. Never an intervention, never ranked."""

from dataclasses import dataclass

from cpassist.catalogue.rules import Rule
from cpassist.catalogue.vocabulary import IfUnknown
from cpassist.family_vocabulary import AnswerValue
from cpassist.harm.reading import HarmReading
from cpassist.planning.conditions import Case, read_condition


@dataclass(frozen=True, kw_only=True)
class SafetyStep:
    """What a worker does now; never an intervention, never ranked."""

    about: tuple[str, ...]
    says: str
    rule: str


def safety_steps(harm: HarmReading) -> tuple[SafetyStep, ...]:
    """What a worker does now, from the rules that are steps."""
    family, catalogue = harm.family, harm.catalogue
    case = Case(
        family=family,
        on=harm.on,
        people=tuple(sorted(p.key for p in family.people)),
        children=tuple(sorted(p.key for p in family.children)),
        parts={},
        harm=harm,
    )
    steps = []
    for rule in catalogue.rules:
        if rule.step and _holds(rule, case):
            wanted = set(rule.when.needs()) if rule.when else set()
            asked = set(rule.when.questions()) if rule.when else set()
            about = {n.person for n in family.needs if n.need in wanted} | {
                line.person
                for line in family.circumstances
                if line.ask in asked and line.person and line.answer is AnswerValue.TRUE
            }
            if rule.when is not None and rule.when.of == "harmers":
                about.intersection_update(harm.causing)
            steps.append(SafetyStep(about=tuple(sorted(about)), says=rule.says, rule=rule.id))
    return tuple(steps)


def _holds(rule: Rule, case: Case) -> bool:
    """Whether a step is said; one that nobody can tell yet is said as well, unless its rule says not."""
    if rule.when is None:
        return True
    reading = read_condition(rule.when, case)
    if reading.value is not None:
        return reading.value
    word = rule.unanswered(case.catalogue.questions, (asked.key for asked in reading.open))
    return word in {IfUnknown.WORST, IfUnknown.WARN}
