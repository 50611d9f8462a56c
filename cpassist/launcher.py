"""Starts Voilà for the pages of this machine: with `hub` and `room_server`, what knows the server."""

import contextlib
import errno
import logging
import os
import signal
import socket
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import warnings
import webbrowser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
from jupyter_core.utils import run_sync
from jupyter_server.utils import url_path_join
from tornado.httpserver import HTTPServer
from tornado.web import HTTPError, RequestHandler
from traitlets.config import Config
from voila.app import Voila
from voila.handler import BaseVoilaHandler
from voila.tornado.handler import TornadoVoilaHandler

from cpassist.catalogue.reading import read_catalogue
from cpassist.errors import CpassistError, Mistakes
from cpassist.importing.local_directory import read_local
from cpassist.places import (
    AVAILABILITY,
    CATALOGUE,
    DATABASE,
    TRAINING,
    WORKSPACE,
    catalogue_folders,
    shipped,
)
from cpassist.workspace import Workspace

ADDRESS = "127.0.0.1"
TEMPLATE = "cpassist"
# The notebooks a visitor waits for; the others start when asked.
PREHEATED = {"social_worker.ipynb": {"pool_size": 1}, "default": {"pool_size": 0}}
FIRST = ("social_worker", "supervisor", "evidence", "trainer", "participant")
REFILL_AFTER_SECONDS = 4.0
IDLE_SECONDS = 3600
# Names in the server's settings: which notebooks it serves (None: all), and how many pages at once (None: any number).
SERVED, MOST_PAGES = "cpassist_served", "cpassist_most_pages"
FULL = "Too many pages are open here just now. Close one that you do not need, or wait a minute, then reload.\n"
LARGEST_MESSAGE = 4 * 1024 * 1024
EXTENSIONS = [
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager8",
    "anywidget",
]


def security_policy(port: int, hosts: Iterable[str] = (ADDRESS, "localhost")) -> str:
    """What a page may load and run: our own files, and blob modules (anywidget needs them)."""
    sockets = " ".join(f"ws://{host}:{port}" for host in hosts)
    return (
        "default-src 'none'; script-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; "
        f"connect-src 'self' {sockets}; worker-src blob:; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    )


class _Refused(RequestHandler):
    """Somebody who may not be here."""

    def prepare(self) -> None:
        self.set_status(403)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(
            "These pages answer to the account that started them, and to no link from another site. "
            "Type their address yourself.\n"
        )


def uid_of_peer(ours: int, theirs: int) -> int | None:
    """Which account of this machine holds the other end of a connection to our port.

    None where the system does not say (not Linux), or where the other end is gone already.
    """
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        with contextlib.suppress(OSError):
            for line in table.read_text(encoding="ascii").splitlines()[1:]:
                _, local, remote, _, _, _, _, uid, *_ = line.split()
                if (local[-4:], remote[-4:]) == (f"{theirs:04X}", f"{ours:04X}"):
                    return int(uid)
    return None


class _Door(HTTPServer):
    """Looks at whoever connects, while the connection is there to be looked at.

    The pages have no password: on a machine of several people, whoever may not read the
    workspace must not read them through the server either. Root may read everything anyway. A page that
    is closed says so on a connection that is gone at once; nobody can be read anything over that.
    """

    def handle_stream(self, stream: Any, address: Any) -> None:
        uid = uid_of_peer(stream.socket.getsockname()[1], address[1])
        stream.from_elsewhere = uid is not None and uid not in {0, os.getuid()}
        super().handle_stream(stream, address)


def _is_welcome(request: Any) -> bool:
    """Whether a request comes from this account, and not because another site asked for it."""
    stream = getattr(request.connection, "stream", None)
    elsewhere = getattr(stream, "from_elsewhere", False)
    return not elsewhere and not is_from_another_site(request)


def is_from_another_site(request: Any) -> bool:
    """Whether a page of another site caused a request."""
    return bool(request.headers.get("Sec-Fetch-Site") == "cross-site")


class _FrontPage(BaseVoilaHandler):
    """The choice of notebooks."""

    def get(self) -> None:
        notebooks = list_notebooks(self.settings[SERVED])
        self.finish(self.render_template("tree.html", notebooks=notebooks))


class _NotebookPage(TornadoVoilaHandler):
    """A notebook as a page; anything that is not one of ours is not found."""

    async def get(self, path: str | None = None) -> None:
        if path not in {notebook["path"] for notebook in list_notebooks(self.settings[SERVED])}:
            raise HTTPError(404)
        most = self.settings[MOST_PAGES]
        if most is not None and len(self.kernel_manager.list_kernel_ids()) >= most:
            self.set_status(503)
            self.finish(FULL)
            return
        # Preheating rules out Voilà's own hook, and without this cookie a closing page cannot
        # tell the server to end its kernel.
        _ = self.xsrf_token
        await _bury_dead_kernels(self.kernel_manager, str(path))
        await super().get(path)


async def _bury_dead_kernels(kernels: Any, notebook: str) -> None:
    """Takes out kernels that have died, so that no visitor is given a warm one that is gone."""
    dead = [
        key for key in kernels.list_kernel_ids() if not await kernels.get_kernel(key).is_alive()
    ]
    for key in dead:
        await kernels.shutdown_kernel(key, now=True)
    # Only where some are kept warm is there a pool to fill.
    if dead and hasattr(kernels, "fill_if_needed"):
        kernels.fill_if_needed(delay=0, notebook_name=notebook)


def _place(notebook: Path) -> tuple[int, str]:
    """Where a notebook stands in the choice: the daily work first, what is new last."""
    known = FIRST.index(notebook.stem) if notebook.stem in FIRST else len(FIRST)
    return known, notebook.stem


def list_notebooks(only: frozenset[str] | None = None) -> list[dict[str, str]]:
    """Our notebooks with the title and sentence of their first cell; `only` those of these names."""
    found = []
    for path in sorted(shipped("notebooks").glob("*.ipynb"), key=_place):
        if only is not None and path.stem not in only:
            continue
        notebook = nbformat.read(path, as_version=4)
        if notebook.metadata.get("cpassist", {}).get("opens_in") == "lab":
            # For those who work in cells: it is no page.
            continue
        first = notebook.cells[0].source.splitlines()
        says = " ".join(line for line in first[1:] if line.strip())
        found.append({"path": path.name, "title": first[0].lstrip("# "), "says": says})
    return found


class CaseVoila(Voila):
    """Voilà with our handlers only: no file listing, no contents, no configuration found lying about."""

    def initialize(self, argv: list[str] | None = None) -> None:
        self.config_file_paths: list[str] = []
        # jupyter_server counts its pings in milliseconds and Tornado in seconds, so that Tornado warns of
        # every page that is opened; nothing is wrong, and nothing can be done about it.
        logging.getLogger("tornado.general").setLevel(logging.ERROR)
        super().initialize(argv)

    def init_settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = super().init_settings()
        # Voilà answers to any host name; we answer to this machine's only (DNS rebinding).
        settings["allow_remote_access"] = False
        settings["local_hostnames"] = ["localhost", ADDRESS]
        settings[SERVED] = settings[MOST_PAGES] = None
        return settings

    def is_welcome(self, request: Any) -> bool:
        """Whether somebody at the door may come in."""
        return _is_welcome(request)

    def init_handlers(self) -> list[Any]:
        closed = (
            "/voila/tree",
            "/voila/api/contents",
            "/voila/files",
            "/voila/render",
            "/login",
            "/logout",
        )
        handlers = [
            handler
            for handler in super().init_handlers()
            if handler[0] != self.server_url and not any(path in handler[0] for path in closed)
        ]
        page = {
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        front = {"voila_configuration": self.voila_configuration}
        pages = url_path_join(self.server_url, r"/voila/render/(.*)")
        return [(self.server_url, _FrontPage, front), (pages, _NotebookPage, page), *handlers]

    def listen(self) -> None:
        """Serves, with somebody at the door who looks at each request before any handler does."""
        find = self.app.find_handler

        def find_if_welcome(request: Any, **more: Any) -> Any:
            if self.is_welcome(request):
                return find(request, **more)
            return self.app.get_handler_delegate(request, _Refused)

        self.app.find_handler = find_if_welcome
        self.app.listen = _Door(self.app).listen
        for stop in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(stop, signal.default_int_handler)
        super().listen()

    def stop(self) -> None:
        """Ends the kernels at once: they keep nothing, and one still starting would print a trace."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for key in self.kernel_manager.list_kernel_ids():
            with contextlib.suppress(Exception):
                run_sync(self.kernel_manager.get_kernel(key).signal_kernel)(signal.SIGKILL)
        with contextlib.suppress(Exception):
            super().stop()


def settings(port: int) -> Config:
    """Everything that Voilà is told; `docs/decisions` says why."""
    config = Config()
    config.Voila.ip = ADDRESS
    config.Voila.port = port
    config.Voila.port_retries = 0
    config.Voila.open_browser = False
    config.Voila.root_dir = str(shipped("notebooks"))
    config.Voila.log_level = logging.ERROR
    config.Voila.tornado_settings = {
        "websocket_max_message_size": LARGEST_MESSAGE,
        "headers": {
            "Content-Security-Policy": security_policy(port),
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        },
    }
    config.VoilaConfiguration.template = TEMPLATE
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"
    config.VoilaConfiguration.file_allowlist = ["(?!)"]
    config.VoilaConfiguration.extension_allowlist = EXTENSIONS
    config.VoilaConfiguration.show_tracebacks = False
    config.VoilaConfiguration.strip_sources = True
    config.VoilaConfiguration.preheat_kernel = True
    config.VoilaKernelManager.kernel_pools_config = PREHEATED
    # The next warm kernel waits until this visitor's page has been drawn: both want the processor.
    config.VoilaKernelManager.fill_delay = REFILL_AFTER_SECONDS
    config.KernelManager.transport = "ipc"
    # A kernel that comes back by itself comes back empty, behind a page that still shows a family.
    config.KernelManager.autorestart = False
    config.MappingKernelManager.cull_idle_timeout = IDLE_SECONDS
    config.MappingKernelManager.cull_interval = 60
    config.MappingKernelManager.cull_connected = False
    config.HTMLExporter.language_code = "en"
    return config


def serve(
    *,
    port: int,
    open_browser: bool,
    workspace: Path,
    catalogues: tuple[Path, ...] = (),
    availability: Path | None = None,
    database: str = "",
    training: bool = False,
) -> int:
    """Serves the pages until stopped; prints the address when the front page answers.

    Raises Mistakes when the port is in use, the catalogue is broken or the notebooks are missing.
    """
    catalogue = read_catalogue(*catalogue_folders(catalogues))
    if availability is not None:
        for says in read_local(availability, catalogue).oddities:
            print(says, file=sys.stderr)
        availability = availability.resolve()
    port = free_port(port)
    with tempfile.TemporaryDirectory(prefix="cpassist-", ignore_cleanup_errors=True) as private:
        prepare_environment(Path(private), workspace, catalogues, availability)
        os.environ[DATABASE] = database or os.environ.get(DATABASE, "")
        os.environ[TRAINING] = "1" if training else ""
        _prepare_plans(
            Workspace(
                catalogue=catalogue,
                families=shipped("catalogue") / "families",
                folder=workspace,
                user="",
                database=os.environ[DATABASE],
                training=training,
            )
        )
        threading.Thread(
            target=announce, args=(port,), kwargs={"open_browser": open_browser}, daemon=True
        ).start()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            CaseVoila.launch_instance(argv=[], config=settings(port))
    return 0


def _prepare_plans(workspace: Workspace) -> None:
    """Brings the database up to date before any page asks for it: what that takes stays out of each visit's memory."""
    with contextlib.suppress(CpassistError):
        # Whatever is wrong with it, the page says it where somebody is looking.
        workspace.store.engine.dispose()


def free_port(port: int, address: str = ADDRESS) -> int:
    """The port, or a free one for 0; raises Mistakes when it is taken."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except (OSError, OverflowError) as trouble:
            in_use = getattr(trouble, "errno", None) == errno.EADDRINUSE
            why = "is in use, perhaps by these pages already" if in_use else "cannot be opened"
            raise Mistakes((f"--port: {port} {why}. Choose another with --port N.",)) from None
        return int(probe.getsockname()[1])


def prepare_environment(
    private: Path, workspace: Path, catalogues: tuple[Path, ...], availability: Path | None
) -> None:
    """A private place to run in: no configuration, template or kernel of the user's is picked up."""
    workspace = workspace.expanduser().resolve()
    try:
        workspace.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as trouble:
        print(
            f"{workspace}: drafts and plans cannot be kept there ({trouble.strerror}). "
            "The pages work, and say that nothing is kept. Choose another with --workspace DIR.",
            file=sys.stderr,
        )
    os.environ.update(
        {
            "JUPYTER_PATH": str(shipped("voila_templates")),
            "JUPYTER_CONFIG_DIR": str(private / "config"),
            "JUPYTER_DATA_DIR": str(private / "data"),
            "JUPYTER_RUNTIME_DIR": str(private / "runtime"),
            "JUPYTER_NO_CONFIG": "1",
            WORKSPACE: str(workspace),
            CATALOGUE: os.pathsep.join(str(folder.resolve()) for folder in catalogues),
            AVAILABILITY: str(availability or ""),
            # A debugger in the kernel costs a second and could stop a page.
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }
    )
    os.chdir(private)


def announce(port: int, *, open_browser: bool, also: tuple[str, ...] = ()) -> None:
    """Says the address once the front page answers, and not before."""
    address = f"http://{ADDRESS}:{port}/"
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    break
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    print(f"Serving on {address}", flush=True)
    for line in also:
        print(line, flush=True)
    print("Stop with Ctrl+C.", flush=True)
    if open_browser:
        webbrowser.open(address)
