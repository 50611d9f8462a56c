"""The safety questions that a family itself asks for, whatever help depends on them."""

from collections.abc import Iterator
from itertools import permutations

from cpassist.catalogue.conditions import Asked, asked_about
from cpassist.catalogue.rules import SafetyQuestion
from cpassist.catalogue.vocabulary import Scope
from cpassist.harm.reading import HarmReading
from cpassist.planning.safety.conditions import Case, answer_of, read_condition


def asked_of_family(harm: HarmReading) -> Iterator[Asked]:
    """Each question that follows from what is recorded and has no answer yet; a pair as such is asked once.

    Never of a child what is for adults, never of a baby what a baby cannot answer.
    """
    family = harm.family
    seen: set[Asked] = set()
    cases: dict[tuple[str, ...], Case] = {}
    for question in harm.catalogue.questions.values():
        if question.asked_when is None or not question.asked_when.could_hold(family.recorded_needs):
            continue
        for people in _about(question, harm):
            if people not in cases:
                first = people[0]
                children = family.cared_for_by(first) if family.is_parenting(first) else (first,)
                cases[people] = Case(family=family, on=harm.on, people=people, children=children, parts={}, harm=harm)  # fmt: skip
            case = cases[people]
            person, other = people[0], people[1] if len(people) > 1 else None
            if read_condition(question.asked_when, case).value is not True:
                continue
            if answer_of(case, question.key, person, other) is not None:
                continue
            asked = asked_about(harm.catalogue, question.key, person, other)
            if asked not in seen:
                seen.add(asked)
                yield asked


def _about(question: SafetyQuestion, harm: HarmReading) -> Iterator[tuple[str, ...]]:
    family, on = harm.family, harm.on
    everybody = sorted(p.key for p in family.people if not p.is_unborn)
    if question.scope is Scope.PAIR:
        for person, other in permutations(everybody, 2):
            fits = family.is_parenting(person) or not question.adults_only
            fits = fits and (family.is_parenting(other) or not question.between_adults)
            if fits and family.age(other, on)[1] >= question.other_from_months:
                yield person, other
        return
    for person in everybody:
        if question.scope is Scope.CHILD and not family.person(person).is_child:
            continue
        fits = family.is_parenting(person) or not question.adults_only
        if fits and family.age(person, on)[1] >= question.from_months:
            yield (person,)
