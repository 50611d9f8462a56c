"""What the page keeps, and what becomes of it when windows, disks and files go wrong."""

import re

from page_driver import do, text_of

from cpassist.doors.family_file import parse_family
from cpassist.ui.pages import SocialWorkerPage


def test_nothing_is_read_before_a_browser_connects(page, workspace):
    assert page.state.family is None
    do(page, "open_example", name="larkfield")
    later = SocialWorkerPage(workspace)
    assert later.state.family is None
    do(later, "hello")
    assert later.state.family == page.state.family


def test_a_workspace_that_cannot_be_written_is_said_and_nothing_is_lost(page, workspace):
    workspace.drafts.parent.mkdir(exist_ok=True)
    workspace.drafts.write_text("a file where the folder should be", encoding="utf-8")
    state = do(page, "open_example", name="larkfield")
    assert state.family is not None
    assert "could not be kept" in state.not_kept_because
    assert "Not kept" in text_of(page)


def test_a_full_disk_keeps_the_draft_before(page, monkeypatch):
    do(page, "open_example", name="larkfield")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    state = do(page, "record_wish", person="mia", says="A dog.")
    assert "No space left" in state.not_kept_because
    monkeypatch.undo()
    kept = state.drafts()
    assert [len(d.family.wishes) for d in kept] == [2]
    assert not [p for p in page.state.workspace.drafts.iterdir() if p.suffix == ".part"]


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
    wishes = [{w.says for w in draft.family.wishes} for draft in page.state.drafts()]
    assert any({"A dog.", "A rest."} <= said for said in wishes)
    assert any("A boat." in said for said in wishes)


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
    (good,) = workspace.drafts.glob("*.yaml")
    text = good.read_text(encoding="utf-8")
    (workspace.drafts / f"{'0' * 16}.yaml").write_text(
        re.sub(r"kept: .*", "kept: 2030-01-01T00:00:00", text), encoding="utf-8"
    )
    (workspace.drafts / f"{'1' * 16}.yaml").write_text("- " * 100_000, encoding="utf-8")

    state = do(page, "go", step="family")

    assert len(state.drafts()) == 2
    assert "The Larkfield family" in page.html
