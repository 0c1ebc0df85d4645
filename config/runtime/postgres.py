"""The embedded PostgreSQL: made, started, recovered and stopped by us, on a loopback port of its own."""

import hashlib
import os
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from config.runtime import binaries, children, orphans, ports, privileges
from config.runtime.binaries import PostgresPrograms
from config.runtime.children import Child
from config.runtime.credentials import read_or_make, write_private
from config.runtime.errors import CannotStart

DATABASE = "emdia"
USER = "emdia"

_READY_SECONDS = 120.0
_BUSY_SECONDS = 20.0
_STOP_SECONDS = 20.0
_VAR_TMP = Path("/var/tmp")  # noqa: S108 -- a folder of one account, whose owner is checked
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    # Nothing here uses a socket file, whose path would be limited to 107 bytes.
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "logging_collector": "off",
}
# For clusters that are thrown away: what a crash of the machine would lose is not worth keeping.
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# Processes of a killed server, on their way out, still hold its shared memory.
_STILL_HELD = ("pre-existing shared memory block", "is still in use", "lock file")


class Postgres:
    """One cluster under `data_dir/postgres`. `fast` gives up durability, for tests only.

    `programs` names the installation to use; by default it is the wheel's, or else the system's.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        port: int | None = None,
        fast: bool = False,
        programs: PostgresPrograms | None = None,
    ) -> None:
        """Choose a port; nothing is made or started yet."""
        self.port = port or ports.find_free()
        self.notes: list[str] = []
        self._data_dir = data_dir.resolve()
        self._fast = fast
        self._log = self._data_dir / "logs" / "database.log"
        self._identity = privileges.ordinary()
        self._programs = programs or binaries.postgres_programs()
        self._data = self._data_dir / "postgres"
        self._placed = False

    @property
    def data(self) -> Path:
        """The cluster's folder; known for certain once started."""
        return self._data

    @property
    def url(self) -> str:
        """Where Django and psycopg find the database, password included."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        """The address of another database of this cluster."""
        password = quote(read_or_make(self._data_dir, "postgres-password"))
        return f"postgres://{USER}:{password}@127.0.0.1:{self.port}/{database}"

    def start(self, *, cancel: threading.Event | None = None) -> Child:
        """Make the cluster if there is none, start it, and wait until the database takes connections.

        Raises `CannotStart`. A server that was killed recovers here, which may take a while.
        """
        self._data_dir.mkdir(parents=True, exist_ok=True)
        self._find_a_place()
        if not (self._data / "PG_VERSION").exists():
            self._make_cluster()
        self._check_version()
        self._identity.own(self._data)
        orphans.stop_owner_of(self._data / "postmaster.pid", folder=self._data, program="postgres")
        deadline = time.monotonic() + _BUSY_SECONDS
        while True:
            child = self._launch()
            try:
                child.wait_ready(self._answers, seconds=_READY_SECONDS, cancel=cancel)
            except (CannotStart, children.Cancelled) as error:
                child.stop()
                held = isinstance(error, CannotStart) and any(sign in error.detail for sign in _STILL_HELD)
                if held and time.monotonic() < deadline:
                    time.sleep(0.2)
                    continue
                raise
            return child

    def _launch(self) -> Child:
        settings = _SETTINGS | (_NOT_DURABLE if self._fast else {}) | {"port": str(self.port)}
        return children.start(
            "database",
            [
                str(self._programs.bin / "postgres"),
                *("-D", str(self._data)),
                *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
            ],
            log=self._log,
            environment=_environment(),
            cwd=Path("/"),
            # Fast shutdown: ends connections, writes everything out.
            stop_signal=signal.SIGINT,
            grace=_STOP_SECONDS,
            prefix=self._identity.prefix,
            **self._identity.options,
        )

    def _answers(self) -> bool:
        """Whether our database answers; makes it when the cluster is new."""
        try:
            with psycopg.connect(self.url_of("postgres"), connect_timeout=5, autocommit=True) as connection:
                found = connection.execute(
                    "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
                ).fetchone()
                if found is None:
                    connection.execute(f'CREATE DATABASE "{DATABASE}"')
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise CannotStart(
                    f"The password in {self._data_dir / 'secrets' / 'postgres-password'} does not open"
                    f" the database in {self._data}: restore that file, or move the folder away.",
                    detail=str(error),
                ) from error
            return False
        return True

    def _make_cluster(self) -> None:
        """Run initdb beside the final place, so that an interrupted one is never taken for a cluster."""
        half = self._data.with_name(f"{self._data.name}.half")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        password = half.with_name("initdb-password")
        write_private(password, read_or_make(self._data_dir, "postgres-password"))
        self._identity.own(half)
        self._identity.own(password)
        try:
            made = subprocess.run(
                [
                    *self._identity.prefix,
                    str(self._programs.bin / "initdb"),
                    *("-D", str(half), "-U", USER, "-A", "scram-sha-256", f"--pwfile={password}"),
                    *("--encoding=UTF8", "--locale=C.UTF-8"),
                    *(["--no-sync"] if self._fast else []),
                ],
                capture_output=True,
                text=True,
                check=False,
                cwd="/",
                env=_environment(),
                **self._identity.options,
            )
        finally:
            password.unlink()
        if made.returncode:
            shutil.rmtree(half, ignore_errors=True)
            raise CannotStart("PostgreSQL could not make its data folder.", detail=made.stderr.strip())
        half.rename(self._data)

    def _check_version(self) -> None:
        made_by = int((self._data / "PG_VERSION").read_text(encoding="ascii"))
        installed = self._programs.major()
        if made_by != installed:
            raise CannotStart(
                f"The database in {self._data} was made by PostgreSQL {made_by}, and {installed} is"
                f" installed: dump it with {made_by} and load it into a new DATA_DIR, or point DATABASE_URL"
                " at a server."
            )

    def _find_a_place(self) -> None:
        """Where another account has to run the server, move what it cannot reach to where it can."""
        if not self._identity.is_account or self._placed:
            return
        self._placed = True
        if not self._identity.can_reach(self._programs.bin / "postgres"):
            self._programs = self._programs.copied_to(self._home_of_account() / "programs")
            self.notes.append(f"PostgreSQL's programs were copied to {self._programs.bin.parent}")
        if not self._identity.can_reach(self._data_dir):
            if (self._data / "PG_VERSION").exists():
                raise CannotStart(
                    f"The account that has to run PostgreSQL here cannot reach {self._data}: move DATA_DIR to"
                    " a folder that every account may enter, such as one below /srv."
                )
            self._data = self._home_of_account() / "data"
            self.notes.append(f"the database lives in {self._data}")

    def _home_of_account(self) -> Path:
        name = hashlib.sha256(str(self._data_dir).encode()).hexdigest()[:12]
        home = _VAR_TMP / f"emdia-{name}"
        home.mkdir(mode=0o700, exist_ok=True)
        status = home.lstat()
        if home.is_symlink() or status.st_uid not in {0, self._identity.user}:
            raise CannotStart(f"{home} belongs to somebody else: remove it.")
        os.chown(home, self._identity.user, self._identity.group)
        (home / "programs").mkdir(exist_ok=True)
        return home


def _environment() -> dict[str, str]:
    """What the server gets of our environment: none of the PG* variables, which would steer it."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "TZ") if name in os.environ}
