"""What the page keeps, and what becomes of it when windows, disks and files go wrong."""

from dataclasses import replace

import sqlalchemy as sa
import yaml
from page_driver import do, text_of

from cpassist.importing.family_file import family_fields, parse_family
from cpassist.ui.case_planning.page import SocialWorkerPage


def test_nothing_is_read_before_a_browser_connects(page, workspace):
    assert page.state.family is None
    do(page, "open_example", name="larkfield")
    later = SocialWorkerPage(workspace)
    assert later.state.family is None
    do(later, "hello")
    assert later.state.family == page.state.family


def test_a_workspace_that_cannot_be_written_is_said_and_nothing_is_lost(workspace):
    workspace.folder.write_text("a file where the folder should be", encoding="utf-8")
    page = SocialWorkerPage(workspace)
    page.send = lambda *_: None
    do(page, "hello")
    state = do(page, "open_example", name="larkfield")
    assert state.family is not None
    assert "cannot be kept" in state.not_kept_because
    assert "Not kept" in text_of(page)


def test_a_full_disk_keeps_the_draft_before(page, workspace):
    do(page, "open_example", name="larkfield")

    def full(connection):
        connection.exec_driver_sql("PRAGMA max_page_count = 1")

    sa.event.listen(workspace.store.engine, "begin", full)
    for _ in range(3):
        state = do(page, "record_wish", person="mia", says="A dog. " * 500)
    assert "The disk is full" in state.not_kept_because
    sa.event.remove(workspace.store.engine, "begin", full)
    (kept,) = state.drafts()
    assert len(workspace.drafts.read(kept.key).family.wishes) == 2


def test_the_saved_file_opens_to_the_same_family(page, catalogue):
    do(page, "open_example", name="brindle")
    do(page, "save_file")
    saved = next(m for m in page.sent if "save" in m)
    assert saved["name"] == "family.yaml"
    assert parse_family(saved["save"], catalogue) == page.state.family


def test_two_windows_never_overwrite_each_other(page, workspace):
    do(page, "open_example", name="larkfield")
    other = SocialWorkerPage(workspace)
    other.send = lambda *_: None
    do(other, "hello")

    do(page, "record_wish", person="mia", says="A dog.")
    do(other, "record_wish", person="theo", says="A boat.")
    do(page, "record_wish", person="dana", says="A rest.")

    assert "in another window" in text_of(other)
    (line,) = page.state.drafts()
    kept = {wish.says for wish in workspace.drafts.read(line.key).family.wishes}
    assert {"A dog.", "A boat.", "A rest."} <= kept


def test_a_deleted_draft_stays_deleted(page):
    do(page, "open_example", name="larkfield")
    state = do(page, "forget_draft", key=page.state.draft_key)
    do(page, "go", step="needs")

    assert state.family is None
    assert state.drafts() == ()


def test_a_family_that_is_kept_already_goes_on_in_its_draft(page):
    do(page, "open_example", name="larkfield")
    do(page, "new_family")
    do(page, "open_example", name="larkfield")

    assert len(page.state.drafts()) == 1


def test_one_draft_that_cannot_be_read_keeps_nobody_from_the_others(page, workspace):
    do(page, "open_example", name="larkfield")
    with workspace.store.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO drafts SELECT '0000000000000000', owner, 1, '2030-01-01T00:00:00+00:00', step, '', "
            "'Broken', '{}' FROM drafts"
        )

    state = do(page, "open_draft", key="0" * 16)

    assert "does not read" in text_of(page)
    assert state.family.label == "The Larkfield family"
    assert len(state.drafts()) == 2


def test_nobody_sees_the_drafts_of_another(page, workspace):
    do(page, "open_example", name="larkfield")
    other = SocialWorkerPage(replace(workspace, user="ruth"))
    other.send = lambda *_: None
    do(other, "hello")
    do(other, "open_draft", key=page.state.draft_key)

    assert other.state.family is None
    assert other.state.drafts() == ()
    do(other, "forget_draft", key=page.state.draft_key)
    assert len(page.state.drafts()) == 1


def test_drafts_that_were_kept_as_files_move_in_and_the_files_go(page, workspace, catalogue):
    text = (workspace.families / "brindle.yaml").read_text(encoding="utf-8")
    family = parse_family(text, catalogue)
    old = {
        "format": "cpassist-draft/1", "revision": "ab", "step": "needs", "kept": "2026-11-24T10:00:00+00:00",
        "family": family_fields(family),
    }  # fmt: skip
    folder = workspace.folder / "drafts"
    folder.mkdir(parents=True)
    (folder / f"{'a' * 16}.yaml").write_text(yaml.safe_dump(old), encoding="utf-8")
    (folder / f"{'b' * 16}.yaml").write_text("- " * 100_000, encoding="utf-8")

    state = do(page, "hello")

    assert (state.family, state.step, state.draft_key) == (family, "needs", "a" * 16)
    assert [path.name for path in folder.iterdir()] == [f"{'b' * 16}.yaml"]


def test_what_another_window_changed_is_shown_without_a_reload(page, workspace):
    do(page, "open_example", name="larkfield")
    other = SocialWorkerPage(workspace)
    other.send = lambda *_: None
    do(other, "hello")
    do(page, "record_wish", person="mia", says="A dog.")
    other.receive({"beat": 1})

    assert "just changed in another window" in text_of(other)
    assert other.state.family == page.state.family


def test_the_same_line_changed_in_two_windows_becomes_two_drafts(page, workspace):
    do(page, "open_example", name="larkfield")
    other = SocialWorkerPage(workspace)
    other.send = lambda *_: None
    do(other, "hello")
    for each, level in ((page, "3"), (other, "1")):
        need = page.state.family.needs[0]
        do(
            each,
            "record_need",
            person=need.person,
            need=need.need,
            level=level,
            seen_by="nursery",
            basis="confirmed",
        )

    assert "kept as a draft of its own" in text_of(other)
    assert len(page.state.drafts()) == 2
