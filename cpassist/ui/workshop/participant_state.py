"""Where somebody stands in a workshop: at the door, practising alone, or on a seat in a room."""

import datetime
import re
from dataclasses import replace
from typing import Any

import traitlets as tl

from cpassist.classroom import Workshop
from cpassist.errors import CpassistError, Mistakes
from cpassist.storage.session_store import Gone, SeatTaken
from cpassist.ui.frame.acts import act
from cpassist.ui.frame.fields import FieldMistakes, text
from cpassist.ui.frame.verbs import Notice, verb
from cpassist.workshop.exercises.marking import quiz_items
from cpassist.workshop.exercises.records import ANSWERED, Curriculum, Exercise, Phase, Step
from cpassist.workshop.exercises.reply import quiz_step, read_reply, take_along
from cpassist.workshop.exercises.seat import Seat, shown_before
from cpassist.workshop.package_task.task import package_steps
from cpassist.workshop.session.codes import join_code
from cpassist.workshop.session.session import Session, Stage, phases_of, seconds_left

QUIZZES = {"quiz_before": 1, "quiz_after": 2, "quiz_follow_up": 3}
LONGEST_NAME = 60
WHOLE = re.compile(r"[0-9]{1,4}\Z")
ALONE_SEED = 20_261_125
HEARD_EVERY = datetime.timedelta(seconds=30)


class ParticipantState(tl.HasTraits):
    """One person, one page. What is answered in a room is kept in the store, alone only here."""

    screen = tl.Enum(("door", "alone", "room"), default_value="door")
    """Which part of the page is shown."""

    part = tl.Unicode("")
    """The part of the programme that is open: an exercise, or one of the quizzes."""

    phase = tl.UseEnum(Phase, default_value=Phase.CLOSED)
    """The phase of it."""

    at = tl.Int(0)
    """Which of its screens is open; one past the last: everything is answered."""

    seat = tl.Instance(Seat, ())
    """Answers, dials and draws. Replaced, never changed in place."""

    stage = tl.Instance(Stage, allow_none=True)
    """Where the room stands, as last seen."""

    notice = tl.Instance(Notice, allow_none=True)
    mistakes = tl.Dict()
    mistaken_form = tl.Unicode("")

    def __init__(self, workshop: Workshop) -> None:
        super().__init__()
        self.workshop = workshop
        self.typed: dict[str, Any] = {"code": workshop.code, "words": ""}
        """What was typed at the door, or in a form that was refused."""
        self.ticket: Any = None
        self.session: Session | None = None
        self.certified = ""
        """The name on the certificate that is shown; it is written nowhere else."""
        self.plain = False
        """Whether the open part could not be drawn, and is shown without its screens until another opens."""
        self.lost = ""
        """Why this page sends nothing any more; empty while it does."""
        self._curriculum: Curriculum | None = None
        self._alone: dict[str, Seat] = {}
        self._heard = datetime.datetime.min.replace(tzinfo=datetime.UTC)

    # --- what is open ---

    @property
    def curriculum(self) -> Curriculum:
        """What is taught: in a room as its session has it."""
        if self._curriculum is None:
            self._curriculum = self.workshop.curriculum
        return self._curriculum

    @property
    def exercise(self) -> Exercise | None:
        return self.curriculum.exercise(self.part) if self.part else None

    def steps(self) -> tuple[Step, ...]:
        """The screens of the open phase, those left out that wait for another answer."""
        if self.part in QUIZZES and self.phase is Phase.PREDICT:
            items = quiz_items(self.curriculum, self.session.quiz if self.session else "whole")
            return tuple(quiz_step(item, self.seat, QUIZZES[self.part]) for item in items)
        if self.part == "commitment" and self.phase is Phase.PREDICT and self.session is not None:
            return (take_along([p.key for p in self.session.programme], self.curriculum),)
        if self.exercise is None:
            return ()
        if self.exercise.built:
            return package_steps(self.exercise, self.phase, self.seat)
        return tuple(s for s in self.exercise.in_phase(self.phase) if shown_before(self.seat, s.only_if))  # fmt: skip

    def step(self) -> Step | None:
        """The screen that is open."""
        steps = self.steps()
        return steps[self.at] if 0 <= self.at < len(steps) else None

    def phases(self) -> tuple[Phase, ...]:
        return phases_of(self.curriculum, self.part) if self.part else ()

    def seconds(self) -> int | None:
        """What is left on the clock."""
        return seconds_left(self.stage, self.workshop.now()) if self.stage else None

    def is_answered(self, step: Step) -> bool:
        """Whether a screen asks something, and all of it has an answer in this phase."""
        asked = [f"{step.key}.{part.key}" for part in step.questions]
        return bool(asked) and all((name, self.phase.value) in self.seat.answers for name in asked)

    def fall_back(self) -> None:
        """To a screen that can be drawn: the plain one."""
        self.plain = True

    # --- alone ---

    @act("hello", "code", "words")
    @verb
    def take_seat_again(self, code: str, words: str) -> None:
        """A tab that had a seat takes it again; one that cannot stands at the door, without a fuss."""
        if code and words and self.screen == "door":
            self.come_back(code, words)
            if self.screen == "door":
                self.notice, self.mistakes = None, {}

    @act("go")
    @verb
    def stay(self) -> None:
        """Draws the page as it is now."""

    @act("practise")
    @verb
    def practise(self) -> None:
        """Opens the exercises for somebody alone: nothing is kept, and no room is there."""
        self._must_stand_at_the_door()
        _ = self.curriculum
        self.screen, self.part = "alone", ""

    @act("choose", "part")
    @verb
    def choose(self, part: str) -> None:
        """Opens an exercise or the quiz, alone."""
        if self.screen != "alone":
            raise Mistakes(("In a room the trainer chooses what is open.",))
        if part and part not in {*QUIZZES, *(one.key for one in self.curriculum.exercises)}:
            raise Mistakes(("There is no such exercise.",))
        self._keep_alone()
        self.part, self.plain = part, False
        self.seat = self._alone.get(part) or Seat(seed=ALONE_SEED, number=1 + len(part) % 3)
        self.phase, self.at = (self.phases()[1] if part else Phase.CLOSED), 0

    @act("go_on")
    @verb
    def go_on(self) -> None:
        """To the next phase, alone; each phase's questions come first."""
        if self.screen != "alone" or not self.part:
            raise Mistakes(("In a room the trainer says when to go on.",))
        open_ = [s for s in self.steps() if not self.is_answered(s) and s.questions and not s.again]
        first = [s for s in open_ if self.phase is Phase.PREDICT]
        if first:
            self.at = self.steps().index(first[0])
            raise Mistakes(("Answer first: a guess before looking is what makes it stick.",))
        phases = [phase for phase in self.phases() if phase is not Phase.LOCKED]
        at = phases.index(self.phase) + 1
        if at < len(phases):
            self.phase, self.at = phases[at], 0
        else:
            self.choose("")

    @act("begin_again")
    @verb
    def begin_again(self) -> None:
        """The open exercise from its beginning, alone, without the answers given so far."""
        if self.screen != "alone" or not self.part:
            raise Mistakes(("In a room an answer is changed while its question is open.",))
        self.seat = Seat(seed=self.seat.seed + 1, number=self.seat.number + 1)
        self.phase, self.at = self.phases()[1], 0

    def _keep_alone(self) -> None:
        if self.part:
            self._alone[self.part] = self.seat

    # --- in a room ---

    @act("join", "code", "role")
    @verb
    def join(self, code: str, role: str = "") -> None:
        """Takes a new seat in the session of a code."""
        self._must_stand_at_the_door()
        self.typed = {"code": code[:20], "words": ""}
        if not join_code(code):
            raise FieldMistakes("join", {"code": "Type the six letters and numbers that the trainer shows."})  # fmt: skip
        self._sit(self.workshop.rooms.join(code, role, self.workshop.now()))

    @act("come_back", "code", "words")
    @verb
    def come_back(self, code: str, words: str) -> None:
        """Takes a seat again by its words."""
        self._must_stand_at_the_door()
        self.typed = {"code": code[:20], "words": words[:60]}
        wrong = {}
        if not join_code(code):
            wrong["code"] = "Type the six letters and numbers that the trainer shows."
        if not words.strip():
            wrong["words"] = "Type the words of your seat, like amber-heron-4k7."
        if wrong:
            raise FieldMistakes("back", wrong)
        self._sit(self.workshop.rooms.come_back(code, words, self.workshop.now()))

    def _must_stand_at_the_door(self) -> None:
        """One page, one seat: whoever sits leaves first."""
        if self.screen != "door":
            raise Mistakes(("Leave your seat first, or open another page.",))

    def _sit(self, ticket: Any) -> None:
        self.session, self._curriculum = self.workshop.rooms.session(ticket.session)
        self.ticket, self.lost, self.screen = ticket, "", "room"
        self.stage = None
        self.look()

    @act("leave")
    @verb
    def leave(self) -> None:
        """Back to the door; the seat waits for its words."""
        self._keep_alone()
        self.ticket = self.session = self._curriculum = self.stage = None
        self.screen, self.part, self.lost = "door", "", ""
        self.seat, self.certified = Seat(), ""

    def look(self) -> bool:
        """Looks where the room stands; whether anything has changed. A room that does not answer changes nothing."""
        if self.screen != "room" or self.lost:
            return False
        rooms, now = self.workshop.rooms, self.workshop.now()
        try:
            if now - self._heard > HEARD_EVERY:
                rooms.heard_of(self.ticket, now)
                self._heard = now
            if self.stage is not None and rooms.version(self.ticket.session) == self.stage.version:
                if not rooms.holds(self.ticket):
                    rooms.seat(self.ticket, self.part)  # raises, and says why
                return self._clock_is_near()
            self._follow(rooms.stage(self.ticket.session))
        except (SeatTaken, Gone) as gone:
            self.lost = str(gone)
        except CpassistError:
            # Others are writing, or the database is away for a moment: the next look will see.
            return False
        return True

    def _clock_is_near(self) -> bool:
        """Whether the words about the clock change: whole minutes, and the last one in steps of ten seconds."""
        left = self.seconds()
        said = None if left is None else (left // 60 if left > 60 else -(left // 10) - 1)
        changed, self._said = said != getattr(self, "_said", said), said
        return changed

    def _follow(self, stage: Stage) -> None:
        """Goes where the trainer has gone."""
        assert self.session is not None
        part = self.session.programme[stage.at].key
        moved = self.stage is None or part != self.part or stage.phase is not self.phase
        anew = self.stage is not None and stage.turn(part) != self.stage.turn(part)
        dials, turn = (self.seat.dials, self.seat.turn) if part == self.part else ({}, 0)
        seat = self.workshop.rooms.seat(self.ticket, part)
        with self.hold_trait_notifications():
            self.stage, self.part, self.phase = stage, part, stage.phase
            self.seat = replace(seat, dials=dials, turn=turn)
            if moved or anew:
                self.mistakes, self.notice, self.plain = {}, None, False
                self.at = self._first_open()

    def _first_open(self) -> int:
        """The first screen of this phase that asks and has no answer: whoever comes back goes on there.

        Where nothing is asked, or nothing was answered yet, it is the first: pictures to turn come before questions.
        """
        steps = self.steps()
        asking = [(at, self.is_answered(step)) for at, step in enumerate(steps) if step.questions]
        if self.phase not in ANSWERED or not any(answered for _, answered in asking):
            return 0
        return next((at for at, answered in asking if not answered), len(steps))

    def room_seats(self) -> tuple[Seat, ...]:
        """What may be seen of the room just now."""
        if self.screen != "room" or self.lost or self.stage is None or not self.stage.shown:
            return ()
        try:
            seats: tuple[Seat, ...] = self.workshop.rooms.room_for(self.ticket)
        except CpassistError:
            return ()  # the next look says why
        return seats

    # --- answering ---

    @act("answer", reads=lambda _, form: (text(form, "step"), form))
    @verb
    def answer(self, key: str, fields: dict[str, Any]) -> None:
        """Takes the answers to one screen and goes on to the next; refuses with what was typed kept."""
        steps = self.steps()
        step = next((one for one in steps if one.key == key), None)
        if step is None:
            raise Mistakes(("This question is closed. Your answer was not taken.",))
        answers, wrong = read_reply(self.exercise, step, fields)
        if wrong:
            self.typed = {**self.typed, "form": key, "fields": fields}
            raise FieldMistakes(f"q-{key}", wrong)
        if self.screen == "room":
            if self.lost:
                raise Mistakes((self.lost,))
            self.workshop.rooms.answer(
                self.ticket, self.part, self.phase.value, answers, self.workshop.now()
            )
        self.seat = replace(
            self.seat,
            answers={
                **self.seat.answers,
                **{(name, self.phase.value): value for name, value in answers.items()},
            },
        )
        after = [s.key for s in self.steps()]
        self.at = after.index(key) + 1

    @act("show_step", "at")
    @verb
    def show_step(self, at: str) -> None:
        """Another screen of this phase."""
        if not WHOLE.match(at) or int(at) > len(self.steps()):
            raise Mistakes(("There is no such screen.",))
        self.at = int(at)

    @act("certify", "name")
    @verb
    def certify(self, name: str) -> None:
        """Writes a certificate of attendance for a name; it is shown and printed, and kept nowhere."""
        if self.part != "commitment" or self.session is None:
            raise Mistakes(("A certificate is written at the end of a session.",))
        said = " ".join(name.split())
        if not said or len(said) > LONGEST_NAME or not said.isprintable():
            raise FieldMistakes("certificate", {"name": f"Type a name of up to {LONGEST_NAME} letters."})  # fmt: skip
        self.certified = said

    @act("forget_name")
    @verb
    def forget_name(self) -> None:
        """The name of the certificate is forgotten."""
        self.certified = ""

    @act("dial", "step", "part", "value")
    @verb
    def turn_dial(self, key: str, part: str, value: str) -> None:
        """Turns the picture."""
        step = next((one for one in self.steps() if one.key == key), None)
        dial = next((p for p in step.parts if p.key == part), None) if step else None
        if dial is None or self.exercise is None or value not in {o.key for o in self.exercise.options(dial)}:  # fmt: skip
            raise Mistakes(("The picture cannot be turned that way.",))
        self.seat = replace(self.seat, dials={**self.seat.dials, f"{key}.{part}": value})

    @act("run_again")
    @verb
    def run_again(self) -> None:
        """Draws the picture of this step anew."""
        self.seat = replace(self.seat, turn=self.seat.turn + 1)
