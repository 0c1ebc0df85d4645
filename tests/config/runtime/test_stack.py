import os
import socket
import time
from pathlib import Path

import httpx
import psycopg
import pytest
import redis

from config.runtime import environment, ports
from config.runtime.errors import CannotStart
from config.runtime.stack import Stack
from tests.config.runtime.looking import processes_of

_SERVERS = {"database", "broker"}


def test_start_servers_are_in_the_environment_and_answer(data_dir: Path):
    with Stack(parts=_SERVERS, data_dir=data_dir, fast=True) as stack:
        with psycopg.connect(stack.environment["DATABASE_URL"]) as connection:
            row = connection.execute("SELECT current_database()").fetchone()
        pong = redis.Redis.from_url(stack.environment["BROKER_URL"]).ping()

    assert (row, pong) == (("emdia",), True)


def test_start_other_commands_find_the_stack_until_it_stops(data_dir: Path):
    with Stack(parts=_SERVERS, data_dir=data_dir, fast=True) as stack:
        mode = oct(stack.file.stat().st_mode & 0o777)
        told = environment.read_environment(data_dir / "run" / "environment")
        expected = {**stack.environment, "STACK_PID": str(os.getpid())}

    assert (mode, told) == ("0o600", expected)
    assert not stack.file.exists()


def test_start_second_time_takes_a_moment_and_keeps_the_data(data_dir: Path):
    with (
        Stack(parts=_SERVERS, data_dir=data_dir, fast=True) as stack,
        psycopg.connect(stack.environment["DATABASE_URL"]) as connection,
    ):
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
    began = time.monotonic()

    with Stack(parts=_SERVERS, data_dir=data_dir, fast=True) as stack:
        seconds = time.monotonic() - began
        with psycopg.connect(stack.environment["DATABASE_URL"]) as connection:
            row = connection.execute("SELECT number FROM kept").fetchone()

    assert row == (1,)
    assert seconds < 5


def test_stop_leaves_no_process(data_dir: Path):
    with Stack(parts={*_SERVERS, "simulators"}, data_dir=data_dir, fast=True):
        assert processes_of(data_dir) != []

    assert processes_of(data_dir) == []


def test_start_private_stack_inherits_nothing_of_the_product(data_dir: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@10.0.0.1/production")
    monkeypatch.setenv("LLM_API_KEY", "real-key")

    with Stack(parts=_SERVERS, data_dir=data_dir, fast=True) as stack:
        told = stack.child_environment()

    assert told["DATABASE_URL"].startswith("postgres://emdia:")
    assert "LLM_API_KEY" not in told


def test_start_given_addresses_starts_no_server(data_dir: Path):
    stack = Stack(
        parts=_SERVERS,
        data_dir=data_dir,
        database_url="postgres://somebody@127.0.0.1:1/x",
        broker_url="redis://127.0.0.1:1/0",
    )

    with stack:
        children = dict(stack.children)
        told = (stack.environment["DATABASE_URL"], stack.environment["BROKER_URL"])

    assert children == {}
    assert told == ("postgres://somebody@127.0.0.1:1/x", "redis://127.0.0.1:1/0")


def test_start_temporary_folder_goes_with_the_stack():
    with Stack(parts=_SERVERS, fast=True) as stack:
        folder = stack.data_dir
        assert folder.is_dir()

    assert not folder.exists()


def test_kill_and_restart_database_serves_the_same_address(data_dir: Path):
    with Stack(parts=_SERVERS, data_dir=data_dir, fast=True) as stack:
        stack.kill("database")
        dead = stack.dead()
        stack.restart("database")
        with psycopg.connect(stack.environment["DATABASE_URL"]) as connection:
            row = connection.execute("SELECT 1").fetchone()

    assert (dead, row) == (["database"], (1,))


def test_kill_and_restart_broker_serves_the_same_address(data_dir: Path):
    with Stack(parts=_SERVERS, data_dir=data_dir) as stack:
        stack.kill("broker")
        dead = stack.dead()
        stack.restart("broker")
        pong = redis.Redis.from_url(stack.environment["BROKER_URL"]).ping()

    assert (dead, pong) == (["broker"], True)


def test_restart_that_nobody_waits_for_may_be_killed_on_its_way(data_dir: Path):
    with Stack(parts={"simulators"}, data_dir=data_dir, fast=True) as stack:
        stack.kill("simulators")
        stack.restart("simulators", wait=False)
        stack.kill("simulators")
        stack.restart("simulators", wait=False)
        stack.wait_ready("simulators")
        answer = httpx.get(f"http://127.0.0.1:{stack.sim_port}/healthz", trust_env=False)

        assert (answer.status_code, stack.dead()) == (200, [])


def test_kill_and_restart_simulators_answer_again(data_dir: Path):
    with Stack(parts={"simulators"}, data_dir=data_dir) as stack:
        address = f"http://127.0.0.1:{stack.sim_port}/healthz"
        before = httpx.get(address).status_code
        stack.kill("simulators")
        with pytest.raises(httpx.ConnectError):
            httpx.get(address)
        stack.restart("simulators")
        after = httpx.get(address).status_code

    assert (before, after) == (200, 200)


def test_start_port_taken_names_port_and_variable(data_dir: Path):
    port = ports.find_free(together=4)
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(CannotStart) as refusal:
            Stack(parts={"simulators"}, data_dir=data_dir, sim_port=port).start()
        suggestion = ports.next_free(port + 10, together=4)

    assert str(refusal.value) == (
        f"Port {port} is taken by another program: stop that one, or choose another port with SIM_PORT,"
        f" such as SIM_PORT={suggestion}."
    )
    assert processes_of(data_dir) == []


def test_start_folder_in_use_names_its_owner(data_dir: Path):
    with Stack(parts={"broker"}, data_dir=data_dir, fast=True), pytest.raises(CannotStart) as refusal:
        Stack(parts={"broker"}, data_dir=data_dir, fast=True).start()

    assert str(refusal.value) == (
        f"Em Dia already runs on {data_dir.resolve()} (process {os.getpid()}): stop it, or set DATA_DIR, PORT"
        " and SIM_PORT for a second one."
    )


def test_start_folder_that_cannot_be_written_is_refused(tmp_path: Path):
    file = tmp_path / "file"
    file.write_text("in the way")

    with pytest.raises(CannotStart) as refusal:
        Stack(parts={"broker"}, data_dir=file / "data").start()

    assert str(refusal.value) == (
        f"{file.resolve() / 'data'} cannot be written (Not a directory): set DATA_DIR to a folder that can."
    )


def test_start_failure_stops_what_had_started(data_dir: Path):
    # Settings refuse a key that is none, so migrate fails after the servers are up.
    stack = Stack(
        parts=_SERVERS, data_dir=data_dir, fast=True, migrate=True, overrides={"DATABASE_URL": "nonsense"}
    )

    with pytest.raises(CannotStart) as refusal:
        stack.start()

    assert str(refusal.value) == f"migrate failed (exit code 1); see {stack.logs / 'migrate.log'}."
    assert refusal.value.detail != ""
    assert processes_of(data_dir) == []


def test_unknown_part_is_a_mistake_of_the_caller(data_dir: Path):
    with pytest.raises(ValueError, match="no such parts: databse"):
        Stack(parts={"databse"}, data_dir=data_dir)


def test_services_without_a_database_are_a_mistake_of_the_caller(data_dir: Path):
    with pytest.raises(ValueError, match="services need a database and a broker"):
        Stack(parts={"web"}, data_dir=data_dir).start()


def test_run_command_gets_the_environment_and_gives_its_exit_code(data_dir: Path):
    with Stack(parts={"broker"}, data_dir=data_dir, fast=True) as stack:
        same = stack.run("sh", "-c", f'test "$BROKER_URL" = "{stack.environment["BROKER_URL"]}"')
        failed = stack.run("sh", "-c", "exit 7")

    assert (same, failed) == (0, 7)


def test_report_tells_each_step_in_order(data_dir: Path):
    steps: list[str] = []

    with Stack(
        parts={*_SERVERS, "simulators"},
        data_dir=data_dir,
        fast=True,
        report=lambda name, seconds, _note: steps.append(f"{name} {'begins' if seconds is None else 'ends'}"),
    ):
        pass

    assert steps == [
        "database begins",
        "database ends",
        "broker begins",
        "broker ends",
        "simulators begins",
        "simulators ends",
    ]


def test_restart_port_taken_meanwhile_is_refused_instead_of_believed(data_dir: Path):
    with Stack(parts={"simulators"}, data_dir=data_dir) as stack:
        stack.kill("simulators")
        with socket.socket() as other:
            other.bind(("127.0.0.1", stack.sim_port))
            other.listen()
            with pytest.raises(CannotStart) as refusal:
                stack.restart("simulators")
        stack.restart("simulators")
        after = httpx.get(f"http://127.0.0.1:{stack.sim_port}/healthz").status_code

    assert str(refusal.value).startswith(f"Port {stack.sim_port} is taken by another program:")
    assert after == 200
