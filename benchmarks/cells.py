"""What a notebook waits for: the import, the first package in a cell, a large frame, and a kernel's memory beside a bare one."""

import statistics
import subprocess
import sys
import time

import pandas as pd
import psutil
from jupyter_client.manager import start_new_kernel

import cpassist as cp
from benchmarks.saying import say
from cpassist.notebook.catalogue_shown import FINDING, findings_frame

RUNS = 5
PAIRS = 10_000
LIMIT_IMPORT = 0.020
DRAWN = "import cpassist as cp\npackage = cp.plan(cp.family('larkfield'))\npackage"


def _fresh(code: str) -> float:
    """Seconds of a fresh Python that runs this, the median of some runs."""
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _timed(call) -> float:
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _memory(code: str) -> int:
    """Proportional memory of a kernel that has run this, in bytes."""
    manager, client = start_new_kernel()
    try:
        client.execute_interactive(code, timeout=120, output_hook=lambda _: None)
        return psutil.Process(manager.provisioner.pid).memory_full_info().pss
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def bench_cells() -> None:
    """Ratios against a bare Python, pandas itself and a bare kernel, in one run."""
    bare = _fresh("pass")
    ours = _fresh("import cpassist") - bare
    say("import cpassist / 20 ms", ours / LIMIT_IMPORT, 1, f"{ours * 1000:.1f} ms")
    pandas = _fresh("import pandas") - bare
    first = _fresh("import cpassist as cp; cp.plan('larkfield')._repr_html_()") - bare
    say(
        "first package in a cell / import pandas",
        first / pandas,
        None,
        f"{first:.2f} s / {pandas:.2f} s",
    )
    package = cp.plan("larkfield")
    again, plan = _timed(package._repr_html_), _timed(lambda: cp.plan("larkfield"))
    say(
        "a package drawn again / planned",
        again / plan,
        1,
        f"{again * 1000:.0f} ms / {plan * 1000:.0f} ms",
    )
    catalogue = cp.catalogue().record
    one = [(i, row) for i in catalogue.interventions.values() for row in i.evidence]
    pairs = (one * (PAIRS // len(one) + 1))[:PAIRS]
    plain = [tuple(range(len(FINDING)))] * PAIRS
    made = _timed(lambda: findings_frame(pairs, catalogue))
    peer = _timed(lambda: pd.DataFrame(plain, columns=list(FINDING)))
    say(
        f"frame of {PAIRS:,} findings / the same of plain numbers",
        made / peer,
        None,
        f"{made * 1000:.0f} ms / {peer * 1000:.0f} ms",
    )
    used, bare_kernel = _memory(DRAWN), _memory("1")
    say(
        "memory of a kernel that draws a package / bare kernel (PSS)",
        used / bare_kernel,
        2.2,
        f"{used / 1e6:.0f} MB / {bare_kernel / 1e6:.0f} MB",
    )
    with_pandas = _memory("import pandas, networkx")
    say(
        "the same / a kernel with pandas and networkx",
        used / with_pandas,
        None,
        f"{with_pandas / 1e6:.0f} MB",
    )
