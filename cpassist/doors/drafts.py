"""Drafts on this machine: one file each, written whole or not at all, named by nothing of the case."""

import datetime
import os
import re
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from cpassist.catalogue.records import Catalogue
from cpassist.catalogue.strict_yaml import read_yaml
from cpassist.doors.family_file import build_family, family_fields, unknown_words
from cpassist.errors import CpassistError, Mistakes
from cpassist.family import Family

FORMAT = "cpassist-draft/1"
NAME = re.compile(r"[0-9a-f]{16}\Z")
REVISION = re.compile(r"^revision: '?([0-9a-f]{8})'?$", re.MULTILINE)


class NotKept(CpassistError):
    """A draft could not be written; what is on the screen is all there is."""


class ChangedElsewhere(CpassistError):
    """The draft on the disk is no longer the one that was read: another window wrote or deleted it."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A family as last confirmed, with the step it was left at."""

    key: str
    family: Family
    step: str
    kept: datetime.datetime
    revision: str = ""
    """A mark of this very version on the disk; empty for one that was never written."""


def new_key() -> str:
    """A name for a draft that says nothing about anybody."""
    return secrets.token_hex(8)


def write_draft(folder: Path, draft: Draft) -> str:
    """Writes beside and renames, so that a full disk never costs the version before; gives its revision.

    Raises ChangedElsewhere when the version on the disk is not the one that `draft` was made from,
    NotKept with a sentence when it cannot be written.
    """
    if _revision_of(folder / f"{draft.key}.yaml") != draft.revision:
        raise ChangedElsewhere("This draft was changed or deleted in another window.")
    revision = secrets.token_hex(4)
    body = {
        "format": FORMAT,
        "revision": revision,
        "step": draft.step,
        "kept": draft.kept.isoformat(timespec="seconds"),
        "family": family_fields(draft.family),
    }
    text = yaml.dump(body, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=100)
    scratch: str | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, scratch = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(scratch).replace(folder / f"{draft.key}.yaml")
    except OSError as trouble:
        if scratch:
            Path(scratch).unlink(missing_ok=True)
        raise NotKept(
            f"This draft could not be kept ({trouble.strerror}). Save the family file from the Family "
            "step, and tell whoever looks after this machine."
        ) from None
    return revision


def _revision_of(path: Path) -> str:
    """The revision of a draft on the disk, from its first lines; empty when there is none."""
    try:
        with path.open(encoding="utf-8") as file:
            found = REVISION.search(file.read(200))
    except (OSError, UnicodeDecodeError):
        return ""
    return found[1] if found else ""


def read_draft(folder: Path, key: str, catalogue: Catalogue) -> Draft:
    """One draft; raises Mistakes when it is not there or does not read."""
    if not NAME.match(key):
        raise Mistakes(("There is no such draft. Choose one from the list.",))
    raw: Any = read_yaml(folder / f"{key}.yaml")
    if (
        not isinstance(raw, dict)
        or raw.get("format") != FORMAT
        or not isinstance(raw.get("family"), dict)
    ):
        raise Mistakes(("This draft does not read. Open the family from its file.",))
    family = build_family(raw["family"], "draft")
    mistakes = tuple(unknown_words(family, catalogue))
    if mistakes:
        raise Mistakes(mistakes)
    try:
        # A time without a zone is this machine's.
        kept = datetime.datetime.fromisoformat(str(raw.get("kept"))).astimezone()
    except (ValueError, OverflowError, OSError):
        raise Mistakes(
            ("This draft does not say when it was kept. Open the family from its file.",)
        ) from None
    return Draft(
        key=key,
        family=family,
        step=str(raw.get("step")),
        kept=kept,
        revision=str(raw.get("revision", "")),
    )


def list_drafts(folder: Path, catalogue: Catalogue) -> tuple[Draft, ...]:
    """Every draft that reads, the newest first."""
    found = []
    for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else []:
        try:
            # One broken draft must not keep a worker from the others.
            found.append(read_draft(folder, path.stem, catalogue))
        except CpassistError:
            continue
    return tuple(sorted(found, key=lambda draft: draft.kept, reverse=True))


def delete_draft(folder: Path, key: str) -> None:
    """Really deletes; raises Mistakes for a name that is no draft's."""
    if not NAME.match(key):
        raise Mistakes(("There is no such draft. Choose one from the list.",))
    try:
        (folder / f"{key}.yaml").unlink(missing_ok=True)
    except OSError as trouble:
        raise NotKept(f"The draft could not be deleted ({trouble.strerror}).") from None
