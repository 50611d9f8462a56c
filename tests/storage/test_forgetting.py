"""Deleting for good, and what cannot be written: nothing is left, the chain holds, and it is said."""

import datetime
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from databases import on_a_file, past_the_application
from example_plans import (
    BOTH,
    CATALOGUE,
    SUPERVISOR,
    WORKER,
    at,
    ready,
)

from cpassist.errors import CpassistError
from cpassist.plans.plan import NotAllowed, Remark
from cpassist.storage.kept import NotThere
from cpassist.storage.plan_store import open_store


@on_a_file
def test_a_purged_plan_leaves_no_byte_in_the_file(store, path):
    other = ready(store)
    saved = ready(store)
    key = saved.plan.key
    for minute in range(5):
        says = Remark(line="plan", by="wanda", at=at(), says=f"Zanzibar {minute}")
        saved = store.remark(key, saved.revision, WORKER, at(), says)
    store.close(key, saved.revision, WORKER, at(9), "Quagga moved away.")
    with store.engine.connect() as connection:
        salt = connection.exec_driver_sql("SELECT salt FROM plan_salts WHERE plan = ?", (key,)).scalar()  # fmt: skip
    assert salt.encode() in raw_bytes(path)

    store.purge(key, SUPERVISOR, at(10))

    left = raw_bytes(path)
    assert b"Zanzibar" not in left
    assert b"Quagga" not in left
    assert salt.encode() not in left
    assert store.read(other.plan.key, None) == other


def raw_bytes(path):
    """Everything on the disk beside and in the file of plans."""
    return b"".join(part.read_bytes() for part in sorted(path.parent.iterdir()))


def test_after_a_purge_the_chain_still_holds_and_the_plan_is_gone(store):
    saved = ready(store)
    key = saved.plan.key
    store.close(key, 2, WORKER, at(3), "Moved away.")
    kept = ready(store)
    store.purge(key, SUPERVISOR, at(4))

    assert store.verify_trail() == ()
    assert [act.act for act in store.trail(key, None)] == ["begin", "change", "close", "purge"]
    assert [line.key for line in store.plans(None)] == [kept.plan.key]
    with pytest.raises(NotThere):
        store.read(key, None)
    after = ready(store)
    assert store.read(after.plan.key, None) == after
    assert store.verify_trail() == ()


def test_who_purged_and_when_cannot_be_rewritten(store, url):
    key = ready(store).plan.key
    store.close(key, 2, WORKER, at(3), "Moved away.")
    store.purge(key, SUPERVISOR, at(4))
    past_the_application(url, "UPDATE acts SET by = 'eve' WHERE act = 'purge'")
    assert any("does not follow" in says for says in store.verify_trail())


def test_a_plan_without_a_day_is_never_due(store):
    saved = ready(store)
    store.keep_until(saved.plan.key, 2, BOTH, at(), datetime.date(2027, 1, 1))
    past = replace(saved.plan, keep_until="")
    with store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE plans SET keep_until = ''"))
    assert past.keep_until == ""
    assert store.due(datetime.date(2099, 1, 1)) == ()


def test_something_left_of_a_purged_plan_is_found(store, url):
    saved = ready(store)
    key = saved.plan.key
    store.close(key, 2, WORKER, at(3), "Moved away.")
    store.purge(key, SUPERVISOR, at(4))
    past_the_application(url, f"INSERT INTO plan_salts VALUES ('{key}', 'kept after all')")
    assert any("something of it is left" in says for says in store.verify_trail())


@pytest.mark.parametrize(
    ("by", "when", "allowed"),
    [
        (SUPERVISOR, at(9), False),
        (WORKER, at(9), False),
        (SUPERVISOR, at(9) + datetime.timedelta(days=366), True),
        (WORKER, at(9) + datetime.timedelta(days=366), False),
    ],
)
def test_a_plan_that_was_sent_is_deleted_only_when_it_is_due_and_by_a_supervisor(
    by, when, allowed, store
):
    key = ready(store).plan.key
    store.submit(key, 2, WORKER, at(2), CATALOGUE)
    if allowed:
        assert [line.key for line in store.due(when.date())] == [key]
        store.purge(key, by, when)
        assert store.plans(None) == ()
    else:
        with pytest.raises(NotAllowed, match="deleted only by a supervisor"):
            store.purge(key, by, when)
        assert store.read(key, None).revision == 3


def test_a_draft_that_was_never_sent_goes_at_the_word_of_who_wrote_it(store):
    key = ready(store).plan.key
    with pytest.raises(NotAllowed):
        store.purge(key, SUPERVISOR, at(3))
    store.purge(key, WORKER, at(3))
    assert store.plans(None) == ()


@on_a_file
@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody who may not write")
def test_a_folder_that_may_only_be_read_is_said(store, path):
    saved = ready(store)
    store.engine.dispose()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "plans.db"
        shutil.copy(path, copy)
        for place, mode in ((Path(folder), 0o755), (copy, 0o644)):
            place.chmod(mode)
        said = in_another_account(lambda: try_to_write(f"sqlite:///{copy}", saved))
    assert "could not be opened" in said or "may only be read" in said


def in_another_account(act):
    """What `act` says, done by an account that owns nothing."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.seteuid(65534)
        os.write(writes, act().encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writes)
    with os.fdopen(reads) as answer:
        return answer.read()


def try_to_write(url, saved):
    try:
        open_store(url).close(saved.plan.key, saved.revision, WORKER, at(), "So.")
    except CpassistError as said:
        return str(said)
    except BaseException as other:  # noqa: BLE001  the parent has to hear of it
        return repr(other)
    return "it was saved"
