"""A workshop as data: exercises, their steps and questions, the quiz, timetables and wrong ideas."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from cpassist.catalogue.vocabulary import FORBID
from cpassist.errors import InvalidRecord

MOST_CONTROLS = 3


class Phase(StrEnum):
    """Where an exercise stands in the room."""

    CLOSED = "closed"
    PREDICT = "predict"
    LOCKED = "locked"
    RUN = "run"
    REVOTE = "revote"
    EXPLAIN = "explain"


ANSWERED = (Phase.PREDICT, Phase.RUN, Phase.REVOTE)
"""The phases in which somebody can answer."""


class Ask(StrEnum):
    """How a question is answered."""

    CHOICE = "choice"
    NUMBER = "number"
    SEVERAL = "several"
    DIAL = "dial"
    """Turns the picture, and is no answer."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One of the answers to choose from."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    says: str
    misconception: str = ""
    apart: bool = False
    """Whether it has no neighbours: "not stated" is not next to "large"."""
    part: str = ""
    """The group it belongs to, where a good set of answers covers several."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One control: a question, or a dial that turns the picture."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    ask: Ask
    prompt: str
    options: tuple[Option, ...] = ()
    shared: str = ""
    """The name of a list of options that several parts of the exercise use."""
    low: float = 0
    high: float = 100
    unit: str = ""
    start: str = ""
    """Where a dial stands at the beginning."""
    begins: str = ""
    """`step.part`: a dial begins where that question was answered, if it was."""
    most: int = 0
    """How many may be chosen; 0: any number."""
    right: tuple[str, ...] = ()
    rule: str = ""
    """The name of the calculation that gives the right answer; empty: `right` says it."""
    near: bool = False
    """Whether a neighbouring answer counts half."""
    within: float = 0
    """How far a number may be off."""
    share_within: float = 0
    """How far a number may be off as a share of the right one."""
    cover: int = 0
    """How many groups of options a good set of answers covers."""
    needs: tuple[str, ...] = ()
    """Groups without which a set of answers counts half."""
    points: float = 0
    why: str = ""
    """What is said about the right answer, where no calculation says it."""

    def __post_init__(self) -> None:
        if self.ask in {Ask.CHOICE, Ask.SEVERAL, Ask.DIAL} and not (self.options or self.shared):
            raise InvalidRecord(f"{self.key} has nothing to choose from. Add options.")
        if self.points and not (self.right or self.rule or self.cover):
            raise InvalidRecord(f"{self.key} has points and no right answer. Add right or rule.")


@dataclass(frozen=True, kw_only=True)
class Card:
    """What a question is about: a report, an entry of the catalogue, a proposed change."""

    __pydantic_config__: ClassVar[Any] = FORBID

    title: str
    says: str = ""
    entry: str = ""
    """The finding of the catalogue that it shows; its words and right answers are then computed."""
    outcome: str = ""
    """Which outcome of that finding."""
    full: bool = False
    """Whether it also says need, ages and who gives it."""
    invented: bool = False
    low: float | None = None
    high: float | None = None
    """The 95 per cent interval that it reports, above 0 for a benefit."""
    studied: bool = True
    flaws: tuple[str, ...] | None = None
    """Faults that are put into the planner's package, which the card then shows; None: it shows no package."""
    rated: str = ""
    effect: float | None = None
    controlled: bool = True
    source: str = ""
    read: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One screen: one question with up to three controls and up to one picture."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    phase: Phase
    title: str
    says: str = ""
    parts: tuple[Part, ...] = ()
    card: Card | None = None
    chart: str = ""
    recalls: str = ""
    """`step.part`: an earlier guess that is repeated beside the question."""
    aside: str = ""
    """What can be unfolded beside the question, such as the family's story."""
    sure: bool = False
    """Whether it asks how sure somebody is."""
    again: bool = False
    """Whether a guess is asked once more after the run, with the first answer filled in."""
    same_parts: str = ""
    """The name of a list of parts that several steps of the exercise share."""
    only_if: str = ""
    """`step.part=option`: shown only to whoever chose that."""

    def __post_init__(self) -> None:
        if len(self.parts) + self.sure > MOST_CONTROLS:
            raise InvalidRecord(f"{self.key} has more than three controls. Split it.")
        if self.phase not in ANSWERED:
            raise InvalidRecord(f"{self.key}: phase is predict, run or revote.")

    @property
    def questions(self) -> tuple[Part, ...]:
        """The controls that are answers."""
        return tuple(part for part in self.parts if part.ask is not Ask.DIAL)


@dataclass(frozen=True, kw_only=True)
class Facilitator:
    """What the trainer says, hears, avoids, and ends with."""

    __pydantic_config__: ClassVar[Any] = FORBID

    opening: str
    listen_for: tuple[str, ...]
    traps: tuple[str, ...]
    close: str


@dataclass(frozen=True, kw_only=True)
class CaseNotes:
    """What is said of an invented family beside its file: what the area has, what nobody knows yet."""

    __pydantic_config__: ClassVar[Any] = FORBID

    story: str
    area: tuple[str, ...]
    unknown: tuple[str, ...]
    not_steps: tuple[str, ...]
    """What is no safety step, though it sounds like one."""


@dataclass(frozen=True, kw_only=True)
class CaseNeed:
    """One rated need of the family, with whether its evidence is thin."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    """person:need."""
    person: str
    kind: str
    """The need, in words."""
    says: str
    thin: bool


@dataclass(frozen=True, kw_only=True)
class CaseHelp:
    """One kind of help for one person, as the catalogue and the rules see it."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    """intervention:person."""
    intervention: str
    title: str
    person: str
    answers: tuple[str, ...]
    """Keys of the needs it answers."""
    fits: bool
    flag: str = ""
    """What speaks against it here, as a sentence."""
    unsafe: bool = False
    phase: str = ""


@dataclass(frozen=True, kw_only=True)
class PlannerOffer:
    """What the planner proposes."""

    __pydantic_config__: ClassVar[Any] = FORBID

    intervention: str
    title: str
    people: str
    when: str
    says: str


@dataclass(frozen=True, kw_only=True)
class PackageCase:
    """An invented family as a task, with what the planner makes of it; dealt once, so that a seat needs no planner."""

    __pydantic_config__: ClassVar[Any] = FORBID

    family: str
    label: str
    notes: CaseNotes
    needs: tuple[CaseNeed, ...]
    steps: tuple[tuple[str, str], ...]
    """Safety steps: rule and words."""
    strengths: tuple[str, ...]
    help: tuple[CaseHelp, ...]
    planner: tuple[PlannerOffer, ...]
    gaps: tuple[tuple[str, str], ...]
    """What the planner has no offer for: words of the need, and why."""
    not_chosen: Mapping[str, str]
    """Why the planner does not propose something: intervention → sentence."""


@dataclass(frozen=True, kw_only=True)
class Differing:
    """One kind of help as several bodies see it."""

    __pydantic_config__: ClassVar[Any] = FORBID

    intervention: str
    title: str
    bodies: tuple[tuple[str, str, str], ...]
    """Body, its own rating or what its study found, and in words."""
    splits: tuple[tuple[str, str, str], ...]
    """What they differ about, how, and the criterion that splits them."""


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """One exercise, as it stands in its file."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    number: int
    title: str
    objective: str
    concept: str
    misconceptions: tuple[str, ...]
    minutes: int
    about: str
    point: str
    """The one sentence that people leave with."""
    debrief: str
    facilitator: Facilitator
    steps: tuple[Step, ...] = ()
    notice: str = ""
    content_note: str = ""
    built: bool = False
    """Whether it is the one in which a package is built (`package_task`)."""
    families: tuple[str, ...] = ()
    """Invented families that it is about."""
    notes: Mapping[str, CaseNotes] | None = None
    """For each family of a package task, what is said beside its file."""
    cases: tuple[PackageCase, ...] = ()
    """The families as tasks, filled in when it is dealt."""
    differing: tuple[Differing, ...] = ()
    """What bodies see differently, filled in when it is dealt."""
    shared: Mapping[str, tuple[Option, ...]] | None = None
    """Lists of options that several parts use, by name."""
    shared_parts: Mapping[str, tuple[Part, ...]] | None = None
    """Lists of parts that several steps use, by name."""
    room_charts: tuple[str, ...] = ()
    """What the room sees of itself, in order; `step.part` for the answers to one question."""

    def in_phase(self, phase: Phase) -> tuple[Step, ...]:
        return tuple(
            step
            for step in self.steps
            if step.phase is phase or (step.again and phase is Phase.REVOTE)
        )

    def options(self, part: Part) -> tuple[Option, ...]:
        """What a part lets one choose from."""
        return part.options or (self.shared or {}).get(part.shared, ())

    def step(self, key: str) -> Step | None:
        return next((step for step in self.steps if step.key == key), None)

    def questions(self) -> Iterator[tuple[str, Step, Part]]:
        """Each question with its name, `step.part`."""
        for step in self.steps:
            for part in step.questions:
                yield f"{step.key}.{part.key}", step, part


@dataclass(frozen=True, kw_only=True)
class QuizOption:
    """One of four answers."""

    __pydantic_config__: ClassVar[Any] = FORBID

    text: str
    misconception: str | None = None


@dataclass(frozen=True, kw_only=True)
class QuizItem:
    """One question of the quiz."""

    __pydantic_config__: ClassVar[Any] = FORBID

    id: str
    concept: str
    exercise: str
    """E1 to E10: the exercise that teaches it."""
    difficulty: str
    stem: str
    options: Mapping[str, QuizOption]
    key: str
    rationale: str
    sources: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Quiz:
    """The quiz before and after."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    title: str
    items: tuple[QuizItem, ...]
    short: tuple[str, ...] = ()
    """The items of the short form."""


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One line of a timetable: `quiz_before`, `quiz_after`, an exercise's key, or a pause."""

    __pydantic_config__: ClassVar[Any] = FORBID

    part: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class Timetable:
    """How a workshop of a length runs."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    title: str
    slots: tuple[Slot, ...]
    quiz: str = "whole"
    """whole or short."""

    @property
    def minutes(self) -> int:
        return sum(slot.minutes for slot in self.slots)


@dataclass(frozen=True, kw_only=True)
class Misconception:
    """A wrong idea, and in one line why it is wrong."""

    __pydantic_config__: ClassVar[Any] = FORBID

    code: str
    idea: str
    refuted: str


OTHER_PARTS = {
    "welcome": "Join, code, ground rules",
    "quiz_before": "Quiz before",
    "quiz_after": "Quiz after",
    "quiz_follow_up": "Follow-up quiz, weeks later",
    "pause": "Break",
    "commitment": "Commitment, certificate",
}
"""What stands in a timetable beside the exercises."""


@dataclass(frozen=True, kw_only=True)
class Curriculum:
    """Everything a workshop is made of, read and checked, with the right answers that the catalogue gives."""

    __pydantic_config__: ClassVar[Any] = FORBID

    catalogue_version: str
    exercises: tuple[Exercise, ...]
    quiz: Quiz
    timetables: tuple[Timetable, ...]
    misconceptions: tuple[Misconception, ...]

    def exercise(self, key: str) -> Exercise | None:
        return next((one for one in self.exercises if one.key == key), None)

    def title_of(self, part: str) -> str:
        found = self.exercise(part)
        return found.title if found else OTHER_PARTS.get(part, part)

    def refuted(self, code: str) -> str:
        return next((m.refuted for m in self.misconceptions if m.code == code), "")
