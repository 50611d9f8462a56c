"""A family as assessed so far: what its lines say, looked up and held against each other."""

import dataclasses
import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cpassist.codec import unordered_fingerprint
from cpassist.errors import InvalidRecord, Mistakes
from cpassist.family.consistency import family_mistakes
from cpassist.family.records import FamilyFields, Need, Person
from cpassist.family.vocabulary import (
    AnswerValue,
    RelationKind,
)


@dataclass(frozen=True, kw_only=True, repr=False)
class Family(FamilyFields):
    """One family as assessed so far. Replaced, never changed in place."""

    def __post_init__(self) -> None:
        mistakes = tuple(family_mistakes(self))
        if mistakes:
            raise Mistakes(mistakes)

    def __repr__(self) -> str:
        """Counts and nothing else: what stands here may be somebody's life, and a repr ends up in logs and notebooks."""
        return f"Family(adults: {len(self.adults)}, children: {len(self.children)}, needs: {len(self.needs)})"

    # A family never changes, and rules ask it the same things thousands of times: looked up once.

    @cached_property
    def _people(self) -> Mapping[str, Person]:
        return {person.key: person for person in reversed(self.people)}

    @cached_property
    def _answers(self) -> Mapping[tuple[str, str | None, str | None], AnswerValue]:
        lines = reversed(self.circumstances)
        return {(line.ask, line.person, line.other): line.answer for line in lines}

    @cached_property
    def _needs_of(self) -> Mapping[str, tuple[Need, ...]]:
        found: dict[str, tuple[Need, ...]] = {}
        for need in self.needs:
            found[need.person] = (*found.get(need.person, ()), need)
        return found

    @cached_property
    def _parenting(self) -> frozenset[str]:
        parents = {r.person for r in self.relations if r.kind is RelationKind.PARENT}
        carrying = {child.carried_by for child in self.people}
        return frozenset(
            p.key for p in self.people if not p.is_child or p.key in parents or p.key in carrying
        )

    @cached_property
    def _carers(self) -> Mapping[str, tuple[str, ...]]:
        found = {}
        for child in self.people:
            carers = {p.key for p in self.people if child.key in p.cares_for} & self._parenting
            if child.carried_by is not None:
                carers |= {child.carried_by}
            found[child.key] = tuple(sorted(carers))
        return found

    @cached_property
    def _cared_for(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for child in sorted(self.children, key=lambda child: child.key):
            for carer in self.carers_of(child.key):
                found.setdefault(carer, []).append(child.key)
        return {carer: tuple(children) for carer, children in found.items()}

    @cached_property
    def recorded_needs(self) -> frozenset[str]:
        """The keys of the needs that are recorded of anybody, of whatever level and time."""
        return frozenset(need.need for need in self.needs)

    @cached_property
    def adults(self) -> tuple[Person, ...]:
        return tuple(person for person in self.people if not person.is_child)

    def person(self, key: str) -> Person:
        """The person of that key; raises InvalidRecord when there is none."""
        person = self._people.get(key)
        if person is None:
            raise InvalidRecord(f'Nobody in this family has the key "{key[:40]}".')
        return person

    def label_of(self, key: str) -> str:
        return self.person(key).label

    def needs_of(self, key: str) -> tuple[Need, ...]:
        return self._needs_of.get(key, ())

    def need(self, person: str, need: str) -> Need | None:
        return next((n for n in self.needs_of(person) if n.need == need), None)

    def carers_of(self, child: str) -> tuple[str, ...]:
        """The keys of those who care for a child as an adult does; for an unborn child, whoever carries it.

        A child who looks after a brother or sister is no carer here: nobody sends a ten-year-old to a
        parenting course.
        """
        return self._carers.get(child, ())

    def cared_for_by(self, key: str) -> tuple[str, ...]:
        """The keys of the children somebody cares for as an adult does."""
        return self._cared_for.get(key, ())

    def is_parenting(self, key: str) -> bool:
        """Whether somebody stands as an adult towards a child: an adult, or a child who is a parent.

        A child who only looks after a brother or sister is a young carer and needs help as a child.
        """
        return key in self._parenting

    def lives_with(self, one: str, other: str) -> bool | None:
        """Whether two people share a home; None where nobody wrote down where one of them lives."""
        homes, others = self.person(one).lives_in, self.person(other).lives_in
        if not homes or not others:
            return None
        return bool(set(homes) & set(others))

    def answer(self, ask: str, person: str | None = None, other: str | None = None) -> AnswerValue:
        """The recorded answer, or unknown."""
        return self._answers.get((ask, person, other), AnswerValue.UNKNOWN)

    @cached_property
    def said_yes(self) -> frozenset[tuple[str, str | None, str | None]]:
        """The questions answered with yes: which, about whom, and towards whom."""
        return frozenset(k for k, said in self._answers.items() if said is AnswerValue.TRUE)

    @cached_property
    def said_no(self) -> frozenset[tuple[str, str | None, str | None]]:
        """The questions answered with no: which, about whom, and towards whom."""
        return frozenset(k for k, said in self._answers.items() if said is AnswerValue.FALSE)

    @cached_property
    def _ages(self) -> dict[tuple[str, datetime.date], tuple[int, int]]:
        return {}

    def age(self, key: str, on: datetime.date) -> tuple[int, int]:
        """The lowest and highest age in months that somebody can have on a day."""
        if (key, on) not in self._ages:
            self._ages[key, on] = self.person(key).age_in_months(on, self.assessed_on)
        return self._ages[key, on]

    def with_changes(self, **changes: Any) -> "Family":
        """A copy with some fields replaced; raises Mistakes when the copy could not be."""
        return dataclasses.replace(self, **changes)

    def fingerprint(self) -> str:
        """SHA-256 over a form that does not depend on the order of people, needs or lines."""
        return unordered_fingerprint(self, ADDED_LATER)


ADDED_LATER = frozenset({"waiting", "steps", "meeting"})
"""What older families could not say: it counts only where it says something, so that older fingerprints hold."""
