"""Where a trainer stands: setting up a session, at its console, or in front of its projector."""

import contextlib
import hmac
import re
from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from typing import Any

import traitlets as tl

from cpassist.classroom import Workshop
from cpassist.errors import CpassistError, Mistakes
from cpassist.papers.workshop.export import learnt_in, sittings
from cpassist.storage.session_store import Gone
from cpassist.ui.frame.acts import Does, act
from cpassist.ui.frame.fields import FieldMistakes, text
from cpassist.ui.frame.verbs import Notice, verb
from cpassist.workshop.curriculum.learnt import compare_cohorts
from cpassist.workshop.exercises.records import OTHER_PARTS, Curriculum, Exercise, Phase
from cpassist.workshop.exercises.seat import Seat
from cpassist.workshop.session.session import (
    ACTS,
    MOST_DAYS,
    MOST_MINUTES,
    Part,
    Pulse,
    Session,
    Stage,
    phases_of,
    seconds_left,
)

WHOLE = re.compile(r"[0-9]{1,10}\Z")
VIEWS = ("console", "projector")


def _stage_acts(move: Does) -> Does:
    """Each act of a session is asked for by its own name."""
    for name in ACTS:
        move = act(name, reads=partial(_read_move, name))(move)
    return move


def _read_move(name: str, _: Any, form: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    return name, {key: text(form, key) for key in ("picture", "minutes")}


class TrainerState(tl.HasTraits):
    """One trainer, one page. The session itself is in the store, and moves there."""

    view = tl.Enum(("door", *VIEWS), default_value="door")
    """Which part of the page is shown."""

    programme = tl.Tuple()
    """While a session is set up: its parts with their minutes."""

    timetable = tl.Unicode("two_hours")
    stage = tl.Instance(Stage, allow_none=True)
    pulse = tl.Instance(Pulse, allow_none=True)
    sure = tl.Unicode("")
    """What was asked for once and is done when it is asked for again."""

    notice = tl.Instance(Notice, allow_none=True)
    mistakes = tl.Dict()
    mistaken_form = tl.Unicode("")

    def __init__(self, workshop: Workshop) -> None:
        super().__init__()
        self.workshop = workshop
        self.typed: dict[str, str] = {"code": "", "title": "", "days": "30", "seats": "60", "seed": ""}  # fmt: skip
        self.session: Session | None = None
        self.secret = ""
        self.is_new = False
        """Whether the session was opened on this page, so that its secret is still to be noted."""
        self.lost = ""
        self.compared = ""
        """What a waiting list shows, once it was asked for."""
        self._taught: Curriculum | None = None
        self._seats: tuple[Seat, ...] = ()
        self._seats_of: tuple[Any, ...] = ()
        self.programme = self._slots(self.timetable)

    # --- what is open ---

    @property
    def curriculum(self) -> Curriculum:
        """What is taught: in a session as it was when that was opened."""
        return self._taught or self.workshop.curriculum

    @property
    def part(self) -> str:
        assert self.session is not None
        assert self.stage is not None
        return str(self.session.programme[self.stage.at].key)

    @property
    def exercise(self) -> Exercise | None:
        return self.curriculum.exercise(self.part)

    @property
    def phases(self) -> tuple[Phase, ...]:
        return phases_of(self.curriculum, self.part)

    def seconds(self) -> int | None:
        return seconds_left(self.stage, self.workshop.now()) if self.stage else None

    def fall_back(self) -> None:
        """To a screen that can be drawn: the door."""
        self.view = "door"

    # --- setting up ---

    def _slots(self, key: str) -> tuple[tuple[str, int], ...]:
        table = next((t for t in self.workshop.curriculum.timetables if t.key == key), None)
        if table is None:
            raise Mistakes(("There is no such timetable.",))
        return tuple((slot.part, slot.minutes) for slot in table.slots)

    @act("hello")
    @act("go")
    @verb
    def stay(self) -> None:
        """Draws the page as it is now."""

    @act("timetable", "timetable")
    @verb
    def choose_timetable(self, key: str) -> None:
        """Takes the parts of a timetable; they can be changed."""
        self.programme, self.timetable = self._slots(key), key

    @act("part_up", reads=lambda _, form: (text(form, "at"), "up"))
    @act("part_down", reads=lambda _, form: (text(form, "at"), "down"))
    @act("part_out", reads=lambda _, form: (text(form, "at"), "out"))
    @verb
    def move_part(self, at: str, way: str) -> None:
        """Moves a part of the programme up or down, or takes it out."""
        if not WHOLE.match(at) or int(at) >= len(self.programme):
            raise Mistakes(("There is no such part.",))
        parts, here = list(self.programme), int(at)
        if way == "out":
            del parts[here]
        else:
            there = here + (1 if way == "down" else -1)
            if not 0 <= there < len(parts):
                raise Mistakes(("It stands at the end already.",))
            parts[here], parts[there] = parts[there], parts[here]
        self.programme = tuple(parts)

    @act("part_in", "part")
    @verb
    def add_part(self, key: str) -> None:
        """Adds a part at the end."""
        exercise = self.workshop.curriculum.exercise(key)
        if exercise is None and key not in OTHER_PARTS:
            raise Mistakes(("There is no such part.",))
        if any(part == key for part, _ in self.programme) and key != "pause":
            raise Mistakes(("It is in the programme already.",))
        self.programme = (*self.programme, (key, exercise.minutes if exercise else 5))

    @act("open", reads=lambda _, form: ({k: v for k, v in form.items() if isinstance(v, str)},))
    @verb
    def open_session(self, fields: dict[str, str]) -> None:
        """Opens a session; its secret is shown this once."""
        self.typed = {**self.typed, **fields}
        wrong = self._wrong_in(fields)
        if wrong:
            raise FieldMistakes("open", wrong)
        minutes = [fields.get(f"minutes-{at}", "") for at in range(len(self.programme))]
        programme = tuple(
            Part(key=key, minutes=int(said) if said else usual)
            for (key, usual), said in zip(self.programme, minutes, strict=True)
        )
        rooms, now = self.workshop.rooms, self.workshop.now()
        rooms.purge_due(now.date())
        session, secret = rooms.open(
            title=fields["title"],
            programme=programme,
            quiz="short" if fields.get("quiz") == "short" else "whole",
            curriculum=self.workshop.curriculum,
            at=now,
            days=int(fields["days"]),
            seed=int(fields["seed"]) if fields.get("seed") else None,
            cohort=fields.get("cohort", ""),
            most_seats=int(fields["seats"]),
        )
        self._enter(session, secret, is_new=True)

    def _wrong_in(self, fields: dict[str, str]) -> dict[str, str]:
        wrong = {}
        if self.workshop.opening_word and not self.workshop.rooms.try_word(
            self.workshop.now(),
            is_right=hmac.compare_digest(
                sha256(fields.get("word", "").strip().casefold().encode()).hexdigest(),
                self.workshop.opening_word,
            ),
        ):
            wrong["word"] = (
                "Type the word that stands in the window in which the pages were started."
            )
        if not fields.get("title", "").strip():
            wrong["title"] = "Give the session a title, for example Tuesday's team."
        for name, most in (("days", MOST_DAYS), ("seats", 120)):
            said = fields.get(name, "")
            if not WHOLE.match(said) or not 1 <= int(said) <= most:
                wrong[name] = f"Give a whole number from 1 to {most}."
        if fields.get("seed") and not WHOLE.match(fields["seed"]):
            wrong["seed"] = "Give a whole number, or leave it empty."
        for at in range(len(self.programme)):
            said = fields.get(f"minutes-{at}", "")
            if said and not (WHOLE.match(said) and 1 <= int(said) <= MOST_MINUTES):
                wrong[f"minutes-{at}"] = f"Give 1 to {MOST_MINUTES} whole minutes."
        if not self.programme:
            wrong["timetable"] = "Choose a timetable, or add a part."
        return wrong

    @act("come_back", "code", "secret", "view")
    @verb
    def come_back(self, code: str, secret: str, view: str) -> None:
        """Goes back to a session by its code and secret, to the console or as the projector."""
        self.typed = {**self.typed, "code": code[:20]}
        wrong = {}
        if not code.strip():
            wrong["code"] = "Type the code of the session."
        if not secret.strip():
            wrong["secret"] = "Type the secret that was shown when the session was opened."  # noqa: S105  a sentence
        if wrong:
            raise FieldMistakes("back", wrong)
        session = self.workshop.rooms.enter(code, secret, self.workshop.now())
        self._enter(session, secret, is_new=False)
        self.view = view if view in VIEWS else "console"

    def _enter(self, session: Session, secret: str, *, is_new: bool) -> None:
        self.session, self._taught = self.workshop.rooms.session(session.key)
        self.secret, self.is_new, self.lost, self.sure = secret, is_new, "", ""
        self.view = "console"
        self._look()

    @act("leave")
    @verb
    def leave(self) -> None:
        """Back to the door; the session goes on."""
        self.session, self.secret, self._taught, self.stage, self.pulse = None, "", None, None, None
        self.compared = ""
        self.view, self.lost, self._seats, self._seats_of = "door", "", (), ()

    @act("view", "view")
    @verb
    def show_view(self, view: str) -> None:
        """The console, or the projector's page."""
        if view not in VIEWS or self.session is None:
            raise Mistakes(("There is no such page.",))
        self.view = view

    # --- running it ---

    @_stage_acts
    @verb
    def move_stage(self, act: str, given: dict[str, str]) -> None:
        """Moves the stage. Starting a part anew is asked for twice."""
        if self.session is None:
            raise Mistakes(("Open a session first.",))
        if act in {"reset", "finish"} and self.sure != act:
            self.sure = act
            return
        self.sure = ""
        try:
            self.workshop.rooms.move(self.session.key, self.secret, act, given, self.workshop.now())
        except Gone as gone:
            self.lost = str(gone)
        else:
            self._look()

    @act("delete")
    @verb
    def delete(self) -> None:
        """Deletes the session for good; asked for twice."""
        if self.session is None:
            raise Mistakes(("Open a session first.",))
        if self.sure != "delete":
            self.sure = "delete"
            return
        with contextlib.suppress(Gone):
            self.workshop.rooms.delete(self.session.key, self.secret)
        self.leave()
        self.notice = Notice(level="done", says=("The session and everything answered in it is deleted.",))  # fmt: skip

    @act("compare", "code", "secret")
    @verb
    def compare(self, code: str, secret: str) -> None:
        """Compares the two cohorts of a waiting list: this session with the other one."""
        if self.session is None or not self.session.cohort:
            raise Mistakes(("Only sessions of a waiting list are compared. Choose that when opening one.",))  # fmt: skip
        rooms = self.workshop.rooms
        other = rooms.enter(code, secret, self.workshop.now())
        if {other.cohort, self.session.cohort} != {"first", "second"} or other.quiz != self.session.quiz:  # fmt: skip
            raise Mistakes(
                ("The other session has to be of the other cohort, with the same quiz.",)
            )
        both = {
            self.session.cohort: rooms.everything(self.session.key, self.secret),
            other.cohort: rooms.everything(other.key, secret),
        }
        first, second = (
            (sittings(both[cohort], "quiz_before"), sittings(both[cohort], "quiz_after"))
            for cohort in ("first", "second")
        )
        told = compare_cohorts(
            self.curriculum, self.session.quiz, first, second, seed=self.session.seed
        )
        self.compared = (
            told.sentence()
            if told
            else "Fewer than five of one cohort sat both quizzes; nothing is compared."
        )

    def learnt(self) -> str:
        """What the room knew before and knows after, as a sentence; empty until it was asked a second time."""
        if self.session is None or not self.part.startswith(("quiz_after", "quiz_follow", "commit")):  # fmt: skip
            return ""
        given = self.workshop.rooms.everything(self.session.key, self.secret)
        return learnt_in(self.session, self.curriculum, given).sentence()

    @act("not_sure")
    @verb
    def not_sure(self) -> None:
        """What was asked for once is not done."""
        self.sure = ""

    @act("noted")
    @verb
    def noted(self) -> None:
        """The secret has been noted, and is shown no more."""
        self.is_new = False

    def look(self) -> bool:
        """Looks at the room; whether anything has changed."""
        if self.session is None or self.lost:
            return False
        before = (self.stage, self.pulse, self.clock_now())
        try:
            self._look()
        except Gone as gone:
            self.lost = str(gone)
            return True
        except CpassistError:
            # Others are writing, or the database is away for a moment: the next look will see.
            return False
        return (self.stage, self.pulse, self._clock) != before

    def _look(self) -> None:
        assert self.session is not None
        rooms = self.workshop.rooms
        pulse = rooms.pulse(self.session.key, self.workshop.now())
        with self.hold_trait_notifications():
            if self.stage is None or self.stage.version != pulse.version:
                self.stage = rooms.stage(self.session.key)
            self.pulse = pulse
        self._clock = self.clock_now()

    _clock = ""

    def clock_now(self) -> str:
        """What the clock says; it is looked at again when this changes."""
        left = self.seconds()
        return "" if left is None else str(left // 60 if left > 90 else left // 10)

    def seats(self) -> tuple[Seat, ...]:
        """The room's answers to the open part, but for the phase that is open; none below five seats."""
        assert self.session is not None
        assert self.stage is not None
        wanted = (self.part, self.stage.turn(self.part), self.stage.phase)
        if wanted != self._seats_of:
            self._seats = self.workshop.rooms.seats(self.session.key, self.secret, self.part)
            self._seats_of = wanted
        return self._seats
