"""What may leave: counts, with the small ones hidden and the rest rounded. The only thing that writes a file."""

from pathlib import Path
from typing import Any

import pandas as pd
from pandas.api import types

from cpassist.errors import NotReleased
from cpassist.evidence.tables import harmless
from cpassist.notebook.shown import Cell, CellTable, Shown

HIDDEN = "c"
"""What stands in place of a count that is too small, as in published statistics."""
RULES = {"hide7round5": (7, 5)}
"""Name → the largest count that is hidden, and the multiple to which the others are rounded."""
OF_PEOPLE = frozenset(
    {
        "person",
        "people",
        "says",
        "seen_by",
        "harmed_by",
        "affects",
        "label",
        "birth",
        "lives_in",
        "cares_for",
    }
)


class Released(Shown):
    """A table of counts that may be shown and kept; `frame` holds NA where a count is hidden."""

    def __init__(self, frame: pd.DataFrame, rule: str) -> None:
        self.frame, self.rule = frame, rule

    def to_csv(self, path: str | Path | None = None) -> str | None:
        """The table as CSV, hidden counts as “c”; into a file where a path is given. Raises OSError where it cannot be written."""
        text: str = self._written().to_csv(index=False)
        if path is None:
            return text
        Path(path).write_text(text, encoding="utf-8-sig", newline="")
        return None

    def to_excel(self, path: str | Path) -> None:
        """The table as an Excel file. Raises ImportError where no library for Excel is there."""
        self._written().to_excel(path, index=False)

    def _written(self) -> pd.DataFrame:
        """As text, in which no spreadsheet finds a formula."""

        def words(value: Any) -> str:
            return HIDDEN if pd.isna(value) else harmless(str(value))

        return pd.DataFrame({name: self.frame[name].map(words) for name in self.frame.columns})

    def cell(self) -> Cell:
        most, step = RULES[self.rule]
        written = self._written()
        return Cell(
            title=f"Counts that may leave: {len(written)} rows",
            says=(
                f"{HIDDEN} is a count of 1 to {most}; the others are rounded to {step}, so a shown figure may be off by {step // 2}.",
            ),
            tables=(
                CellTable(
                    caption="Counts",
                    head=tuple(str(name) for name in written.columns),
                    rows=tuple(tuple(row) for row in written.itertuples(index=False)),
                    rest=".frame",
                    folded=False,
                ),
            ),
        )


def protected(counts: pd.DataFrame | pd.Series, rule: str) -> Released:
    """Counts with 1 to 7 hidden and the others rounded to 5. Raises NotReleased for what is no table of counts.

    What is asked for person by person, what people said, shares and means are refused: neither can be made safe by
    rounding. A count of 0 stays 0. Whether two tables tell by their difference what each hides is not looked at here.
    """
    if rule not in RULES:
        raise NotReleased(f'There is no rule "{str(rule)[:30]}". Use {" or ".join(RULES)}.')
    if not isinstance(counts, pd.DataFrame | pd.Series):
        raise NotReleased(
            "Only a table of counts can be protected: a frame, or what groupby(...).size() gives."
        )
    table = _with_columns(counts)
    mistakes = tuple(_mistakes(table))
    if mistakes:
        raise NotReleased("\n".join(mistakes))
    most, step = RULES[rule]
    made = table.copy()
    for name in made.columns:
        if types.is_numeric_dtype(made[name].dtype):
            values = made[name].astype("Int64")
            rounded = ((values + step // 2) // step) * step
            made[name] = rounded.mask((values > 0) & (values <= most))
    about = {key: value for key, value in counts.attrs.items() if key != "real"}
    made.attrs = {**about, "rule": rule, "hidden": f"1 to {most}", "off_by": step // 2}
    return Released(made, rule)


def _with_columns(counts: pd.DataFrame | pd.Series) -> pd.DataFrame:
    """A plain frame in which what counts were grouped by stands in columns."""
    table = counts.to_frame(counts.name or "count") if isinstance(counts, pd.Series) else counts
    grouped = any(name is not None for name in table.index.names)
    if grouped or not isinstance(table.index, pd.RangeIndex):
        table = table.reset_index()
    # Built anew from plain columns, so that what is released hides nothing more.
    plain = {
        str(name): pd.Series(list(table[name]), dtype=table[name].dtype) for name in table.columns
    }
    return pd.DataFrame(plain)


def _mistakes(table: pd.DataFrame) -> list[str]:
    told = [
        f'"{name}" tells of single people. Count over it, and leave it out.'
        for name in table.columns
        if name in OF_PEOPLE
    ]
    numbers = [
        name
        for name in table.columns
        if types.is_numeric_dtype(table[name].dtype) and not types.is_bool_dtype(table[name].dtype)
    ]
    if not numbers:
        told.append("There is no count in it. Count first, with groupby(...).size().")
    for name in numbers:
        values = table[name].dropna()
        if ((values < 0) | (values % 1 != 0)).any():
            told.append(
                f'"{name}" is no count: a count is a whole number from 0. Shares and means are worked out from protected counts.'
            )
    return told
