"""A picture as a value: what is drawn, the table that holds the same, and the sentence that says it."""

import textwrap
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Axis:
    """One direction of a picture, in its own units."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...] = ()
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One thing that is drawn; shape and label tell things apart, never colour alone."""

    shape: str
    """dot, ring, diamond, square, interval, bar, line, rule (across the whole panel), band, words."""
    x: float
    y: float = 0
    x2: float | None = None
    y2: float | None = None
    label: str = ""
    tone: str = "main"
    """main, second, quiet, gap, ask, stop."""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One pair of axes with what stands between them."""

    title: str = ""
    note: str = ""
    x: Axis
    y: Axis
    marks: tuple[Mark, ...]
    height: int = 220
    """In units of which a panel is 340 wide on a phone."""
    names: int = 30
    """Room for the names on the left, in the same units."""


@dataclass(frozen=True, kw_only=True)
class Icons:
    """So many of one shape, in a grid."""

    shape: str
    tone: str
    count: int
    says: str
    apart: bool = False
    """Whether a gap stands before it."""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A picture with its table and its sentence."""

    title: str
    sentence: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    panels: tuple[Panel, ...] = ()
    icons: tuple[Icons, ...] = ()
    note: str = ""
    """What has to be said beside it: simulated, a convention, an illustration."""


def ticks(*values: float, form: str = "g") -> tuple[tuple[float, str], ...]:
    """Marks on an axis with their numbers as words; a true minus for those below zero."""
    return tuple((value, format(value, form).replace("-", "−")) for value in values)


def number(value: float | None) -> str:
    """A number with two decimals and a true minus; a dash where there is none."""
    # A rounded zero has no sign.
    return "–" if value is None else f"{round(value, 2) + 0.0:.2f}".replace("-", "−")


def stacked(values: list[float], *, tone: str = "main", shape: str = "dot") -> tuple[Mark, ...]:
    """A dot for each value; equal ones stand on each other."""
    seen: dict[float, int] = {}
    marks = []
    for value in sorted(values):
        seen[value] = seen.get(value, 0) + 1
        marks.append(Mark(shape=shape, x=value, y=seen[value] - 0.5, tone=tone))
    return tuple(marks)


LABEL_WIDTH = 44
"""Letters of a label that fit in one line on a phone."""


def bars(
    counts: list[tuple[str, int]],
    *,
    title: str = "",
    note: str = "",
    told: str = "",
    most: int = 0,
) -> Panel:
    """One bar for each named count under its label, with its number beside it; `told` marks the ones that are right.

    `most` sets the scale, so that panels side by side share one.
    """
    longest = max([count for _, count in counts] + [most, 1])
    marks: list[Mark] = []
    down = 0.0
    for name, count in counts:
        right = name in told.split("\n") if told else False
        for line in textwrap.wrap(name, LABEL_WIDTH) or [""]:
            down += 17
            marks.append(Mark(shape="words", x=0, y=-down, label=line, tone="main" if right else "quiet"))  # fmt: skip
        marks.append(
            Mark(
                shape="bar",
                x=0,
                x2=count,
                y=-down - 20,
                y2=-down - 6,
                tone="main" if right or not told else "second",
            )
        )
        marks.append(Mark(shape="words", x=count + longest * 0.02, y=-down - 18, label=str(count), tone="main"))  # fmt: skip
        down += 28
    return Panel(
        title=title,
        note=note,
        x=Axis(low=0, high=longest * 1.12),
        y=Axis(low=-down, high=0),
        marks=tuple(marks),
        height=round(down),
        names=4,
    )
