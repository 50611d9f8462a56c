"""Reads the closed language of rules over one family.

Three values: true, false and unknown. An unanswered question is unknown and never false.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import permutations
from typing import NamedTuple

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.conditions import AgeTest, Asked, Condition
from cpassist.catalogue.named_in_code import (
    IN_PROCEEDINGS,
    IN_SUBSTANCE_TREATMENT,
    LIVES_TOGETHER,
    PREGNANT,
    SIBLING_IN_SAME_GROUP,
)
from cpassist.catalogue.vocabulary import Scope
from cpassist.family.family import Family
from cpassist.family.records import Need
from cpassist.family.vocabulary import Legal, SupportState, When
from cpassist.harm.causing import CAUSING
from cpassist.harm.reading import HarmReading


@dataclass(frozen=True, kw_only=True, repr=False)
class Reading:
    """What a condition comes to, and the unanswered questions that leave it open."""

    value: bool | None
    open: frozenset[Asked] = field(default_factory=frozenset)


@dataclass(frozen=True, kw_only=True, repr=False)
class Case:
    """An offer that could be made, as far as rules look at it."""

    family: Family
    on: datetime.date
    people: tuple[str, ...]
    """Those who take part."""
    children: tuple[str, ...]
    """Those it is for."""
    parts: Mapping[str, tuple[str, ...]]
    """Role → the keys of those who play it."""
    harm: HarmReading

    @property
    def catalogue(self) -> Catalogue:
        return self.harm.catalogue

    @cached_property
    def adults(self) -> tuple[str, ...]:
        """Those who take part as adults: somebody of 17 with a child does, a brother who comes along does not."""
        return tuple(key for key in self.people if self.family.is_parenting(key))


def answer_of(case: Case, ask: str, person: str | None, other: str | None) -> bool | None:
    """The answer to a question: as recorded, read strictly, or as the file's own facts give it."""
    said = case.harm.answers.value(ask, person, other)
    return _derived(case, ask, person, other) if said is None else said


def _derived(case: Case, ask: str, person: str | None, other: str | None) -> bool | None:
    family = case.family
    if ask == LIVES_TOGETHER and person and other:
        return family.lives_with(person, other)
    if ask == IN_PROCEEDINGS and person:
        theirs = {r.child for r in family.relations if r.person == person}
        theirs |= set(family.person(person).cares_for)
        running = any(Legal.CARE_PROCEEDINGS in family.person(child).legal for child in theirs)
        return True if running else None
    if ask == IN_SUBSTANCE_TREATMENT and person:
        return True if _has_support(case, "substance_treatment", (person,)) else None
    if ask == SIBLING_IN_SAME_GROUP and person:
        others = {child.key for child in family.children} - {person}
        if not others:
            return False
        return True if _in_a_group(case, others) else None
    if ask == PREGNANT and person:
        carries = any(child.carried_by == person for child in family.children)
        return True if carries else None
    question = case.catalogue.questions.get(ask)
    if question is not None and question.both_have and person and other:
        return all(
            any(n.need in question.both_have and n.is_matched for n in family.needs_of(key))
            for key in (person, other)
        )
    return None


def _has_support(case: Case, wanted: str, people: Iterable[str]) -> bool:
    return any(
        line.person in people
        and line.intervention is not None
        and line.state is SupportState.CURRENT
        and (line.intervention == wanted or wanted in _tags_of(line.intervention, case))
        for line in case.family.support
    )


def _in_a_group(case: Case, people: Iterable[str]) -> bool:
    """Whether somebody of these goes to group work now."""
    known = case.catalogue.interventions
    return any(
        line.person in people
        and line.intervention is not None
        and line.intervention in known
        and known[line.intervention].group
        and line.state is SupportState.CURRENT
        for line in case.family.support
    )


def _tags_of(intervention: str, case: Case) -> tuple[str, ...]:
    """Support may name help that is in no catalogue: it has no tags."""
    known = case.catalogue.interventions.get(intervention)
    return known.tags if known else ()


_Looked = Callable[[Case], tuple[object, ...]]
_NOBODY: _Looked = lambda _: ()  # noqa: E731
_FIRST: _Looked = lambda case: (case.people[:1],)  # noqa: E731
_PEOPLE: _Looked = lambda case: (case.people,)  # noqa: E731
_ADULTS: _Looked = lambda case: (case.adults,)  # noqa: E731
_CHILDREN: _Looked = lambda case: ((), case.children)  # noqa: E731
_ADULTS_AND_CHILDREN: _Looked = lambda case: (case.adults, case.children)  # noqa: E731
_EVERYBODY: _Looked = lambda case: (case.people, case.children)  # noqa: E731


def read_condition(condition: Condition, case: Case) -> Reading:
    """What a condition comes to for an offer that could be made."""
    if condition.need is not None and condition.need not in case.family.recorded_needs:
        return FALSE
    if condition.all is not None:
        return _every(condition.all, case)
    if condition.any is not None:
        return _some(condition.any, case)
    if condition.negated is not None:
        inner = read_condition(condition.negated, case)
        if inner.value is None:
            return inner
        return FALSE if inner.value else TRUE
    part = _known(condition, case.catalogue)
    key = (part.same, *part.looked_at(case))
    reading: Reading | None = case.harm.worked_out.get(key)
    if reading is None:
        reading = case.harm.worked_out[key] = _read_part(condition, case)
    return reading


class _Part(NamedTuple):
    """What a part of a condition is known by, so that it is read once for the same people."""

    condition: Condition
    """Kept, since it is found by where it lies in memory."""
    same: int
    """The same number for each part that says the same, in whatever rule it stands."""
    looked_at: _Looked
    """Those of an offer whom it looks at: for the same of them it comes to the same."""


def _known(condition: Condition, catalogue: Catalogue) -> _Part:
    key = ("part of a condition", id(condition))
    part: _Part | None = catalogue.worked_out.get(key)
    if part is None or part.condition is not condition:
        same = catalogue.worked_out.setdefault(("parts that say", condition), condition)
        part = _Part(condition, id(same), _looked_at(condition, catalogue))
        catalogue.worked_out[key] = part
    return part


def _read_part(condition: Condition, case: Case) -> Reading:
    if condition.ask is not None:
        return _read_question(condition, case)
    return _settled(_read_fact(condition, case))


def _looked_at(condition: Condition, catalogue: Catalogue) -> _Looked:
    of = condition.of
    found = _EVERYBODY
    if condition.ask is not None:
        scope = catalogue.questions[condition.ask].scope
        if scope is Scope.FAMILY or (scope is not Scope.PAIR and of in {"anyone", "harmed"}):
            found = _NOBODY
        elif of == "children":
            found = _ADULTS_AND_CHILDREN if scope is Scope.PAIR else _CHILDREN
        elif of in {"adults", "treated"}:
            found = _ADULTS if of == "adults" else _PEOPLE
    elif condition.takes_part is not None:
        role = condition.takes_part
        found = lambda case: (bool(case.parts.get(role)),)  # noqa: E731
    elif condition.need is not None or condition.harm_at is not None:
        if of in {"anyone", "children"}:
            found = _NOBODY if of == "anyone" else _CHILDREN
        elif of == "takes_part" or (of == "adults" and condition.need is not None):
            found = _PEOPLE
    elif condition.harms is not None:
        found = _PEOPLE if condition.harms == "other" else _FIRST
    elif condition.age is not None:
        found = _CHILDREN if condition.age.of == "child" else _PEOPLE
    elif condition.legal is not None or condition.placement is not None:
        found = _CHILDREN
    return found


TRUE, FALSE = Reading(value=True), Reading(value=False)


def _settled(value: bool) -> Reading:
    return TRUE if value else FALSE


def _some(parts: Iterable[Condition], case: Case) -> Reading:
    """One that holds settles it, and nothing is looked at after it."""
    left: list[Reading] = []
    for part in parts:
        reading = read_condition(part, case)
        if reading.value:
            return TRUE
        if reading.value is None:
            left.append(reading)
    return _open(left) if left else FALSE


def _every(parts: Iterable[Condition], case: Case) -> Reading:
    """One that does not hold settles it, and nothing is looked at after it."""
    left: list[Reading] = []
    for part in parts:
        reading = read_condition(part, case)
        if reading.value is False:
            return FALSE
        if reading.value is None:
            left.append(reading)
    return _open(left) if left else TRUE


def _open(left: list[Reading]) -> Reading:
    if len(left) == 1:
        return left[0]
    return Reading(value=None, open=frozenset[Asked]().union(*(r.open for r in left)))


def _read_question(condition: Condition, case: Case) -> Reading:
    """A question about each of those over whom it ranges: for every one of them, or for at least one."""
    ask = str(condition.ask)
    settles = not condition.every
    left: list[Asked] = []
    two_way = case.catalogue.questions[ask].two_way
    for key, person, other in _about(ask, condition.of, case, condition.harm):
        if two_way and person and other and other < person:
            person, other = other, person  # noqa: PLW2901  one name for the pair, as in asked_about
        value = None if key != ask else answer_of(case, ask, person, other)
        if value is settles:
            return TRUE if settles else FALSE
        if value is None:
            left.append(Asked(key=key, person=person, other=other))
    if left:
        return Reading(value=None, open=frozenset(left))
    return FALSE if settles else TRUE


_About = tuple[str, str | None, str | None]
"""A question, the person, and the other of a pair."""


def _about(ask: str, of: str, case: Case, harm: Iterable[str] = ()) -> Iterator[_About]:
    """The persons or pairs a question ranges over for one offer."""
    family, question = case.family, case.catalogue.questions[ask]
    scope = question.scope
    if scope is Scope.FAMILY:
        yield ask, None, None
        return
    concerned = tuple(dict.fromkeys((*case.people, *case.children)))
    adults = case.adults
    if of in {"harmers", "their_victims"}:
        yield from _about_harm(ask, of, case, concerned, harm)
    elif scope is Scope.PAIR:
        among = adults if of == "adults" else case.people
        if of == "children":
            for adult in adults:
                for child in case.children:
                    # A young parent may be the child whom the help is for: nobody is asked about themselves.
                    if child != adult:
                        yield ask, adult, child
            return
        for person, other in permutations(among, 2):
            if (
                of != "takes_part"
                or not family.person(person).is_child
                or person not in case.children
            ):
                yield ask, person, other
    else:
        who = _ranged_over(of, case)
        if scope is Scope.CHILD:
            who = tuple(key for key in who if family.person(key).is_child)
        for key in who:
            old_enough = family.age(key, case.on)[1] >= question.from_months
            fits = family.is_parenting(key) or not question.adults_only
            # It is not asked of anybody younger; what somebody answered counts at any age.
            if (old_enough and fits) or answer_of(case, ask, key, None) is not None:
                yield ask, key, None


def _ranged_over(of: str, case: Case) -> tuple[str, ...]:
    """Those over whom a question about one person ranges."""
    if of == "adults":
        return case.adults
    if of == "children":
        return case.children
    if of == "treated":
        return tuple(k for k in case.people if k not in case.adults) or case.adults
    if of == "anyone":
        return tuple(person.key for person in case.family.people)
    if of == "harmed":
        return tuple(k for k in _children_of(case, "anyone") if _is_harmed(case, k, 1))
    return case.people


def _about_harm(
    ask: str, of: str, case: Case, concerned: tuple[str, ...], harm: Iterable[str]
) -> Iterator[_About]:
    kinds = tuple(harm) or None
    if of == "harmers" and case.catalogue.questions[ask].scope is not Scope.PAIR:
        # About the one who harms, whoever is harmed, and also where nobody is named as harmed.
        for key in case.harm.causing:
            # A child who is feared, or hurt a brother, is not somebody who abuses.
            own = any(need.need in CAUSING for need in case.family.needs_of(key))
            if key in concerned and (own or case.family.is_parenting(key)):
                yield ask, key, None
        return
    if of == "harmers":
        for key in concerned:
            known, unknown = case.harm.harmers_of(key, kinds)
            for harmer in sorted(known):
                yield ask, harmer, key
            if unknown:
                # Nobody said who: the question behind the question comes first.
                yield "harmed_by", key, None
        return
    for key in case.people:
        victims = case.harm.victims_of(key)
        for victim in victims:
            yield ask, key, victim
        if not victims:
            # Nobody is recorded as harmed by a person who causes harm: that is a question, not a no.
            yield "harms_whom", key, None


def _read_fact(condition: Condition, case: Case) -> bool:
    family = case.family
    concerned = tuple(dict.fromkeys((*case.people, *case.children)))
    if condition.need is not None:
        keys = {
            "takes_part": case.people,
            "adults": tuple(k for k in case.people if not family.person(k).is_child),
            "children": case.children,
            "anyone": tuple(person.key for person in family.people),
        }.get(condition.of, concerned)
        return any(
            _has_need(family.need(key, condition.need), condition)
            and (condition.aged is None or _is_aged(condition.aged, family.age(key, case.on)))
            for key in keys
        )
    if condition.harm_at is not None:
        children = _children_of(case, condition.of)
        return any(_is_harmed(case, key, condition.harm_at) for key in children)
    if condition.interpreter is not None:
        return any(needs_interpreter(family, key) for key in concerned) is condition.interpreter
    if condition.harms is not None:
        return _harms(condition.harms, case)
    if condition.takes_part is not None:
        return bool(case.parts.get(condition.takes_part))
    if condition.has_support is not None:
        return _has_support(case, condition.has_support, concerned)
    if condition.age is not None:
        return _read_age(condition.age, case)
    if condition.legal is not None:
        return any(condition.legal in family.person(key).legal for key in case.children)
    return any(family.person(key).placement == condition.placement for key in case.children)


def _harms(whom: str, case: Case) -> bool:
    """Whether the first of those it is about is recorded, said or suspected to harm somebody."""
    first, *others = case.people or ("",)
    if whom == "adult":
        return case.harm.harms_an_adult(first)
    if whom == "anybody":
        return first in case.harm.causing
    return any(case.harm.has_harmed(first, other) for other in others)


ENGLISH = frozenset({"en", "english", "eng", "en-gb"})


def needs_interpreter(family: Family, key: str) -> bool:
    """Whether somebody has stated languages and English is none of them."""
    spoken = family.limits.languages.get(key, ())
    return bool(spoken) and not {word.strip().casefold() for word in spoken} & ENGLISH


def _children_of(case: Case, of: str) -> tuple[str, ...]:
    everybody = tuple(child.key for child in case.family.children)
    return {"anyone": everybody, "takes_part": case.people}.get(of, case.children)


def _is_harmed(case: Case, key: str, level: int) -> bool:
    return case.harm.worst_harm.get(key, 0) >= level


def _has_need(need: Need | None, condition: Condition) -> bool:
    if need is None:
        return False
    if condition.when == "past":
        return need.when is When.PAST
    if condition.when == "current" and need.when is When.PAST:
        return False
    # A need that nobody rated is still a need to a safety rule.
    return need.level is None or need.level >= condition.level


def _read_age(test: AgeTest, case: Case) -> bool:
    keys = case.children if test.of == "child" else case.people
    return any(_is_aged(test, case.family.age(key, case.on)) for key in keys)


def _is_aged(test: AgeTest, age: tuple[int, int]) -> bool:
    """Whether every age that somebody can have, in months, is inside."""
    low, high = age
    return (test.low is None or low >= test.low) and (test.below is None or high < test.below)
