from pathlib import Path

import pytest

from simulators.store import Store


def test_put_existing_key_replaces_and_keeps_place(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.sqlite3")

    store.put("kind", "a", {"n": 1})
    store.put("kind", "b", {"n": 2})
    store.put("kind", "a", {"n": 3})

    assert store.all("kind") == [{"n": 3}, {"n": 2}]
    assert store.keys("kind") == ["a", "b"]


def test_documents_and_logs_survive_a_second_opening(tmp_path: Path) -> None:
    first = Store(tmp_path / "s.sqlite3")
    first.put("kind", "a", {"name": "João"})
    cursor = first.append("log", {"event": 1})
    first.close()

    second = Store(tmp_path / "s.sqlite3")

    assert second.get("kind", "a") == {"name": "João"}
    assert second.log("log") == [{"event": 1, "seq": cursor}]


def test_log_after_cursor_returns_only_newer_entries(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.sqlite3")
    first = store.append("log", {"n": 1})
    store.append("other", {"n": 0})
    second = store.append("log", {"n": 2})

    assert store.log("log", after=first) == [{"n": 2, "seq": second}]


def test_transaction_that_raises_keeps_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.sqlite3")

    def write() -> None:
        with store.transaction():
            store.put("kind", "a", {})
            with store.transaction():
                store.append("log", {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write()

    assert (store.all("kind"), store.log("log")) == ([], [])


def test_clear_removes_only_what_starts_with_the_prefix(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.sqlite3")
    for kind in ("a_b.one", "a_b.two", "axb.one"):
        store.put(kind, "k", {"kind": kind})
        store.append(kind, {"kind": kind})

    store.clear("a_b.")

    assert [store.all(kind) for kind in ("a_b.one", "a_b.two", "axb.one")] == [[], [], [{"kind": "axb.one"}]]
    assert len(store.log("axb.one")) == 1
    assert store.log("a_b.one") == []


def test_delete_says_whether_it_was_there(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.sqlite3")
    store.put("kind", "a", {})

    assert (store.delete("kind", "a"), store.delete("kind", "a"), store.get("kind", "a")) == (
        True,
        False,
        None,
    )
