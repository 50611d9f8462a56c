"""What keeping plans costs: beside a bare insert of the same bytes, in a long queue and a long history, on both databases."""

import itertools
import json
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from benchmarks.saying import say
from cpassist.codec import canonical
from cpassist.plans.compare import differences
from cpassist.plans.plan import Colleague, Duty, PlanState
from cpassist.storage.database import HEADS, open_database, reading
from cpassist.storage.plan_store import Store
from cpassist.ui.supervision.page import SupervisorPage
from cpassist.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
TURNS = 60
PLANS = 10_000
VERSIONS = 200
BARE = sa.Table(
    "bare",
    sa.MetaData(),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("content", sa.Text),
)


def _times(act: Callable[[int], object], turns: int = TURNS) -> float:
    """The median of how many seconds a turn took."""
    seconds = []
    for turn in range(turns):
        start = time.perf_counter()
        act(turn)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def _ms(own: float, peer: float) -> str:
    return f"{own * 1000:.1f} ms / {peer * 1000:.1f} ms"


def _a_plan(store: Store) -> str:
    """The plan of the tests, filled in; its key."""
    sys.path.insert(0, str(ROOT / "tests"))
    from example_plans import WORKER, at, decided, filled

    begun = store.begin(*decided(), WORKER, at())
    return store.change(begun.plan.key, 1, WORKER, at(), **filled(begun.plan)).plan.key


def _save_and_load(url: str, name: str) -> tuple[float, float]:
    """Seconds of a save and of a load, each said beside a bare insert and select of the same bytes."""
    from example_plans import WORKER, at

    store = Store(open_database(url))
    key = _a_plan(store)
    plan = store.read(key, None).plan
    content = canonical(plan)
    BARE.metadata.create_all(store.engine)

    def save(turn: int) -> None:
        store.change(key, turn + 2, WORKER, at(), shared_with=(f"school {turn}",))

    def bare_save(turn: int) -> None:
        with store.engine.begin() as connection:
            connection.execute(BARE.insert().values(number=turn, content=content))

    def bare_load(_: int) -> None:
        with reading(store.engine) as connection:
            connection.execute(sa.select(BARE.c.content).where(BARE.c.number == 1)).scalar_one()

    saved, bare_saved = _times(save), _times(bare_save)
    loaded, bare_loaded = _times(lambda _: store.read(key, None)), _times(bare_load)
    size = f"{len(content) / 1024:.0f} kB"
    say(
        f"save a plan ({size}) / bare insert, {name}",
        saved / bare_saved,
        None,
        _ms(saved, bare_saved),
    )
    say(f"load a plan / bare select, {name}", loaded / bare_loaded, None, _ms(loaded, bare_loaded))
    parsed = _times(lambda _: json.loads(content))
    say(f"load a plan / reading its JSON alone, {name}", loaded / parsed, None, _ms(loaded, parsed))
    store.engine.dispose()
    return saved, loaded


def _queue(url: str) -> None:
    """A queue of 10,000 plans, opened and filtered, beside a bare select of the same lines."""
    store = Store(open_database(url))
    _a_plan(store)
    with reading(store.engine) as connection:
        (line,) = connection.execute(sa.select(HEADS)).mappings().all()
    rows = [
        {
            **line,
            "plan": secrets.token_hex(16),
            "label": f"Family {number}",
            "state": "submitted" if number % 5 else "approved",
            "sent_at": f"2026-11-{number % 25 + 1:02d}T09:00:00+00:00",
        }
        for number in range(PLANS)
    ]
    with store.engine.begin() as connection:
        connection.execute(HEADS.insert(), rows)

    def bare(_: int) -> None:
        with reading(store.engine) as connection:
            connection.execute(sa.select(HEADS).where(HEADS.c.state == "submitted")).all()

    who = Colleague(name="ruth", duties=frozenset(Duty))
    peer = _times(bare, 9)
    own = _times(lambda _: store.plans(who, PlanState.SUBMITTED), 9)
    say(f"queue of {PLANS} plans / bare select of its lines", own / peer, None, _ms(own, peer))
    found = _times(lambda _: store.plans(who, PlanState.SUBMITTED, label="family 777"), 9)
    say("the same, looking for a label / bare select", found / peer, None, _ms(found, peer))
    page = SupervisorPage(_workspace(url))
    page.send = lambda *_: None
    drawn = _times(lambda _: page.receive({"act": "queue", "fields": {"queue": "waiting"}}), 9)
    say("the page with the queue / bare select", drawn / peer, None, _ms(drawn, peer))
    shown = _times(lambda _: page.receive({"act": "go", "fields": {"step": "patterns"}}), 5)
    say("the page with the patterns / bare select", shown / peer, None, _ms(shown, peer))
    store.engine.dispose()


def _workspace(url: str) -> Workspace:
    from example_plans import CATALOGUE

    return Workspace(catalogue=CATALOGUE, families=ROOT, folder=ROOT, user="ruth", database=url)


def _history(url: str) -> None:
    """A plan of 200 versions: read whole, and each compared with the one before."""
    from example_plans import CATALOGUE, WORKER, at

    store = Store(open_database(url))
    key = _a_plan(store)
    for number in range(VERSIONS - 2):
        store.change(key, number + 2, WORKER, at(), shared_with=(f"school {number}",))
    contents = [canonical(saved.plan) for saved in store.history(key, None)]
    parsed = _times(lambda _: [json.loads(content) for content in contents], 5)
    read = _times(lambda _: store.history(key, None), 5)
    say(
        f"history of {VERSIONS} saves / reading its JSON alone",
        read / parsed,
        None,
        _ms(read, parsed),
    )
    history = store.history(key, None)

    def compare(_: int) -> None:
        for before, after in itertools.pairwise(history):
            differences(before.plan, after.plan, CATALOGUE)

    compared = _times(compare, 5)
    say(
        "each compared with the one before / reading it", compared / read, None, _ms(compared, read)
    )
    checked = _times(lambda _: store.verify_trail(), 5)
    say("the trail checked / reading it", checked / read, None, _ms(checked, read))
    store.engine.dispose()


def bench_plans() -> None:
    print("\nPlans (ratios)")
    sys.path.insert(0, str(ROOT / "tests"))
    from databases import MISSING, new_database, postgresql, programs

    with tempfile.TemporaryDirectory() as scratch:
        saved, loaded = _save_and_load(f"sqlite:///{scratch}/a.db", "SQLite")
        _queue(f"sqlite:///{scratch}/b.db")
        _history(f"sqlite:///{scratch}/c.db")
    if programs() is None:
        print(MISSING)
        return
    with postgresql() as server:
        p_saved, p_loaded = _save_and_load(new_database(server, "a"), "PostgreSQL")
        say("save: SQLite / PostgreSQL", saved / p_saved, None, _ms(saved, p_saved))
        say("load: SQLite / PostgreSQL", loaded / p_loaded, None, _ms(loaded, p_loaded))
