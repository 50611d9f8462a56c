"""Tables as spreadsheets save them: whatever stands between the cells, whatever letters, whatever order of a day."""

import csv
import datetime
import io
from collections.abc import Iterator

from cpassist.errors import Mistakes


def read_rows(content: bytes, name: str) -> Iterator[dict[str, str]]:
    """The rows of a table from a spreadsheet: commas, semicolons or tabs; UTF-8 or Windows letters; small names of columns.

    Raises Mistakes where it is no table.
    """
    text = decoded(content, name)
    first = text.split("\n", 1)[0]
    between = max(",;\t", key=first.count)
    try:
        for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=between):
            yield {
                (key or "").strip().casefold(): (value or "").strip()
                for key, value in row.items()
                if isinstance(value, str | None)
            }
    except csv.Error as wrong:
        raise Mistakes((f"{name}: it is no table that can be read ({wrong}). Save it anew as CSV.",)) from None  # fmt: skip


def decoded(content: bytes, name: str) -> str:
    """Text as spreadsheets save it, with or without a mark at its beginning. Raises Mistakes for what is none."""
    if b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Mistakes((f"{name}: it is no text. Save it as CSV, not as a workbook.",))
    for encoding in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):  # fmt: skip
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def read_day_of(said: str) -> datetime.date | None:
    """A day as returns and spreadsheets write it: 2024-03-01, 01/03/2024, with or without a time behind it."""
    words = said.strip().split("T")[0].split(" ")[0]
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.datetime.strptime(words, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    return None
