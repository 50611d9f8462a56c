"""A workshop for a room: the trainer's and participants' pages, also for others on this network, without any case.

Everything of the daily work is left out: its notebooks are not served, its plans are neither opened nor
looked for. What is served beyond this machine goes unencrypted, and the start says so.
"""

import os
import secrets
import socket
import tempfile
import threading
import warnings
from hashlib import sha256
from pathlib import Path
from typing import Any

import psutil

from cpassist.catalogue.reading import read_catalogue
from cpassist.classroom import Workshop
from cpassist.errors import Mistakes
from cpassist.launcher import (
    MOST_PAGES,
    SERVED,
    CaseVoila,
    announce,
    free_port,
    is_from_another_site,
    prepare_environment,
    security_policy,
    settings,
)
from cpassist.places import (
    DATABASE,
    ROOM_ADDRESS,
    ROOM_WORD,
    TRAINING,
    catalogue_folders,
    file_of_plans,
    file_of_rooms,
)
from cpassist.storage.database import is_file, open_database
from cpassist.storage.plan_store import Store
from cpassist.workshop.session.codes import COLOURS, new_secret

EVERYWHERE = "0.0.0.0"  # noqa: S104  on purpose, for two notebooks without cases; the start says what it means
NOTEBOOKS = frozenset({"trainer", "participant"})
MOST_OPEN = 150
"""Pages at once: 120 seats, a console, a projector, and some that were just reloaded."""
IDLE_SECONDS = 1800


def addresses_here() -> tuple[str, ...]:
    """The IPv4 addresses of this machine, those that others can reach first."""
    found = [
        one.address
        for name, addresses in sorted(psutil.net_if_addrs().items())
        for one in addresses
        if one.family == socket.AF_INET and psutil.net_if_stats()[name].isup
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda a: a.startswith("127.")))


def names_here() -> frozenset[str]:
    """What this machine may be called in an address; whoever asks for another name is refused."""
    own = socket.gethostname().casefold()
    return frozenset({"localhost", own, f"{own}.local", *addresses_here()})


class RoomVoila(CaseVoila):
    """Our server for a room: two notebooks, for this network, and no more pages than it can carry."""

    def init_settings(self) -> dict[str, Any]:
        made = super().init_settings()
        # Who may come in is asked at the door, by the name that they ask for.
        return made | {
            "allow_remote_access": True,
            SERVED: NOTEBOOKS,
            MOST_PAGES: MOST_OPEN,
        }

    def is_welcome(self, request: Any) -> bool:
        """Anybody on this network who asks for this machine by a name of its own, and not from another site.

        A page of elsewhere that is made to point here (DNS rebinding) asks by its own name.
        """
        name = request.host.rsplit(":", 1)[0].casefold()
        return name in names_here() and not is_from_another_site(request)


def serve_room(
    *,
    port: int,
    open_browser: bool,
    workspace: Path,
    catalogues: tuple[Path, ...] = (),
    database: str = "",
) -> int:
    """Serves a workshop until stopped; prints the addresses and the opening word.

    Raises Mistakes when there are plans in the workspace or database, the port is in use, or the
    catalogue is broken.
    """
    folders = catalogue_folders(catalogues)
    read_catalogue(*folders)
    must_hold_no_cases(workspace, database)
    port = free_port(port, EVERYWHERE)
    word = f"{secrets.choice(COLOURS)}-{new_secret()[:9]}"
    others = [address for address in addresses_here() if not address.startswith("127.")]
    pages = [f"http://{address}:{port}/voila/render/participant.ipynb" for address in others]
    with tempfile.TemporaryDirectory(prefix="cpassist-", ignore_cleanup_errors=True) as private:
        prepare_environment(Path(private), workspace, catalogues, None)
        os.environ[DATABASE] = database
        os.environ[TRAINING] = ""
        os.environ[ROOM_WORD] = sha256(word.encode()).hexdigest()
        os.environ[ROOM_ADDRESS] = pages[0] if pages else ""
        place = Workshop(folder=workspace, folders=folders, database=database)
        place.rooms.purge_due(place.now().date())
        place.rooms.engine.dispose()
        threading.Thread(
            target=announce,
            args=(port,),
            kwargs={"open_browser": open_browser, "also": said(pages, word)},
            daemon=True,
        ).start()
        config = settings(port)
        config.Voila.ip = EVERYWHERE
        config.Voila.tornado_settings["headers"]["Content-Security-Policy"] = security_policy(
            port, sorted(names_here())
        )
        # The code of a room may stand in the address, and a page that was made beforehand would not see it.
        config.VoilaConfiguration.preheat_kernel = False
        config.MappingKernelManager.cull_idle_timeout = IDLE_SECONDS
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            RoomVoila.launch_instance(argv=[], config=config)
    return 0


def said(pages: list[str], word: str) -> tuple[str, ...]:
    """What the start says, in plain words: where, with what word, and what it means."""
    where = (
        tuple(f"Participants open {page}" for page in pages)
        or ("This machine has no address on a network: only pages on it can be opened.",)
    )  # fmt: skip
    return (
        *where,
        f"To open a session, the trainer types this word: {word}",
        (
            "What this means: everybody on this network can open the participants' and the trainer's page, and what "
            "travels is not encrypted. There is no case in it; use a network that you trust, and stop it afterwards."
        ),
    )


def must_hold_no_cases(workspace: Path, database: str) -> None:
    """Refuses a workspace or a database that holds plans or drafts. Raises Mistakes."""
    if file_of_plans(workspace).exists() or file_of_plans(workspace).with_name("plans-training.db").exists():  # fmt: skip
        raise Mistakes(
            (
                (
                    f"--workspace: {workspace} holds plans or drafts. A workshop that others on the network can reach is kept "
                    "apart from them: leave --workspace out, or name another folder."
                ),
            )
        )
    address = database or f"sqlite:///{file_of_rooms(workspace)}"
    engine = open_database(address)
    try:
        store = Store(engine)
        if store.plans(None) or store.holds_drafts():
            where = "--workspace" if is_file(engine.url) else "--database"
            raise Mistakes(
                (f"{where}: there are plans or drafts in it. Give the workshop one of its own.",)
            )
    finally:
        engine.dispose()
