"""What changed in the catalogue, from its own changelog: by day, each in a sentence."""

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
    found: list[tuple[str, list[str]]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if day := DAY.match(line):
            found.append((day[1], []))
        elif found and line.startswith("- "):
            found[-1][1].append(line[2:].strip())
        elif found and found[-1][1] and line.startswith("  "):
            found[-1][1][-1] += f" {line.strip()}"
    return tuple(
        Changes(day=day, says=tuple(one.replace("`", "") for one in says))
        for day, says in sorted(found, reverse=True)
    )
