"""Whether a database needs `migrate`: asked of the database itself, answered in milliseconds.

A comment on our own database keeps a fingerprint of every migration file, the locked dependencies and the
rows that Django recorded. It goes wherever the database goes, and any doubt means that migrate runs.
"""

import hashlib
from pathlib import Path

import psycopg
from psycopg import sql

_PREFIX = "migrated "
# What decides which migrations exist: our own files, the libraries that bring theirs, the list of apps.
_ALSO = ("requirements.txt", "config/settings.py")
_SKIPPED = {".venv", ".data", ".git", "node_modules"}


def is_current(url: str, *, root: Path) -> bool:
    """Whether the database at `url` carries the mark for the files below `root` and its own rows."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            return _mark(connection) == _expected(connection, root)
    except psycopg.Error:
        return False


def stamp(url: str, *, root: Path) -> None:
    """Mark the database at `url`, which has just been migrated."""
    with psycopg.connect(url, connect_timeout=5) as connection:
        connection.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                sql.Identifier(connection.info.dbname), sql.Literal(_expected(connection, root))
            )
        )


def has_members(url: str) -> bool:
    """Whether anybody is in the database yet: an empty one is worth filling with the demo book."""
    with psycopg.connect(url, connect_timeout=5) as connection:
        if connection.execute("SELECT to_regclass('members_member')").fetchone() == (None,):
            return False
        return connection.execute("SELECT 1 FROM members_member LIMIT 1").fetchone() is not None


def fingerprint(root: Path) -> str:
    """A digest of everything below `root` that decides which migrations exist and what they do."""
    digest = hashlib.sha256()
    files = [path for path in _folders(root) for path in sorted(path.glob("*.py"))]
    for path in [*files, *(root / name for name in _ALSO)]:
        if path.is_file():
            digest.update(f"{path.relative_to(root)}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _folders(root: Path) -> list[Path]:
    found = [
        folder
        for top in root.iterdir()
        if top.is_dir() and top.name not in _SKIPPED
        for folder in top.rglob("migrations")
    ]
    return sorted(folder for folder in found if folder.is_dir())


def _expected(connection: psycopg.Connection[tuple[object, ...]], root: Path) -> str:
    rows = connection.execute("SELECT count(*), coalesce(max(id), 0) FROM django_migrations").fetchone()
    return f"{_PREFIX}{fingerprint(root)} {rows}"


def _mark(connection: psycopg.Connection[tuple[object, ...]]) -> str:
    row = connection.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    ).fetchone()
    return str(row[0]) if row is not None else ""
