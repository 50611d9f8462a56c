"""The one way to write a record down, for the database and for a fingerprint."""

import dataclasses
import datetime
import json
from collections.abc import Mapping
from typing import Any


def canonical(value: Any) -> str:
    """The one way to write a record down: keys in order, no spaces, every field."""
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def plain(value: Any) -> Any:
    """A record as plain values, as the database and a fingerprint take it."""
    if dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        return {field.name: plain(getattr(value, field.name)) for field in fields}
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(part) for part in value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value
