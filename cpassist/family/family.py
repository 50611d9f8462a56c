"""Who the case is about and what was assessed: people, needs, strengths, answers, judgements."""

import dataclasses
import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, ClassVar

from cpassist.errors import InvalidRecord, Mistakes
from cpassist.family.consistency import family_mistakes
from cpassist.family.vocabulary import (
    KEY,
    LONGEST_LABEL,
    LONGEST_WORDS,
    UNKNOWN_HARMER,
    ActionLevel,
    AnswerValue,
    Basis,
    Choice,
    Legal,
    Placement,
    RelationKind,
    Role,
    SupportState,
    When,
    check_label,
    check_words,
    months_between,
    read_day,
)


@dataclass(frozen=True, kw_only=True)
class Person:
    """A child or an adult of the family, under a label, never a name."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    key: str
    role: Role
    label: str
    born: str | None = None
    """YYYY, YYYY-MM, YYYY-MM-DD or "unknown"; None for an unborn child."""
    age_between: tuple[int, int] | None = None
    """Years, on the day of assessment, where the birth date is unknown."""
    due: str | None = None
    carried_by: str | None = None
    lives_in: tuple[str, ...] = ()
    """Keys of households, never addresses; two people with one key live together."""
    cares_for: tuple[str, ...] = ()
    placement: Placement | None = None
    legal: tuple[Legal, ...] = ()

    def __post_init__(self) -> None:
        if not KEY.match(self.key):
            raise InvalidRecord(
                f'"{self.key[:40]}" cannot be a key. Use small letters, digits and _, from a letter.'
            )
        check_label("The label", self.label)
        if self.is_unborn:
            if self.role is not Role.CHILD or self.born or not self.carried_by:
                raise InvalidRecord(
                    "An unborn child has role child, due and carried_by, and no birth date."
                )
            read_day(str(self.due))
        elif self.born is None:
            raise InvalidRecord('born is missing. Write 2018, 2018-06, 2018-06-03 or "unknown".')
        elif self.born == "unknown":
            if self.age_between is None:
                raise InvalidRecord("born is unknown, so give age_between: [13, 15].")
            if not 0 <= self.age_between[0] <= self.age_between[1] <= 120:
                raise InvalidRecord("age_between needs the lower age first, in years.")
        else:
            read_day(self.born)

    @property
    def is_child(self) -> bool:
        return self.role is Role.CHILD

    @property
    def is_unborn(self) -> bool:
        """Takes part in nothing, but can be affected and helped through others."""
        return self.due is not None

    def age_in_months(self, on: datetime.date, assessed: datetime.date) -> tuple[int, int]:
        """The lowest and highest age this person can have on a day; negative before birth."""
        if self.due is not None:
            first, last = read_day(self.due)
            return months_between(last, on), months_between(first, on)
        if self.born == "unknown" and self.age_between:
            since = max(0, months_between(assessed, on))
            low, high = self.age_between
            return low * 12 + since, high * 12 + 11 + since
        first, last = read_day(str(self.born))
        return max(0, months_between(min(last, on), on)), max(0, months_between(first, on))


@dataclass(frozen=True, kw_only=True)
class Relation:
    """What one person is to one child."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    person: str
    child: str
    kind: RelationKind
    parental_responsibility: bool | None = None


@dataclass(frozen=True, kw_only=True)
class SourceScale:
    """Somebody else's rating, kept as it was given."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    name: str
    value: str
    date: str | None = None

    def __post_init__(self) -> None:
        check_words("The scale's name", self.name, LONGEST_LABEL)
        check_words("The scale's value", self.value, LONGEST_LABEL)
        if self.date:
            read_day(self.date)


@dataclass(frozen=True, kw_only=True)
class Need:
    """Something one person needs help with, as assessed."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    person: str
    need: str
    """A key of catalogue/needs.yaml."""
    level: ActionLevel | None = None
    """None is "not rated": it is asked about and never treated as 0."""
    affects: tuple[str, ...] = ()
    harmed_by: tuple[str, ...] | None = None
    """Keys, ("unknown",) or ("outside_family",); None or nothing on a harm need means nobody has said yet."""
    basis: Basis = Basis.CONFIRMED
    when: When = When.CURRENT
    known_to: tuple[str, ...] = ()
    scale: SourceScale | None = None
    says: str = ""
    seen_by: str = ""
    seen_on: str | None = None

    def __post_init__(self) -> None:
        check_words("What was seen", self.says, LONGEST_WORDS)
        check_words("Who saw it", self.seen_by, LONGEST_LABEL)
        if self.seen_on:
            read_day(self.seen_on)

    @property
    def is_unexplained(self) -> bool:
        """Of a harm: whether nobody has said who does it; an empty list says nothing."""
        return (self.harmed_by or (UNKNOWN_HARMER,)) == (UNKNOWN_HARMER,)

    @property
    def is_matched(self) -> bool:
        """Whether this need asks for help at all: rated 1 to 3 and not over."""
        return bool(self.level) and self.when is not When.PAST


@dataclass(frozen=True, kw_only=True)
class Strength:
    """Something in the family that helps."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    person: str
    says: str
    existing_safety: bool = False
    seen_by: str = ""
    seen_on: str | None = None

    def __post_init__(self) -> None:
        if not self.says.strip():
            raise InvalidRecord("A strength needs words. Say what helps.")
        check_words("A strength", self.says, LONGEST_WORDS)
        check_words("Who saw it", self.seen_by, LONGEST_LABEL)
        if self.seen_on:
            read_day(self.seen_on)


@dataclass(frozen=True, kw_only=True)
class Support:
    """Help that the family has or had; it satisfies what must come first."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    person: str
    intervention: str | None = None
    says: str = ""
    state: SupportState = SupportState.CURRENT

    def __post_init__(self) -> None:
        check_words("Words on support", self.says, LONGEST_WORDS)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer to one safety question; no answer at all is the same as unknown."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    ask: str
    person: str | None = None
    other: str | None = None
    answer: AnswerValue = AnswerValue.UNKNOWN
    date: str | None = None
    says: str = ""

    def __post_init__(self) -> None:
        check_words("Words on an answer", self.says, LONGEST_WORDS)
        if self.date:
            read_day(self.date)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What the family can carry; whatever is missing was not stated and is asked."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    minutes_per_week: Mapping[str, int] = field(default_factory=dict)
    languages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    transport: bool | None = None
    access_needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for minutes in self.minutes_per_week.values():
            if not 0 <= minutes <= 7 * 24 * 60:
                raise InvalidRecord("Minutes a week must lie between 0 and 10080.")
        for words in (*self.languages.values(), *self.access_needs.values()):
            for word in words:
                check_words("A language or access need", word, LONGEST_LABEL)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody in the family wants, in their words."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    person: str
    says: str

    def __post_init__(self) -> None:
        if not self.says.strip():
            raise InvalidRecord("A wish needs words. Say what the person wants.")
        check_words("A wish", self.says, LONGEST_WORDS)


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """A worker's reasoned accept, decline or add; it never lifts a rule that blocks."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    intervention: str
    people: tuple[str, ...]
    decision: Choice
    because: str = ""
    by: str = "worker"
    date: str | None = None

    def __post_init__(self) -> None:
        check_words("A reason", self.because, LONGEST_WORDS)
        check_words("Who judged", self.by, LONGEST_LABEL)
        if not self.people:
            raise InvalidRecord("A judgement says for whom: people is empty.")
        if self.decision is not Choice.ACCEPT and not self.because.strip():
            raise InvalidRecord(f"A judgement to {self.decision} needs a reason in because.")
        if self.date:
            read_day(self.date)


@dataclass(frozen=True, kw_only=True)
class StepDecision:
    """What a worker decided about one ordinary step: accepted, perhaps in their own words, or declined with a reason."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    step: str
    """A key of the catalogue's ordinary steps."""
    person: str = ""
    """Whose need it is for; empty where it is for the family as a whole."""
    decision: Choice
    because: str = ""
    says: str = ""
    """The step in the worker's own words; empty: as the catalogue has it."""
    by: str = "worker"
    date: str | None = None

    def __post_init__(self) -> None:
        check_words("The step", self.says, LONGEST_WORDS)
        check_words("A reason", self.because, LONGEST_WORDS)
        check_words("Who decided", self.by, LONGEST_LABEL)
        if self.decision is Choice.ADD:
            raise InvalidRecord("A step is accepted or declined; add is for help. Write accept.")
        if self.decision is Choice.DECLINE and not self.because.strip():
            raise InvalidRecord("Declining a step needs a reason in because.")
        if self.date:
            read_day(self.date)


@dataclass(frozen=True, kw_only=True)
class WaitingFactor:
    """What a census return says of somebody who is not named yet: it leads to nothing until a person says of whom."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    code: str
    says: str
    needs: tuple[str, ...]
    """The needs that it may be, by key."""
    children: tuple[str, ...] = ()
    """In whose assessment it stood."""

    def __post_init__(self) -> None:
        check_words("The code", self.code, LONGEST_LABEL)
        check_words("The factor", self.says, LONGEST_WORDS)


@dataclass(frozen=True, kw_only=True)
class Family:
    """One family as assessed so far. Replaced, never changed in place."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    label: str
    assessed: str
    people: tuple[Person, ...]
    invented: bool = False
    relations: tuple[Relation, ...] = ()
    needs: tuple[Need, ...] = ()
    strengths: tuple[Strength, ...] = ()
    support: tuple[Support, ...] = ()
    circumstances: tuple[Answer, ...] = ()
    limits: Limits = field(default_factory=Limits)
    wishes: tuple[Wish, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    waiting: tuple[WaitingFactor, ...] = ()
    steps: tuple[StepDecision, ...] = ()
    """What was decided about ordinary steps."""

    def __post_init__(self) -> None:
        mistakes = tuple(family_mistakes(self))
        if mistakes:
            raise Mistakes(mistakes)

    @property
    def assessed_on(self) -> datetime.date:
        return read_day(self.assessed)[0]

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
    def children(self) -> tuple[Person, ...]:
        return tuple(person for person in self.people if person.is_child)

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
        return hashlib.sha256(_canonical(self).encode()).hexdigest()


ADDED_LATER = frozenset({"waiting", "steps"})
_WRITTEN = json.JSONEncoder(ensure_ascii=False).encode
_WRITTEN_KEY = json.JSONEncoder().encode


@cache
def _fields_of(kind: type) -> tuple[tuple[str, str], ...]:
    """The fields of a record by name, each with its name as it is written."""
    names = sorted(field.name for field in dataclasses.fields(kind))
    return tuple((name, _WRITTEN_KEY(name)) for name in names)


def _canonical(value: Any) -> str:
    if value is None or isinstance(value, str | bool | int):
        return _WRITTEN(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = [
            f"{written}:{_canonical(getattr(value, name))}"
            for name, written in _fields_of(type(value))
            # What was added later counts only where it says something, so that older fingerprints hold.
            if name not in ADDED_LATER or getattr(value, name)
        ]
        return "{" + ",".join(parts) + "}"
    if isinstance(value, Mapping):
        return (
            "{"
            + ",".join(f"{_WRITTEN_KEY(k)}:{_canonical(v)}" for k, v in sorted(value.items()))
            + "}"
        )
    if isinstance(value, list | tuple):
        return "[" + ",".join(sorted(_canonical(part) for part in value)) + "]"
    return _WRITTEN(value)
