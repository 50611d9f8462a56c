"""What a workshop's room costs: the memory of a seat, and sixty people who join and answer at once."""

import datetime
import statistics
import tempfile
import threading
import time
from pathlib import Path

import psutil
from jupyter_client.manager import start_new_kernel

from benchmarks.saying import say
from cpassist.classroom import Workshop
from cpassist.places import catalogue_folders
from cpassist.storage.database import open_database
from cpassist.storage.session_store import Rooms
from cpassist.workshop.session.session import Part

SEATS, ANSWERS = 60, 12
PART = "e05_out_of_1000"
# What stands in the cells of a page with one button, and in those of a seat that joined and has its first question drawn.
BARE = """
import ipywidgets
ipywidgets.VBox([ipywidgets.Button(description="Press"), ipywidgets.Label("0")])
"""
SEAT = """
from pathlib import Path
from cpassist.ui.workshop.participant_page import ParticipantPage
from cpassist.classroom import Workshop
from cpassist.places import catalogue_folders
page = ParticipantPage(Workshop(folder=Path({folder!r}), folders=catalogue_folders()))
page.receive({{"act": "hello", "fields": {{}}}})
page.receive({{"act": "join", "fields": {{"code": {code!r}}}}})
assert "With percentages" in page.html
"""


def _memory(cells: str) -> float:
    """MiB that a kernel of its own holds once it has run these cells (USS)."""
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        told = client.execute_interactive(cells, timeout=60, output_hook=lambda _: None)
        assert told["content"]["status"] == "ok", told["content"]
        return psutil.Process(manager.provisioner.pid).memory_full_info().uss / 2**20
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _now() -> datetime.datetime:
    return datetime.datetime.now(tz=datetime.UTC)


def bench_rooms() -> None:
    print("\nRooms of workshops")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        taught = Workshop(folder=folder, folders=catalogue_folders()).curriculum
        rooms = Rooms(open_database(f"sqlite:///{folder / 'workshop.db'}"))
        session, secret = rooms.open(
            title="Bench",
            programme=(Part(key=PART, minutes=10),),
            quiz="short",
            curriculum=taught,
            at=_now(),
            most_seats=120,
        )
        rooms.move(session.key, secret, "forward", {}, _now())

        seats = SEAT.format(folder=str(folder), code=session.code)
        bare = statistics.median(_memory(BARE) for _ in range(3))
        seat = statistics.median(_memory(seats) for _ in range(3))
        say("memory of a seat / a kernel with one button", seat / bare, 2.0, f"{seat:.0f} MiB / {bare:.0f} MiB")  # fmt: skip

        waits: list[float] = []
        lock = threading.Lock()

        def sit(number: int) -> None:
            ticket = rooms.join(session.code, "", _now())
            for turn in range(ANSWERS):
                start = time.perf_counter()
                rooms.answer(ticket, PART, "predict", {f"percent.chance{turn}": str(number)}, _now())  # fmt: skip
                with lock:
                    waits.append(time.perf_counter() - start)

        people = [threading.Thread(target=sit, args=(n,)) for n in range(SEATS)]
        for one in people:
            one.start()
        for one in people:
            one.join()
        kept = len(rooms.everything(session.key, secret))
        lost = SEATS * ANSWERS - kept
        say(f"answers lost of {SEATS * ANSWERS}, {SEATS} seats at once", lost, 0)
        say(
            "worst wait of an answer / the two seconds between looks",
            max(waits) / 2,
            1.5,
            f"worst {max(waits):.2f} s, median {statistics.median(waits) * 1000:.0f} ms",
        )
        rooms.engine.dispose()
