"""What is recorded of a family, line by line: people, needs, strengths, answers, judgements."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from cpassist.errors import InvalidRecord
from cpassist.family.vocabulary import (
    KEY,
    LONGEST_LABEL,
    LONGEST_WORDS,
    OUTSIDE_FAMILY,
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


@dataclass(frozen=True, kw_only=True, repr=False)
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
        if self.key in (UNKNOWN_HARMER, OUTSIDE_FAMILY):
            raise InvalidRecord(f'"{self.key}" cannot be a key: it says who did a harm.')
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


@dataclass(frozen=True, kw_only=True, repr=False)
class Relation:
    """What one person is to one child."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    person: str
    child: str
    kind: RelationKind
    parental_responsibility: bool | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
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


@dataclass(frozen=True, kw_only=True, repr=False)
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


@dataclass(frozen=True, kw_only=True, repr=False)
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


@dataclass(frozen=True, kw_only=True, repr=False)
class Support:
    """Help that the family has or had; it satisfies what must come first."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    person: str
    intervention: str | None = None
    says: str = ""
    state: SupportState = SupportState.CURRENT

    def __post_init__(self) -> None:
        check_words("Words on support", self.says, LONGEST_WORDS)


@dataclass(frozen=True, kw_only=True, repr=False)
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


@dataclass(frozen=True, kw_only=True, repr=False)
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


@dataclass(frozen=True, kw_only=True, repr=False)
class Wish:
    """What somebody in the family wants, in their words."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    person: str
    says: str

    def __post_init__(self) -> None:
        if not self.says.strip():
            raise InvalidRecord("A wish needs words. Say what the person wants.")
        check_words("A wish", self.says, LONGEST_WORDS)


@dataclass(frozen=True, kw_only=True, repr=False)
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


@dataclass(frozen=True, kw_only=True, repr=False)
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


@dataclass(frozen=True, kw_only=True, repr=False)
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


@dataclass(frozen=True, kw_only=True, repr=False)
class FamilyMeeting:
    """The family group decision-making meeting: whether it was offered, accepted and held, or why not."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}
    DAYS: ClassVar[tuple[str, ...]] = ("letter_on", "offered_on", "held_on")

    letter_on: str = ""
    """YYYY-MM-DD: the day of the letter before proceedings."""
    offered_on: str = ""
    """YYYY-MM-DD."""
    offered_in: str = ""
    """In which letter, or how else, in words."""
    accepted_by: tuple[str, ...] = ()
    """Keys of those with parental responsibility who accepted it; one is enough."""
    held_on: str = ""
    """YYYY-MM-DD."""
    not_because: str = ""
    """Why it was not offered, or not held."""

    def __post_init__(self) -> None:
        for name in self.DAYS:
            said = getattr(self, name)
            if said and len(set(read_day(said))) > 1:
                raise InvalidRecord(f"{name}: give the whole day, such as 2026-11-16.")
        check_words("How it was offered", self.offered_in, LONGEST_WORDS)
        check_words("The reason", self.not_because, LONGEST_WORDS)
        if self.accepted_by and not (self.offered_on or self.held_on):
            raise InvalidRecord("Nobody accepts what was not offered: give offered_on.")
        if self.held_on and self.offered_on and self.held_on < self.offered_on:
            raise InvalidRecord("held_on: it was held before it was offered. Check both days.")

    @property
    def says_nothing(self) -> bool:
        return self == FamilyMeeting()

    @property
    def last_day(self) -> str:
        """The last day that it tells of, as YYYY-MM-DD; empty where it tells of none."""
        return max(self.letter_on, self.offered_on, self.held_on)


@dataclass(frozen=True, kw_only=True, repr=False)
class FamilyFields:
    """All that a family file says, as it says it."""

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
    meeting: FamilyMeeting | None = None
    """The family group decision-making meeting, as far as a file or a return tells of it."""

    @property
    def assessed_on(self) -> datetime.date:
        return read_day(self.assessed)[0]

    @cached_property
    def children(self) -> tuple[Person, ...]:
        return tuple(person for person in self.people if person.is_child)
