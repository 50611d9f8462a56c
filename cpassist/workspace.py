"""Settings of one visit: where the catalogue and the drafts are, who is there, what day it is."""

import datetime
import gc
import getpass
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cpassist.catalogue.reading import is_folder, read_availability, read_catalogue
from cpassist.catalogue.records import Availability, Catalogue

CATALOGUE = "CPASSIST_CATALOGUE"
WORKSPACE = "CPASSIST_WORKSPACE"
USER = "CPASSIST_USER"
AVAILABILITY = "CPASSIST_AVAILABILITY"


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """Catalogue, drafts folder, user and clock of this visit."""

    catalogue: Catalogue
    families: Path
    """The folder of invented families."""
    drafts: Path
    user: str
    availability: Mapping[str, Availability] | None = None
    """What is to be had here, by intervention; None while no local directory is loaded."""

    def today(self) -> datetime.date:
        """The one clock of the pages."""
        return datetime.datetime.now(tz=datetime.UTC).astimezone().date()

    def now(self) -> datetime.datetime:
        return datetime.datetime.now(tz=datetime.UTC).astimezone()


def shipped(name: str) -> Path:
    """One of our folders (catalogue, notebooks, voila_templates): beside the code or as installed."""
    beside = Path(__file__).resolve().parent.parent / name
    return beside if beside.is_dir() else Path(sys.prefix) / "share" / "cpassist" / name


def default_workspace() -> Path:
    """Where drafts go when nobody says otherwise."""
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "cpassist"


@cache
def _catalogue(folders: tuple[Path, ...]) -> Catalogue:
    catalogue = read_catalogue(*folders)
    # It stays for the whole visit: without this, Python now and then looks through all of it for
    # garbage, and a page stands still for a tenth of a second.
    gc.freeze()
    return catalogue


def catalogue_folders(extra: tuple[Path, ...] = ()) -> tuple[Path, ...]:
    """Ours first, then an authority's own; a given folder with needs of its own stands alone."""
    if extra and is_folder(extra[0]) and (extra[0] / "needs.yaml").exists():
        return extra
    return (shipped("catalogue"), *extra)


def open_workspace() -> Workspace:
    """The workspace of this visit, from the environment; raises Mistakes for a bad catalogue."""
    extra = tuple(Path(part) for part in os.environ.get(CATALOGUE, "").split(os.pathsep) if part)
    folder = Path(os.environ[WORKSPACE]) if WORKSPACE in os.environ else default_workspace()
    catalogue = _catalogue(catalogue_folders(extra))
    directory = os.environ.get(AVAILABILITY)
    return Workspace(
        catalogue=catalogue,
        availability=read_availability(Path(directory), catalogue) if directory else None,
        families=shipped("catalogue") / "families",
        drafts=folder / "drafts",
        user=os.environ.get(USER) or _local_user(),
    )


def _local_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "local user"
