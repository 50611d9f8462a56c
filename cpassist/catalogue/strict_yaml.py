"""Reads YAML strictly: every scalar as text, no repeated keys, no aliases, every mistake named at once."""

import difflib
import types
import typing
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from cpassist.errors import CpassistError, Mistakes

Record = typing.TypeVar("Record")

LARGEST_FILE = 2 * 1024 * 1024
DEEPEST = 30


class _Trouble(Exception):
    """Something in the file, with its line."""


_NOTHING: Any = object()


class _Builder:
    """Text, lists and mappings from the events of one document, in one pass and without recursion.

    Scalars stay text: plain YAML turns `on` into True and an impossible date into a crash. Aliases can
    grow without end and deep nesting fells the C library that would compose it: both are refused as
    they are met. Keys that are there twice are gathered in `twice`.
    """

    def __init__(self) -> None:
        self.root: Any = _NOTHING
        self.twice: list[str] = []
        self._open: list[Any] = []
        self._keys: list[Any] = []
        """For each open mapping the key that waits for its value; for a list, nothing."""
        self._lower: list[dict[str, str]] = []

    def feed(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Trouble("anchors and aliases (& and *) are not read. Write the values out.")
        if getattr(event, "tag", None) not in {None, "!"}:
            raise _Trouble(f"line {line}: tags (!) are not read. Write plain values.")
        if isinstance(event, yaml.DocumentStartEvent) and self.root is not _NOTHING:
            raise _Trouble(
                f"line {line}: a second document begins here. Keep one per file (no second ---)."
            )
        if isinstance(event, yaml.ScalarEvent):
            self._take(event.value, line, plain=not event.style)
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(self._open) >= DEEPEST:
                raise _Trouble(f"line {line}: nested too deeply. Write it flatter.")
            if self._waits_for_key():
                raise _Trouble(f"line {line}: a key must be a word.")
            self._open.append({} if isinstance(event, yaml.MappingStartEvent) else [])
            self._keys.append(_NOTHING)
            self._lower.append({})
        elif isinstance(event, yaml.CollectionEndEvent):
            self._keys.pop()
            self._lower.pop()
            self._place(self._open.pop())

    def _waits_for_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1], dict) and self._keys[-1] is _NOTHING

    def _take(self, value: str, line: int, *, plain: bool) -> None:
        if self._waits_for_key():
            self._keys[-1] = self._checked(value, line)
        else:
            empty = plain and value in {"", "~", "null", "Null", "NULL"}
            self._place(None if empty else value)

    def _checked(self, key: str, line: int) -> str:
        known = self._lower[-1].get(key.casefold())
        if known == key:
            self.twice.append(f'line {line}: the key "{key[:60]}" is there twice. Keep one.')
        elif known is not None:
            self.twice.append(
                f'line {line}: the keys "{known[:60]}" and "{key[:60]}" differ only in capitals. '
                "Use small letters."
            )
        self._lower[-1][key.casefold()] = key
        return key

    def _place(self, value: Any) -> None:
        if not self._open:
            self.root = value
        elif isinstance(self._open[-1], dict):
            self._open[-1][self._keys[-1]] = value
            self._keys[-1] = _NOTHING
        else:
            self._open[-1].append(value)


def parse_yaml(text: str) -> Any:
    """The one document in a text, scalars as text.

    Raises Mistakes with sentences that begin with the line.
    """
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.feed(event)
    except _Trouble as trouble:
        raise Mistakes((str(trouble),)) from None
    except yaml.MarkedYAMLError as broken:
        raise Mistakes((_explain(broken, text),)) from None
    except yaml.YAMLError:
        raise Mistakes(
            ("it holds characters that YAML does not allow. Save it as UTF-8.",)
        ) from None
    if builder.root is _NOTHING:
        raise Mistakes(("the file is empty. Write an entry, or remove the file.",))
    if builder.twice:
        raise Mistakes(tuple(builder.twice))
    return builder.root


def _explain(broken: yaml.MarkedYAMLError, text: str) -> str:
    mark = broken.problem_mark or broken.context_mark
    line = f"line {mark.line + 1}: " if mark else ""
    problem = str(broken.problem or broken.context or "broken YAML")
    lines = text.splitlines()
    here = lines[mark.line] if mark and mark.line < len(lines) else ""
    if "\t" in here[: len(here) - len(here.lstrip())]:
        return f"{line}a tab where YAML wants spaces. Indent with spaces."
    if "mapping values" in problem:
        return f'{line}a colon where none can be. Put a sentence that holds a colon in quotes: "like: this".'
    return f"{line}broken YAML ({problem}). Check the indent, colons and quotes there."


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, whatever its line ends or byte order mark.

    Raises Mistakes when it is missing, too large or not UTF-8.
    """
    try:
        if not path.is_file() and not path.is_dir() and path.exists():
            # A pipe or a device never ends.
            raise Mistakes((f"{path}: this is no plain file. Name a file.",))
        if path.stat().st_size > LARGEST_FILE:
            megabytes = path.stat().st_size / 1024 / 1024
            raise Mistakes((f"{path.name}: the file has {megabytes:.0f} MB. Keep it under 2 MB.",))
        return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except FileNotFoundError:
        raise Mistakes((f"{path}: there is no such file. Check the path.",)) from None
    except IsADirectoryError:
        raise Mistakes((f"{path}: this is a folder. Name a file in it.",)) from None
    except UnicodeDecodeError:
        raise Mistakes((f"{path.name}: the file is not UTF-8 text. Save it as UTF-8.",)) from None
    except OSError as trouble:
        raise Mistakes((f"{path}: cannot be read ({trouble.strerror}). Check it.",)) from None


def read_yaml(path: Path) -> Any:
    """The one YAML document of a file; mistakes begin with the file's name."""
    try:
        return parse_yaml(read_text(path))
    except Mistakes as mistakes:
        raise Mistakes(tuple(_in_file(path.name, m) for m in mistakes.mistakes)) from None


def _in_file(name: str, mistake: str) -> str:
    return mistake if name in mistake.split(": ", maxsplit=1)[0] else f"{name}: {mistake}"


@cache
def _adapter(record: Any) -> TypeAdapter[Any]:
    return TypeAdapter(record)


def build(record: type[Record], raw: Any, file: str, at: str = "") -> Record:
    """One record from what was read, every mistake at once as `file: place: what. Remedy.`"""
    try:
        return typing.cast(
            "Record", _adapter(typing.cast("typing.Hashable", record)).validate_python(raw)
        )
    except ValidationError as invalid:
        mistakes: list[str] = []
        errors = invalid.errors()
        for error in errors[: Mistakes.MOST]:
            mistakes += _sentences(record, error, file, at)
        mistakes += [f"{file}: more like it."] * (len(errors) - Mistakes.MOST)
        raise Mistakes(
            tuple(dict.fromkeys(mistakes[: Mistakes.MOST])) + tuple(mistakes[Mistakes.MOST :])
        ) from None
    except Mistakes as mistakes:
        raise Mistakes(tuple(f"{file}: {m}" for m in mistakes.mistakes)) from None
    except CpassistError as mistake:
        raise Mistakes((f"{file}: {at or 'file'}: {mistake}",)) from None


def json_schema(record: Any) -> dict[str, Any]:
    """The JSON Schema of a record, for editors and for tests."""
    return _adapter(record).json_schema()


def _place(at: str, location: tuple[int | str, ...]) -> str:
    place = at
    for part in location:
        if isinstance(part, int):
            place += f"[{part}]"
        elif part[:1].islower() and "[" not in part and "-" not in part:
            place += f".{part}" if place else part
    return place or "file"


def _sentences(record: Any, error: Any, file: str, at: str) -> Iterator[str]:
    location, kind = tuple(error["loc"]), error["type"]
    place = _place(at, location)
    cause = (error.get("ctx") or {}).get("error")
    if isinstance(cause, Mistakes):
        yield from (f"{file}: {m}" for m in cause.mistakes)
    elif isinstance(cause, CpassistError):
        yield f"{file}: {place}: {cause}"
    elif kind in {"unexpected_keyword_argument", "extra_forbidden"}:
        names = _fields_at(record, location[:-1])
        wrong = str(location[-1])
        near = difflib.get_close_matches(wrong, names, n=1)
        hint = f'Did you mean "{near[0]}"?' if near else f"Known here: {', '.join(sorted(names))}."
        if " " in wrong or wrong.endswith("."):
            hint = 'A sentence that holds a comma or a colon stands in quotes: "like, this".'
        yield f'{file}: {place}: there is no such field "{wrong[:40]}". {hint}'
    elif kind in {"missing", "missing_argument", "missing_keyword_only_argument"}:
        yield f"{file}: {place}: this is missing. Add it."
    elif kind == "enum":
        allowed = (error.get("ctx") or {}).get("expected", "")
        yield f'{file}: {place}: "{str(error["input"])[:40]}" is not known here. Use {allowed}.'
    elif kind in {"dataclass_type", "dict_type", "mapping_type"}:
        yield f"{file}: {place}: fields with values belong here. Write `name: value` lines."
    elif kind in {"tuple_type", "list_type"}:
        yield f"{file}: {place}: a list belongs here. Write it as [one, two]."
    else:
        message = str(error["msg"]).replace("Input should be", "should be")
        shown = str(error["input"])[:40]
        yield f'{file}: {place}: "{shown}" {message}. Correct the value.'


def _fields_at(record: Any, location: tuple[int | str, ...]) -> list[str]:
    """The names a record knows at a place, for the nearest valid spelling."""
    here = record
    for part in location:
        here = _unwrap(here)
        hints = typing.get_type_hints(here) if hasattr(here, "__dataclass_fields__") else {}
        if isinstance(part, str) and part in hints:
            here = hints[part]
    here = _unwrap(here)
    return [n for n in getattr(here, "__dataclass_fields__", {}) if not n.startswith("_")]


def _unwrap(kind: Any) -> Any:
    """The record inside tuple[...], Mapping[...] or `... | None`."""
    while not hasattr(kind, "__dataclass_fields__"):
        inside = [
            part
            for part in typing.get_args(kind)
            if part is not type(None) and part is not Ellipsis
        ]
        if not inside:
            return kind
        is_union = isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union
        is_mapping = typing.get_origin(kind) in {Mapping, dict}
        kind = inside[0] if is_union and not is_mapping else inside[-1]
    return kind
