"""The database of a workspace: its tables, how it is opened, and what its troubles are in words.

SQLite in the workspace, or PostgreSQL by its address. Only this module, the store, the drafts and the rooms know SQL.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from cpassist.errors import CpassistError

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
NEWEST = "0003"
"""The last migration: a database that is there already needs none of Alembic."""
BUSY_SECONDS = 20
ONE_WRITER = 7261
"""The lock under which PostgreSQL lets one writer at a time append to the trail."""

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
HEADS = sa.Table(
    "plans",
    TABLES,
    sa.Column("plan", sa.String(32), primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("begun_by", sa.String(120), nullable=False),
    sa.Column("team", sa.Text, nullable=False),
    sa.Column("saved_by", sa.String(120), nullable=False),
    sa.Column("saved_at", sa.String(40), nullable=False),
    sa.Column("sent_at", sa.String(40), nullable=False),
    sa.Column("keep_until", sa.String(10), nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
)
"""One line a plan, as it stands now: what lists and counts need, so that neither opens every plan."""
DRAFTS = sa.Table(
    "drafts",
    TABLES,
    sa.Column("draft", sa.String(16), primary_key=True),
    sa.Column("owner", sa.String(120), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("kept", sa.String(40), nullable=False),
    sa.Column("step", sa.String(16), nullable=False),
    sa.Column("plan", sa.String(32), nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("family", sa.Text, nullable=False),
)

ROOM_SESSIONS = sa.Table(
    "room_sessions",
    TABLES,
    sa.Column("session", sa.String(32), primary_key=True),
    sa.Column("code", sa.String(12), nullable=False, unique=True),
    sa.Column("secret", sa.String(64), nullable=False),
    sa.Column("delete_on", sa.String(10), nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("curriculum", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
)
"""A workshop's session, what is taught in it as it was when it was opened, and where it stands."""
ROOM_SEATS = sa.Table(
    "room_seats",
    TABLES,
    sa.Column("session", sa.String(32), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("code", sa.String(64), nullable=False),
    sa.Column("holder", sa.String(32), nullable=False),
    sa.Column("role", sa.String(40), nullable=False),
    sa.Column("joined", sa.String(40), nullable=False),
    sa.Column("seen", sa.String(40), nullable=False),
)
ROOM_ANSWERS = sa.Table(
    "room_answers",
    TABLES,
    sa.Column("session", sa.String(32), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("part", sa.String(60), primary_key=True),
    sa.Column("turn", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("item", sa.String(80), primary_key=True),
    sa.Column("phase", sa.String(12), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
)
"""One answer a seat, question and phase; `turn` counts how often a part was begun, so that a reset keeps what was there."""
ROOM_TRIES = sa.Table(
    "room_tries",
    TABLES,
    sa.Column("door", sa.String(60), primary_key=True),
    sa.Column("since", sa.String(40), nullable=False),
    sa.Column("wrong", sa.Integer, nullable=False),
)
"""How many wrong codes were tried at each door of late."""


def open_database(url: str) -> Engine:
    """The database at an address, with its tables made or brought up to date.

    A file of SQLite is made for its owner alone. Raises CpassistError with a sentence.
    """
    try:
        address = sa.make_url(url)
        if is_file(address):
            _for_the_owner_alone(Path(str(address.database)))
        engine = sa.create_engine(url, connect_args=_connecting(address))
    except (sa.exc.ArgumentError, ImportError):
        raise CpassistError(
            "The address of the database does not read, or what it needs is not installed. Write it as "
            "postgresql+psycopg://NAME@HOST/DATABASE and install cpassist[postgresql], or leave it out to keep "
            "plans in a file."
        ) from None
    _settle(engine)
    there = _revision(engine)
    if there is not None and there > NEWEST:
        raise CpassistError(
            "These plans were kept by a later version of the program, and were left as they are. Use that one."
        )
    if there != NEWEST:
        with writing(engine) as connection:
            upgrade(connection)
    return engine


def is_file(address: sa.URL) -> bool:
    return address.get_backend_name() == "sqlite" and bool(address.database)


def upgrade(connection: Connection, to: str = "head") -> None:
    """Brings the tables to a revision of the migrations, upwards or down."""
    # Loaded by the one who needs it: a page that opens an up-to-date database does not wait for it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    down = to == "base" or to < (_revision_in(connection) or "")
    (command.downgrade if down else command.upgrade)(config, to)


def _revision(engine: Engine) -> str | None:
    with reading(engine) as connection:
        return _revision_in(connection)


def _revision_in(connection: Connection) -> str | None:
    """The migration at which the tables stand; None for a database without any."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return str(found) if found else None


def _for_the_owner_alone(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as trouble:
        raise CpassistError(
            f"Plans and drafts cannot be kept: the workspace could not be made ({trouble.strerror}). Choose "
            "another folder with --workspace."
        ) from None


def _connecting(address: sa.URL) -> dict[str, Any]:
    if address.get_backend_name() == "sqlite":
        return {"timeout": BUSY_SECONDS}
    return {"connect_timeout": BUSY_SECONDS}


def _settle(engine: Engine) -> None:
    """What was confirmed is on the disk; a writer is alone; what is deleted is overwritten."""
    if engine.dialect.name != "sqlite":

        @sa.event.listens_for(engine, "begin")
        def _alone(connection: Connection) -> None:
            if not connection.get_execution_options().get("reads"):
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_WRITER})")

        return

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
        reads = connection.get_execution_options().get("reads")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One step, alone and whole or not at all. Raises CpassistError with a sentence."""
    with _explaining(), engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A look at one moment, which keeps no writer waiting."""
    with _explaining(), engine.execution_options(reads=True).begin() as connection:
        yield connection


def scrub(engine: Engine) -> None:
    """After something was deleted for good: overwrites what it leaves in the file and in the log beside it.

    On PostgreSQL the tables are written anew; its own logs and backups are its keeper's to clear.
    """
    with _explaining(), engine.connect().execution_options(isolation_level="AUTOCOMMIT", reads=True) as connection:  # fmt: skip
        if engine.dialect.name == "sqlite":
            raw: Any = connection.connection.driver_connection
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            for table in (SAVES, SALTS, HEADS, DRAFTS, ROOM_SESSIONS, ROOM_SEATS, ROOM_ANSWERS):
                connection.exec_driver_sql(f"VACUUM (FULL) {table.name}")


def copy_database(engine: Engine, path: Path, *, back: bool) -> None:
    """Copies the whole file to another, or back from it, at one moment and while others go on.

    Raises CpassistError on PostgreSQL, which has tools of its own, and for a copy that is none of ours.
    """
    if engine.dialect.name != "sqlite":
        raise CpassistError(
            "These plans are in PostgreSQL. Back them up with pg_dump, and put them back with pg_restore."
        )
    scratch = path.with_name(f".{path.name}.part")
    try:
        if back:
            _copy(path, Path(str(engine.url.database)))
            return
        os.close(os.open(scratch, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
        _copy(Path(str(engine.url.database)), scratch)
        scratch.replace(path)
    except (OSError, sqlite3.Error) as trouble:
        scratch.unlink(missing_ok=True)
        raise CpassistError(
            f"{path}: it could not be {'read' if back else 'written'} ({trouble}). Nothing was changed."
        ) from None


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as reads:
        (sound,) = reads.execute("PRAGMA integrity_check").fetchone()
        (newest,) = reads.execute("SELECT version_num FROM alembic_version").fetchone()
        if sound != "ok" or newest > NEWEST:
            raise sqlite3.DatabaseError("it is damaged, or of a later version")
        with closing(sqlite3.connect(target, timeout=BUSY_SECONDS)) as writes:
            reads.backup(writes)


@contextmanager
def _explaining() -> Iterator[None]:
    try:
        yield
    except sa.exc.DBAPIError as trouble:
        raise _explained(trouble) from None


def _explained(trouble: sa.exc.DBAPIError) -> CpassistError:
    """What went wrong with the database, without what was being written."""
    words = str(trouble.orig).casefold()
    for signs, says in TROUBLES:
        if any(sign in words for sign in signs):
            return CpassistError(says)
    return CpassistError(
        f"The database could not do that ({type(trouble.orig).__name__}). Nothing was saved; tell whoever "
        "looks after this machine."
    )


TROUBLES = (
    (
        ("malformed", "not a database"),
        (
            "The file of plans and drafts is damaged, and was left as it is. Put back the last backup, and keep "
            "the damaged file for whoever looks after this machine."
        ),
    ),
    (
        ("readonly", "read-only"),
        "Nothing can be kept: the workspace may only be read. Nothing was saved.",
    ),
    (
        ("unable to open",),
        (
            "Nothing can be kept: the file of plans and drafts could not be opened. Choose another folder with "
            "--workspace."
        ),
    ),
    (
        ("full", "no space left"),
        "The disk is full. Nothing was saved; what is on the screen is all there is.",
    ),
    (("locked",), "Others are saving just now. Nothing was saved; try again in a moment."),
    (
        ("connect", "server closed", "terminating"),
        (
            "The database of plans does not answer. Nothing was saved; what is on the screen is all there is. "
            "Try again, and tell whoever looks after it."
        ),
    ),
)
