"""The gap map as pictures, as a list and as a table: by ages, or by what was measured."""

from typing import Any

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.vocabulary import Whose
from cpassist.drawing.gap_map import cell_words
from cpassist.evidence.gap_map import NOT_STATED as AGE_NOT_STATED
from cpassist.evidence.gap_map import GapMap, map_gaps, map_results
from cpassist.planning.package.gaps import NOT_LOOKED
from cpassist.ui.evidence.state import EvidenceState


def the_map(state: EvidenceState) -> GapMap:
    """The gap map that is open: by ages, or by what was measured."""
    make = map_results if state.by == "results" else map_gaps
    return make(state.catalogue)


def map_rows(state: EvidenceState, gap_map: GapMap) -> list[dict[str, Any]]:
    """The map as a table with the same content."""
    rows = []
    columns = dict(gap_map.columns)
    for row in (*gap_map.children, *gap_map.adults):
        kind = state.catalogue.need_types[row.need]
        read = [cell for cell in row.cells if not cell.is_gap]
        empty = [columns[c.band].lower() for c in row.cells if c.is_gap and c.band in columns]
        rows.append(
            {
                "need": row.need,
                "read": f"{len(read)} of {len(row.cells)}{' ages' * (state.by == 'ages')}"
                if len(row.cells) > 1
                else cell_words(row.cells[0]),
                "places": [
                    (c.band, columns.get(c.band, "What was read"), cell_words(c)) for c in read
                ],
                "empty": ", ".join(empty) if read else "",
                "why": "" if read else _why_empty(row.need, state.catalogue),
                "label": row.label,
                "whose": "child" if kind.whose is Whose.CHILD else "adult",
                "wide": len(row.cells) > 1,
                "cells": [cell_words(cell) for cell in row.cells],
            }
        )
    return rows


def _why_empty(need: str, catalogue: Catalogue) -> str:
    """Why nothing stands there: what is known to be unknown, or that nobody has looked."""
    known = [f"{gap.says} {gap.looked}".strip() for gap in catalogue.known_gaps if gap.need == need]
    return " ".join(known) or NOT_LOOKED


def map_table(state: EvidenceState) -> tuple[list[str], list[list[str]]]:
    """The map as heads and rows, for a file."""
    gap_map = the_map(state)
    columns = [words for _, words in gap_map.columns]
    rows = []
    for row in map_rows(state, gap_map):
        cells = row["cells"] if row["wide"] else ["", *[""] * (len(columns) - 2), row["cells"][0]]
        rows.append([row["label"], row["whose"], *cells])
    if state.by == "ages":
        columns[-1] = f"{AGE_NOT_STATED[1]}, or an adult's need"
    return ["Need", "Whose", *columns], rows
