"""How often a wrong code may be tried at a door of a workshop before it stays shut for a while."""

import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from cpassist.errors import CpassistError
from cpassist.storage.database import ROOM_TRIES

WINDOW = datetime.timedelta(minutes=1)


class TooManyTries(CpassistError):
    """Too many wrong codes; the door is shut for a while."""


def must_be_open(connection: Connection, door: str, most: int, at: datetime.datetime) -> None:
    """Refuses while too many wrong codes were tried at a door. Raises TooManyTries."""
    row = connection.execute(sa.select(ROOM_TRIES).where(ROOM_TRIES.c.door == door[:60])).first()
    if row is None or row.since < as_kept(at - WINDOW):
        return
    if row.wrong >= most:
        raise TooManyTries(
            "Too many wrong codes were tried just now. Wait a minute, then try again."
        )


def count_wrong(connection: Connection, door: str, at: datetime.datetime) -> None:
    """Counts a wrong code at a door."""
    here = ROOM_TRIES.c.door == door[:60]
    row = connection.execute(sa.select(ROOM_TRIES).where(here)).first()
    if row is None:
        connection.execute(ROOM_TRIES.insert().values(door=door[:60], since=as_kept(at), wrong=1))
    elif row.since < as_kept(at - WINDOW):
        connection.execute(ROOM_TRIES.update().where(here).values(since=as_kept(at), wrong=1))
    else:
        connection.execute(ROOM_TRIES.update().where(here).values(wrong=row.wrong + 1))


def as_kept(at: datetime.datetime) -> str:
    """A moment as it is kept: in UTC, so that text sorts as time does."""
    return at.astimezone(datetime.UTC).isoformat(timespec="milliseconds")
