"""Who the case is about and what was assessed: people, needs, strengths, answers, judgements."""

import calendar
import dataclasses
import datetime
import difflib
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any, ClassVar

from cpassist.errors import InvalidRecord, Mistakes

MOST_PEOPLE = 40
LONGEST_LABEL = 80
LONGEST_WORDS = 4_000
ADULT_FROM_MONTHS = 18 * 12
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")

# A harmer the file cannot name: not a key of anyone in the family.
UNKNOWN_HARMER = "unknown"
OUTSIDE_FAMILY = "outside_family"


class Role(StrEnum):
    """Child means under 18 on the planning day, whatever else the person is."""

    CHILD = "child"
    ADULT = "adult"


class ActionLevel(IntEnum):
    """What an assessed need asks of us. A need that is not rated has no level; it is never 0."""

    NO_HELP = 0
    KEEP_AN_EYE = 1
    NEEDS_HELP = 2
    NEEDS_HELP_NOW = 3


LEVEL_WORDS = {
    None: "not rated yet",
    ActionLevel.NO_HELP: "no help needed",
    ActionLevel.KEEP_AN_EYE: "keep an eye on it",
    ActionLevel.NEEDS_HELP: "needs help",
    ActionLevel.NEEDS_HELP_NOW: "needs help now",
}


class Basis(StrEnum):
    """On whose word a need stands."""

    CONFIRMED = "confirmed"
    SUSPECTED = "suspected"
    SAID_BY_CHILD = "said_by_child"
    SAID_BY_PARENT = "said_by_parent"


class When(StrEnum):
    """A past need matches no help but still feeds the rules; unknown is treated as current."""

    CURRENT = "current"
    PAST = "past"
    UNKNOWN = "unknown"


class Placement(StrEnum):
    """Where a child lives."""

    PARENTS = "parents"
    KINSHIP = "kinship"
    FOSTER = "foster"
    ADOPTIVE = "adoptive"
    RESIDENTIAL = "residential"
    HOSPITAL = "hospital"
    CUSTODY = "custody"
    UNKNOWN = "unknown"


SUBSTITUTE_PLACEMENTS = frozenset({Placement.KINSHIP, Placement.FOSTER, Placement.ADOPTIVE})
AWAY_FROM_PARENTS = SUBSTITUTE_PLACEMENTS | {
    Placement.RESIDENTIAL,
    Placement.HOSPITAL,
    Placement.CUSTODY,
}


class Legal(StrEnum):
    """A child's standing with children's social care and the court."""

    CHILD_IN_NEED = "child_in_need"
    PROTECTION_PLAN = "protection_plan"
    PRE_PROCEEDINGS = "pre_proceedings"
    CARE_PROCEEDINGS = "care_proceedings"
    LOOKED_AFTER = "looked_after"
    SUPERVISION_ORDER = "supervision_order"
    NONE = "none"


class RelationKind(StrEnum):
    """What one person is to a child."""

    PARENT = "parent"
    STEP_PARENT = "step_parent"
    KINSHIP_CARER = "kinship_carer"
    FOSTER_CARER = "foster_carer"
    ADOPTER = "adopter"
    PARTNER_OF_CARER = "partner_of_carer"
    SIBLING = "sibling"
    OTHER = "other"


class SupportState(StrEnum):
    """Where a piece of earlier or present support stands."""

    CURRENT = "current"
    WAITING = "waiting"
    COMPLETED = "completed"
    STOPPED = "stopped"
    REFUSED = "refused"


class AnswerValue(StrEnum):
    """Unknown is an answer of its own and is never read as false."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


class Choice(StrEnum):
    """What a worker decided about one offer."""

    ACCEPT = "accept"
    DECLINE = "decline"
    ADD = "add"


def read_day(text: str) -> tuple[datetime.date, datetime.date]:
    """The first and last day that "2018", "2018-06" or "2018-06-03" can mean.

    Raises InvalidRecord for anything else, an impossible day included.
    """
    match = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", text)
    if match:
        year, month, day = (int(part) if part else None for part in match.groups())
        try:
            if year and month and day:
                whole = datetime.date(year, month, day)
                return whole, whole
            if year and month:
                last = calendar.monthrange(year, month)[1]
                return datetime.date(year, month, 1), datetime.date(year, month, last)
            if year:
                return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        except (ValueError, calendar.IllegalMonthError):
            pass
    raise InvalidRecord(f'"{text[:20]}" is no date. Write it as 2018, 2018-06 or 2018-06-03.')


def months_between(earlier: datetime.date, later: datetime.date) -> int:
    """Whole months from one day to another; negative when `later` comes first."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months - (later.day < earlier.day)


def check_words(what: str, words: str, longest: int) -> None:
    """Raise InvalidRecord for words that are too long or carry characters that mislead the eye.

    Control characters and the marks that turn the direction of writing can make a name read as
    another; people who write from right to left lose nothing, since their letters need no marks.
    """
    if len(words) > longest:
        raise InvalidRecord(f"{what} has {len(words)} characters. Keep it under {longest}.")
    for character in words:
        if unicodedata.category(character) in {"Cc", "Cf", "Cs"} and character not in "\n\t\u200d":
            raise InvalidRecord(
                f"{what} holds a hidden character (U+{ord(character):04X}). Type it again without."
            )


def _check_label(what: str, label: str) -> None:
    if not label.strip():
        raise InvalidRecord(f"{what} is empty. Give a short label, never a full name.")
    check_words(what, label, LONGEST_LABEL)
    if re.search(r"[<>\n\t]", label):
        raise InvalidRecord(f"{what} holds < or > or a line break. Use plain words.")


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
        _check_label("The label", self.label)
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
    """Keys, ("unknown",) or ("outside_family",); None on a harm need means nobody has said yet."""
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

    def __post_init__(self) -> None:
        mistakes = tuple(_family_mistakes(self))
        if mistakes:
            raise Mistakes(mistakes)

    @property
    def assessed_on(self) -> datetime.date:
        return read_day(self.assessed)[0]

    @property
    def children(self) -> tuple[Person, ...]:
        return tuple(person for person in self.people if person.is_child)

    @property
    def adults(self) -> tuple[Person, ...]:
        return tuple(person for person in self.people if not person.is_child)

    def person(self, key: str) -> Person:
        """The person of that key; raises InvalidRecord when there is none."""
        for person in self.people:
            if person.key == key:
                return person
        raise InvalidRecord(f'Nobody in this family has the key "{key[:40]}".')

    def label_of(self, key: str) -> str:
        return self.person(key).label

    def needs_of(self, key: str) -> tuple[Need, ...]:
        return tuple(need for need in self.needs if need.person == key)

    def need(self, person: str, need: str) -> Need | None:
        return next((n for n in self.needs if n.person == person and n.need == need), None)

    def carers_of(self, child: str) -> tuple[Person, ...]:
        return tuple(person for person in self.people if child in person.cares_for)

    def is_parenting(self, key: str) -> bool:
        """Whether somebody stands as an adult towards a child: an adult, or a child who is a parent.

        A child who only looks after a brother or sister is a young carer and needs help as a child.
        """
        person = self.person(key)
        return (
            not person.is_child
            or any(r.person == key and r.kind is RelationKind.PARENT for r in self.relations)
            or any(child.carried_by == key for child in self.people)
        )

    def lives_with(self, one: str, other: str) -> bool | None:
        """Whether two people share a home; None where nobody wrote down where one of them lives."""
        homes, others = self.person(one).lives_in, self.person(other).lives_in
        if not homes or not others:
            return None
        return bool(set(homes) & set(others))

    def answer(self, ask: str, person: str | None = None, other: str | None = None) -> AnswerValue:
        """The recorded answer, or unknown."""
        for line in self.circumstances:
            if (line.ask, line.person, line.other) == (ask, person, other):
                return line.answer
        return AnswerValue.UNKNOWN

    def age(self, key: str, on: datetime.date) -> tuple[int, int]:
        return self.person(key).age_in_months(on, self.assessed_on)

    def with_changes(self, **changes: Any) -> "Family":
        """A copy with some fields replaced; raises Mistakes when the copy could not be."""
        return dataclasses.replace(self, **changes)

    def fingerprint(self) -> str:
        """SHA-256 over a form that does not depend on the order of people, needs or lines."""
        return hashlib.sha256(_canonical(dataclasses.asdict(self)).encode()).hexdigest()


def _canonical(value: Any) -> str:
    if isinstance(value, Mapping):
        return (
            "{"
            + ",".join(f"{json.dumps(k)}:{_canonical(v)}" for k, v in sorted(value.items()))
            + "}"
        )
    if isinstance(value, list | tuple):
        return "[" + ",".join(sorted(_canonical(part) for part in value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def age_mistakes(family: Family, on: datetime.date) -> Iterator[str]:
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


def _family_mistakes(family: Family) -> Iterator[str]:
    """Everything about a family that contradicts itself, as sentences with the place."""
    try:
        _check_label("label", family.label)
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
    yield from _need_mistakes(family)
    yield from _repetition_mistakes(family)


def _birth_mistakes(family: Family, assessed: datetime.date) -> Iterator[str]:
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


def _reference_mistakes(family: Family, keys: frozenset[str]) -> Iterator[str]:
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
    for what in ("minutes_per_week", "languages", "access_needs"):
        named += [(f"limits.{what}", key) for key in getattr(family.limits, what)]
    for place, key in named:
        if key not in keys:
            yield _nobody(place, key, keys)


def _nobody(place: str, key: str, keys: frozenset[str]) -> str:
    near = difflib.get_close_matches(key, sorted(keys), n=1)
    hint = f' Did you mean "{near[0]}"?' if near else f" The keys are: {', '.join(sorted(keys))}."
    return f'{place}: nobody has the key "{key[:40]}".{hint}'


def _need_mistakes(family: Family) -> Iterator[str]:
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


def _repetition_mistakes(family: Family) -> Iterator[str]:
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
    judged: set[tuple[str, tuple[str, ...]]] = set()
    for index, judgement in enumerate(family.judgements):
        what = (judgement.intervention, tuple(sorted(judgement.people)))
        if what in judged:
            yield f"judgements[{index}]: {judgement.intervention} is judged twice for the same people."
        judged.add(what)
