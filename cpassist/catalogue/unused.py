"""What a catalogue holds and nothing rests on: it is no mistake to read, and somebody meant something by it."""

import difflib
from collections import Counter
from collections.abc import Iterator

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.conditions import Condition
from cpassist.catalogue.named_in_code import QUESTIONS
from cpassist.catalogue.vocabulary import RuleBasis, Scope


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
        if any(t.basis is RuleBasis.HOUSE for t in rule.targets) and not rule.to_confirm:
            yield f"rules.yaml: {rule.id}.to_confirm: it stands on the house alone. Say who should confirm it."
    yield from _tags_alike(catalogue)
    for question in catalogue.questions.values():
        missing = (
            {"{person}"} if question.scope in {Scope.PERSON, Scope.CHILD, Scope.PAIR} else set()
        )
        missing |= {"{other}"} if question.scope is Scope.PAIR else set()
        for name in sorted(name for name in missing if name not in question.words):
            yield f"safety_questions.yaml: {question.key}.words: it does not say of whom it is asked. Write {name} where the label goes."
        if not question.words.endswith("?"):
            yield f"safety_questions.yaml: {question.key}.words: this is a question. End it with a question mark."


def _tags_alike(catalogue: Catalogue) -> Iterator[str]:
    """Each tag that stands once, at which no rule aims, and that is nearly one of the others."""
    found = Counter(tag for help_ in catalogue.interventions.values() for tag in help_.tags)
    aimed = {target.tag for rule in catalogue.rules for target in rule.targets}
    aimed |= {name for rule in catalogue.rules for name in (*rule.needs, rule.clashes_with)}
    for help_ in catalogue.interventions.values():
        for tag in help_.tags:
            near = difflib.get_close_matches(tag, [t for t in found if t != tag], 1, 0.85)
            if found[tag] == 1 and tag not in aimed and near:
                yield f"{help_.key}.yaml: tags: {tag} stands here alone and no rule aims at it. Did you mean {near[0]}?"


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
    named |= {key for law in catalogue.laws for key in law.source}
    named |= {key for role in catalogue.roles for key in role.source}
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
