"""What changed in the catalogue, from its own changelog: by day, each in a sentence."""

import datetime
import re
from dataclasses import dataclass
from pathlib import Path

CHANGELOG = "CHANGELOG.md"
DAY = re.compile(r"## (\d{4}-\d{2}-\d{2})\s*$")


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What changed on one day."""

    day: str
    """YYYY-MM-DD."""
    says: tuple[str, ...]


def read_changes(path: Path) -> tuple[Changes, ...]:
    """The days of a changelog, the newest first; none where the folder keeps none.

    A day is a heading `## 2026-11-27`, a change a list item that may run over several lines.
    """
    if not path.is_file():
        return ()
    found: dict[str, list[str]] = {}
    says: list[str] = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        heading = DAY.match(line)
        if heading and _is_day(heading[1]):
            says = found.setdefault(heading[1], [])
        elif found and line.startswith("- "):
            says.append(line[2:].strip())
        elif says and line.startswith("  "):
            says[-1] += f" {line.strip()}"
    return tuple(
        Changes(day=day, says=tuple(one.replace("`", "") for one in found[day]))
        for day in sorted(found, reverse=True)
    )


def _is_day(said: str) -> bool:
    try:
        datetime.date.fromisoformat(said)
    except ValueError:
        return False
    return True
