import shutil
import signal
import time
from pathlib import Path

import psycopg
import pytest

from config.runtime import binaries, groups
from config.runtime.errors import CannotStart
from config.runtime.postgres import Postgres
from tests.config.runtime.looking import eventually, processes_of


def _setting(server: Postgres, name: str) -> str:
    with psycopg.connect(server.url) as connection:
        row = connection.execute("SELECT setting FROM pg_settings WHERE name = %s", [name]).fetchone()
    assert row is not None
    return str(row[0])


def test_start_new_folder_makes_database_of_the_product(data_dir: Path):
    server = Postgres(data_dir, fast=True)
    child = server.start()

    with psycopg.connect(server.url) as connection:
        row = connection.execute(
            "SELECT current_database(), current_user, inet_server_addr()::text"
        ).fetchone()

    child.stop()
    assert row == ("emdia", "emdia", "127.0.0.1/32")


def test_connect_other_password_is_refused(postgres: Postgres):
    wrong = postgres.url.replace("://emdia:", "://emdia:not")

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_start_secret_file_is_private(postgres: Postgres):
    secret = postgres.data.parent / "secrets" / "postgres-password"

    assert oct(secret.stat().st_mode & 0o777) == "0o600"


def test_start_product_waits_for_the_disk(data_dir: Path):
    server = Postgres(data_dir)
    child = server.start()

    settings = {name: _setting(server, name) for name in ("fsync", "synchronous_commit", "full_page_writes")}

    child.stop()
    assert settings == {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


def test_start_fast_does_not_wait_for_the_disk(postgres: Postgres):
    assert _setting(postgres, "fsync") == "off"


def test_start_allows_two_hundred_connections(postgres: Postgres):
    assert _setting(postgres, "max_connections") == "200"


def test_start_again_takes_a_moment(data_dir: Path):
    server = Postgres(data_dir, fast=True)
    server.start().stop()
    began = time.monotonic()

    child = server.start()

    seconds = time.monotonic() - began
    child.stop()
    assert seconds < 5


def test_start_after_killed_server_keeps_what_was_committed(data_dir: Path):
    server = Postgres(data_dir)
    child = server.start()
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    child.kill()

    child = server.start()

    with psycopg.connect(server.url) as connection:
        row = connection.execute("SELECT number FROM kept").fetchone()
    child.stop()
    assert row == (7,)


def test_start_same_port_after_a_kill(data_dir: Path):
    server = Postgres(data_dir, fast=True)
    child = server.start()
    before = server.url
    child.kill()

    child = server.start()

    after = _setting(server, "port")
    child.stop()
    assert before.endswith(f":{after}/emdia")


def test_start_while_an_orphan_serves_the_folder_replaces_it(data_dir: Path):
    orphan = Postgres(data_dir, fast=True).start()
    server = Postgres(data_dir, fast=True)

    child = server.start()

    ended = eventually(lambda: not orphan.running)
    answer = _setting(server, "port")
    child.stop()
    orphan.stop()
    assert (ended, answer) == (True, str(server.port))


def test_start_pid_file_names_an_unrelated_process_ignores_it(data_dir: Path):
    server = Postgres(data_dir, fast=True)
    server.start().stop()
    # Process 1 lives, and is no PostgreSQL of ours.
    (server.data / "postmaster.pid").write_text(f"1\n{server.data}\n")

    child = server.start()

    running = child.running
    child.stop()
    assert running


def test_start_after_interrupted_making_begins_anew(data_dir: Path):
    half = data_dir / "postgres.half"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    child = Postgres(data_dir, fast=True).start()

    child.stop()
    assert not half.exists()


def test_start_folder_of_another_version_is_refused(data_dir: Path):
    server = Postgres(data_dir, fast=True)
    server.start().stop()
    (server.data / "PG_VERSION").write_text("9\n")

    with pytest.raises(CannotStart) as refusal:
        server.start()

    installed = binaries.postgres_programs().major()
    assert str(refusal.value) == (
        f"The database in {server.data} was made by PostgreSQL 9, and {installed} is installed: dump it with"
        " 9 and load it into a new DATA_DIR, or point DATABASE_URL at a server."
    )


def test_start_lost_password_is_refused(data_dir: Path):
    Postgres(data_dir, fast=True).start().stop()
    secret = data_dir / "secrets" / "postgres-password"
    secret.write_text("another\n")
    server = Postgres(data_dir, fast=True)

    with pytest.raises(CannotStart) as refusal:
        server.start()

    assert str(refusal.value) == (
        f"The password in {secret} does not open the database in {server.data}: restore that file, or move"
        " the folder away."
    )
    assert processes_of(data_dir) == []


def test_stop_leaves_no_process(data_dir: Path):
    child = Postgres(data_dir, fast=True).start()
    assert processes_of(data_dir) != []

    child.stop()

    assert processes_of(data_dir) == []


def test_stop_with_open_connections_ends_them(data_dir: Path):
    server = Postgres(data_dir, fast=True)
    child = server.start()
    connection = psycopg.connect(server.url)

    child.stop()

    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")


@pytest.mark.usefixtures("without_namespaces")
def test_start_without_namespaces_in_a_closed_folder_still_serves(closed_folder: Path):
    server = Postgres(closed_folder, fast=True)
    child = server.start()
    again = _setting(server, "port")
    child.kill()

    child = server.start()

    answer = _setting(server, "port")
    child.stop()
    if server.data != closed_folder / "postgres":
        shutil.rmtree(server.data.parent)
    assert (again, answer) == (str(server.port), str(server.port))


def test_start_data_changes_hands_between_the_two_ways(open_folder: Path, monkeypatch: pytest.MonkeyPatch):
    Postgres(open_folder, fast=True).start().stop()
    answers = []
    for value in ("1", ""):
        monkeypatch.setenv("NO_USERNS", value)
        server = Postgres(open_folder, fast=True)
        child = server.start()
        answers.append(_setting(server, "data_directory"))
        child.stop()

    assert answers == [str(open_folder / "postgres")] * 2


def test_copied_programs_run_from_their_new_place(tmp_path: Path):
    programs = binaries.postgres_programs()

    copy = programs.copied_to(tmp_path)

    assert copy.bin.is_relative_to(tmp_path)
    assert copy.major() == programs.major()


def test_reaching_for_a_stopping_server_waits_for_it(data_dir: Path):
    first = Postgres(data_dir, fast=True).start()
    groups.send(first.pid, signal.SIGTERM)

    second = Postgres(data_dir, fast=True).start()

    second.stop()
    first.stop()
    assert processes_of(data_dir) == []
