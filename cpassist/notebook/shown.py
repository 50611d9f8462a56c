"""What an object says of itself in a cell: a few lines of text, or a small page that folds. A real family: counts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from cpassist.drawing.templating import template

if TYPE_CHECKING:
    import pandas as pd

CERTAINTY = "certainty"
"""The kind of a column of certainty: an ordered category."""
MOST_LINES = 12
MOST_BYTES = 15_000
MANY_ROWS = 200
"""Rows of a table in a widget, which is kept nowhere."""
ROWS_IN_SIGHT = (60, 30, 12, 8, 5, 3, 1, 0)
"""How many rows of a table are shown: the most that stay below `MOST_BYTES`."""


@dataclass(frozen=True, kw_only=True, repr=False)
class CellTable:
    """A table inside a cell; what is too much for it stands in a frame."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    rest: str = ""
    """Where all of its rows are: “.offers”."""
    folded: bool = True
    more: int = 0
    """Rows that are left out."""
    picks: tuple[str, ...] = ()
    """In a widget: the key of each row, by which it can be picked; empty: it cannot."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Cell:
    """What stands in one cell."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    says: tuple[str, ...] = ()
    """Sentences that have to be read first."""
    tables: tuple[CellTable, ...] = ()
    svg: str = ""
    """A drawing of our own."""
    note: str = ""


def frame(
    columns: Mapping[str, Any],
    rows: Iterable[Sequence[Any]],
    about: Mapping[str, Any],
    *,
    real: bool = False,
) -> "pd.DataFrame":
    """A frame, as `frames.made_of` makes it. Pandas is loaded by whoever asks for the first one, and by nobody who only looks."""
    from cpassist.notebook.frames import made_of  # noqa: PLC0415

    return made_of(columns, rows, about, real=real)


def counted(things: Sequence[object], one: str, many: str = "") -> str:
    """“1 offer”, “3 offers”."""
    return f"{len(things)} {one if len(things) == 1 else many or one + 's'}"


class Shown:
    """An object that shows itself in a cell."""

    def cell(self) -> Cell:
        """What stands in the cell."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return "\n".join(list(_lines(self.cell()))[:MOST_LINES])

    def _repr_html_(self) -> str:
        """HTML without script and address, of at most `MOST_BYTES`: rows are left out before the drawing is."""
        cell = self.cell()
        # Nothing can be picked in what is only shown.
        cell = replace(cell, tables=tuple(replace(table, picks=()) for table in cell.tables))
        for shown in (cell, replace(cell, svg="")):
            for rows in ROWS_IN_SIGHT:
                html = html_of(cut(shown, rows))
                if len(html.encode()) <= MOST_BYTES:
                    return html
        return html


def cut(cell: Cell, rows: int) -> Cell:
    """The same with at most so many rows in each table."""
    tables = [
        replace(table, rows=table.rows[:rows], more=max(0, len(table.rows) - rows))
        for table in cell.tables
    ]
    return replace(cell, tables=tuple(tables))


def html_of(cell: Cell) -> str:
    """A cell as HTML that stands by itself, autoescaped."""
    # Our drawings come from our own templates, which escape what people typed.
    return template("cell.html.j2").render(cell=cell, svg=Markup(cell.svg), picked="", name="")  # noqa: S704


def _lines(cell: Cell) -> Iterator[str]:
    yield cell.title
    for label, words in cell.facts:
        yield f"  {label}: {words}"
    for says in cell.says:
        yield f"  {says}"
    for table in cell.tables:
        where = f", in {table.rest}" if table.rest else ""
        yield f"  {table.caption}: {len(table.rows)}{where}"
    if cell.note:
        yield f"  {cell.note}"
