"""Drafts as version 0.1 kept them, one file each: taken into the database, and then gone."""

import contextlib
import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from cpassist.catalogue.strict_yaml import read_yaml
from cpassist.errors import CpassistError
from cpassist.family.family import Family
from cpassist.importing.family_file import build_family

FORMAT = "cpassist-draft/1"
NAME = re.compile(r"[0-9a-f]{16}\Z")


class TakesDrafts(Protocol):
    """Where drafts are kept now."""

    def take(self, key: str, family: Family, step: str, kept: datetime.datetime) -> None: ...


def take_old_drafts(folder: Path, drafts: TakesDrafts) -> None:
    """Every draft that reads; a file goes only once its draft is kept elsewhere, and what does not read stays."""
    for path, draft in _reading(folder):
        drafts.take(path.stem, *draft)
        with contextlib.suppress(OSError):
            path.unlink()


def _reading(folder: Path) -> Iterator[tuple[Path, tuple[Family, str, datetime.datetime]]]:
    for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
        # One broken draft must not keep a worker from the others.
        with contextlib.suppress(CpassistError, ValueError, OverflowError, OSError):
            raw: Any = read_yaml(path)
            if not (
                NAME.match(path.stem) and isinstance(raw, dict) and raw.get("format") == FORMAT
            ):
                continue
            body = raw.get("family")
            if isinstance(body, dict):
                # A time without a zone is this machine's.
                kept = datetime.datetime.fromisoformat(str(raw.get("kept"))).astimezone()
                yield path, (build_family(body, "draft"), str(raw.get("step")), kept)
