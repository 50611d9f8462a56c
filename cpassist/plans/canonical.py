"""The one way to write a record down, for the database and for a fingerprint."""

import dataclasses
import datetime
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

AS_THEY_ARE = frozenset({str, int, float, bool})


def canonical(value: Any) -> str:
    """A record as it is kept: every field, keys in order, no spaces."""
    return _written(plain(value))


def fingerprint(value: Any, only: tuple[str, ...] | None = None) -> str:
    """A SHA-256 over what a record says, in hexadecimal; `only` names the fields of it that count.

    Fields that say nothing (their default) are left out: a field that is added in a later version of the
    program changes no fingerprint of before, and no approval is lost by it.
    """
    said = plain(value, spare=True)
    if only is not None:
        said = {name: part for name, part in said.items() if name in only}
    return hashlib.sha256(_written(said).encode()).hexdigest()


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def plain(value: Any, *, spare: bool = False) -> Any:
    """A record as plain values; `spare` leaves out the fields that have their default."""
    if value is None or type(value) in AS_THEY_ARE:
        return value
    fields = _fields_of(value.__class__)
    if fields is not None:
        found = {}
        for field in fields:
            part = getattr(value, field.name)
            if not (spare and _says_nothing(field, part)):
                found[field.name] = plain(part, spare=spare)
        return found
    if isinstance(value, Mapping):
        return {str(key): plain(part, spare=spare) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part, spare=spare) for part in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(part, spare=spare) for part in value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


@cache
def _fields_of(kind: type) -> tuple[dataclasses.Field[Any], ...] | None:
    """The fields of a kind of record; None of anything else."""
    return dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else None


def _says_nothing(field: dataclasses.Field[Any], value: Any) -> bool:
    if field.default_factory is not dataclasses.MISSING:
        return bool(value == field.default_factory())
    return field.default is not dataclasses.MISSING and bool(value == field.default)
