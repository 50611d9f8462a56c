"""Looking after a workspace's plans: list, replay, check the trail, purge, back up, put back."""

import datetime
from pathlib import Path

from cpassist.catalogue.catalogue import Catalogue
from cpassist.errors import CpassistError, Mistakes
from cpassist.plans.plan import CasePlan
from cpassist.plans.replay import replay
from cpassist.storage.database import copy_database
from cpassist.storage.plan_store import Store
from cpassist.words.plan import STATE_WORDS

SHORTEST_KEY = 6


def list_plans(store: Store, on: datetime.date) -> tuple[str, ...]:
    """One line a plan: key, version, state, who began it, until when it is kept."""
    return tuple(
        f"{line.key}  version {line.version}, {STATE_WORDS[line.state]}, begun by {line.begun_by}, kept until "
        f"{line.keep_until}{' (due for deletion)' if '' < line.keep_until <= on.isoformat() else ''}"
        for line in store.plans(None)
    )


def find_plan(store: Store, said: str) -> CasePlan:
    """The plan of a key, or of its beginning; raises Mistakes when there is none, or more than one."""
    found = [line.key for line in store.plans(None) if line.key.startswith(said.casefold())]
    if len(said) < SHORTEST_KEY or len(found) != 1:
        many = "more than one plan begins with it" if len(found) > 1 else "there is no such plan"
        raise Mistakes((f"{said[:40]}: {many}. `cpassist plans` lists their keys.",))
    return store.read(found[0], None).plan


def replayed(store: Store, said: str, catalogue: Catalogue) -> tuple[str, ...]:
    """What comes out otherwise when a plan's package is made once more; empty: the same."""
    return replay(find_plan(store, said), catalogue)


def purge(store: Store, said: str, now: datetime.datetime) -> str:
    """Deletes a plan for good, as the keeper of the machine; gives a line."""
    plan = find_plan(store, said)
    store.purge(plan.key, None, now)
    return f"{plan.key}  deleted for good"


def purge_due(store: Store, now: datetime.datetime) -> tuple[str, ...]:
    """Deletes every plan whose day has come, and drafts of a year ago; gives a line for each."""
    due = tuple(line.key for line in store.due(now.date()))
    for key in due:
        store.purge(key, None, now)
    drafts = store.purge_drafts(now)
    old = f"{drafts} draft{'s' * (drafts != 1)} that nobody touched for a year, deleted for good"
    return (*(f"{key}  deleted for good" for key in due), *((old,) if drafts else ()))


def back_up(store: Store, path: Path) -> None:
    """A whole copy of plans and drafts, consistent while others go on; raises CpassistError."""
    if path.exists():
        raise Mistakes((f"{path}: there is something of that name. Choose another.",))
    copy_database(store.engine, path, back=False)


def put_back(store: Store, path: Path) -> None:
    """Plans and drafts as a copy holds them, in place of those that are there; raises CpassistError."""
    if not path.is_file():
        raise Mistakes((f"{path}: there is no such file. Check the path.",))
    copy_database(store.engine, path, back=True)
    wrong = store.verify_trail()
    if wrong:
        raise CpassistError(f"The copy is put back, and its trail does not hold: {wrong[0]}")
