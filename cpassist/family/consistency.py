"""What contradicts itself in a family, as sentences with the place and the remedy."""

import datetime
import difflib
from collections.abc import Iterator
from typing import Any

from cpassist.errors import InvalidRecord
from cpassist.family.records import FamilyFields
from cpassist.family.vocabulary import (
    ADULT_FROM_MONTHS,
    MOST_PEOPLE,
    OUTSIDE_FAMILY,
    UNKNOWN_HARMER,
    check_label,
    months_between,
    read_day,
)


def age_mistakes(family: FamilyFields, on: datetime.date) -> Iterator[str]:
    """Each person whose age on a day contradicts the role, with the remedy."""
    for person in family.people:
        if person.is_unborn:
            continue
        if person.born != "unknown" and read_day(str(person.born))[0] > on:
            yield f"people: {person.label} is not born on {on}. Plan for a later day."
            continue
        low, high = person.age_in_months(on, family.assessed_on)
        if not person.is_child and high < ADULT_FROM_MONTHS:
            yield (
                f"people: {person.label} is {high // 12} on {on} but has the role adult. "
                "Under 18 is child, also for a parent: use role child with cares_for."
            )
        if person.is_child and low >= ADULT_FROM_MONTHS:
            yield (
                f"people: {person.label} is {low // 12} on {on} but has the role child. "
                "From 18 on the role is adult."
            )


def family_mistakes(family: FamilyFields) -> Iterator[str]:
    """Everything about a family that contradicts itself, as sentences with the place."""
    try:
        check_label("label", family.label)
        assessed = family.assessed_on
    except InvalidRecord as mistake:
        yield f"{mistake}"
        return
    if not 1 <= len(family.people) <= MOST_PEOPLE:
        yield f"people: {len(family.people)} people. A family has 1 to {MOST_PEOPLE}."
        return
    keys = [person.key for person in family.people]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield f'people: the key "{key}" is there twice. Give each person a key of their own.'
    labels = [person.label.strip().casefold() for person in family.people]
    for label in sorted({label for label in labels if labels.count(label) > 1}):
        yield f'people: two people are called "{label}". Give each a label of their own.'
    yield from _birth_mistakes(family, assessed)
    yield from age_mistakes(family, assessed)
    yield from _reference_mistakes(family, frozenset(keys))
    yield from _meeting_mistakes(family)
    yield from _need_mistakes(family)
    yield from _repetition_mistakes(family)


def _birth_mistakes(family: FamilyFields, assessed: datetime.date) -> Iterator[str]:
    for person in family.people:
        if person.born and person.born != "unknown":
            first, _ = read_day(person.born)
            if first > assessed:
                yield (
                    f"people: {person.label} is born ({person.born}) after the assessment "
                    f"({family.assessed}). For an unborn child use due and carried_by."
                )
            elif months_between(first, assessed) > 120 * 12:
                yield f"people: {person.label} would be over 120 years old. Check born."


def _meeting_mistakes(family: FamilyFields) -> Iterator[str]:
    """Each child who is said to have accepted a family group meeting; a young parent may."""
    children = {person.key for person in family.children}
    parents = {relation.person for relation in family.relations}
    for person in family.meeting.accepted_by if family.meeting else ():
        if person in children and person not in parents:
            yield f"meeting.accepted_by: {person} is a child. Name who has parental responsibility."


def _reference_mistakes(family: FamilyFields, keys: frozenset[str]) -> Iterator[str]:
    """Each place that names somebody who is not there, or themselves where it cannot be."""
    children = {person.key for person in family.children}
    named: list[tuple[str, str]] = []
    for person in family.people:
        named += [(f"people[{person.key}].cares_for", child) for child in person.cares_for]
        if person.carried_by:
            named.append((f"people[{person.key}].carried_by", person.carried_by))
        for child in person.cares_for:
            if child == person.key or (child in keys and child not in children):
                yield f"people[{person.key}].cares_for: {child} is not another person who is a child."
        if person.carried_by == person.key:
            yield f"people[{person.key}].carried_by: nobody carries themselves."
    accepted = family.meeting.accepted_by if family.meeting else ()
    named += [("meeting.accepted_by", person) for person in accepted]
    for index, relation in enumerate(family.relations):
        named += [
            (f"relations[{index}]", relation.person),
            (f"relations[{index}]", relation.child),
        ]
        if relation.child in keys and relation.child not in children:
            yield f"relations[{index}].child: {relation.child} is not a child."
        if relation.person == relation.child:
            yield f"relations[{index}]: nobody is related to themselves."
    for group in ("needs", "strengths", "support", "wishes"):
        lines: tuple[Any, ...] = getattr(family, group)
        named += [(f"{group}[{index}].person", line.person) for index, line in enumerate(lines)]
    for index, answer in enumerate(family.circumstances):
        named += [(f"circumstances[{index}]", key) for key in (answer.person, answer.other) if key]
        if answer.person and answer.person == answer.other:
            yield f"circumstances[{index}]: person and other are the same. A pair has two people."
    for index, judgement in enumerate(family.judgements):
        named += [(f"judgements[{index}].people", key) for key in judgement.people]
    named += [
        (f"steps[{i}].person", line.person) for i, line in enumerate(family.steps) if line.person
    ]
    for what in ("minutes_per_week", "languages", "access_needs"):
        named += [(f"limits.{what}", key) for key in getattr(family.limits, what)]
    for index, factor in enumerate(family.waiting):
        named += [(f"waiting[{index}].children", child) for child in factor.children]
    for place, key in named:
        if key not in keys:
            yield _nobody(place, key, keys)


def _nobody(place: str, key: str, keys: frozenset[str]) -> str:
    near = difflib.get_close_matches(key, sorted(keys), n=1)
    hint = f' Did you mean "{near[0]}"?' if near else f" The keys are: {', '.join(sorted(keys))}."
    return f'{place}: nobody has the key "{key[:40]}".{hint}'


def _need_mistakes(family: FamilyFields) -> Iterator[str]:
    keys = frozenset(person.key for person in family.people)
    children = {person.key for person in family.children}
    for index, need in enumerate(family.needs):
        for child in need.affects:
            if child not in keys:
                yield _nobody(f"needs[{index}].affects", child, keys)
            elif child not in children:
                yield f"needs[{index}].affects: {child} is an adult. affects names children."
            elif child == need.person:
                yield f"needs[{index}].affects: {child} has this need already. Name others."
        harmers = need.harmed_by or ()
        for key in harmers:
            if key == need.person:
                yield f"needs[{index}].harmed_by: {key} cannot be the one who harms and is harmed."
            elif key not in keys and key not in {UNKNOWN_HARMER, OUTSIDE_FAMILY}:
                yield _nobody(f"needs[{index}].harmed_by", key, keys)
        if UNKNOWN_HARMER in harmers and len(harmers) > 1:
            yield f"needs[{index}].harmed_by: unknown stands alone. Name people, or only unknown."
        for key in need.known_to:
            if key not in keys:
                yield _nobody(f"needs[{index}].known_to", key, keys)


def _repetition_mistakes(family: FamilyFields) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    for index, need in enumerate(family.needs):
        if (need.person, need.need) in seen:
            yield (
                f"needs[{index}]: {need.need} is recorded twice for {need.person}. "
                "Keep one line and put the rest into its words."
            )
        seen.add((need.person, need.need))
    asked: set[tuple[str, str | None, str | None]] = set()
    for index, answer in enumerate(family.circumstances):
        line = (answer.ask, answer.person, answer.other)
        if line in asked:
            yield f"circumstances[{index}]: {answer.ask} is answered twice. Keep the newest answer."
        asked.add(line)
    decided: set[tuple[str, str]] = set()
    for index, step in enumerate(family.steps):
        if (step.step, step.person) in decided:
            yield f"steps[{index}]: {step.step} is decided on twice for the same person. Keep one."
        decided.add((step.step, step.person))
    judged: set[tuple[str, tuple[str, ...]]] = set()
    for index, judgement in enumerate(family.judgements):
        what = (judgement.intervention, tuple(sorted(judgement.people)))
        if what in judged:
            yield f"judgements[{index}]: {judgement.intervention} is judged twice for the same people."
        judged.add(what)
