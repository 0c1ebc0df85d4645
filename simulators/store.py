"""A small durable document store, so that a second start keeps the chats, the charges and the books.

JSON documents by (kind, key) and append-only logs by name, in one SQLite file. Every call is its own
transaction unless it runs inside `Store.transaction()`.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Document = dict[str, Any]

_SCHEMA = """
create table if not exists documents (
    position integer primary key autoincrement,
    kind text not null,
    key text not null,
    doc text not null,
    unique (kind, key)
);
create table if not exists logs (
    seq integer primary key autoincrement,
    log text not null,
    doc text not null
);
create index if not exists documents_in_order on documents (kind, position);
create index if not exists logs_by_name on logs (log, seq);
"""


class Store:
    """Documents and logs of all systems; safe to use from several threads."""

    def __init__(self, path: Path | str) -> None:
        """Open (and create where needed) the file at `path`."""
        if str(path) != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._depth = 0
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("pragma journal_mode = wal")
        self._connection.execute("pragma synchronous = normal")
        self._connection.execute("pragma busy_timeout = 5000")
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file; the store cannot be used afterwards."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make several writes one: all are kept, or none when the block raises. May be nested."""
        with self._lock:
            if self._depth == 0:
                self._connection.execute("begin immediate")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._connection.execute("rollback")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._connection.execute("commit")

    def put(self, kind: str, key: str, doc: Document) -> None:
        """Write the document; one already there is replaced and keeps its place in `all`."""
        text = json.dumps(doc, ensure_ascii=False)
        with self._lock:
            self._connection.execute(
                "insert into documents (kind, key, doc) values (?, ?, ?)"
                " on conflict (kind, key) do update set doc = excluded.doc",
                (kind, key, text),
            )

    def get(self, kind: str, key: str) -> Document | None:
        """Return a fresh copy of the document, or None."""
        with self._lock:
            row = self._connection.execute(
                "select doc from documents where kind = ? and key = ?", (kind, key)
            ).fetchone()
        return None if row is None else _document(row[0])

    def all(self, kind: str) -> list[Document]:
        """Return the documents of a kind, oldest first."""
        with self._lock:
            rows = self._connection.execute(
                "select doc from documents where kind = ? order by position", (kind,)
            ).fetchall()
        return [_document(row[0]) for row in rows]

    def latest(self, kind: str, count: int) -> list[Document]:
        """Return the newest `count` documents of a kind, oldest of them first."""
        with self._lock:
            rows = self._connection.execute(
                "select doc from documents where kind = ? order by position desc limit ?", (kind, count)
            ).fetchall()
        return [_document(row[0]) for row in reversed(rows)]

    def keys(self, kind: str) -> list[str]:
        """Return the keys of a kind, oldest first."""
        with self._lock:
            rows = self._connection.execute(
                "select key from documents where kind = ? order by position", (kind,)
            ).fetchall()
        return [str(row[0]) for row in rows]

    def delete(self, kind: str, key: str) -> bool:
        """Remove the document; return whether it was there."""
        with self._lock:
            cursor = self._connection.execute("delete from documents where kind = ? and key = ?", (kind, key))
        return cursor.rowcount == 1

    def names(self, prefix: str) -> list[str]:
        """Return the kinds and logs whose name starts with `prefix`."""
        with self._lock:
            rows = self._connection.execute(
                "select distinct kind from documents union select distinct log from logs"
            ).fetchall()
        return sorted(str(row[0]) for row in rows if str(row[0]).startswith(prefix))

    def clear(self, prefix: str) -> None:
        """Remove every kind and log whose name starts with `prefix` (`whatsapp.` for a whole system)."""
        pattern = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        with self.transaction():
            self._connection.execute("delete from documents where kind like ? escape '\\'", (pattern,))
            self._connection.execute("delete from logs where log like ? escape '\\'", (pattern,))

    def append(self, log: str, doc: Document) -> int:
        """Add the document to the end of a log; return its sequence number, which only grows."""
        text = json.dumps(doc, ensure_ascii=False)
        with self._lock:
            cursor = self._connection.execute("insert into logs (log, doc) values (?, ?)", (log, text))
        return int(cursor.lastrowid or 0)

    def log(self, log: str, after: int = 0, limit: int = -1) -> list[Document]:
        """Return the log's documents behind sequence number `after`, each with its own under `seq`."""
        with self._lock:
            rows = self._connection.execute(
                "select seq, doc from logs where log = ? and seq > ? order by seq limit ?",
                (log, after, limit),
            ).fetchall()
        return [_document(doc) | {"seq": seq} for seq, doc in rows]


def _document(text: str) -> Document:
    loaded: Document = json.loads(text)
    return loaded
