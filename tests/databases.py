"""A real PostgreSQL for tests: Debian's own programs, in a folder and on a port of its own."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest
import sqlalchemy as sa

on_a_file = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
"""For tests of what only a file can have: its bytes, its disk, its owner."""
MISSING = "NO POSTGRESQL FOUND: plans were tested on SQLite only"


def programs():
    """Where PostgreSQL's programs are; None when it is not installed."""
    on_path = shutil.which("initdb")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return Path(on_path).parent if on_path else found[-1].parent if found else None


@contextlib.contextmanager
def postgresql():
    """The address of a running server without its database's name; it is gone afterwards."""
    bin_, root = programs(), os.getuid() == 0
    with tempfile.TemporaryDirectory(prefix="cpassist-pg-") as folder:
        # PostgreSQL refuses to run as root; Debian's package brings an account for it.
        as_whom = ["runuser", "-u", "postgres", "--"] if root else []
        if root:
            shutil.chown(folder, "postgres")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        data = f"{folder}/data"

        def run(*command):
            subprocess.run([*as_whom, *command], check=True, capture_output=True, cwd="/")

        run(bin_ / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        listens = f"-c port={port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c max_connections=300"
        # No test pulls the plug of the machine; writers are killed, and what a server was given is written all the same.
        listens += " -c fsync=off -c full_page_writes=off"
        run(bin_ / "pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", listens, "start")
        try:
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}"
        finally:
            run(bin_ / "pg_ctl", "-D", data, "-m", "immediate", "stop")


@contextlib.contextmanager
def new_database(server, name):
    """The address of an empty database on a server; it is gone afterwards."""
    engine = sa.create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        yield f"{server}/{name}"
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


def past_the_application(url, *statements):
    """Does to a database what nobody can do through the application: without its triggers."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            wanted = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for (name,) in connection.exec_driver_sql(wanted).all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()
