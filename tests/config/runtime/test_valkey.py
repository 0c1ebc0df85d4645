import socket
from pathlib import Path

import pytest
import redis

from config.runtime.valkey import Valkey
from tests.config.runtime.looking import eventually, processes_of


def test_start_answers_at_its_address(broker_url: str):
    assert redis.Redis.from_url(broker_url).ping() is True


def test_connect_without_password_is_refused(broker_url: str):
    port = redis.Redis.from_url(broker_url).connection_pool.connection_kwargs["port"]

    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(b"PING\r\n")
        answer = connection.recv(100)

    assert answer == b"-NOAUTH Authentication required.\r\n"


def test_start_files_with_the_password_are_private(data_dir: Path):
    Valkey(data_dir, fast=True).start().stop()

    files = [data_dir / "secrets" / "valkey-password", data_dir / "valkey" / "server.conf"]

    assert [oct(file.stat().st_mode & 0o777) for file in files] == ["0o600", "0o600"]


def test_command_line_does_not_show_the_password(data_dir: Path):
    child = Valkey(data_dir, fast=True).start()
    password = (data_dir / "secrets" / "valkey-password").read_text().strip()

    commands = processes_of(data_dir)

    child.stop()
    assert [password in command for command in commands] == [False]


def test_start_after_a_kill_keeps_the_queue(data_dir: Path):
    server = Valkey(data_dir)
    child = server.start()
    redis.Redis.from_url(server.url).rpush("queue", "message")
    child.kill()

    child = server.start()

    kept = redis.Redis.from_url(server.url).lrange("queue", 0, -1)
    child.stop()
    assert kept == [b"message"]


def test_start_fast_keeps_nothing(data_dir: Path):
    server = Valkey(data_dir, fast=True)
    child = server.start()
    redis.Redis.from_url(server.url).set("key", "value")
    child.kill()

    child = server.start()

    kept = redis.Redis.from_url(server.url).get("key")
    child.stop()
    assert kept is None


def test_start_while_an_orphan_serves_the_folder_replaces_it(data_dir: Path):
    orphan = Valkey(data_dir, fast=True).start()
    server = Valkey(data_dir, fast=True)

    child = server.start()

    ended = eventually(lambda: not orphan.running)
    answers = redis.Redis.from_url(server.url).ping()
    child.stop()
    orphan.stop()
    assert (ended, answers) == (True, True)


def test_memory_full_refuses_instead_of_forgetting(broker_url: str):
    policy = redis.Redis.from_url(broker_url).config_get("maxmemory-policy")

    assert policy == {"maxmemory-policy": "noeviction"}


@pytest.mark.usefixtures("broker_url")
def test_stop_leaves_no_process(data_dir: Path):
    child = Valkey(data_dir, fast=True).start()
    assert processes_of(data_dir) != []

    child.stop()

    assert processes_of(data_dir) == []
