"""Frames of pandas with named columns and kinds that hold what is not known; of a real family they show no row."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from cpassist.catalogue.vocabulary import CERTAINTY_ORDER
from cpassist.errors import NotReleased
from cpassist.notebook.shown import CERTAINTY, Cell, html_of

CERTAINTY_KIND = pd.CategoricalDtype(
    [band.value for band in sorted(CERTAINTY_ORDER, key=CERTAINTY_ORDER.__getitem__)], ordered=True
)
# Everything by which pandas writes a frame down, to a file or as text that would be kept with the notebook.
WRITERS = (
    "to_clipboard",
    "to_csv",
    "to_dict",
    "to_excel",
    "to_feather",
    "to_gbq",
    "to_hdf",
    "to_html",
    "to_iceberg",
    "to_json",
    "to_latex",
    "to_markdown",
    "to_orc",
    "to_parquet",
    "to_pickle",
    "to_records",
    "to_sql",
    "to_stata",
    "to_string",
    "to_xml",
)
REFUSED = "This comes from a real family and may not be written down as it is. Count first, then use cp.protect(counts)."


class _Real:
    """What frames and columns of a real family have in common: they can be worked with, and show and write nothing."""

    def __repr__(self) -> str:
        shape = getattr(self, "shape", ())
        size = " by ".join(str(n) for n in shape)
        return f"{size} from a real family: not shown, so that no saved notebook holds it."

    __str__ = __repr__

    @property
    def style(self) -> None:
        """A styled frame would be drawn whole. Raises NotReleased."""
        raise NotReleased(REFUSED)

    def _repr_html_(self) -> str:
        return html_of(Cell(title=repr(self)))

    def _repr_latex_(self) -> None:
        return None

    def _repr_data_resource_(self) -> None:
        return None


def _refuse(_self: object, *_: object, **__: object) -> None:
    """Writes nothing down. Raises NotReleased."""
    raise NotReleased(REFUSED)


class RealColumn(_Real, pd.Series):
    """A column from a real family."""

    def value_counts(self, *given: Any, **named: Any) -> "RealColumn":
        """As of any column, and as much of a real family."""
        return RealColumn(super().value_counts(*given, **named))

    def describe(self, *given: Any, **named: Any) -> "RealColumn":
        """As of any column, and as much of a real family."""
        return RealColumn(super().describe(*given, **named))

    @property
    def _constructor(self) -> type:
        return RealColumn

    @property
    def _constructor_expanddim(self) -> type:
        return RealFrame


class RealFrame(_Real, pd.DataFrame):
    """A frame from a real family."""

    def value_counts(self, *given: Any, **named: Any) -> RealColumn:
        """As of any frame, and as much of a real family."""
        return RealColumn(super().value_counts(*given, **named))

    def describe(self, *given: Any, **named: Any) -> "RealFrame":
        """As of any frame, and as much of a real family."""
        return RealFrame(super().describe(*given, **named))

    @property
    def _constructor(self) -> type:
        return RealFrame

    @property
    def _constructor_sliced(self) -> type:
        return RealColumn


for _writer in WRITERS:
    for _kind in (RealFrame, RealColumn):
        if hasattr(_kind, _writer):
            setattr(_kind, _writer, _refuse)


def made_of(
    columns: Mapping[str, Any],
    rows: Iterable[Sequence[Any]],
    about: Mapping[str, Any],
    *,
    real: bool = False,
) -> pd.DataFrame:
    """A frame whose columns have the kinds named, with what it was made from in `attrs`.

    `columns` are name → dtype; None in a row is not known, which pandas shows as NA and never as 0.
    """
    lines = list(rows)
    made = pd.DataFrame(
        {
            name: pd.Series(
                [line[at] for line in lines], dtype=CERTAINTY_KIND if kind == CERTAINTY else kind
            )
            for at, (name, kind) in enumerate(columns.items())
        }
    )
    made = RealFrame(made) if real else made
    made.attrs = {**about, "real": real}
    return made
