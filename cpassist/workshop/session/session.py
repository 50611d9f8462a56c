"""The record of a workshop's session: its programme, where it stands, and who may do what when."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from cpassist.catalogue.vocabulary import FORBID
from cpassist.errors import CpassistError, InvalidRecord
from cpassist.workshop.exercises.records import ANSWERED, Curriculum, Phase

LONGEST_TITLE = 80
MOST_SEATS = 120
MOST_DAYS = 180
MOST_MINUTES = 90
LATE_SECONDS = 2
"""An answer on its way when the time ran out still counts."""


class NotNow(CpassistError):
    """What the room does not allow at this moment, and what to do."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a session's programme."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class Session:
    """What a trainer set when the session was opened."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    code: str
    title: str
    programme: tuple[Part, ...]
    quiz: str
    """whole or short."""
    seed: int
    opened: str
    delete_on: str
    cohort: str = ""
    """Of a waiting list: first (taught between the two sittings) or second (taught after both)."""
    most_seats: int = 60

    def __post_init__(self) -> None:
        if not self.title.strip() or len(self.title) > LONGEST_TITLE:
            raise InvalidRecord(f"Give the session a title of up to {LONGEST_TITLE} letters.")
        if not self.programme:
            raise InvalidRecord("Choose at least one part for the programme.")
        if any(not 1 <= part.minutes <= MOST_MINUTES for part in self.programme):
            raise InvalidRecord(f"Each part takes 1 to {MOST_MINUTES} minutes.")
        if not 1 <= self.most_seats <= MOST_SEATS:
            raise InvalidRecord(f"A session has 1 to {MOST_SEATS} seats.")
        if self.cohort not in {"", "first", "second"}:
            raise InvalidRecord("cohort is first, second or empty.")


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Where a session stands. Every change makes a new one, with the next number."""

    __pydantic_config__: ClassVar[Any] = FORBID

    version: int = 1
    at: int = 0
    """The place in the programme."""
    phase: Phase = Phase.CLOSED
    shown: tuple[str, ...] = ()
    """Pictures of the room that the trainer has let be seen."""
    closes: str = ""
    """When the time is up; empty: there is no clock."""
    left: int = 0
    """Seconds left on a clock that is paused."""
    turns: Mapping[str, int] | None = None
    """How often each part was begun, where it was more than once: a part that was reset is answered anew."""
    over: bool = False

    def turn(self, part: str) -> int:
        """How often a part was begun."""
        return (self.turns or {}).get(part, 1)


def phases_of(curriculum: Curriculum, key: str) -> tuple[Phase, ...]:
    """The phases that a part of the programme goes through, in order."""
    exercise = curriculum.exercise(key)
    if exercise is not None and exercise.built:
        return (Phase.CLOSED, Phase.PREDICT, Phase.LOCKED, Phase.REVOTE, Phase.EXPLAIN)
    if exercise is not None:
        asked = [phase for phase in ANSWERED if exercise.in_phase(phase)]
        before = [Phase.PREDICT, Phase.LOCKED] if Phase.PREDICT in asked else []
        after = [phase for phase in (Phase.RUN, Phase.REVOTE) if phase in asked]
        return (Phase.CLOSED, *before, *after, Phase.EXPLAIN)
    if key == "quiz_before":
        return (Phase.CLOSED, Phase.PREDICT, Phase.LOCKED)
    if key in {"quiz_after", "quiz_follow_up"}:
        # Only after the second sitting is anything said about the answers.
        return (Phase.CLOSED, Phase.PREDICT, Phase.LOCKED, Phase.EXPLAIN)
    if key == "commitment":
        return (Phase.CLOSED, Phase.PREDICT)
    return (Phase.CLOSED,)


ACTS = (
    "forward", "backward", "next", "previous", "show", "hide", "clock", "pause", "more_time", "stop_clock", "reset",
    "finish",
)  # fmt: skip
"""What a trainer can do with the stage."""


def moved(
    session: Session,
    stage: Stage,
    curriculum: Curriculum,
    act: str,
    given: Mapping[str, str],
    now: datetime.datetime,
) -> Stage:
    """The next stage after a trainer's act. Raises NotNow with a sentence."""
    if act not in ACTS:
        raise NotNow("There is no such thing to do with a room.")
    if stage.over:
        raise NotNow("This session is over. Its results can still be taken out.")
    changed = _changed(session, stage, curriculum, act, given, now)
    return replace(changed, version=stage.version + 1)


def _changed(
    session: Session,
    stage: Stage,
    curriculum: Curriculum,
    act: str,
    given: Mapping[str, str],
    now: datetime.datetime,
) -> Stage:
    key = session.programme[stage.at].key
    phases = phases_of(curriculum, key)
    if act in {"forward", "backward"}:
        return _another_phase(stage, phases, 1 if act == "forward" else -1)
    if act in {"next", "previous"}:
        at = stage.at + (1 if act == "next" else -1)
        if not 0 <= at < len(session.programme):
            edge = "last" if act == "next" else "first"
            raise NotNow(f"This is the {edge} part of the programme.")
        return Stage(version=stage.version, at=at, turns=stage.turns)
    if act in {"show", "hide"}:
        return _shown(stage, curriculum, key, act, given.get("picture", ""))
    if act == "reset":
        turns = {**(stage.turns or {}), key: stage.turn(key) + 1}
        return Stage(version=stage.version, at=stage.at, turns=turns)
    if act == "finish":
        return replace(stage, over=True, closes="", left=0)
    return _clocked(stage, act, given.get("minutes", ""), now)


def _another_phase(stage: Stage, phases: tuple[Phase, ...], step: int) -> Stage:
    at = phases.index(stage.phase) + step if stage.phase in phases else 0
    if at >= len(phases):
        raise NotNow("This part has no further phase. Go on to the next part.")
    if at < 0:
        raise NotNow("This part is closed already. Go back to the part before.")
    # What the room has seen stays while it is explained; before people answer again it would answer for them.
    shown = stage.shown if phases[at] in SHOWN_IN and step > 0 else ()
    return replace(stage, phase=phases[at], closes="", left=0, shown=shown)


def _shown(stage: Stage, curriculum: Curriculum, key: str, act: str, picture: str) -> Stage:
    exercise = curriculum.exercise(key)
    known = exercise.room_charts if exercise else ()
    if picture not in known:
        raise NotNow("This part has no such picture of the room.")
    if act == "show" and stage.phase not in SHOWN_IN:
        raise NotNow(
            "The room sees its answers once everybody has guessed: from “Again” on. Go on to that phase first."
        )
    rest = tuple(one for one in stage.shown if one != picture)
    return replace(stage, shown=(*rest, picture) if act == "show" else rest)


SHOWN_IN = (Phase.REVOTE, Phase.EXPLAIN)
"""Nobody sees the room's answers before these phases."""


def _clocked(stage: Stage, act: str, minutes: str, now: datetime.datetime) -> Stage:
    if act == "stop_clock":
        return replace(stage, closes="", left=0)
    if act == "pause":
        if not stage.closes:
            raise NotNow("No clock is running.")
        return replace(stage, closes="", left=max(1, seconds_left(stage, now) or 0))
    if act == "more_time":
        if stage.left:
            return replace(stage, left=stage.left + 60)
        if not stage.closes:
            raise NotNow("No clock is running. Start one first.")
        # A minute more than what is left; of a clock that has run out, a minute from now.
        until = max(now, datetime.datetime.fromisoformat(stage.closes))
        return replace(stage, closes=(until + datetime.timedelta(minutes=1)).isoformat())
    if stage.phase not in ANSWERED:
        raise NotNow("A clock runs while people answer. Open the part first.")
    seconds = stage.left or _minutes(minutes) * 60
    return replace(stage, closes=(now + datetime.timedelta(seconds=seconds)).isoformat(), left=0)


def _minutes(said: str) -> int:
    if (
        not (said.isascii() and said.isdigit() and len(said) < 4)
        or not 1 <= int(said) <= MOST_MINUTES
    ):
        raise NotNow(f"Give the clock 1 to {MOST_MINUTES} whole minutes.")
    return int(said)


def seconds_left(stage: Stage, now: datetime.datetime) -> int | None:
    """Seconds on the clock, running or paused; None without one. Never below 0."""
    if stage.left:
        return stage.left
    if not stage.closes:
        return None
    return max(0, round((datetime.datetime.fromisoformat(stage.closes) - now).total_seconds()))


def must_take(
    session: Session, stage: Stage, part: str, phase: str, now: datetime.datetime
) -> None:
    """Refuses an answer that comes at the wrong moment. Raises NotNow with a sentence."""
    if stage.over:
        raise NotNow("This session is over; nothing more is taken.")
    if session.programme[stage.at].key != part:
        raise NotNow("The room has gone on to another part. Your answer was not taken.")
    if stage.phase.value != phase or stage.phase not in ANSWERED:
        raise NotNow("The trainer has closed this question. Your answer was not taken.")
    if stage.left:
        raise NotNow("The clock is paused. Send your answer when it runs again.")
    if stage.closes:
        end = datetime.datetime.fromisoformat(stage.closes)
        if now > end + datetime.timedelta(seconds=LATE_SECONDS):
            raise NotNow("The time was up. Your answer was not taken.")


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """What a page holds while somebody sits on a seat."""

    session: str
    number: int
    words: str
    holder: str


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """Enough to see whether anything has changed."""

    version: int
    seats: int
    here: int
    answers: int


@dataclass(frozen=True, kw_only=True)
class Given:
    """One answer as it was kept."""

    number: int
    part: str
    turn: int
    item: str
    phase: str
    value: str
    at: str
