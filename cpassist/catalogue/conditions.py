"""The closed language in which rules say when they hold, and its reading over one family.

Three values: true, false and unknown. An unanswered question is unknown and never false.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import permutations
from typing import TYPE_CHECKING, Any, ClassVar

from cpassist.errors import InvalidRecord
from cpassist.family import Family, Need
from cpassist.family_vocabulary import (
    OUTSIDE_FAMILY,
    UNKNOWN_HARMER,
    AnswerValue,
    Legal,
    SupportState,
    When,
)

if TYPE_CHECKING:
    from cpassist.catalogue.records import Catalogue

OPERATORS = (
    "all",
    "any",
    "negated",
    "ask",
    "need",
    "takes_part",
    "has_support",
    "age",
    "legal",
    "placement",
)
SAID: Mapping[AnswerValue, bool | None] = {
    AnswerValue.TRUE: True,
    AnswerValue.FALSE: False,
    AnswerValue.UNKNOWN: None,
}
RANGES = frozenset({"takes_part", "adults", "children", "anyone", "harmers", "their_victims"})


@dataclass(frozen=True, kw_only=True)
class AgeTest:
    """The age in months of the children (or adults) an offer is for."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    of: str = "child"
    low: int | None = None
    """At least so many months."""
    below: int | None = None


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One operator of the closed language."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    all: tuple["Condition", ...] | None = None
    any: tuple["Condition", ...] | None = None
    negated: "Condition | None" = None
    ask: str | None = None
    of: str = "takes_part"
    """Over whom a question or a need ranges."""
    harm: tuple[str, ...] = ()
    """Which harm needs make a harmer; empty: all but neglect."""
    every: bool = False
    """True for each of them, rather than for at least one."""
    need: str | None = None
    level: int = 1
    when: str = "current"
    takes_part: str | None = None
    has_support: str | None = None
    age: AgeTest | None = None
    legal: str | None = None
    placement: str | None = None

    def __post_init__(self) -> None:
        said = [name for name in OPERATORS if getattr(self, name) is not None]
        if len(said) != 1:
            raise InvalidRecord(
                "A condition has exactly one of all, any, not, ask, need, takes_part, "
                "has_support, age, legal, placement."
            )
        if self.of not in RANGES:
            raise InvalidRecord(f"of is one of {', '.join(sorted(RANGES))}.")
        if self.when not in {"current", "past", "ever"}:
            raise InvalidRecord("when is current, past or ever.")

    def questions(self) -> Iterator[str]:
        """The key of each safety question in it."""
        if self.ask:
            yield self.ask
        for part in (
            *(self.all or ()),
            *(self.any or ()),
            *((self.negated,) if self.negated else ()),
        ):
            yield from part.questions()

    def needs(self) -> Iterator[str]:
        if self.need:
            yield self.need
        for part in (
            *(self.all or ()),
            *(self.any or ()),
            *((self.negated,) if self.negated else ()),
        ):
            yield from part.needs()


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One safety question about one person, pair or family."""

    key: str
    person: str | None = None
    other: str | None = None


def asked_about(
    catalogue: "Catalogue", key: str, person: str | None = None, other: str | None = None
) -> Asked:
    """A question about somebody; one that goes both ways names the pair in one order."""
    question = catalogue.questions.get(key)
    if question is not None and question.two_way and person and other:
        person, other = sorted((person, other))
    return Asked(key=key, person=person, other=other)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a condition comes to, and the unanswered questions that leave it open."""

    value: bool | None
    open: frozenset[Asked] = field(default_factory=frozenset)


@dataclass(frozen=True, kw_only=True)
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
    catalogue: "Catalogue"


def harm_needs_of(family: Family, person: str, harm_needs: Iterable[str]) -> tuple[Need, ...]:
    """Every harm recorded for a person, past harm included."""
    wanted = frozenset(harm_needs)
    return tuple(need for need in family.needs_of(person) if need.need in wanted)


def harmers_of(
    family: Family, person: str, harm_needs: Iterable[str]
) -> tuple[frozenset[str], bool]:
    """Who in the family is recorded as harming a person, and whether some harm has no known source."""
    known: set[str] = set()
    unknown = False
    for need in harm_needs_of(family, person, harm_needs):
        for harmer in need.harmed_by or (UNKNOWN_HARMER,):
            if harmer == UNKNOWN_HARMER:
                unknown = True
            elif harmer != OUTSIDE_FAMILY:
                known.add(harmer)
    return frozenset(known), unknown


def answer_of(case: Case, ask: str, person: str | None, other: str | None) -> bool | None:
    """The answer to a question: as recorded, or as the file's own facts give it.

    Where both speak and disagree, the reading that holds more help back stands.
    """
    recorded = _recorded(case, ask, person, other)
    derived = _derived(case, ask, person, other)
    if ask in {"lives_together", "sexual_harm_suspected"} and True in (recorded, derived):
        return True
    return derived if recorded is None else recorded


def _recorded(case: Case, ask: str, person: str | None, other: str | None) -> bool | None:
    question = case.catalogue.questions.get(ask)
    answer = SAID[case.family.answer(ask, person, other)]
    if question is None or not question.two_way:
        return answer
    turned = SAID[case.family.answer(ask, other, person)]
    if None not in (answer, turned) and answer is not turned:
        return question.holds_back
    return turned if answer is None else answer


def _derived(case: Case, ask: str, person: str | None, other: str | None) -> bool | None:
    family = case.family
    if ask == "lives_together" and person and other:
        return family.lives_with(person, other)
    if ask == "sexual_harm_suspected" and person and other:
        named = any(
            person in (need.harmed_by or ())
            for need in family.needs_of(other)
            if need.need in {"sexual_abuse", "sexual_exploitation"}
        )
        return True if named else None
    if ask == "in_proceedings" and person:
        theirs = {r.child for r in family.relations if r.person == person}
        theirs |= set(family.person(person).cares_for)
        running = any(Legal.CARE_PROCEEDINGS in family.person(child).legal for child in theirs)
        return True if running else None
    if ask == "in_substance_treatment" and person:
        return True if _has_support(case, "substance_treatment", (person,)) else None
    if ask == "sibling_in_same_group" and person:
        others = {child.key for child in family.children} - {person}
        if not others:
            return False
        return True if _in_a_group(case, others) else None
    if ask == "pregnant" and person:
        carries = any(child.carried_by == person for child in family.children)
        return True if carries else None
    if ask == "both_partners_misuse" and person and other:
        return all(
            any(
                (need := family.need(key, kind)) and need.is_matched
                for kind in ("alcohol_misuse", "drug_misuse")
            )
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


def read_condition(condition: Condition, case: Case) -> Reading:
    """What a condition comes to for an offer that could be made."""
    if condition.all is not None:
        return _every([read_condition(part, case) for part in condition.all])
    if condition.any is not None:
        return _some([read_condition(part, case) for part in condition.any])
    if condition.negated is not None:
        inner = read_condition(condition.negated, case)
        return Reading(value=None if inner.value is None else not inner.value, open=inner.open)
    if condition.ask is not None:
        return _read_question(condition, case)
    return Reading(value=_read_fact(condition, case))


def _some(readings: list[Reading]) -> Reading:
    if any(reading.value for reading in readings):
        return Reading(value=True)
    left = frozenset[Asked]().union(*(r.open for r in readings if r.value is None))
    return Reading(value=None if any(r.value is None for r in readings) else False, open=left)


def _every(readings: list[Reading]) -> Reading:
    if any(reading.value is False for reading in readings):
        return Reading(value=False)
    left = frozenset[Asked]().union(*(r.open for r in readings if r.value is None))
    return Reading(value=None if any(r.value is None for r in readings) else True, open=left)


def _read_question(condition: Condition, case: Case) -> Reading:
    ask = str(condition.ask)
    readings = []
    for about in _about(ask, condition.of, case, condition.harm):
        value = None if about.key != ask else answer_of(case, ask, about.person, about.other)
        readings.append(
            Reading(
                value=value,
                open=frozenset() if value is not None else frozenset({about}),
            )
        )
    return _every(readings) if condition.every else _some(readings)


def _about(ask: str, of: str, case: Case, harm: Iterable[str] = ()) -> Iterator[Asked]:
    """The persons or pairs a question ranges over for one offer."""
    family, scope = case.family, case.catalogue.questions[ask].scope.value
    if scope == "family":
        yield Asked(key=ask)
        return
    concerned = tuple(dict.fromkeys((*case.people, *case.children)))
    # Somebody of 17 with a child stands as an adult; a brother who comes along does not.
    adults = tuple(key for key in case.people if family.is_parenting(key))
    if of in {"harmers", "their_victims"}:
        yield from _about_harm(ask, of, case, concerned, harm)
    elif scope == "pair":
        among = adults if of == "adults" else case.people
        if of == "children":
            for adult in adults:
                for child in case.children:
                    yield asked_about(case.catalogue, ask, adult, child)
            return
        for person, other in permutations(among, 2):
            if (
                of != "takes_part"
                or not family.person(person).is_child
                or person not in case.children
            ):
                yield asked_about(case.catalogue, ask, person, other)
    else:
        who: Iterable[str] = {
            "takes_part": case.people,
            "adults": adults,
            "children": case.children,
            "anyone": tuple(person.key for person in family.people),
        }[of]
        if scope == "child":
            who = [key for key in who if family.person(key).is_child]
        for key in who:
            if family.age(key, case.on)[1] >= case.catalogue.questions[ask].from_months:
                yield Asked(key=ask, person=key)


def _about_harm(
    ask: str, of: str, case: Case, concerned: tuple[str, ...], harm: Iterable[str]
) -> Iterator[Asked]:
    family = case.family
    harm = tuple(harm) or tuple(case.catalogue.harm_needs - {"neglect"})
    if of == "harmers":
        for key in concerned:
            known, unknown = harmers_of(family, key, harm)
            for harmer in sorted(known):
                yield asked_about(case.catalogue, ask, harmer, key)
            if unknown:
                # Nobody said who: the question behind the question comes first.
                yield Asked(key="harmed_by", person=key)
        return
    for key in case.people:
        victims = victims_of(family, key, harm)
        for victim in victims:
            yield asked_about(case.catalogue, ask, key, victim)
        if not victims:
            # Nobody is recorded as harmed by a person who causes harm: that is a question, not a no.
            yield Asked(key="harms_whom", person=key)


def victims_of(family: Family, person: str, harm_needs: Iterable[str]) -> tuple[str, ...]:
    """Those recorded as subjected to domestic abuse by a person, or by nobody who is known."""
    found = []
    for other in family.people:
        if other.key == person or family.need(other.key, "domestic_abuse_victim") is None:
            continue
        known, unknown = harmers_of(family, other.key, harm_needs)
        if person in known or unknown:
            found.append(other.key)
    return tuple(sorted(found))


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
        return any(_has_need(family.need(key, condition.need), condition) for key in keys)
    if condition.takes_part is not None:
        return bool(case.parts.get(condition.takes_part))
    if condition.has_support is not None:
        return _has_support(case, condition.has_support, concerned)
    if condition.age is not None:
        return _read_age(condition.age, case)
    if condition.legal is not None:
        return any(condition.legal in family.person(key).legal for key in case.children)
    return any(family.person(key).placement == condition.placement for key in case.children)


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
    for key in keys:
        low, high = case.family.age(key, case.on)
        if test.low is not None and low < test.low:
            continue
        if test.below is not None and high >= test.below:
            continue
        return True
    return False
