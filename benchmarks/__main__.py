"""`make bench`: ratios measured in one run on one machine, against a named peer or limit.

Times shift from machine to machine and from run to run; read the ratios. The peer of the page is Voilà's stock template
with one button, not preheated; of memory, a bare ipykernel; of an edit, the round trip of a single label.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import psutil
from playwright.sync_api import sync_playwright

from benchmarks.cells import bench_cells
from benchmarks.census import bench_census
from benchmarks.entering import bench_entering
from benchmarks.planning import bench_planning, many_families
from benchmarks.plans import bench_plans
from benchmarks.rooms import bench_rooms
from benchmarks.saying import say
from benchmarks.useful import bench_useful

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
VISITS = 7
EDITS = 60
BUTTON = """import ipywidgets as w
label = w.Label("start")
button = w.Button(description="Press")
button.on_click(lambda _: setattr(label, "value", str(int(label.value) + 1 if label.value.isdigit() else 1)))
w.VBox([button, label])"""


class Server:
    """A server started as people start it, and what it said of its address."""

    def __init__(self, command, pattern, env=None):
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            env={**os.environ, **(env or {})},
        )
        for line in self.process.stdout:
            if found := re.search(pattern, line):
                self.address = found.group(1)
                break
        time.sleep(4)  # let the warm kernel get warm, as it is when somebody comes

    def stop(self):
        for child in psutil.Process(self.process.pid).children(recursive=True):
            child.kill()
        self.process.kill()


def _stock(folder: Path) -> Server:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(BUTTON)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / "button.ipynb")
    command = [
        sys.executable,
        "-m",
        "voila",
        str(folder / "button.ipynb"),
        "--no-browser",
        "--port=8871",
        "--Voila.ip=127.0.0.1",
    ]
    return Server(command, r"(http://\S+:8871/)", {"JUPYTER_CONFIG_DIR": str(folder)})


COLD = """import sys
from pathlib import Path
from cpassist import launcher
launcher.PREHEATED = {"default": {"pool_size": 0}}
launcher.serve(port=0, open_browser=False, workspace=Path(sys.argv[1]))"""


def _ours(folder: Path, *, warm: bool = True) -> Server:
    command = [
        sys.executable,
        "-m",
        "cpassist",
        "serve",
        "--no-browser",
        "--port",
        "0",
        "--workspace",
        str(folder),
    ]
    if not warm:
        command = [sys.executable, "-c", COLD, str(folder)]
    server = Server(command, r"Serving on (\S+)")
    server.address += "voila/render/social_worker.ipynb"
    return server


def _answered(browser, address, ready, click, answer, pause):
    """Seconds from opening the address until a click was answered, over several visits."""
    times = []
    for _ in range(VISITS):
        context = browser.new_context()
        page = context.new_page()
        start = time.perf_counter()
        page.goto(address)
        page.wait_for_selector(ready, timeout=60_000)
        page.click(click)
        page.wait_for_selector(answer, timeout=60_000)
        times.append(time.perf_counter() - start)
        context.close()
        time.sleep(pause)
    return times


def _edits(page, press, read):
    """Milliseconds from a press until its answer is painted, measured in the page."""
    return page.evaluate(
        """async ([press, read, count]) => {
            const times = [];
            for (let i = 0; i < count; i++) {
                const before = document.querySelector(read).textContent;
                const buttons = document.querySelectorAll(press);
                const start = performance.now();
                buttons[i % buttons.length].click();
                while (document.querySelector(read).textContent === before) await new Promise(requestAnimationFrame);
                await new Promise(requestAnimationFrame);
                times.push(performance.now() - start);
            }
            return times;
        }""",
        [press, read, EDITS],
    )


def bench_pages() -> None:
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch,
        sync_playwright() as playwright,
    ):
        folder = Path(scratch)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        stock, ours = _stock(folder), _ours(folder / "workspace")
        theirs = _answered(
            browser,
            stock.address,
            "button:has-text('Press')",
            "button:has-text('Press')",
            "text=/^1$/",
            1,
        )
        mine = _answered(
            browser,
            ours.address,
            ".cpa h1",
            ".steps a:has-text('2. Needs')",
            "h1:has-text('Needs and strengths')",
            9,
        )
        peer, own = statistics.median(theirs), statistics.median(mine)
        print("\nPages (ratios)")
        say(
            "page ready and answering / one-button stock Voilà",
            own / peer,
            1.0,
            f"{own:.2f} s / {peer:.2f} s",
        )

        cold_server = _ours(folder / "cold", warm=False)
        cold = statistics.median(
            _answered(
                browser,
                cold_server.address,
                ".cpa h1",
                ".steps a:has-text('2. Needs')",
                "h1:has-text('Needs and strengths')",
                1,
            )
        )
        cold_server.stop()
        say("the same without a warm kernel", cold / peer, 1.4, f"{cold:.2f} s / {peer:.2f} s")

        page = browser.new_page()
        page.goto(stock.address)
        page.wait_for_selector("button:has-text('Press')")
        label = _edits(page, "button", ".widget-label")
        page.close()
        page = browser.new_page()
        page.goto(ours.address)
        page.wait_for_selector("#example-name")
        page.select_option("#example-name", "larkfield")
        page.click("text=Open this example")
        page.wait_for_selector("text=Who is in the family")
        page.click(".steps a:has-text('6. Package')")
        page.wait_for_selector("h1:has-text('Package')")
        # The server makes the next warm kernel in the first seconds of a visit and wants a processor for
        # it; what is measured here is an edit, so it waits until that is done.
        page.wait_for_timeout(12_000)
        page.click(".offer-card summary >> nth=0")
        # An edit of the package: an offer accepted and taken back, each time planned anew.
        edit = _edits(
            page,
            ".offer-card[open] .buttons button:first-child, .offer-card[open] .judged button",
            "#status",
        )
        page.close()
        for name, pick in (
            ("median", statistics.median),
            ("p95", lambda t: sorted(t)[int(len(t) * 0.95)]),
        ):
            say(
                f"edit to repainted package / one label, {name}",
                pick(edit) / pick(label),
                2.0,
                f"{pick(edit):.0f} ms / {pick(label):.0f} ms",
            )
        bench_entering(browser, ours.address)
        _memory(ours)
        browser.close()
        stock.stop()
        ours.stop()


def _memory(ours: Server) -> None:
    bare = subprocess.Popen(
        [sys.executable, "-m", "ipykernel_launcher"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(4)
    kernels = [
        p
        for p in psutil.Process(ours.process.pid).children(recursive=True)
        if "ipykernel" in " ".join(p.cmdline())
    ]
    used = max(k.memory_full_info().pss for k in kernels)
    peer = psutil.Process(bare.pid).memory_full_info().pss
    bare.kill()
    say(
        "memory of a session's kernel / bare ipykernel (PSS)",
        used / peer,
        2.2,
        f"{used / 2**20:.0f} MiB / {peer / 2**20:.0f} MiB",
    )


def main() -> int:
    """`python -m benchmarks`: all; with `useful`, `planning`, `plans`, `rooms`, `cells` or `pages` only those; `many` the 20,000."""
    print(json.dumps({"python": sys.version.split()[0], "cores": os.cpu_count()}))
    wanted = sys.argv[1:] or ["useful", "planning", "plans", "census", "rooms", "cells", "pages"]
    if "many" in wanted:
        return 0 if many_families() else 1
    if "useful" in wanted:
        bench_useful()
    if "census" in wanted:
        bench_census()
    if "plans" in wanted:
        bench_plans()
    if "rooms" in wanted:
        bench_rooms()
    if "cells" in wanted:
        bench_cells()
    if "planning" in wanted:
        bench_planning()
    if "pages" in wanted:
        if CHROMIUM is None:
            print("NO CHROMIUM FOUND: the pages were not measured")
        else:
            bench_pages()
    return 0


if __name__ == "__main__":
    sys.exit(main())
