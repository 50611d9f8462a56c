"""The one way to write a record down: for the database, for a file of a family, and for a fingerprint."""

import dataclasses
import datetime
import hashlib
import json
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any

AS_THEY_ARE = frozenset({str, int, float, bool})
NAMES: Mapping[str, str] = {}


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
    return _sha256(_written(said))


def unordered_fingerprint(value: Any, added_later: frozenset[str]) -> str:
    """A SHA-256 that does not depend on the order of any list; of its fields `added_later` those that hold something count."""
    said = plain(value)
    return _sha256(_unordered({k: v for k, v in said.items() if v or k not in added_later}))


def plain(value: Any, *, spare: bool = False, names: Mapping[str, str] = NAMES) -> Any:
    """A record as plain values; `spare` leaves out the fields that have their default, `names` call a field otherwise."""
    if value is None or type(value) in AS_THEY_ARE:
        return value
    fields = _fields_of(value.__class__)
    if fields is not None:
        found = {}
        for field in fields:
            part = getattr(value, field.name)
            if not (spare and _says_nothing(field, part)):
                found[names.get(field.name, field.name)] = plain(part, spare=spare, names=names)
        return found
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): plain(part, spare=spare, names=names) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part, spare=spare, names=names) for part in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(part, spare=spare, names=names) for part in value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


_TEXT = json.JSONEncoder(ensure_ascii=False).encode
_KEY = json.JSONEncoder().encode


def _unordered(value: Any) -> str:
    kind = type(value)
    if kind is dict:
        parts = [f"{_KEY(key)}:{_unordered(part)}" for key, part in sorted(value.items())]
        return "{" + ",".join(parts) + "}"
    if kind is list:
        return "[" + ",".join(sorted(map(_unordered, value))) + "]" if value else "[]"
    return "null" if value is None else _TEXT(value)


def _sha256(written: str) -> str:
    return hashlib.sha256(written.encode()).hexdigest()


@cache
def _fields_of(kind: type) -> tuple[dataclasses.Field[Any], ...] | None:
    """The fields of a kind of record; None of anything else."""
    return dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else None


def _says_nothing(field: dataclasses.Field[Any], value: Any) -> bool:
    if field.default_factory is not dataclasses.MISSING:
        return bool(value == field.default_factory())
    return field.default is not dataclasses.MISSING and bool(value == field.default)
