"""Processes that write in one plan: whatever they send back was confirmed to them."""

import datetime
import multiprocessing

from cpassist.errors import CpassistError
from cpassist.plans.plan import Colleague, Duty, Remark
from cpassist.storage.kept import ChangedByAnother
from cpassist.storage.plan_store import open_store

AT = datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC)
WRITER = Colleague(name="wanda", duties=frozenset({Duty.WORKER}))


def writers():
    """Where such processes come from: each a process of its own, and the libraries are loaded once for all."""
    context = multiprocessing.get_context("forkserver")
    # Nothing of tests/: the server of forks looks only where installed packages are.
    context.set_forkserver_preload(["cpassist.storage.plan_store", "alembic.command", "psycopg"])
    return context


def write_once(url, key, name, done):
    """One remark, however often somebody else was faster."""
    store = open_store(url)
    says = Remark(line="plan", by=name, at=AT, says=f"From {name}.")
    for _ in range(500):
        there = store.read(key, None)
        try:
            store.remark(key, there.revision, Colleague(name=name, duties=WRITER.duties), AT, says)
        except (ChangedByAnother, CpassistError):
            continue
        done.put(name)
        return


def write_on(url, key, confirmed):
    """Remark after remark until it is killed, sending the number of each save."""
    store = open_store(url)
    revision = store.read(key, None).revision
    while True:
        says = Remark(line="plan", by="wanda", at=AT, says=f"Save {revision + 1}.")
        revision = store.remark(key, revision, WRITER, AT, says).revision
        confirmed.send(revision)
