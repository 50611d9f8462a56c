"""Tables as CSV that no spreadsheet takes for formulas."""

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_csv(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The table as text, with a mark for spreadsheets that it is UTF-8.

    A cell that begins like a formula gets an apostrophe before it: what a source is called, or what
    somebody typed into an authority's own entry, must run nothing when the file is opened.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in heads])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return "\ufeff" + text.getvalue()


def harmless(cell: str) -> str:
    """Text that no spreadsheet reckons with."""
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(FORMULA) else cell
