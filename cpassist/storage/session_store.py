"""Where the sessions of workshops are kept: who joined, what was answered, where the room stands.

Everything that is allowed or refused is decided here, on what the database holds: a browser can send what
it likes. Codes are kept hashed. Nobody's answers can be asked for one by one; what a room sees of itself
comes out only where enough have answered.
"""

import datetime
import json
import secrets
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from cpassist.catalogue.strict_yaml import build
from cpassist.codec import canonical
from cpassist.errors import CpassistError, Mistakes
from cpassist.storage.attempts import as_kept, count_wrong, must_be_open
from cpassist.storage.database import (
    ROOM_ANSWERS,
    ROOM_SEATS,
    ROOM_SESSIONS,
    reading,
    scrub,
    writing,
)
from cpassist.workshop.charts.room_charts import FEWEST
from cpassist.workshop.exercises.records import ANSWERED, Curriculum
from cpassist.workshop.exercises.seat import Seat
from cpassist.workshop.session.codes import (
    hashed,
    is_same,
    join_code,
    new_join_code,
    new_seat_words,
    new_secret,
    seat_words,
)
from cpassist.workshop.session.session import (
    MOST_DAYS,
    SHOWN_IN,
    Given,
    NotNow,
    Part,
    Pulse,
    Session,
    Stage,
    Ticket,
    moved,
    must_take,
)

LONGEST_ANSWER = 6000
LONGEST_ROLE = 40
MOST_PARTS = 40
WRONG_JOINS, WRONG_SEATS, WRONG_SECRETS = 30, 20, 10
"""How many wrong codes a minute before a door stays shut for the rest of that minute."""
SEEN_EVERY = datetime.timedelta(seconds=30)
HERE_FOR = datetime.timedelta(seconds=90)
"""Whoever was heard of so lately counts as being in the room."""


class Gone(NotNow):
    """There is no such session any more."""


class SeatTaken(CpassistError):
    """The seat is held by another page now."""


class Rooms:
    """The workshops of one database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    # --- what a trainer does ---

    def open(
        self,
        *,
        title: str,
        programme: tuple[Part, ...],
        quiz: str,
        curriculum: Curriculum,
        at: datetime.datetime,
        days: int = 30,
        seed: int | None = None,
        cohort: str = "",
        most_seats: int = 60,
    ) -> tuple[Session, str]:
        """A new session, and the trainer's secret, which is shown this once.

        Raises CpassistError for a title, programme, number of days or of seats that cannot be.
        """
        if not 1 <= days <= MOST_DAYS or len(programme) > MOST_PARTS:
            raise Mistakes((f"Results are kept 1 to {MOST_DAYS} days.",))
        secret = new_secret()
        key = secrets.token_hex(16)
        with writing(self.engine) as connection:
            taken = set(connection.execute(sa.select(ROOM_SESSIONS.c.code)).scalars())
            code = next(c for c in iter(new_join_code, "") if c not in taken)
            session = Session(
                key=key,
                code=code,
                title=title.strip(),
                programme=programme,
                quiz=quiz,
                seed=secrets.randbelow(2**31) if seed is None else seed,
                opened=as_kept(at),
                delete_on=(at.date() + datetime.timedelta(days=days)).isoformat(),
                cohort=cohort,
                most_seats=most_seats,
            )
            connection.execute(
                ROOM_SESSIONS.insert().values(
                    session=key,
                    code=code,
                    secret=hashed(key, secret),
                    delete_on=session.delete_on,
                    content=canonical(session),
                    curriculum=canonical(curriculum),
                    version=1,
                    stage=canonical(Stage()),
                )
            )
        return session, secret

    def try_word(self, at: datetime.datetime, *, is_right: bool) -> bool:
        """Whether the word without which no session is opened here was right; wrong ones are counted.

        Raises TooManyTries.
        """
        with writing(self.engine) as connection:
            must_be_open(connection, "opening", WRONG_SECRETS, at)
            if not is_right:
                count_wrong(connection, "opening", at)
        return is_right

    def enter(self, code: str, secret: str, at: datetime.datetime) -> Session:
        """The session of a trainer who knows its code and secret. Raises NotNow, TooManyTries."""
        wanted = join_code(code)
        with writing(self.engine) as connection:
            row = connection.execute(
                sa.select(*BUT_WHAT_IS_TAUGHT).where(ROOM_SESSIONS.c.code == wanted)
            ).first()
            if row is not None and is_same(row.secret, row.session, secret.strip().casefold()):
                # The right secret is too long to be guessed, and no guesser may keep a trainer out.
                return _session(row)
            # One door for all sessions: a door of its own would tell which codes there are.
            must_be_open(connection, "trainer", WRONG_SECRETS, at)
            count_wrong(connection, "trainer", at)
        raise NotNow(
            "That code and that secret do not belong together. The secret was shown once, when the session was opened."
        )

    def move(
        self,
        session: str,
        secret: str,
        act: str,
        given: Mapping[str, str],
        at: datetime.datetime,
    ) -> Stage:
        """Moves the stage as a trainer asks. Raises NotNow."""
        with writing(self.engine) as connection:
            row = self._as_trainer(connection, session, secret)
            stage = moved(
                _session(row), _stage(row), _curriculum(connection, session), act, given, at
            )
            _keep_stage(connection, session, stage)
        return stage

    def delete(self, session: str, secret: str) -> None:
        """Deletes a session for good, with everything that was answered in it. Raises NotNow."""
        with writing(self.engine) as connection:
            self._as_trainer(connection, session, secret)
            _delete(connection, session)
        scrub(self.engine)

    def purge_due(self, on: datetime.date) -> int:
        """Deletes every session whose day has come; gives how many."""
        with writing(self.engine) as connection:
            due = list(
                connection.execute(
                    sa.select(ROOM_SESSIONS.c.session).where(
                        ROOM_SESSIONS.c.delete_on <= on.isoformat()
                    )
                ).scalars()
            )
            for session in due:
                _delete(connection, session)
        if due:
            scrub(self.engine)
        return len(due)

    def everything(self, session: str, secret: str) -> tuple[Given, ...]:
        """Every answer under its seat's number, for the trainer's export. Raises NotNow."""
        with reading(self.engine) as connection:
            self._as_trainer(connection, session, secret)
            rows = connection.execute(
                sa.select(ROOM_ANSWERS)
                .where(ROOM_ANSWERS.c.session == session)
                .order_by(*(ROOM_ANSWERS.c[n] for n in ("number", "part", "turn", "item", "phase")))
            ).all()
        return tuple(_given(row) for row in rows)

    def seats(self, session: str, secret: str, part: str) -> tuple[Seat, ...]:
        """The answers to one part, seat by seat without their numbers, once enough have answered; else none.

        Raises NotNow.
        """
        with reading(self.engine) as connection:
            row = self._as_trainer(connection, session, secret)
            return _seats(connection, row, part, _stage(row).turn(part))

    def _as_trainer(self, connection: Connection, session: str, secret: str) -> Any:
        row = _row(connection, session)
        if not is_same(row.secret, session, secret.strip().casefold()):
            raise NotNow("Only the trainer of this session can do that.")
        return row

    # --- what a participant does ---

    def join(self, code: str, role: str, at: datetime.datetime) -> Ticket:
        """A new seat in the session of a code. Raises NotNow, TooManyTries."""
        with writing(self.engine) as connection:
            row = self._by_code(connection, code, at)
            if row is not None:
                return _new_seat(connection, row, role, at)
        raise NotNow(NO_SESSION)

    def come_back(self, code: str, words: str, at: datetime.datetime) -> Ticket:
        """The seat of these words, held by the page that asks from now on. Raises NotNow, TooManyTries."""
        said = seat_words(words)
        with writing(self.engine) as connection:
            row = self._by_code(connection, code, at)
            if row is None:
                problem = NO_SESSION
            else:
                door = f"seat:{row.session}"
                must_be_open(connection, door, WRONG_SEATS, at)
                found = connection.execute(
                    sa.select(ROOM_SEATS.c.number).where(
                        ROOM_SEATS.c.session == row.session,
                        ROOM_SEATS.c.code == hashed(row.session, said),
                    )
                ).scalar()
                if found is not None:
                    holder = secrets.token_hex(16)
                    connection.execute(
                        ROOM_SEATS.update()
                        .where(_this_seat(row.session, found))
                        .values(holder=holder, seen=as_kept(at))
                    )
                    return Ticket(session=row.session, number=found, words=said, holder=holder)
                count_wrong(connection, door, at)
                problem = (
                    "No seat of this session has these words. Check them, or join as somebody new."
                )
        raise NotNow(problem)

    def _by_code(self, connection: Connection, code: str, at: datetime.datetime) -> Any:
        """The session of a code, or None once the wrong code has been counted."""
        must_be_open(connection, "join", WRONG_JOINS, at)
        row = connection.execute(
            sa.select(*BUT_WHAT_IS_TAUGHT).where(ROOM_SESSIONS.c.code == join_code(code))
        ).first()
        if row is None or row.delete_on <= at.date().isoformat():
            count_wrong(connection, "join", at)
            return None
        return row

    def answer(
        self,
        ticket: Ticket,
        part: str,
        phase: str,
        values: Mapping[str, str],
        at: datetime.datetime,
    ) -> None:
        """Keeps answers to a part's questions, over those that the same seat gave in the same phase.

        Raises NotNow for the wrong moment, SeatTaken when another page holds the seat.
        """
        if any(len(v) > LONGEST_ANSWER or len(k) > 80 for k, v in values.items()):
            raise NotNow("That answer is too long. Shorten it.")
        with writing(self.engine) as connection:
            row = _row(connection, ticket.session)
            _must_hold(connection, ticket)
            stage = _stage(row)
            must_take(_session(row), stage, part, phase, at)
            for item, value in values.items():
                here = sa.and_(
                    ROOM_ANSWERS.c.session == ticket.session,
                    ROOM_ANSWERS.c.number == ticket.number,
                    ROOM_ANSWERS.c.part == part,
                    ROOM_ANSWERS.c.turn == stage.turn(part),
                    ROOM_ANSWERS.c.item == item,
                    ROOM_ANSWERS.c.phase == phase,
                )
                kept = {"value": value, "at": as_kept(at)}
                done = connection.execute(ROOM_ANSWERS.update().where(here).values(**kept))
                if not done.rowcount:
                    connection.execute(
                        ROOM_ANSWERS.insert().values(
                            session=ticket.session, number=ticket.number, part=part, turn=stage.turn(part),
                            item=item, phase=phase, **kept,
                        )
                    )  # fmt: skip

    def seat(self, ticket: Ticket, part: str) -> Seat:
        """A participant's own seat in one part. Raises SeatTaken."""
        with reading(self.engine) as connection:
            row = _row(connection, ticket.session)
            _must_hold(connection, ticket)
            rows = connection.execute(
                sa.select(ROOM_ANSWERS).where(
                    ROOM_ANSWERS.c.session == ticket.session,
                    ROOM_ANSWERS.c.number == ticket.number,
                    ROOM_ANSWERS.c.part == part,
                    ROOM_ANSWERS.c.turn == _stage(row).turn(part),
                )
            ).all()
        return Seat(
            seed=_session(row).seed,
            number=ticket.number,
            answers={(r.item, r.phase): r.value for r in rows},
        )

    def room_for(self, ticket: Ticket) -> tuple[Seat, ...]:
        """What a participant may see of the room now: nothing before the phases in which it is shown.

        Nothing either while the trainer shows no picture, or fewer than five have answered. Raises SeatTaken.
        """
        with reading(self.engine) as connection:
            row = _row(connection, ticket.session)
            _must_hold(connection, ticket)
            stage = _stage(row)
            if stage.phase not in SHOWN_IN or not stage.shown:
                return ()
            part = _session(row).programme[stage.at].key
            return _seats(connection, row, part, stage.turn(part))

    def heard_of(self, ticket: Ticket, at: datetime.datetime) -> None:
        """Notes that somebody is still there; not more often than every half minute."""
        with writing(self.engine) as connection:
            connection.execute(
                ROOM_SEATS.update()
                .where(
                    _this_seat(ticket.session, ticket.number),
                    ROOM_SEATS.c.holder == ticket.holder,
                    ROOM_SEATS.c.seen < as_kept(at - SEEN_EVERY),
                )
                .values(seen=as_kept(at))
            )

    # --- what both look at ---

    def session(self, key: str) -> tuple[Session, Curriculum]:
        """A session and what is taught in it. Raises NotNow when it is gone."""
        with reading(self.engine) as connection:
            return _session(_row(connection, key)), _curriculum(connection, key)

    def stage(self, key: str) -> Stage:
        """Where a session stands. Raises NotNow when it is gone."""
        with reading(self.engine) as connection:
            return _stage(_row(connection, key))

    def version(self, key: str) -> int:
        """The number of the stage; one small question, asked every few seconds. 0 when it is gone."""
        wanted = sa.select(ROOM_SESSIONS.c.version).where(ROOM_SESSIONS.c.session == key)
        with reading(self.engine) as connection:
            return int(connection.execute(wanted).scalar() or 0)

    def holds(self, ticket: Ticket) -> bool:
        """Whether this page still holds its seat."""
        wanted = sa.select(ROOM_SEATS.c.holder).where(_this_seat(ticket.session, ticket.number))
        with reading(self.engine) as connection:
            return bool(connection.execute(wanted).scalar() == ticket.holder)

    def pulse(self, key: str, at: datetime.datetime) -> Pulse:
        """Counts for the trainer: seats, who is here, how many have answered what is open. Raises NotNow."""
        with reading(self.engine) as connection:
            row = _row(connection, key)
            stage = _stage(row)
            part = _session(row).programme[stage.at].key
            count = sa.select(sa.func.count()).select_from(ROOM_SEATS).where(ROOM_SEATS.c.session == key)  # fmt: skip
            answered = sa.select(sa.func.count(sa.distinct(ROOM_ANSWERS.c.number))).where(
                ROOM_ANSWERS.c.session == key,
                ROOM_ANSWERS.c.part == part,
                ROOM_ANSWERS.c.turn == stage.turn(part),
                ROOM_ANSWERS.c.phase == stage.phase.value,
            )
            return Pulse(
                version=row.version,
                seats=connection.execute(count).scalar() or 0,
                here=connection.execute(count.where(ROOM_SEATS.c.seen >= as_kept(at - HERE_FOR))).scalar() or 0,
                answers=connection.execute(answered).scalar() or 0,
            )  # fmt: skip


BUT_WHAT_IS_TAUGHT = tuple(
    column for column in ROOM_SESSIONS.c if column is not ROOM_SESSIONS.c.curriculum
)
"""What is taught is long, and is read once a page: every look and every answer goes without it."""
NO_SESSION = (
    "There is no session with this code now. Check the six letters and numbers with the trainer."
)


def _row(connection: Connection, key: str) -> Any:
    row = connection.execute(
        sa.select(*BUT_WHAT_IS_TAUGHT).where(ROOM_SESSIONS.c.session == key)
    ).first()
    if row is None:
        raise Gone("This session was deleted. What you answered in it is gone.")
    return row


def _session(row: Any) -> Session:
    return build(Session, json.loads(row.content), "session")


def _stage(row: Any) -> Stage:
    return build(Stage, json.loads(row.stage), "stage")


def _curriculum(connection: Connection, key: str) -> Curriculum:
    wanted = sa.select(ROOM_SESSIONS.c.curriculum).where(ROOM_SESSIONS.c.session == key)
    return build(Curriculum, json.loads(str(connection.execute(wanted).scalar())), "curriculum")


def _keep_stage(connection: Connection, key: str, stage: Stage) -> None:
    connection.execute(
        ROOM_SESSIONS.update()
        .where(ROOM_SESSIONS.c.session == key)
        .values(version=stage.version, stage=canonical(stage))
    )


def _new_seat(connection: Connection, row: Any, role: str, at: datetime.datetime) -> Ticket:
    session = _session(row)
    if _stage(row).over:
        raise NotNow("This session is over.")
    there = connection.execute(
        sa.select(ROOM_SEATS.c.number, ROOM_SEATS.c.code).where(ROOM_SEATS.c.session == session.key)
    ).all()
    if len(there) >= session.most_seats:
        raise NotNow(
            "Every seat of this session is taken. If you were here before, come back with the words of your seat; else ask "
            "the trainer."
        )
    numbers, codes = {seat.number for seat in there}, {seat.code for seat in there}
    # A number drawn at random: it says nothing about who came first.
    number = next(n for n in iter(lambda: 1 + secrets.randbelow(9998), 0) if n not in numbers)
    words = next(w for w in iter(new_seat_words, "") if hashed(session.key, w) not in codes)
    holder = secrets.token_hex(16)
    connection.execute(
        ROOM_SEATS.insert().values(
            session=session.key, number=number, code=hashed(session.key, words), holder=holder,
            role=role[:LONGEST_ROLE], joined=as_kept(at), seen=as_kept(at),
        )
    )  # fmt: skip
    return Ticket(session=session.key, number=number, words=words, holder=holder)


def _must_hold(connection: Connection, ticket: Ticket) -> None:
    wanted = sa.select(ROOM_SEATS.c.holder).where(_this_seat(ticket.session, ticket.number))
    if connection.execute(wanted).scalar() != ticket.holder:
        raise SeatTaken(
            "Your seat was opened on another page. Nothing is sent from here any more; type the words of your seat to take it back."
        )


def _this_seat(session: str, number: int) -> Any:
    return sa.and_(ROOM_SEATS.c.session == session, ROOM_SEATS.c.number == number)


def _seats(connection: Connection, row: Any, part: str, turn: int) -> tuple[Seat, ...]:
    """The room's answers to a part, but for those of the phase that is open.

    Whoever looked twice while answers come in would see whose answer came in between.
    """
    stage = _stage(row)
    open_ = stage.phase if stage.phase in ANSWERED and not stage.over else None
    rows = connection.execute(
        sa.select(ROOM_ANSWERS).where(
            ROOM_ANSWERS.c.session == row.session,
            ROOM_ANSWERS.c.part == part,
            ROOM_ANSWERS.c.turn == turn,
        )
    ).all()
    by_seat: dict[int, dict[tuple[str, str], str]] = {}
    for one in rows:
        if one.phase != open_:
            by_seat.setdefault(one.number, {})[one.item, one.phase] = one.value
    if len(by_seat) < FEWEST:
        return ()
    seed = _session(row).seed
    return tuple(Seat(seed=seed, number=n, answers=a) for n, a in sorted(by_seat.items()))


def _given(row: Any) -> Given:
    return Given(**{name: getattr(row, name) for name in ("number", "part", "turn", "item", "phase", "value", "at")})  # fmt: skip


def _delete(connection: Connection, session: str) -> None:
    for table in (ROOM_ANSWERS, ROOM_SEATS, ROOM_SESSIONS):
        connection.execute(table.delete().where(table.c.session == session))
