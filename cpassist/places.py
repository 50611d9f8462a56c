"""Where things are and what they are called in the environment: folders, files, names. Nothing is read here."""

import os
import sys
from pathlib import Path

CATALOGUE = "CPASSIST_CATALOGUE"
WORKSPACE = "CPASSIST_WORKSPACE"
USER = "CPASSIST_USER"
AVAILABILITY = "CPASSIST_AVAILABILITY"
DATABASE = "CPASSIST_DATABASE"
TRAINING = "CPASSIST_TRAINING"
# Set by `serve --room`: what a trainer types before a session can be opened there, hashed.
ROOM_WORD = "CPASSIST_ROOM_WORD"
ROOM_ADDRESS = "CPASSIST_ROOM_ADDRESS"
# Set by the server for each page that is opened: what stood behind the ? of its address.
ASKED = "QUERY_STRING"
# Set by the hub for whoever is signed in, and by nobody's browser.
HUB_USER = "JUPYTERHUB_USER"
HUB_DUTIES = "CPASSIST_DUTIES"


def shipped(name: str) -> Path:
    """One of our folders (catalogue, notebooks, voila_templates): beside the code or as installed."""
    beside = Path(__file__).resolve().parent.parent / name
    return beside if beside.is_dir() else Path(sys.prefix) / "share" / "cpassist" / name


def default_workspace() -> Path:
    """Where drafts go when nobody says otherwise."""
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "cpassist"


def default_room() -> Path:
    """Where workshops are kept that others on the network can reach: apart from every plan."""
    return default_workspace().with_name("cpassist-workshop")


def file_of_plans(folder: Path) -> Path:
    """The file in which a workspace keeps its plans and drafts."""
    return folder.expanduser().resolve() / "plans.db"


def file_of_rooms(folder: Path) -> Path:
    """The file in which workshops are kept: never the one of plans and drafts."""
    return folder.expanduser().resolve() / "workshop.db"


def catalogue_folders(extra: tuple[Path, ...] = ()) -> tuple[Path, ...]:
    """Ours first, then an authority's own; a given folder with needs of its own stands alone."""
    if not extra:
        return (shipped("catalogue"),)
    from cpassist.catalogue.reading import is_folder  # noqa: PLC0415  not for whoever has no folder of their own

    if is_folder(extra[0]) and (extra[0] / "needs.yaml").exists():
        return extra
    return (shipped("catalogue"), *extra)
