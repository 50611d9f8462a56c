"""What a catalogue holds and nothing rests on: it is no mistake to read, and somebody meant something by it."""

from collections.abc import Iterator

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.conditions import Condition
from cpassist.catalogue.named_in_code import QUESTIONS


def unused(catalogue: Catalogue) -> Iterator[str]:
    """Each source, question and rule that changes nothing, as a sentence: file, key and what to do."""
    for key in sorted(set(catalogue.sources) - _sources_named(catalogue)):
        yield f"sources.yaml: {key}: nothing rests on it. Name it where it is used, or take it out."
    for key in sorted(set(catalogue.questions) - _questions_asked(catalogue)):
        yield f"safety_questions.yaml: {key}: no rule, step or family asks it. Ask it somewhere, or take it out."
    for rule in catalogue.rules:
        reached = [i for i in catalogue.interventions.values() if rule.aims_at(i) is not None]
        package = any(target.tag == "package" for target in rule.targets)
        if not (rule.built_in or package or rule.step) and not any(
            i.is_offered_kind for i in reached
        ):
            yield f"rules.yaml: {rule.id}: it aims at nothing that is ever offered. Correct its targets, or take it out."
        if not rule.says.endswith("."):
            yield f"rules.yaml: {rule.id}.says: this is a sentence. End it with a full stop."
    for question in catalogue.questions.values():
        if not question.words.endswith("?"):
            yield f"safety_questions.yaml: {question.key}.words: this is a question. End it with a question mark."


def _sources_named(catalogue: Catalogue) -> set[str | None]:
    named: set[str | None] = {step.source for step in catalogue.ordinary_steps}
    for help_ in catalogue.interventions.values():
        named |= {row.source for row in help_.evidence}
        named |= {ages.source for ages in help_.ages} | {c for a in help_.ages for c in a.covers}
        named |= {help_.asks.source if help_.asks else None}
        named |= {help_.cost.source if help_.cost else None}
    named |= {gap.source for gap in catalogue.known_gaps}
    named |= {key for rule in catalogue.rules for key in rule.source}
    named |= {key for element in catalogue.practice_elements for key in element.source}
    named |= {key for differs in catalogue.disagreements for key in differs.source}
    named |= {key for question in catalogue.leaders_questions for key in question.source}
    named |= {key for timescale in catalogue.timescales for key in timescale.source}
    return named


def _questions_asked(catalogue: Catalogue) -> set[str]:
    conditions: list[Condition | None] = [rule.when for rule in catalogue.rules]
    for step in catalogue.ordinary_steps:
        conditions += [step.when, step.not_if, step.done_if]
    asked = {key for condition in conditions if condition for key in condition.questions()}
    asked |= {key for rule in catalogue.rules for key in rule.asks}
    asked |= {key for key, question in catalogue.questions.items() if question.asked_when}
    asked |= {
        must
        for help_ in catalogue.interventions.values()
        for part in help_.takes_part
        for must in part.must
    }
    return asked | QUESTIONS
