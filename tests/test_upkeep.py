"""What looks after the plans that are kept, at the command line and with real files."""

import datetime
import shutil
import sqlite3
import threading
from dataclasses import replace

import pytest
from conftest import ROOT
from example_plans import CATALOGUE, SUPERVISOR, WORKER, at, decided, filled

from cpassist.__main__ import main
from cpassist.catalogue.reading import read_catalogue
from cpassist.plans.replay import replay
from cpassist.storage.draft_store import Drafts
from cpassist.storage.kept import Draft
from cpassist.storage.plan_store import open_store


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "workspace"


@pytest.fixture
def kept(folder):
    """A store with a plan in it, and the plan."""
    store = open_store(f"sqlite:///{folder / 'plans.db'}")
    begun = store.begin(*decided(), WORKER, at())
    saved = store.change(begun.plan.key, 1, WORKER, at(1), **filled(begun.plan))
    yield store, saved
    store.engine.dispose()


def run(capsys, *arguments):
    code = main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return code, said.out + said.err


def test_plans_are_listed_by_key_and_never_by_label(kept, folder, capsys):
    code, said = run(capsys, "plans", "--workspace", folder)
    assert code == 0
    assert kept[1].plan.key in said
    assert "Larkfield" not in said


def test_a_plan_whose_inputs_are_the_same_gives_the_same_package(kept, folder, capsys):
    code, said = run(capsys, "replay", kept[1].plan.key[:8], "--workspace", folder)
    assert (code, said) == (0, "The same package comes out.\n")


def test_a_replay_says_what_differs_and_why(kept, tmp_path):
    plan = kept[1].plan
    first = plan.package.offers[0].intervention
    changed = shutil.copytree(ROOT / "catalogue", tmp_path / "catalogue")
    (changed / "withdrawn.yaml").write_text(
        f"- {{intervention: {first}, date: 2026-11-24, because: It no longer holds.}}\n",
        encoding="utf-8",
    )
    (changed / "rules.yaml").write_text(
        (changed / "rules.yaml").read_text(encoding="utf-8") + "\n# another\n", encoding="utf-8"
    )
    differing = replay(plan, read_catalogue(changed))
    said = " ".join(differing)
    assert "The catalogue is another" in said
    assert "The rules or safety questions are others" in said
    assert f"Offer does not come in now: {CATALOGUE.title(first)}" in said

    other = replace(plan, package=replace(plan.package, offers=plan.package.offers[1:]))
    said = " ".join(replay(other, CATALOGUE))
    assert "Offer comes in now" in said
    assert "it is the program that has changed" in said
    forged = replace(plan, family=plan.family.with_changes(label="Another family"))
    assert any(
        "not the one from which its package was made" in says for says in replay(forged, CATALOGUE)
    )


def test_a_replay_uses_the_directory_of_then(folder):
    from cpassist.catalogue.records import Availability
    from cpassist.planning.proposal import propose

    family, package = decided()
    here = {
        o.intervention: Availability(intervention=o.intervention, places=3) for o in package.offers
    }
    made = propose(family, CATALOGUE, here, family.assessed_on)
    store = open_store(f"sqlite:///{folder / 'plans.db'}")
    rows = tuple(here[key] for key in sorted(here))
    saved = store.begin(family, made, WORKER, at(), rows)
    assert replay(saved.plan, CATALOGUE) == ()
    assert replay(replace(saved.plan, availability=None), CATALOGUE) != ()
    store.engine.dispose()


def test_the_trail_is_checked(kept, folder, capsys):
    assert run(capsys, "check-trail", "--workspace", folder)[0] == 0
    with sqlite3.connect(folder / "plans.db") as raw:
        raw.execute("DROP TRIGGER acts_no_update")
        raw.execute("UPDATE acts SET by = 'nobody' WHERE number = 1")
    code, said = run(capsys, "check-trail", "--workspace", folder)
    assert code == 1
    assert "Line 1 of the trail is not what was written." in said


def test_what_is_due_is_deleted_and_nothing_else(kept, folder, capsys):
    store, saved = kept
    other = store.begin(*decided(), WORKER, at())
    store.submit(saved.plan.key, 2, WORKER, at(2), CATALOGUE)
    code, said = run(capsys, "purge", saved.plan.key, "--workspace", folder)
    assert code == 1
    assert "deleted only by a supervisor" in said
    store.keep_until(saved.plan.key, 3, SUPERVISOR, at(3), datetime.date(2026, 11, 3))
    assert run(capsys, "purge", "--due", "--workspace", folder)[0] == 0
    assert [line.key for line in store.plans(None)] == [other.plan.key]
    assert store.verify_trail() == ()
    assert run(capsys, "purge", "--due", "--workspace", folder)[1] == "Nothing is due.\n"


def test_a_draft_that_nobody_touched_for_a_year_is_due(kept, folder, capsys):
    store, saved = kept
    drafts = Drafts(store.engine, "wanda")
    for key, age in (("a" * 16, 366), ("b" * 16, 300)):
        when = datetime.datetime.now(tz=datetime.UTC) - datetime.timedelta(days=age)
        drafts.keep(Draft(key=key, family=saved.plan.family, step="needs", kept=when))
    store.keep_until(saved.plan.key, 2, WORKER, at(), datetime.date(2100, 1, 1))
    code, said = run(capsys, "purge", "--due", "--workspace", folder)
    assert (code, said) == (0, "1 draft that nobody touched for a year, deleted for good\n")
    assert [line.key for line in drafts.listed()] == ["b" * 16]


def test_a_backup_is_whole_while_others_write_and_comes_back(kept, folder, tmp_path, capsys):
    store, saved = kept
    stop = threading.Event()

    def write():
        again, now = open_store(f"sqlite:///{folder / 'plans.db'}"), saved
        while not stop.is_set():
            now = again.change(now.plan.key, now.revision, WORKER, at(), shared_with=("school",))
        again.engine.dispose()

    busy = threading.Thread(target=write)
    busy.start()
    try:
        copies = [tmp_path / f"copy-{n}.db" for n in range(4)]
        for copy in copies:
            assert run(capsys, "backup", copy, "--workspace", folder)[0] == 0
    finally:
        stop.set()
        busy.join()
    for copy in copies:
        assert copy.stat().st_mode & 0o077 == 0
        whole = open_store(f"sqlite:///{copy}")
        assert whole.verify_trail() == ()
        whole.engine.dispose()

    then = store.read(saved.plan.key, None).revision
    store.close(saved.plan.key, then, WORKER, at(9), "By mistake.")
    before = open_store(f"sqlite:///{copies[0]}").read(saved.plan.key, None)
    assert run(capsys, "restore", copies[0], "--workspace", folder)[0] == 0
    assert store.read(saved.plan.key, None) == before
    assert store.verify_trail() == ()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["plans", "--workspace", "{tmp}/none"], "no plans are kept there"),
        (["replay", "abcdef12"], "there is no such plan"),
        (["replay", "ab"], "there is no such plan"),
        (["purge", "abcdef12"], "there is no such plan"),
        (["restore", "{tmp}/none.db"], "there is no such file"),
        (["restore", "{tmp}/text.db"], "could not be read"),
        (["backup", "{tmp}/text.db"], "something of that name"),
        (["backup", "{tmp}/no/where.db"], "could not be written"),
        (["plans", "--database", "nonsense"], "address of the database does not read"),
        (["plans", "--database", "postgresql+psycopg://nobody@127.0.0.1:1/x"], "does not answer"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(arguments, says, kept, folder, tmp_path, capsys):
    (tmp_path / "text.db").write_text("no database", encoding="utf-8")
    given = [argument.replace("{tmp}", str(tmp_path)) for argument in arguments]
    if "--workspace" not in given and "--database" not in given:
        given += ["--workspace", str(folder)]
    code, said = run(capsys, *given)
    assert code == 1
    assert says in said
    assert kept[0].read(kept[1].plan.key, None) == kept[1]
