"""A running Em Dia: servers, jobs and services, started in order and stopped in reverse.

`manage.py up` keeps one alive (see `supervisor`); tests, evaluation, chaos and benchmarks start private
ones of their own:

    with Stack(parts={"database", "broker", "web", "worker"}, demo=True) as stack:
        httpx.get(f"http://127.0.0.1:{stack.port}/healthz")
        stack.kill("worker")
        stack.restart("worker")
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from config.runtime import children, environment, migrations, ports, processes
from config.runtime.children import Child, describe_exit
from config.runtime.errors import CannotStart
from config.runtime.lock import DataDirLock
from config.runtime.postgres import Postgres
from config.runtime.processes import SERVERS, SERVICES, Answers, Job, Service
from config.runtime.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent.parent

# A step: its name, the seconds it took (None when it only begins), what is worth saying about it.
Report = Callable[[str, float | None, str], None]

_SERVICE_SECONDS = 120.0
_PORT_SECONDS = 5.0
_ENOUGH_BYTES = 300_000_000
_LOG_BYTES = 20_000_000


def _silent(_name: str, _seconds: float | None, _note: str) -> None:
    """Nobody watches."""


class Stack:
    """The processes of one data directory.

    `parts` names what to start (`processes.PARTS`). Without `data_dir` a temporary one is made and removed.
    `database_url` and `broker_url` name servers that exist already: no embedded one is started then. `port`
    and `sim_port` default to free ones. `overrides` are variables that win over the composed environment.
    `migrate` defaults to whether any process that uses the database is started. `fast` gives up durability.
    """

    def __init__(  # noqa: PLR0913 -- every one has a default that suits; the class's text says which
        self,
        *,
        parts: Collection[str],
        data_dir: Path | None = None,
        demo: bool = True,
        port: int | None = None,
        sim_port: int | None = None,
        database_url: str = "",
        broker_url: str = "",
        overrides: Mapping[str, str] | None = None,
        migrate: bool | None = None,
        seed: bool = False,
        frozen: bool = False,
        fast: bool = False,
        report: Report = _silent,
        cancel: threading.Event | None = None,
    ) -> None:
        """Check and choose; nothing is started yet."""
        unknown = set(parts) - set(processes.PARTS)
        if unknown:
            raise ValueError(f"no such parts: {', '.join(sorted(unknown))}")
        self.parts = frozenset(parts)
        self.demo = demo
        self.environment: dict[str, str] = {}
        self.children: dict[str, Child] = {}
        self._temporary = data_dir is None
        self.data_dir = (data_dir or Path(tempfile.mkdtemp(prefix="emdia-"))).resolve()
        self.port = port or ports.find_free()
        self.sim_port = sim_port or ports.find_free(together=4)
        self._database_url = database_url
        self._broker_url = broker_url
        self._overrides = dict(overrides or {})
        self._services = [service for service in SERVICES if service.name in self.parts]
        self._uses_database = bool({service.name for service in self._services} - {"simulators"})
        self._migrate = self._uses_database if migrate is None else migrate
        self._seed = seed
        self._frozen = frozen
        self._fast = fast
        self._report = report
        self._cancel = cancel
        self._lock = DataDirLock(self.data_dir)
        self._postgres: Postgres | None = None
        self._valkey: Valkey | None = None

    @property
    def logs(self) -> Path:
        """Folder with one log file per process."""
        return self.data_dir / "logs"

    @property
    def file(self) -> Path:
        """Through this other commands find the running stack."""
        return environment.environment_file(self.data_dir)

    def start(self) -> Self:
        """Start everything; on any failure stop what has started, then raise `CannotStart`."""
        self._lock.take()
        try:
            self._check_room()
            self._shorten_logs()
            self._check_ports()
            self._start_servers()
            early = [service for service in self._services if service.early]
            others = [service for service in self._services if not service.early]
            self._launch(early)
            if self._migrate:
                self._bring_schema_up_to_date()
            self._await(early)
            self._set_the_scene()
            self._launch(others)
            self._await(others)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Stop everything in reverse order: first nobody takes new work, then the servers go."""
        started = list(reversed(self.children.values()))
        for child in started:
            if child.name not in SERVERS:
                child.ask_to_stop()
        for child in started:
            child.stop()
        self.children.clear()
        self.file.unlink(missing_ok=True)
        self._lock.release()
        if self._temporary:
            shutil.rmtree(self.data_dir, ignore_errors=True)

    def kill(self, name: str) -> None:
        """SIGKILL to the whole process group of `name`; it stays down until `restart`."""
        self.children[name].kill()

    def restart(self, name: str, *, wait: bool = True) -> None:
        """Start `name` again on the same ports, stopping it first if it runs; unless told otherwise, wait for it.

        A service that nobody waits for may be killed again while it is still coming up: see `wait_ready`.
        """
        self.children[name].stop()
        if name == "database" and self._postgres is not None:
            self.children[name] = self._postgres.start(cancel=self._cancel)
        elif name == "broker" and self._valkey is not None:
            self.children[name] = self._valkey.start(cancel=self._cancel)
        else:
            service = next(service for service in self._services if service.name == name)
            self._launch([service])
            if wait:
                self._await([service])

    def wait_ready(self, name: str) -> None:
        """Wait until the service `name`, which runs, does its work. Raises `CannotStart` when it does not."""
        self._await([service for service in self._services if service.name == name])

    def run(self, *command: str) -> int:
        """Run `command` with this stack's environment and our own terminal; its exit code."""
        return subprocess.run(list(command), env=self.child_environment(), check=False).returncode

    def dead(self) -> list[str]:
        """Names of children that have ended without being asked."""
        return [name for name, child in self.children.items() if not child.running]

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _start_servers(self) -> None:
        if not self._database_url and "database" in self.parts:
            with self._timed("database") as note:
                self._postgres = Postgres(self.data_dir, fast=self._fast)
                self.children["database"] = self._postgres.start(cancel=self._cancel)
                self._database_url = self._postgres.url
                note.extend([f"PostgreSQL on 127.0.0.1:{self._postgres.port}", *self._postgres.notes])
        if not self._broker_url and "broker" in self.parts:
            with self._timed("broker") as note:
                self._valkey = Valkey(self.data_dir, fast=self._fast)
                self.children["broker"] = self._valkey.start(cancel=self._cancel)
                self._broker_url = self._valkey.url
                note.append(f"Valkey on 127.0.0.1:{self._valkey.port}")
        if self._uses_database and not (self._database_url and self._broker_url):
            raise ValueError("services need a database and a broker: as parts or by their addresses")
        self.environment = self._compose()
        environment.write_environment(self.file, self.environment)

    def _compose(self) -> dict[str, str]:
        if self.demo:
            composed = environment.demo_environment(
                self.data_dir, self.port, self.sim_port, self._database_url, self._broker_url
            )
        else:
            composed = environment.production_environment(
                self.data_dir, self.port, self._database_url, self._broker_url
            )
        return environment.overlay({"HOST": "127.0.0.1", **composed}, self._overrides)

    def _set_the_scene(self) -> None:
        """The demo's data and clock. The simulators have to be up: they are told about both."""
        if "worker" in self.parts and not any(self._cache().glob("intents-*.npz")):
            self._run_job(processes.LEARN, note="understands what members write")
        frozen = ("--frozen",) if self._frozen else ()
        if self._seed and not migrations.has_members(self._database_url):
            self._run_job(processes.SEED, *frozen, note="the demo book")
        elif self._frozen:
            self._run_job(processes.FREEZE, note="business time stands still")

    def _cache(self) -> Path:
        """What can be made again; a temporary directory borrows the project's, because making it takes time."""
        cache = self.data_dir / "cache"
        if self._temporary and not cache.exists():
            shared = ROOT / ".data" / "cache"
            shared.mkdir(parents=True, exist_ok=True)
            cache.symlink_to(shared, target_is_directory=True)
        return cache

    def _bring_schema_up_to_date(self) -> None:
        # Only our own database carries the mark; a comment on somebody else's is theirs.
        if self._postgres is not None and migrations.is_current(self._database_url, root=ROOT):
            return self._report("migrate", 0.0, "nothing new")
        self._run_job(processes.MIGRATE)
        if self._postgres is not None:
            migrations.stamp(self._database_url, root=ROOT)
        return None

    def _run_job(self, job: Job, *options: str, note: str = "") -> None:
        with self._timed(job.name) as notes:
            child = self._start_child(job.name, [*self._resolved(job.command), *options])
            # Listed, so that a stop in between ends it too.
            self.children[job.name] = child
            code = child.wait(seconds=job.seconds, cancel=self._cancel)
            del self.children[job.name]
            if code:
                raise CannotStart(
                    f"{job.name} failed ({describe_exit(code)}); see {child.log}.", detail=child.tail()
                )
            notes.append(note)

    def _launch(self, services: Collection[Service]) -> None:
        for service in services:
            if isinstance(service.ready, Answers):
                # Once more, at the last moment: a stranger's answer would pass for ours.
                port = int(self.environment[service.ready.variable])
                self._check_port(port, service.ready.variable, _PORT_SECONDS)
            self.children[service.name] = self._start_child(
                service.name, self._resolved(service.command), grace=service.grace
            )

    def _await(self, services: Collection[Service]) -> None:
        for service in services:
            child = self.children[service.name]
            # They started together, so what is shown is how much longer this one took than those before it.
            with self._timed(service.name):
                child.wait_ready(
                    partial(service.ready, child, self.environment),
                    seconds=_SERVICE_SECONDS,
                    cancel=self._cancel,
                )

    def _start_child(self, name: str, command: list[str], *, grace: float = 10.0) -> Child:
        return children.start(
            name,
            command,
            log=self.logs / f"{name}.log",
            environment=self.child_environment(),
            cwd=ROOT,
            grace=grace,
        )

    def child_environment(self) -> dict[str, str]:
        """What a process of this stack gets: our surroundings without product variables, and our own."""
        ground = environment.surroundings(os.environ)
        # Half a dozen processes start at once: without compiled files each would compile everything anew.
        ground.pop("PYTHONDONTWRITEBYTECODE", None)
        return {
            **ground,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONUNBUFFERED": "1",
            **self.environment,
        }

    def _resolved(self, command: tuple[str, ...]) -> list[str]:
        return processes.resolve(command, self.environment, python=sys.executable)

    def _check_room(self) -> None:
        free = shutil.disk_usage(self.data_dir).free
        if free < _ENOUGH_BYTES:
            raise CannotStart(
                f"Only {free // 1_000_000} MB are free for {self.data_dir}, and"
                f" {_ENOUGH_BYTES // 1_000_000} MB are needed: make room, or set DATA_DIR to another disk."
            )

    def _check_ports(self) -> None:
        # After a killed stack its last processes may still be letting go.
        seconds = _PORT_SECONDS if self.file.exists() else 0.0
        if "web" in self.parts:
            self._check_port(self.port, "PORT", seconds)
        if "simulators" in self.parts:
            self._check_port(self.sim_port, "SIM_PORT", seconds)
            for more in (1, 2, 3):
                self._check_port(self.sim_port + more, "SIM_PORT", seconds)

    def _check_port(self, port: int, variable: str, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not ports.is_free(port):
            if time.monotonic() >= deadline:
                raise CannotStart(
                    f"Port {port} is taken by another program: stop that one, or choose another port with"
                    f" {variable}, such as {variable}={ports.next_free(port + 10, together=4)}."
                )
            time.sleep(0.1)

    def _shorten_logs(self) -> None:
        self.logs.mkdir(parents=True, exist_ok=True, mode=0o700)
        for log in self.logs.glob("*.log"):
            if log.stat().st_size > _LOG_BYTES:
                log.replace(log.with_suffix(".log.1"))

    @contextmanager
    def _timed(self, name: str) -> Iterator[list[str]]:
        began = time.monotonic()
        note: list[str] = []
        self._report(name, None, "")
        yield note
        self._report(name, time.monotonic() - began, "; ".join(part for part in note if part))
