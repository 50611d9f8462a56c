"""Writes a return's candidates into a folder: a family file a child, and a list of what needs a person's eye."""

import csv
import io
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from cpassist.errors import Mistakes
from cpassist.evidence.tables import harmless
from cpassist.importing.census import Candidate, Oddity
from cpassist.importing.family_file import write_family

LOOK_AT = "look-at.csv"
CHILDREN = "children.csv"


def write_candidates(found: Iterable[Candidate | Oddity], to: Path) -> tuple[int, int]:
    """How many families and how many lines to look at; the folder appears whole or not at all.

    File names say nothing of a child; `children.csv` says which file is whose. Raises Mistakes.
    """
    if to.exists():
        raise Mistakes((f"{to}: there is something of that name. Choose another.",))
    try:
        beside = Path(tempfile.mkdtemp(dir=to.resolve().parent, prefix=".census-"))
    except OSError as trouble:
        raise Mistakes((f"{to}: it cannot be written there ({trouble.strerror}).",)) from None
    try:
        numbers = _write(found, beside)
        beside.rename(to)
    except OSError as trouble:
        raise Mistakes((f"{to}: it cannot be written there ({trouble.strerror}).",)) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return numbers


def _write(found: Iterable[Candidate | Oddity], folder: Path) -> tuple[int, int]:
    families = lines = 0
    with _table(folder / LOOK_AT) as look_at, _table(folder / CHILDREN) as children:
        odd, known = csv.writer(look_at), csv.writer(children)
        odd.writerow(("child", "where", "what", "what to do"))
        known.writerow(("number", "child", "file", "waits for a named person"))
        for one in found:
            oddities = (one,) if isinstance(one, Oddity) else one.oddities
            for oddity in oddities:
                lines += 1
                odd.writerow(
                    map(harmless, (oddity.child, oddity.place, oddity.says, oddity.remedy))
                )
            if isinstance(one, Oddity):
                continue
            name = f"child-{one.number:05}.yaml" if one.family else ""
            if one.family:
                families += 1
                _private(folder / name, write_family(one.family))
            waits = "; ".join(waiting.says for waiting in one.waiting)
            known.writerow(map(harmless, (str(one.number), one.reference, name, waits)))
    return families, lines


def _table(path: Path) -> io.TextIOWrapper:
    """A table that a spreadsheet opens with its letters whole, for its owner alone."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return io.TextIOWrapper(os.fdopen(handle, "wb"), encoding="utf-8-sig", newline="")


def _private(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
