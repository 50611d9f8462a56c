"""The evidence gap map as shapes, for the screen, for print and for a file of its own."""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from cpassist.catalogue.vocabulary import Certainty
from cpassist.evidence.gap_map import Cell, GapMap, MapRow
from cpassist.words.evidence import CERTAINTY_WORDS

LEFT = 300
STEP = 94
ROW = 44
TOP = 46
BETWEEN = 46
SMALLEST, LARGEST = 7.0, 18.0
# How much of a disc is filled: the surer, the fuller. Read without colour.
FULL = {
    Certainty.UNCLEAR: 0.25,
    Certainty.EARLY: 0.5,
    Certainty.ONCE: 0.75,
    Certainty.REPLICATED: 1.0,
}


@dataclass(frozen=True, kw_only=True, repr=False)
class Bubble:
    """One cell of the map."""

    need: str
    band: str
    x: float
    y: float
    radius: float
    """0 where there is nothing."""
    state: str
    wedge: str
    """The path of the filled part; empty where nothing helps."""
    count: str
    name: str
    row: int
    column: int


@dataclass(frozen=True, kw_only=True, repr=False)
class Label:
    """The name of a row, over one or two lines."""

    lines: tuple[str, ...]
    y: float


@dataclass(frozen=True, kw_only=True, repr=False)
class GapPicture:
    """The map in pixels."""

    heads: tuple[tuple[str, float], ...]
    adults: float | None
    """Where adults' needs begin; None where there are none."""
    labels: tuple[Label, ...]
    bubbles: tuple[Bubble, ...]
    width: int
    height: int


def draw_gap_map(gap_map: GapMap) -> GapPicture:
    """Children's needs by age; adults' needs below them in one column."""
    heads = [
        (words, LEFT + STEP * (index + 0.5)) for index, (_, words) in enumerate(gap_map.columns)
    ]
    labels: list[Label] = []
    bubbles: list[Bubble] = []
    rows = [*gap_map.children, *gap_map.adults]
    first_adult = len(gap_map.children)
    for index, row in enumerate(rows):
        y = TOP + ROW * (index + 0.5) + (BETWEEN if index >= first_adult else 0)
        labels.append(Label(lines=tuple(textwrap.wrap(row.label, 38)[:2]), y=y))
        bubbles += _bubbles(row, index, y, gap_map.columns)
    return GapPicture(
        heads=tuple(heads),
        adults=TOP + ROW * first_adult if gap_map.adults else None,
        labels=tuple(labels),
        bubbles=tuple(bubbles),
        width=LEFT + STEP * len(gap_map.columns) + 8,
        height=TOP + ROW * len(rows) + BETWEEN + 8,
    )


def _bubbles(row: MapRow, index: int, y: float, columns: Sequence[tuple[str, str]]) -> list[Bubble]:
    words = dict(columns)
    found = []
    for column, cell in enumerate(row.cells):
        radius = min(SMALLEST + 2.4 * math.sqrt(cell.findings), LARGEST) if cell.findings else 0.0
        x = LEFT + STEP * (column + 0.5)
        where = f", {words[cell.band].lower()}" if cell.band in words else ""
        found.append(
            Bubble(
                need=row.need,
                band=cell.band,
                x=x,
                y=y,
                radius=round(radius, 1),
                state=cell.state,
                wedge=_wedge(x, y, radius, FULL[cell.certainty]) if cell.certainty else "",
                count=str(cell.findings) if cell.findings else "",
                name=f"{row.label}{where}: {cell_words(cell)}",
                row=index,
                column=column,
            )
        )
    return found


def cell_words(cell: Cell) -> str:
    """What a cell says, for the table and for those who do not see the picture."""
    if cell.is_gap:
        return "nothing read"
    parts = [f"{cell.findings} finding{'s' * (cell.findings != 1)}"]
    if cell.certainty is not None:
        parts.append(CERTAINTY_WORDS[cell.certainty])
    if cell.null:
        parts.append(f"{cell.null} found no effect")
    if cell.harming:
        parts.append(f"{cell.harming} found harm")
    if cell.state == "unclear":
        parts.append("none says that it helps")
    return ", ".join(parts)


def _wedge(x: float, y: float, radius: float, share: float) -> str:
    """The filled part of a disc, clockwise from the top."""
    if share >= 1:
        return f"M{x:.1f} {y - radius:.1f} A{radius:.1f} {radius:.1f} 0 1 1 {x - 0.01:.2f} {y - radius:.1f} Z"
    angle = 2 * math.pi * share
    end_x, end_y = x + radius * math.sin(angle), y - radius * math.cos(angle)
    large = int(share > 0.5)
    return (
        f"M{x:.1f} {y:.1f} L{x:.1f} {y - radius:.1f} "
        f"A{radius:.1f} {radius:.1f} 0 {large} 1 {end_x:.1f} {end_y:.1f} Z"
    )
