"""Where plans are kept: the only module that knows SQL.

Every save appends a whole snapshot, so nothing is overwritten; a save says which one it was made
from, so that nobody writes over another person's work in silence. Every step is taken here, on what
the database holds, by the rules of `plan`: no caller can hand in a plan that calls itself approved.
"""

import datetime
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection, Engine

from cpassist.catalogue.records import Catalogue
from cpassist.catalogue.strict_yaml import build
from cpassist.errors import CpassistError, Mistakes
from cpassist.family import Family
from cpassist.planning.package import SupportPackage
from cpassist.records.blockers import blockers
from cpassist.records.plan import (
    CasePlan,
    Colleague,
    PlanState,
    Remark,
    approved,
    begin_plan,
    canonical,
    changed,
    closed,
    remarked,
    returned,
    submitted,
    superseded,
)
from cpassist.records.trail import BEGINNING, digest_of, link, wrong_lines

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
BUSY_SECONDS = 20

TABLES = sa.MetaData()
SAVES = sa.Table(
    "plan_saves",
    TABLES,
    sa.Column("plan", sa.String(32), primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("saved_by", sa.String(120), nullable=False),
    sa.Column("saved_at", sa.String(40), nullable=False),
    sa.Column("content", sa.Text, nullable=False),
)
SALTS = sa.Table(
    "plan_salts",
    TABLES,
    sa.Column("plan", sa.String(32), primary_key=True),
    sa.Column("salt", sa.String(64), nullable=False),
)
ACTS = sa.Table(
    "acts",
    TABLES,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("plan", sa.String(32), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("act", sa.String(16), nullable=False),
    sa.Column("by", sa.String(120), nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("chain", sa.String(64), nullable=False),
)


class NotThere(CpassistError):
    """There is no such plan."""


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A plan as it was saved, and the number of that save."""

    plan: CasePlan
    revision: int
    by: str
    at: datetime.datetime


class ChangedByAnother(CpassistError):
    """Somebody saved this plan after it was opened; `there` is what they saved."""

    def __init__(self, there: Saved) -> None:
        super().__init__(
            f"{there.by} saved this plan at {there.at:%H:%M on %d %B} after you had opened it. Nothing of "
            "yours is lost: see what differs, then keep yours as a copy or go on from theirs."
        )
        self.there = there


@dataclass(frozen=True, kw_only=True)
class Act:
    """One line of the trail."""

    number: int
    plan: str
    revision: int
    act: str
    by: str
    at: datetime.datetime


def open_store(url: str) -> "Store":
    """The store at a database address, with its tables made or brought up to date.

    A file of SQLite is made for its owner alone. Raises CpassistError with a sentence.
    """
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite" and address.database:
        _for_the_owner_alone(Path(address.database))
    engine = sa.create_engine(url, connect_args=_connecting(address))
    if address.get_backend_name() == "sqlite":
        _settle_sqlite(engine)
    try:
        with engine.begin() as connection:
            upgrade(connection)
    except sa.exc.DatabaseError as trouble:
        raise _explained(trouble) from None
    return Store(engine)


def upgrade(connection: Connection, to: str = "head") -> None:
    """Brings the tables to a revision of the migrations, upwards or down."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    (command.downgrade if to == "base" else command.upgrade)(config, to)


def _for_the_owner_alone(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as trouble:
        raise CpassistError(
            f"Plans cannot be kept: the workspace could not be made ({trouble.strerror}). Choose another "
            "folder with --workspace."
        ) from None


def _connecting(address: sa.URL) -> dict[str, Any]:
    return {"timeout": BUSY_SECONDS} if address.get_backend_name() == "sqlite" else {}


def _settle_sqlite(engine: Engine) -> None:
    """What was confirmed is on the disk; a writer is alone; what is deleted is overwritten."""

    @sa.event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say, below
        for setting in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
        ):
            connection.execute(f"PRAGMA {setting}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _explained(trouble: sa.exc.DatabaseError) -> CpassistError:
    """What went wrong with the database, without what was being written."""
    words = str(trouble.orig).casefold()
    if "malformed" in words or "not a database" in words:
        return CpassistError(
            "The file of plans is damaged, and was left as it is. Put back the last backup, and keep the "
            "damaged file for whoever looks after this machine."
        )
    if "readonly" in words or "read-only" in words:
        return CpassistError(
            "Plans cannot be kept: the workspace may only be read. Nothing was saved."
        )
    if "full" in words:
        return CpassistError(
            "The disk is full. Nothing was saved; what is on the screen is all there is."
        )
    if "locked" in words:
        return CpassistError(
            "Others are saving just now. Nothing was saved; try again in a moment."
        )
    return CpassistError(f"The database could not do that ({type(trouble.orig).__name__}).")


class Store:
    """The plans of one workspace."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    # --- what a worker does ---

    def begin(
        self, family: Family, package: SupportPackage, by: Colleague, at: datetime.datetime
    ) -> Saved:
        """A new draft. Raises NotAllowed."""
        plan = begin_plan(secrets.token_hex(16), family, package, by)
        with self._writing() as connection:
            connection.execute(SALTS.insert().values(plan=plan.key, salt=secrets.token_hex(32)))
            return self._append(connection, plan, 1, "begin", by, at)

    def change(
        self, key: str, expected: int, by: Colleague, at: datetime.datetime, **changes: Any
    ) -> Saved:
        """Saves what changed. Raises NotAllowed, ChangedByAnother, NotThere."""
        return self._step(
            key, expected, by, at, "change", lambda plan: changed(plan, by, **changes)
        )

    def submit(
        self, key: str, expected: int, by: Colleague, at: datetime.datetime, catalogue: Catalogue
    ) -> Saved:
        """Sends a plan for review; what blocks it is looked for here. Raises NotAllowed as well."""

        def step(plan: CasePlan) -> CasePlan:
            missing = tuple(blocker.says for blocker in blockers(plan, catalogue))
            return submitted(plan, by, at, missing)

        return self._step(key, expected, by, at, "submit", step)

    def close(
        self, key: str, expected: int, by: Colleague, at: datetime.datetime, because: str
    ) -> Saved:
        return self._step(
            key, expected, by, at, "close", lambda plan: closed(plan, by, at, because)
        )

    # --- what a supervisor does ---

    def remark(
        self, key: str, expected: int, by: Colleague, at: datetime.datetime, remark: Remark
    ) -> Saved:
        return self._step(key, expected, by, at, "remark", lambda plan: remarked(plan, by, remark))

    def return_plan(
        self, key: str, expected: int, by: Colleague, at: datetime.datetime, because: str
    ) -> Saved:
        return self._step(
            key, expected, by, at, "return", lambda plan: returned(plan, by, at, because)
        )

    def approve(
        self,
        key: str,
        expected: int,
        by: Colleague,
        at: datetime.datetime,
        seen: str,
        because: str = "",
    ) -> Saved:
        """Signs exactly what was read: `seen` is its fingerprint. Raises NotAllowed as well."""
        return self._step(
            key, expected, by, at, "approve", lambda plan: approved(plan, by, at, seen, because)
        )

    # --- reading ---

    def read(self, key: str) -> Saved:
        """The plan as last saved. Raises NotThere."""
        with self._reading() as connection:
            return self._latest(connection, key)

    def history(self, key: str) -> tuple[Saved, ...]:
        """Every save of a plan, the first first."""
        with self._reading() as connection:
            rows = connection.execute(
                sa.select(SAVES).where(SAVES.c.plan == key).order_by(SAVES.c.revision)
            )
            return tuple(_saved(row) for row in rows)

    def versions(self, key: str) -> tuple[Saved, ...]:
        """The last save of each version; an approved one counts as replaced once a later one is approved."""
        last = {saved.plan.version: saved for saved in self.history(key)}
        signed = [v for v, saved in last.items() if saved.plan.state is PlanState.APPROVED]
        return tuple(
            Saved(plan=superseded(s.plan), revision=s.revision, by=s.by, at=s.at)
            if s.plan.state is PlanState.APPROVED and s.plan.version != max(signed)
            else s
            for s in last.values()
        )

    def plans(self, *states: PlanState) -> tuple[Saved, ...]:
        """The plans as last saved that stand in one of these states (or all), the oldest save first."""
        newest = (
            sa.select(SAVES.c.plan, sa.func.max(SAVES.c.revision).label("revision"))
            .group_by(SAVES.c.plan)
            .subquery()
        )
        wanted = (
            sa.select(SAVES)
            .join(
                newest,
                sa.and_(SAVES.c.plan == newest.c.plan, SAVES.c.revision == newest.c.revision),
            )
            .order_by(SAVES.c.saved_at, SAVES.c.plan)
        )
        if states:
            wanted = wanted.where(SAVES.c.state.in_([state.value for state in states]))
        with self._reading() as connection:
            return tuple(_saved(row) for row in connection.execute(wanted))

    def trail(self, key: str | None = None) -> tuple[Act, ...]:
        """What was done, by whom and when, in order: of one plan or of all."""
        wanted = sa.select(ACTS).order_by(ACTS.c.number)
        with self._reading() as connection:
            rows = connection.execute(wanted if key is None else wanted.where(ACTS.c.plan == key))
            return tuple(
                Act(
                    number=row.number,
                    plan=row.plan,
                    revision=row.revision,
                    act=row.act,
                    by=row.by,
                    at=datetime.datetime.fromisoformat(row.at),
                )
                for row in rows
            )

    def verify_trail(self) -> tuple[str, ...]:
        """What does not hold in the trail, in sentences; nothing when every link and every content does."""
        with self._reading() as connection:
            salts = {row.plan: row.salt for row in connection.execute(sa.select(SALTS))}
            contents = {
                (row.plan, row.revision): row.content
                for row in connection.execute(sa.select(SAVES))
            }
            lines = connection.execute(sa.select(ACTS).order_by(ACTS.c.number))
            return tuple(wrong_lines(lines, salts, contents))

    # --- how it is written ---

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self.engine.begin() as connection:
                yield connection
        except sa.exc.DatabaseError as trouble:
            raise _explained(trouble) from None

    _reading = _writing

    def _step(
        self,
        key: str,
        expected: int,
        by: Colleague,
        at: datetime.datetime,
        act: str,
        step: Callable[[CasePlan], CasePlan],
    ) -> Saved:
        with self._writing() as connection:
            there = self._latest(connection, key)
            if there.revision != expected:
                raise ChangedByAnother(there)
            return self._append(connection, step(there.plan), expected + 1, act, by, at)

    def _latest(self, connection: Connection, key: str) -> Saved:
        row = connection.execute(
            sa.select(SAVES).where(SAVES.c.plan == key).order_by(SAVES.c.revision.desc()).limit(1)
        ).first()
        if row is None:
            raise NotThere("There is no such plan here. It may have been deleted; see the list.")
        return _saved(row)

    def _append(
        self,
        connection: Connection,
        plan: CasePlan,
        revision: int,
        act: str,
        by: Colleague,
        at: datetime.datetime,
    ) -> Saved:
        content, when = canonical(plan), at.isoformat()
        connection.execute(
            SAVES.insert().values(
                plan=plan.key,
                revision=revision,
                version=plan.version,
                state=plan.state.value,
                saved_by=by.name,
                saved_at=when,
                content=content,
            )
        )
        salt = connection.execute(
            sa.select(SALTS.c.salt).where(SALTS.c.plan == plan.key)
        ).scalar_one()
        last = connection.execute(
            sa.select(ACTS.c.number, ACTS.c.chain).order_by(ACTS.c.number.desc()).limit(1)
        ).first()
        number, before = (last.number + 1, last.chain) if last else (1, BEGINNING)
        digest = digest_of(salt, act, by.name, when, content)
        connection.execute(
            ACTS.insert().values(
                number=number,
                plan=plan.key,
                revision=revision,
                act=act,
                by=by.name,
                at=when,
                digest=digest,
                chain=link(before, number, plan.key, revision, digest),
            )
        )
        return Saved(plan=plan, revision=revision, by=by.name, at=at)


def _saved(row: Any) -> Saved:
    try:
        plan = build(CasePlan, json.loads(row.content), "plan")
    except (ValueError, Mistakes):
        raise CpassistError(
            "A plan in the store does not read. It was left as it is; tell whoever looks after this machine."
        ) from None
    return Saved(
        plan=plan,
        revision=row.revision,
        by=row.saved_by,
        at=datetime.datetime.fromisoformat(row.saved_at),
    )
