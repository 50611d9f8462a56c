"""The fields of a form as a browser sends them: read one by one, and what is wrong said at its field."""

import datetime
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from cpassist.errors import CpassistError, InvalidRecord
from cpassist.family.vocabulary import read_day

WHOLE = re.compile(r"[0-9]{1,6}\Z")
Fields = Mapping[str, Any]
Made = TypeVar("Made")


def text(fields: Fields, name: str) -> str:
    """A field that is text; empty where it is missing or something else."""
    value = fields.get(name, "")
    return value if isinstance(value, str) else ""


def texts(fields: Fields, name: str) -> tuple[str, ...]:
    """A field of which several may be ticked."""
    value = fields.get(name)
    return tuple(value) if isinstance(value, list) else (text(fields, name),)


def place_in(fields: Fields) -> int:
    """The place in a list that a form says; -1 where it says none."""
    said = text(fields, "index")
    return int(said) if WHOLE.match(said) else -1


class FieldMistakes(CpassistError):
    """What is missing or wrong in one form, by field."""

    def __init__(self, form: str, by_field: Mapping[str, str]) -> None:
        super().__init__("; ".join(by_field.values()))
        self.form = form
        self.by_field = dict(by_field)


class FieldReader:
    """Reads fields one by one and gathers what is wrong, so that all is said at once."""

    def __init__(self, form: str, fields: Fields) -> None:
        self.form = form
        self.fields = fields
        self.mistakes: dict[str, str] = {}

    def text(self, name: str) -> str:
        value = self.fields.get(name, "")
        value = value[0] if isinstance(value, list) and value else value
        return value.strip() if isinstance(value, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.fields.get(name, [])
        values = value if isinstance(value, list) else [value]
        return tuple(dict.fromkeys(v for v in values if isinstance(v, str) and v))

    def needed(self, name: str, sentence: str) -> str:
        value = self.text(name)
        if not value:
            self.mistakes[name] = sentence
        return value

    def one_of(self, name: str, kind: Any, sentence: str, default: Any = None) -> Any:
        value = self.text(name)
        if not value:
            if default is None:
                self.mistakes[name] = sentence
            return default
        try:
            return kind(value)
        except ValueError:
            self.mistakes[name] = sentence
            return default

    def date(
        self, name: str, *, needed: str = "", today: datetime.date | None = None
    ) -> str | None:
        """Day, month and year fields as YYYY, YYYY-MM or YYYY-MM-DD; not after `today` where given."""
        day, month, year = (self.text(f"{name}_{part}") for part in ("day", "month", "year"))
        if not (day or month or year):
            if needed:
                self.mistakes[name] = needed
            return None
        parts = [year]
        if month:
            parts.append(month.zfill(2))
        if day and month:
            parts.append(day.zfill(2))
        said = "-".join(parts)
        try:
            first, _ = read_day(said)
            if today is not None and first > today:
                self.mistakes[name] = "That day is still to come. Give the day on which it was."
        except InvalidRecord:
            self.mistakes[name] = (
                "That is no date. Write it as 12 11 2026; leave out what you do not know."
            )
        if day and not month:
            self.mistakes[name] = "A day needs its month. Leave both out if you do not know them."
        return said

    def build(self, make: Callable[[], Made], field: str) -> Made:
        """The record, or every mistake; what the record itself refuses is said beside `field`."""
        if not self.mistakes:
            try:
                return make()
            except InvalidRecord as refused:
                self.mistakes[field] = str(refused)
        raise FieldMistakes(self.form, self.mistakes)
