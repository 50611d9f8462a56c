"""A process that writes in one plan: `python plan_writer.py URL KEY` until it is killed, saying each save."""

import datetime
import sys

from cpassist.errors import CpassistError
from cpassist.records.kept import ChangedByAnother
from cpassist.records.plan import Colleague, Duty, Remark
from cpassist.records.store import open_store

AT = datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC)
WRITER = Colleague(name="wanda", duties=frozenset({Duty.WORKER}))


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


if __name__ == "__main__":
    store, key = open_store(sys.argv[1]), sys.argv[2]
    revision = store.read(key, None).revision
    while True:
        says = Remark(line="plan", by="wanda", at=AT, says=f"Save {revision + 1}.")
        revision = store.remark(key, revision, WRITER, AT, says).revision
        print(revision, flush=True)
