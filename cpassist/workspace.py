"""Settings of one visit: where the catalogue, drafts and plans are, who is there, what day it is."""

import contextlib
import datetime
import gc
import getpass
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.reading import read_catalogue
from cpassist.catalogue.records import Availability
from cpassist.errors import CpassistError, Mistakes
from cpassist.importing.old_drafts import take_old_drafts
from cpassist.places import (
    AVAILABILITY,
    CATALOGUE,
    DATABASE,
    HUB_DUTIES,
    HUB_USER,
    TRAINING,
    USER,
    WORKSPACE,
    catalogue_folders,
    default_workspace,
    file_of_plans,
    shipped,
)
from cpassist.plans.plan import Colleague, Duty

# The database's libraries take a third of a second to load: whoever asks for plans or drafts loads them.
if TYPE_CHECKING:
    from cpassist.storage.draft_store import Drafts
    from cpassist.storage.plan_store import Store

LONGEST_USER = 60
TRAINING_SUPERVISOR = "the supervisor of the training"


@dataclass(frozen=True, kw_only=True, repr=False)
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
        from cpassist.storage.database import open_database  # noqa: PLC0415
        from cpassist.storage.plan_store import Store  # noqa: PLC0415

        # What is practised stands in a file of its own: the played supervisor never meets a real plan.
        if self.training:
            practice = file_of_plans(self.folder).with_name("plans-training.db")
            return Store(open_database(f"sqlite:///{practice}"))
        return Store(open_database(self.database or f"sqlite:///{file_of_plans(self.folder)}"))

    @cached_property
    def drafts(self) -> "Drafts":
        """The drafts of whoever is there, with those that an earlier version kept in files."""
        from cpassist.storage.draft_store import Drafts  # noqa: PLC0415

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


def open_beside(workspace: Workspace) -> None:
    """Begins to open the store while a page is built and the browser loads, so that nobody waits for it.

    What is wrong with it is said to whoever asks for it later.
    """

    def quietly() -> None:
        with contextlib.suppress(CpassistError):
            workspace.store  # noqa: B018

    threading.Thread(target=quietly, daemon=True).start()


@cache
def _catalogue(folders: tuple[Path, ...]) -> Catalogue:
    catalogue = read_catalogue(*folders)
    # It stays for the whole visit: without this, Python now and then looks through all of it for
    # garbage, and a page stands still for a tenth of a second.
    gc.freeze()
    return catalogue


def _local(path: Path, catalogue: Catalogue) -> Mapping[str, Availability]:
    """What is to be had here; its reader is loaded only where there is a directory."""
    from cpassist.importing.local_directory import read_local  # noqa: PLC0415

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
