"""The databases of a test run: one server, one migrated template, one copy per process."""

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from config.runtime.children import Child
from config.runtime.errors import CannotStart
from config.runtime.lock import DataDirLock
from config.runtime.postgres import Postgres

# The process that leads a run tells its workers here where the server is (address without a database) ...
SERVER_VARIABLE = "TEST_SERVER_URL"
# ... and by which word all databases of the run begin.
RUN_VARIABLE = "TEST_RUN"

_PREFIX = "emdia-tests-"
_SETTLED_SECONDS = 60.0
# Any number does, as long as every worker of the run takes the same.
_TEMPLATE_LOCK = 7_262_451


class Server(Protocol):
    """Where the databases of the run are."""

    @property
    def url(self) -> str:
        """Address of the server, without a database."""

    def start(self) -> None:
        """Make it ready."""

    def stop(self) -> None:
        """Leave nothing of the run behind."""


class TemporaryServer:
    """A cluster of our own that ends with the run and never waits for a disk."""

    def __init__(self) -> None:
        """Choose folder, port and password: settings need the address before anything runs."""
        self._data_dir = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self._lock = DataDirLock(self._data_dir)
        self._lock.take()
        self._postgres = Postgres(self._data_dir, fast=True)
        self._child: Child | None = None

    @property
    def url(self) -> str:
        """Address of the server, without a database."""
        return self._postgres.url_of("").rstrip("/")

    def start(self) -> None:
        """Start it, after removing what killed runs left."""
        _sweep()
        self._child = self._postgres.start()

    def stop(self) -> None:
        """Stop it and remove its files."""
        if self._child is not None:
            self._child.stop()
        self._lock.release()
        shutil.rmtree(self._data_dir, ignore_errors=True)


class GivenServer:
    """A server that exists already, such as the PostgreSQL of a grown deployment."""

    def __init__(self, database_url: str) -> None:
        """Keep the address; its own database only serves to connect."""
        self._database_url = database_url

    @property
    def url(self) -> str:
        """Address of the server, without a database."""
        return self._database_url.rpartition("/")[0]

    def start(self) -> None:
        """It runs."""

    def stop(self) -> None:
        """Drop every database of the run."""
        with closing(psycopg.connect(self._database_url, autocommit=True)) as connection:
            mine = f"{os.environ[RUN_VARIABLE]}_%"
            rows = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [mine])
            for (name,) in rows.fetchall():
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def choose_run() -> str:
    """The word by which all databases of this run begin."""
    return f"test_{secrets.token_hex(4)}"


def database_name() -> str:
    """The database of this process: each xdist worker has its own."""
    return f"{os.environ[RUN_VARIABLE]}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


def create_database() -> None:
    """Make this process's database; the first process of a run migrates, the others copy.

    1. One lock for the whole run, so that exactly one migrates.
    2. Without a template: migrate an empty database of our own, then make the template from it.
    3. With one: copy it.
    """
    name = database_name()
    with _server() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_TEMPLATE_LOCK])
        if _exists(connection, _template()):
            _copy(connection, source=_template(), target=name)
            return
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        call_command("migrate", verbosity=0, interactive=False)
        # Neither side of a copy may be in use.
        connections.close_all()
        _copy(connection, source=name, target=_template())


@contextmanager
def another_database(word: str) -> Iterator[str]:
    """The address of one more migrated, empty database, for processes beside the test's own; then it goes.

    `create_database` has to have run. `word` keeps it apart from others of the same process.
    """
    name = f"{database_name()}_{word}"
    with _server() as connection:
        _copy(connection, source=_template(), target=name)
    yield f"{os.environ[SERVER_VARIABLE]}/{name}"
    with _server() as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _template() -> str:
    return f"{os.environ[RUN_VARIABLE]}_template"


def _server() -> closing[psycopg.Connection[tuple[object, ...]]]:
    return closing(psycopg.connect(f"{os.environ[SERVER_VARIABLE]}/postgres", autocommit=True))


def _exists(connection: psycopg.Connection[tuple[object, ...]], name: str) -> bool:
    return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _copy(connection: psycopg.Connection[tuple[object, ...]], *, source: str, target: str) -> None:
    connection.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(target), sql.Identifier(source)
        )
    )


def _sweep() -> None:
    """Remove the folders of runs that were killed: nobody holds their lock."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        lock = DataDirLock(folder)
        try:
            # A run that begins right now may not have its lock yet.
            if time.time() - folder.stat().st_mtime < _SETTLED_SECONDS:
                continue
            lock.take()
        except (CannotStart, FileNotFoundError):
            continue
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)
