"""What a figure was measured on: without it nobody can compare two of them."""

from __future__ import annotations

import os
import platform
from typing import Any

import psycopg

_DURABILITY = ("fsync", "synchronous_commit", "full_page_writes")


def describe(database_url: str) -> dict[str, Any]:
    """Cores, Python, PostgreSQL, whether a commit waits for the disk, and how busy the machine is by now."""
    with psycopg.connect(database_url) as connection:
        durability = {name: _setting(connection, name) for name in _DURABILITY}
        version = _setting(connection, "server_version")
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "python": platform.python_version(),
        "postgresql": version,
        "durable": durability["fsync"] == durability["synchronous_commit"] == "on",
        "database": durability,
        "load_average": load(),
    }


def load() -> list[float]:
    """How many processes wanted a core, on average over the last minute, five and fifteen."""
    return [round(each, 2) for each in os.getloadavg()]


def _setting(connection: psycopg.Connection[tuple[Any, ...]], name: str) -> str:
    row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row is not None  # a function's result is a row
    return str(row[0])
