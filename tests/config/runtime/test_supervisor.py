import argparse
import io
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.runtime import environment, ports, supervisor
from config.runtime.console import Console
from config.runtime.errors import CannotStart
from config.runtime.supervisor import Revival
from tests.config.runtime.looking import eventually, processes_of

_ROOT = Path(__file__).resolve().parents[3]
_UP = re.compile(r"Em Dia is up \(\d+\.\d s\)")


class _Up:
    """`up` as a person starts it, in a process of its own."""

    def __init__(
        self, folder: Path, *options: str, entry: tuple[str, ...] = ("-m", "config.runtime"), **variables: str
    ) -> None:
        self.data_dir = folder / "data"
        self._log = folder / "up.txt"
        surroundings = environment.surroundings(os.environ)
        with self._log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, *entry, *options],
                cwd=_ROOT,
                env={**surroundings, "DEMO": "1", "DATA_DIR": str(self.data_dir), **variables},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        return self._log.read_text()

    def wait_up(self) -> None:
        assert eventually(lambda: _UP.search(self.said) is not None, seconds=60), self.said

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


@pytest.fixture
def started() -> Iterator[list[_Up]]:
    """Those that a test puts in are stopped, whatever happens."""
    ups: list[_Up] = []
    yield ups
    for up in ups:
        if up.process.poll() is None:
            up.stop()


def _options(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    supervisor.add_arguments(parser)
    return parser.parse_args(arguments)


def _refusal(environ: dict[str, str], *arguments: str) -> str:
    with pytest.raises(CannotStart) as refusal:
        supervisor.make_stack(
            _options(*arguments), environ, out=Console(io.StringIO()), cancel=threading.Event()
        )
    return str(refusal.value)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_up_one_signal_stops_everything(tmp_path: Path, started: list[_Up], number: int):
    up = _Up(tmp_path, "--only", "db,broker")
    started.append(up)
    up.wait_up()
    assert len(processes_of(up.data_dir)) > 2

    code = up.stop(number)

    assert code == 0
    assert processes_of(up.data_dir) == []
    assert not environment.environment_file(up.data_dir).exists()


def test_up_killed_its_children_end_and_the_next_start_works(tmp_path: Path, started: list[_Up]):
    up = _Up(tmp_path, "--only", "db,broker,simulators", SIM_PORT=str(ports.find_free(together=4)))
    started.append(up)
    up.wait_up()

    up.process.kill()

    assert eventually(lambda: processes_of(up.data_dir) == [])
    again = _Up(tmp_path, "--only", "db,broker")
    started.append(again)
    assert eventually(lambda: len(_UP.findall(again.said)) == 2, seconds=60), again.said
    # The file that the killed one left must not have been taken for a given database.
    assert again.said.count("✓ database") == 2


def test_up_server_killed_it_starts_again(tmp_path: Path, started: list[_Up]):
    up = _Up(tmp_path, "--only", "broker")
    started.append(up)
    up.wait_up()
    pid = int((up.data_dir / "valkey" / "server.pid").read_text())

    os.kill(pid, signal.SIGKILL)

    assert eventually(lambda: "broker runs again" in up.said), up.said
    assert "! broker ended (killed by SIGKILL) and starts again in 1 s; see" in up.said


def test_up_twice_on_one_folder_second_is_refused(tmp_path: Path, started: list[_Up]):
    first = _Up(tmp_path, "--only", "broker")
    started.append(first)
    first.wait_up()

    second = _Up(tmp_path, "--only", "broker")

    assert second.process.wait(30) == 1
    assert second.said.splitlines()[-1] == (
        f"✗ Em Dia already runs on {first.data_dir} (process {first.process.pid}): stop it, or set DATA_DIR,"
        " PORT and SIM_PORT for a second one."
    )


def test_up_port_taken_is_one_sentence(tmp_path: Path):
    port = ports.find_free(together=4)
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        up = _Up(tmp_path, "--only", "simulators", SIM_PORT=str(port))
        code = up.process.wait(30)

    assert code == 1
    last = up.said.splitlines()[-1]
    assert last.startswith(
        f"✗ Port {port} is taken by another program: stop that one, or choose another port with"
    )
    assert "Traceback" not in up.said


def test_up_signal_while_starting_stops_cleanly(tmp_path: Path, started: list[_Up]):
    up = _Up(tmp_path, "--only", "db,broker,simulators", SIM_PORT=str(ports.find_free(together=4)))
    started.append(up)
    assert eventually(lambda: "✓ database" in up.said, seconds=60), up.said

    code = up.stop()

    assert code == 0
    assert processes_of(up.data_dir) == []


def test_up_environment_file_leads_other_commands_to_the_stack(tmp_path: Path, started: list[_Up]):
    up = _Up(tmp_path, "--only", "db,broker", entry=("manage.py", "up"))
    started.append(up)
    up.wait_up()

    script = "from django.db import connection as c; c.ensure_connection(); print(c.settings_dict['PORT'])"
    shown = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", script],
        cwd=_ROOT,
        env={**environment.surroundings(os.environ), "DATA_DIR": str(up.data_dir)},
        capture_output=True,
        text=True,
        check=False,
    )

    told = environment.read_environment(environment.environment_file(up.data_dir))
    assert (shown.stdout.strip(), shown.stderr) == (told["DATABASE_URL"].rpartition(":")[2].split("/")[0], "")


def test_make_stack_demo_starts_every_part(data_dir: Path):
    stack = supervisor.make_stack(
        _options(),
        {"DEMO": "1", "DATA_DIR": str(data_dir), "PORT": "9000", "SIM_PORT": "9002"},
        out=Console(io.StringIO()),
        cancel=threading.Event(),
    )

    assert sorted(stack.parts) == ["beat", "broker", "database", "simulators", "ticker", "web", "worker"]
    assert (stack.data_dir, stack.port, stack.sim_port, stack.demo) == (data_dir, 9000, 9002, True)


def test_make_stack_production_has_no_simulators(data_dir: Path):
    given = dict.fromkeys(environment.REQUIRED_IN_PRODUCTION, "given")

    stack = supervisor.make_stack(
        _options(), {**given, "DATA_DIR": str(data_dir)}, out=Console(io.StringIO()), cancel=threading.Event()
    )

    assert sorted(stack.parts) == ["beat", "broker", "database", "ticker", "web", "worker"]


def test_make_stack_production_without_its_secrets_names_them():
    assert _refusal({"SECRET_KEY": "given", "PUBLIC_URL": "https://example.com"}) == (
        "Production needs FIELD_KEYS, ALLOWED_HOSTS (see .env.example); for a demonstration with generated"
        " secrets set DEMO=1, or use make run."
    )


def test_make_stack_unknown_part_is_refused():
    assert _refusal({"DEMO": "1"}, "--only", "db,webb") == (
        "--only knows database, broker, simulators, web, worker, beat, ticker, and not webb."
    )


def test_make_stack_nonsense_port_is_refused():
    assert _refusal({"DEMO": "1", "PORT": "http"}) == "PORT must be a port number, not 'http'."


def test_make_stack_production_clock_cannot_be_stopped():
    given = dict.fromkeys(environment.REQUIRED_IN_PRODUCTION, "given")

    assert _refusal(given, "--frozen") == (
        "Business time cannot be stopped in production: --frozen needs DEMO=1."
    )


def test_revival_waits_longer_each_time_up_to_half_a_minute():
    revival = Revival()

    waits = [revival.plan("web", age=2.0, now=0.0) for _ in range(7)]

    assert waits == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]


def test_revival_after_a_long_life_begins_anew():
    revival = Revival()
    revival.plan("web", age=2.0, now=0.0)

    assert revival.plan("web", age=61.0, now=100.0) == 1.0


def test_revival_ready_names_each_one_once():
    revival = Revival()
    revival.plan("web", age=2.0, now=10.0)

    assert (revival.ready(now=10.5), revival.ready(now=11.0), revival.ready(now=12.0)) == ([], ["web"], [])
