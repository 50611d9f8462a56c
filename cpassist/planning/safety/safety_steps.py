"""Safety steps: what a worker does now. Never an intervention, never ranked."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.rules import Rule
from cpassist.catalogue.vocabulary import IfUnknown
from cpassist.family.vocabulary import AnswerValue, When
from cpassist.harm.reading import HarmReading
from cpassist.planning.safety.conditions import Case, read_condition


@dataclass(frozen=True, kw_only=True, repr=False)
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
            now = [n for n in family.needs if n.when is not When.PAST and n.level != 0]
            about = {n.person for n in now if n.need in wanted} | {
                line.person
                for line in family.circumstances
                if line.ask in asked and line.person and line.answer is AnswerValue.TRUE
            }
            # What the file itself answers counts as what somebody said does.
            about |= {
                person.key
                for person in family.people
                if any(harm.answers.value(ask, person.key) is True for ask in asked)
            }
            if rule.when is not None and rule.when.of == "harmers" and rule.when.harm:
                harmed = {n.person for n in now if n.need in rule.when.harm}
                if not harmed:
                    continue
                about = harmed.union(*(harm.harmers_of(key, rule.when.harm)[0] for key in harmed))
            elif rule.when is not None and rule.when.of == "harmers":
                about.intersection_update(harm.causing)
            steps.append(SafetyStep(about=tuple(sorted(about)), says=rule.says, rule=rule.id))
    return tuple(_uncovered(steps, catalogue))


def _uncovered(steps: list[SafetyStep], catalogue: Catalogue) -> Iterator[SafetyStep]:
    """Without those of which another says more, for the same people: nobody reads two lines for one telephone call."""
    covered = {
        (key, person)
        for step in steps
        for key in catalogue.rule(step.rule).covers
        for person in step.about
    }
    for step in steps:
        left = tuple(person for person in step.about if (step.rule, person) not in covered)
        if left or not step.about:
            yield replace(step, about=left)


def _holds(rule: Rule, case: Case) -> bool:
    """Whether a step is said; one that nobody can tell yet is said as well, unless its rule says not."""
    if rule.when is None:
        return True
    reading = read_condition(rule.when, case)
    if reading.value is not None:
        return reading.value
    word = rule.unanswered(case.catalogue.questions, (asked.key for asked in reading.open))
    return word in {IfUnknown.WORST, IfUnknown.WARN}
