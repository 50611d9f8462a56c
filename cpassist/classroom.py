"""What a visit to a workshop's pages works with. Light on purpose: every seat has a process of its own."""

import datetime
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from cpassist.places import (
    ASKED,
    CATALOGUE,
    DATABASE,
    ROOM_ADDRESS,
    ROOM_WORD,
    WORKSPACE,
    catalogue_folders,
    default_workspace,
    file_of_rooms,
    shipped,
)

# A seat in a room needs neither catalogue nor planner: whoever does loads them.
if TYPE_CHECKING:
    from cpassist.catalogue.catalogue import Catalogue
    from cpassist.storage.session_store import Rooms
    from cpassist.workshop.exercises.records import Curriculum


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
    def catalogue(self) -> "Catalogue":
        from cpassist.catalogue.reading import read_catalogue  # noqa: PLC0415

        return read_catalogue(*self.folders)

    @cached_property
    def curriculum(self) -> "Curriculum":
        """What is taught, with what the catalogue knows filled in. Raises Mistakes."""
        return taught_in(self.folders, self.catalogue)

    @cached_property
    def rooms(self) -> "Rooms":
        """The sessions; opened when first asked for. Raises CpassistError with a sentence."""
        from cpassist.storage.database import open_database  # noqa: PLC0415
        from cpassist.storage.session_store import Rooms  # noqa: PLC0415

        return Rooms(open_database(self.database or f"sqlite:///{file_of_rooms(self.folder)}"))

    def now(self) -> datetime.datetime:
        return datetime.datetime.now(tz=datetime.UTC).astimezone()


def taught_in(folders: tuple[Path, ...], catalogue: "Catalogue") -> "Curriculum":
    """What workshops teach with these folders; an authority's own exercises stand in place of ours as a whole.

    Raises Mistakes with every offender.
    """
    from cpassist.importing.family_file import read_family  # noqa: PLC0415
    from cpassist.workshop.curriculum.reading import read_curriculum  # noqa: PLC0415

    families = {
        path.stem: read_family(path, catalogue)
        for path in sorted((shipped("catalogue") / "families").glob("*.yaml"))
    }
    having = [folder / "exercises" for folder in folders if (folder / "exercises").is_dir()]
    return read_curriculum((having or [shipped("catalogue") / "exercises"])[-1], catalogue, families)  # fmt: skip


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
