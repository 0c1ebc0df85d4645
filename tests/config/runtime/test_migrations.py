from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.runtime import migrations
from config.runtime.postgres import Postgres


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A tree with one app and one migration."""
    folder = tmp_path / "tree" / "members" / "migrations"
    folder.mkdir(parents=True)
    (folder / "0001_initial.py").write_text("first")
    (tmp_path / "tree" / "requirements.txt").write_text("Django==5.2\n")
    return tmp_path / "tree"


@pytest.fixture
def url(postgres: Postgres) -> Iterator[str]:
    """A database whose migrations Django has recorded."""
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE django_migrations (id bigint)")
        connection.execute("INSERT INTO django_migrations VALUES (1)")
        yield postgres.url
        connection.execute("DROP TABLE django_migrations")
        connection.execute("COMMENT ON DATABASE emdia IS NULL")


def test_is_current_new_database_needs_migrate(url: str, root: Path):
    assert migrations.is_current(url, root=root) is False


def test_is_current_after_the_stamp_needs_nothing(url: str, root: Path):
    migrations.stamp(url, root=root)

    assert migrations.is_current(url, root=root) is True


@pytest.mark.parametrize(
    "name", ["members/migrations/0002_more.py", "requirements.txt", "config/settings.py"]
)
def test_is_current_changed_file_needs_migrate(url: str, root: Path, name: str):
    migrations.stamp(url, root=root)
    (root / name).parent.mkdir(exist_ok=True)

    (root / name).write_text("other")

    assert migrations.is_current(url, root=root) is False


def test_is_current_somebody_migrated_by_hand_needs_migrate(url: str, root: Path):
    migrations.stamp(url, root=root)
    with psycopg.connect(url) as connection:
        connection.execute("DELETE FROM django_migrations")

    assert migrations.is_current(url, root=root) is False


def test_is_current_unreachable_database_needs_migrate(root: Path):
    assert migrations.is_current("postgres://emdia@127.0.0.1:1/emdia", root=root) is False


def test_fingerprint_ignores_the_environment_and_the_data(root: Path):
    before = migrations.fingerprint(root)
    foreign = root / ".venv" / "lib" / "django" / "migrations"
    foreign.mkdir(parents=True)
    (foreign / "0001_initial.py").write_text("not ours")

    assert migrations.fingerprint(root) == before


def test_has_members_tells_an_empty_database_from_a_used_one(postgres: Postgres):
    answers = [migrations.has_members(postgres.url)]
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE members_member (id bigint)")
        answers.append(migrations.has_members(postgres.url))
        connection.execute("INSERT INTO members_member VALUES (1)")
        answers.append(migrations.has_members(postgres.url))
        connection.execute("DROP TABLE members_member")

    assert answers == [False, False, True]
