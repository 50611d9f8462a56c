"""The store: nothing is lost, nothing overwritten, nothing approved but by the rules. On both databases."""

import contextlib
import os
import signal
import time
from dataclasses import replace

import pytest
import sqlalchemy as sa
from databases import on_a_file, past_the_application
from example_plans import (
    BOTH,
    CATALOGUE,
    DAY,
    PEOPLE,
    SUPERVISOR,
    WORKER,
    agreements,
    at,
    decided,
    filled,
    ready,
)
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from plan_writer import write_on, write_once, writers

from cpassist.errors import CpassistError
from cpassist.plans.lifecycle import doubted, is_approved, undecided
from cpassist.plans.plan import Colleague, NotAllowed, PlanState, Remark, Verdict
from cpassist.storage.database import upgrade
from cpassist.storage.kept import ChangedByAnother, NotThere
from cpassist.storage.plan_store import open_store

SOAK = bool(os.environ.get("CPASSIST_SOAK"))
WRITERS = 200 if SOAK else 20
KILLS = 300 if SOAK else 20


def test_a_plan_goes_through_a_return_to_approval_and_a_later_version(store):
    saved = ready(store)
    key = saved.plan.key
    sent = store.submit(key, 2, WORKER, at(2), CATALOGUE)
    back = store.return_plan(key, 3, SUPERVISOR, at(3), "Who looks after Theo on Fridays?")
    assert back.plan.state is PlanState.RETURNED
    mended = store.change(key, 4, WORKER, at(4), shared_with=("school", "nursery"))
    assert (mended.plan.version, mended.plan.state) == (2, PlanState.DRAFT)
    again = store.submit(key, 5, WORKER, at(5), CATALOGUE)
    store.remark(key, 6, SUPERVISOR, at(6), *agreements(again.plan))
    signed = store.approve(key, 7, SUPERVISOR, at(6), again.plan.content)
    assert is_approved(signed.plan)

    later = store.change(key, 8, WORKER, at(7), shared_with=("school",))
    store.submit(key, 9, WORKER, at(8), CATALOGUE)
    third = store.approve(key, 10, SUPERVISOR, at(9), later.plan.content)

    assert store.read(key, None) == third
    assert [s.plan.state for s in store.versions(key, None)] == [
        PlanState.RETURNED,
        PlanState.SUPERSEDED,
        PlanState.APPROVED,
    ]
    assert [s.revision for s in store.history(key, None)] == list(range(1, 12))
    assert [act.act for act in store.trail(key, None)] == [
        "begin", "change", "submit", "return", "change", "submit", "remark", "approve",
        "change", "submit", "approve",
    ]  # fmt: skip
    assert store.verify_trail() == ()
    assert sent.plan == store.history(key, None)[2].plan


def test_what_is_kept_reads_back_equal(store, url):
    saved = ready(store)
    again = open_store(url)
    assert again.read(saved.plan.key, None) == saved
    assert again.read(saved.plan.key, None).plan.content == saved.plan.content
    again.engine.dispose()


def test_a_plan_that_misses_something_is_not_sent_whoever_asks(store):
    begun = store.begin(*decided(), WORKER, at(), team=("bo",))
    with pytest.raises(NotAllowed, match="Who is responsible"):
        store.submit(begun.plan.key, 1, WORKER, at(1), CATALOGUE)
    assert store.read(begun.plan.key, None) == begun


def test_the_second_to_save_is_told_and_loses_nothing(store):
    saved = ready(store)
    key = saved.plan.key
    theirs = store.change(key, 2, BOTH, at(2), shared_with=("police",))

    with pytest.raises(ChangedByAnother, match="bo saved this plan") as told:
        store.change(key, 2, WORKER, at(3), shared_with=("school", "nursery"))

    assert told.value.there == theirs
    assert store.read(key, None) == theirs


def test_nobody_approves_what_changed_under_their_eyes(store):
    saved = ready(store)
    key = saved.plan.key
    sent = store.submit(key, 2, WORKER, at(2), CATALOGUE)
    store.change(key, 3, WORKER, at(3), shared_with=("police",))
    with pytest.raises(ChangedByAnother):
        store.approve(key, 3, SUPERVISOR, at(4), sent.plan.content)


def test_there_is_no_plan_under_another_key(store):
    with pytest.raises(NotThere):
        store.read("nobody", None)
    with pytest.raises(NotThere):
        store.close("nobody", 1, WORKER, at(), "So.")


def test_the_queue_shows_each_plan_as_it_stands_now(store):
    first, second = ready(store), ready(store)
    store.submit(first.plan.key, 2, WORKER, at(5), CATALOGUE)

    assert [line.key for line in store.plans(None, PlanState.SUBMITTED)] == [first.plan.key]
    assert [line.key for line in store.plans(None, PlanState.DRAFT)] == [second.plan.key]
    assert {line.key for line in store.plans(None)} == {first.plan.key, second.plan.key}
    assert store.plans(replace(WORKER, name="nobody")) == ()
    assert len(store.plans(None, label="larkFIELD")) == 2
    assert store.plans(None, label="%") == ()
    (line,) = store.plans(None, PlanState.SUBMITTED)
    assert (line.label, line.begun_by, line.sent_at) == ("The Larkfield family", "wanda", at(5))
    assert line.summary.offers == len(first.plan.package.offers)


def test_nobody_sees_or_does_anything_with_a_plan_that_is_not_theirs(store):
    saved = ready(store)
    key = saved.plan.key
    stranger = replace(WORKER, name="Wanda")
    nobody = Colleague(name="wanda", duties=frozenset())
    for by in (stranger, SUPERVISOR, nobody):
        for act in (
            lambda by=by: store.read(key, by),
            lambda by=by: store.history(key, by),
            lambda by=by: store.versions(key, by),
            lambda by=by: store.trail(key, by),
            lambda by=by: store.trail(None, by),
            lambda by=by: store.change(key, 2, by, at(), shared_with=()),
            lambda by=by: store.change(key, 1, by, at(), shared_with=()),
            lambda by=by: store.last_left(key, by),
            lambda by=by: store.submit(key, 2, by, at(), CATALOGUE),
            lambda by=by: store.close(key, 2, by, at(), "So."),
            lambda by=by: store.invite(key, 2, by, at(), by.name),
            lambda by=by: store.keep_until(key, 2, by, at(), DAY),
            lambda by=by: store.remark(key, 2, by, at(), Remark(line="plan", by=by.name, at=at(), says="Hm.")),
            lambda by=by: store.return_plan(key, 2, by, at(), "So."),
            lambda by=by: store.approve(key, 2, by, at(), saved.plan.content),
            lambda by=by: store.purge(key, by, at()),
        ):  # fmt: skip
            with pytest.raises((NotAllowed, NotThere)):
                act()
        assert store.plans(by) == ()
    assert store.read(key, None) == saved

    store.submit(key, 2, WORKER, at(3), CATALOGUE)
    assert store.read(key, SUPERVISOR).revision == 3
    assert [line.key for line in store.plans(SUPERVISOR)] == [key]
    with pytest.raises(NotAllowed):
        store.read(key, stranger)


def test_a_case_changes_hands(store):
    key = ready(store).plan.key
    will = replace(WORKER, name="will")
    store.invite(key, 2, WORKER, at(), " will ")
    store.change(key, 3, will, at(), shared_with=("police",))
    assert [line.key for line in store.plans(will, mine=True)] == [key]
    assert {"wanda", "will"} <= set(store.read(key, will).plan.authors)
    with pytest.raises(NotAllowed, match="Say whom"):
        store.invite(key, 4, WORKER, at(), " ")


# --- the trail ---


def test_the_application_cannot_change_what_was_written(store):
    ready(store)
    for act in (
        "UPDATE acts SET by = 'nobody'",
        "DELETE FROM acts",
        "UPDATE plan_saves SET state = 'approved'",
    ):
        with (
            pytest.raises(sa.exc.DBAPIError, match="stays as it is"),
            store.engine.begin() as connection,
        ):
            connection.exec_driver_sql(act)


@pytest.mark.parametrize(
    ("tampering", "words"),
    [
        (
            "UPDATE plan_saves SET content = replace(content, 'school', 'police')",
            "not what was written",
        ),
        ("UPDATE acts SET by = 'nobody' WHERE number = 2", "not what was written"),
        ("UPDATE acts SET digest = 'a' WHERE number = 2", "does not follow"),
        ("DELETE FROM acts WHERE number = 1", "missing"),
        ("DELETE FROM plan_saves WHERE revision = 1", "a save that is gone"),
        ("UPDATE plan_saves SET saved_by = 'eve' WHERE revision = 1", "another name or time"),
        (
            "INSERT INTO plan_saves SELECT plan, 9, version, 'approved', saved_by, saved_at, content FROM plan_saves WHERE revision = 1",
            "trail does not know",
        ),
        ("INSERT INTO plan_salts VALUES ('x', 'y')", "salt of a plan"),
        ("UPDATE plans SET team = 'eve'", "list says something else"),
        ("UPDATE plans SET state = 'approved'", "list says something else"),
        ("UPDATE acts SET act = 'approve' WHERE number = 2", "not what was written"),
    ],
)
def test_whoever_gets_past_the_application_leaves_a_trace(tampering, words, store, url):
    ready(store)
    past_the_application(url, tampering)

    assert any(words in says for says in store.verify_trail())


# --- many hands, sudden ends and bad disks ---


def test_many_writers_at_once_lose_no_word(store, url):
    key = ready(store, tuple(f"w{n}" for n in range(WRITERS))).plan.key
    context = writers()
    done = context.Queue()
    each = [context.Process(target=write_once, args=(url, key, f"w{n}", done)) for n in range(WRITERS)]  # fmt: skip
    for start in range(0, WRITERS, 20):
        for writer in each[start : start + 20]:
            writer.start()
        for writer in each[start : start + 20]:
            writer.join(120)

    names = {done.get(timeout=5) for _ in range(WRITERS)}
    plan = store.read(key, None).plan
    assert {remark.by for remark in plan.remarks} == names == {f"w{n}" for n in range(WRITERS)}
    assert len(plan.remarks) == WRITERS
    assert store.verify_trail() == ()


def test_a_writer_that_is_killed_has_kept_everything_it_confirmed(store, url):
    key = ready(store).plan.key
    context = writers()
    for turn in range(KILLS):
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=write_on, args=(url, key, there))
        process.start()
        there.close()
        confirmed = here.recv()
        time.sleep((turn * 37 % 50) / 1000)
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        # What was cut off on its way here was not confirmed.
        with contextlib.suppress(EOFError):
            while True:
                confirmed = here.recv()
        here.close()
        assert store.read(key, None).revision >= confirmed
    assert store.verify_trail() == ()
    plan = store.read(key, None).plan
    assert [r.says for r in plan.remarks] == [f"Save {n}." for n in range(3, 3 + len(plan.remarks))]


def test_a_damaged_file_is_said_and_left_as_it_is(path):
    path.parent.mkdir()
    path.write_bytes(b"This is no database, whatever its name says." * 100)
    before = path.read_bytes()

    with pytest.raises(CpassistError, match="damaged, and was left as it is"):
        open_store(f"sqlite:///{path}")

    assert path.read_bytes() == before


@on_a_file
def test_a_full_disk_costs_nothing_that_was_confirmed(store):
    saved = ready(store)
    sa.event.listen(store.engine, "begin", lambda c: c.exec_driver_sql("PRAGMA max_page_count = 1"))
    long = [Remark(line="plan", by="wanda", at=at(), says="x" * 4000) for _ in range(125)]

    with pytest.raises(CpassistError, match=r"The disk is full\. Nothing was saved"):
        store.remark(saved.plan.key, saved.revision, WORKER, at(), *long)

    assert store.read(saved.plan.key, None) == saved


@on_a_file
def test_the_file_of_plans_is_the_owners_alone(store, path):
    ready(store)
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_the_migrations_go_up_and_down_with_plans_in_it(store):
    saved = ready(store)
    sent = store.submit(saved.plan.key, 2, WORKER, at(5), CATALOGUE)
    lines = store.plans(None)
    with store.engine.begin() as connection:
        upgrade(connection, "0001")
    with store.engine.begin() as connection:
        upgrade(connection)
    assert store.plans(None) == lines
    assert store.read(saved.plan.key, None) == sent
    with (
        pytest.raises(sa.exc.DBAPIError, match="stays as it is"),
        store.engine.begin() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM acts")
    with store.engine.begin() as connection:
        upgrade(connection, "base")
    with store.engine.begin() as connection:
        upgrade(connection)
    assert store.plans(None) == ()
    assert ready(store).revision == 2


def test_an_error_of_the_database_tells_nothing_of_the_case(store, url):
    ready(store)
    past_the_application(url, "DROP TABLE plan_salts")
    with pytest.raises(CpassistError) as said:
        ready(store)
    assert "Larkfield" not in str(said.value)
    assert said.value.__cause__ is None


# --- every order of acts ---


class Plans(RuleBasedStateMachine):
    """Three people do whatever they like with one plan, in any order."""

    acts = 0

    @initialize()
    def begin(self):
        self.store = open_store("sqlite://")
        begun = self.store.begin(*decided(), WORKER, at(), team=("bo",))
        self.key = begun.plan.key

    def trying(self, act):
        there = self.store.read(self.key, None)
        try:
            act(there)
        except NotAllowed:
            assert self.store.read(self.key, None) == there

    @rule(by=st.sampled_from(PEOPLE), shared=st.sampled_from([("school",), ("police",), ()]))
    def change(self, by, shared):
        def act(there):
            wanted = {**filled(there.plan), "shared_with": shared}
            self.store.change(self.key, there.revision, by, at(), **wanted)

        self.trying(act)

    @rule(by=st.sampled_from(PEOPLE))
    def submit(self, by):
        self.trying(lambda t: self.store.submit(self.key, t.revision, by, at(), CATALOGUE))

    @rule(by=st.sampled_from(PEOPLE), because=st.sampled_from(["So.", ""]))
    def send_back(self, by, because):
        self.trying(lambda t: self.store.return_plan(self.key, t.revision, by, at(), because))

    @rule(by=st.sampled_from(PEOPLE), seen=st.booleans())
    def approve(self, by, seen):
        def act(there):
            content = there.plan.content if seen else "0" * 64
            self.store.approve(self.key, there.revision, by, at(), content)

        self.trying(act)

    @rule(by=st.sampled_from(PEOPLE))
    def agree_to_all(self, by):
        self.trying(
            lambda t: self.store.remark(self.key, t.revision, by, at(), *agreements(t.plan, by))
        )

    @rule(by=st.sampled_from(PEOPLE), verdict=st.sampled_from([None, *Verdict]))
    def remark(self, by, verdict):
        says = Remark(line="plan", by=by.name, at=at(), says="Hm.", verdict=verdict)
        self.trying(lambda t: self.store.remark(self.key, t.revision, by, at(), says))

    @rule(by=st.sampled_from(PEOPLE), because=st.sampled_from(["", "", "", "Moved away."]))
    def close(self, by, because):
        self.trying(lambda t: self.store.close(self.key, t.revision, by, at(), because))

    def nothing_was_approved_but_by_another_person_and_as_it_was(self):
        history = self.store.history(self.key, None)
        wrote = set()
        for saved, act in zip(history, self.store.trail(self.key, None), strict=True):
            if act.act in {"begin", "change", "submit"}:
                wrote.add(act.by)
            if saved.plan.state is PlanState.APPROVED:
                last = saved.plan.decisions[-1]
                assert is_approved(saved.plan)
                assert undecided(saved.plan) == doubted(saved.plan) == ()
                assert last.by not in wrote
                assert last.by != "wanda"
                sent = [d for d in saved.plan.decisions if d.state is PlanState.SUBMITTED][-1]
                assert sent.content == last.content == saved.plan.content

    def teardown(self):
        if hasattr(self, "key"):
            # Every save is still there: what was so at any step is seen at the end.
            self.nothing_was_approved_but_by_another_person_and_as_it_was()
            assert self.store.verify_trail() == ()
            self.store.engine.dispose()


TestPlans = Plans.TestCase
TestPlans.settings = settings(
    max_examples=400 if SOAK else 20,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
