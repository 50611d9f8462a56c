"""Settings of one visit: where the catalogue, drafts and plans are, who is there, what day it is."""

import contextlib
import datetime
import gc
import getpass
import os
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from cpassist.catalogue.reading import is_folder, read_catalogue
from cpassist.catalogue.records import Availability, Catalogue
from cpassist.doors.old_drafts import take_old_drafts
from cpassist.errors import CpassistError, Mistakes
from cpassist.records.plan import Colleague, Duty

# The database's libraries take a third of a second to load: whoever asks for plans or drafts loads them.
if TYPE_CHECKING:
    from cpassist.records.drafts import Drafts
    from cpassist.records.rooms import Rooms
    from cpassist.records.store import Store
    from cpassist.workshop.records import Curriculum

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
LONGEST_USER = 60
TRAINING_SUPERVISOR = "the supervisor of the training"


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """Catalogue, folder, database, user and clock of this visit."""

    catalogue: Catalogue
    families: Path
    """The folder of invented families."""
    folder: Path
    """Where the file of plans and drafts is, unless `database` says otherwise."""
    user: str
    duties: frozenset[Duty] = frozenset(Duty)
    """What this person does here; alone on a machine, everything."""
    database: str = ""
    """The address of a database; empty: a file of SQLite in the folder."""
    training: bool = False
    """Whether this is for practice: invented families only, and the supervisor is played."""
    availability: Mapping[str, Availability] | None = None
    """What is to be had here, by intervention; None while no local directory is loaded."""

    @property
    def colleague(self) -> Colleague:
        """Whoever is there, as worker."""
        return Colleague(name=self.user, duties=self.duties)

    @property
    def reviewer(self) -> Colleague:
        """Whoever is there, as supervisor. In a training a second person is played, who wrote nothing."""
        if self.training:
            return Colleague(name=TRAINING_SUPERVISOR, duties=frozenset({Duty.SUPERVISOR}))
        return self.colleague

    @cached_property
    def store(self) -> "Store":
        """The plans; opened when first asked for. Raises CpassistError with a sentence."""
        from cpassist.records.database import open_database  # noqa: PLC0415
        from cpassist.records.store import Store  # noqa: PLC0415

        # What is practised stands in a file of its own: the played supervisor never meets a real plan.
        if self.training:
            practice = file_of_plans(self.folder).with_name("plans-training.db")
            return Store(open_database(f"sqlite:///{practice}"))
        return Store(open_database(self.database or f"sqlite:///{file_of_plans(self.folder)}"))

    @cached_property
    def drafts(self) -> "Drafts":
        """The drafts of whoever is there, with those that an earlier version kept in files."""
        from cpassist.records.drafts import Drafts  # noqa: PLC0415

        drafts = Drafts(self.store.engine, self.user)
        if not self.training and HUB_USER not in os.environ:
            # Under a hub nobody could say whose they were.
            take_old_drafts(self.folder / "drafts", drafts)
        return drafts

    def today(self) -> datetime.date:
        """The one clock of the pages."""
        return datetime.datetime.now(tz=datetime.UTC).astimezone().date()

    def now(self) -> datetime.datetime:
        return datetime.datetime.now(tz=datetime.UTC).astimezone()


@dataclass(frozen=True, kw_only=True)
class Workshop:
    """What a visit to a workshop's pages works with. No case is here.

    Each seat has a process of its own, so the catalogue is read only by whoever needs it: the trainer, and
    somebody who practises alone. A seat in a room takes what is taught from its session.
    """

    folder: Path
    folders: tuple[Path, ...]
    """The folders of the catalogue."""
    database: str = ""
    """The address of a database; empty: a file of SQLite in the folder, apart from that of plans."""
    opening_word: str = ""
    """The hash of the word without which no session is opened here; empty: none is asked for."""
    code: str = ""
    """A code to join with that stood in the address."""
    address: str = ""
    """Where participants find their page, when it is served beyond this machine."""

    @cached_property
    def catalogue(self) -> Catalogue:
        return _catalogue(self.folders)

    @cached_property
    def curriculum(self) -> "Curriculum":
        """What is taught, with what the catalogue knows filled in. Raises Mistakes."""
        return taught_in(self.folders, self.catalogue)

    @cached_property
    def rooms(self) -> "Rooms":
        """The sessions; opened when first asked for. Raises CpassistError with a sentence."""
        from cpassist.records.database import open_database  # noqa: PLC0415
        from cpassist.records.rooms import Rooms  # noqa: PLC0415

        return Rooms(open_database(self.database or f"sqlite:///{file_of_rooms(self.folder)}"))

    def now(self) -> datetime.datetime:
        return datetime.datetime.now(tz=datetime.UTC).astimezone()


def taught_in(folders: tuple[Path, ...], catalogue: Catalogue) -> "Curriculum":
    """What workshops teach with these folders; an authority's own exercises stand in place of ours as a whole.

    Raises Mistakes with every offender.
    """
    from cpassist.doors.family_file import read_family  # noqa: PLC0415
    from cpassist.workshop.reading import read_curriculum  # noqa: PLC0415

    families = {
        path.stem: read_family(path, catalogue)
        for path in sorted((shipped("catalogue") / "families").glob("*.yaml"))
    }
    having = [folder / "exercises" for folder in folders if is_folder(folder / "exercises")]
    return read_curriculum((having or [shipped("catalogue") / "exercises"])[-1], catalogue, families)  # fmt: skip


def file_of_rooms(folder: Path) -> Path:
    """The file in which workshops are kept: never the one of plans and drafts."""
    return folder.expanduser().resolve() / "workshop.db"


def open_workshop() -> Workshop:
    """The workshop of this visit, from the environment."""
    extra = tuple(Path(part) for part in os.environ.get(CATALOGUE, "").split(os.pathsep) if part)
    asked = parse_qs(os.environ.get(ASKED, ""), max_num_fields=20)
    return Workshop(
        folder=Path(os.environ[WORKSPACE]) if WORKSPACE in os.environ else default_workspace(),
        folders=catalogue_folders(extra),
        database=os.environ.get(DATABASE, ""),
        opening_word=os.environ.get(ROOM_WORD, ""),
        code=asked.get("s", [""])[0][:12],
        address=os.environ.get(ROOM_ADDRESS, ""),
    )


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


def open_beside(workspace: Workspace) -> None:
    """Begins to open the store while a page is built and the browser loads, so that nobody waits for it.

    What is wrong with it is said to whoever asks for it later.
    """

    def quietly() -> None:
        with contextlib.suppress(CpassistError):
            workspace.store  # noqa: B018

    threading.Thread(target=quietly, daemon=True).start()


def file_of_plans(folder: Path) -> Path:
    """The file in which a workspace keeps its plans and drafts."""
    return folder.expanduser().resolve() / "plans.db"


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


def _local(path: Path, catalogue: Catalogue) -> Mapping[str, Availability]:
    """What is to be had here; its reader is loaded only where there is a directory."""
    from cpassist.doors.availability import read_local  # noqa: PLC0415

    return read_local(path, catalogue).here


def open_workspace() -> Workspace:
    """The workspace of this visit, from the environment; raises Mistakes for a bad catalogue."""
    extra = tuple(Path(part) for part in os.environ.get(CATALOGUE, "").split(os.pathsep) if part)
    folder = Path(os.environ[WORKSPACE]) if WORKSPACE in os.environ else default_workspace()
    catalogue = _catalogue(catalogue_folders(extra))
    directory = os.environ.get(AVAILABILITY)
    return Workspace(
        catalogue=catalogue,
        availability=_local(Path(directory), catalogue) if directory else None,
        families=shipped("catalogue") / "families",
        folder=folder,
        user=_user(),
        duties=_duties(),
        database=os.environ.get(DATABASE, ""),
        training=bool(os.environ.get(TRAINING)),
    )


def _user() -> str:
    said = os.environ.get(HUB_USER) or os.environ.get(USER) or _local_user()
    if len(said) > LONGEST_USER or not said.isprintable():
        raise Mistakes(
            (
                f"The name of whoever signs in is longer than {LONGEST_USER} letters, or holds hidden ones. Use another.",
            )
        )
    return said


def _duties() -> frozenset[Duty]:
    """What the hub says that this person does here; without a hub there is one person, who does all."""
    if HUB_USER not in os.environ:
        return frozenset(Duty)
    said = os.environ.get(HUB_DUTIES, "").split()
    return frozenset(duty for duty in Duty if duty.value in said)


def _local_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "local user"
