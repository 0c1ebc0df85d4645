"""The office's lists over a large book: how long the real web process takes to answer each of them.

No bare program could be a limit here: the limit is what people were promised (docs/performance.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any

import httpx

from config.runtime.errors import CannotStart
from lab.bench import programs
from lab.bench.figures import percentile, rounded
from lab.bench.lists_book import Order

LIMIT_MS = 300.0
"""From request to answer, for p95, at 100,000 members."""

_WARM_UP = 2
_TIMEOUT = 120.0


@dataclass(frozen=True, slots=True)
class Plan:
    """A book of `members`; each page asked for `requests` times after two that do not count."""

    members: int = 100_000
    requests: int = 20


@dataclass(frozen=True, slots=True)
class House:
    """Where the product answers, and the environment of its processes."""

    port: int
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PageFigures:
    """Milliseconds of every answer, by page; `empty` are lists that the book has no rows for."""

    plan: Plan
    pages: Mapping[str, tuple[float, ...]]
    empty: tuple[str, ...]
    book_seconds: float

    def as_json(self) -> dict[str, Any]:
        p95 = {name: percentile(each, 95) for name, each in self.pages.items()}
        slowest = max(p95, key=lambda name: p95[name])
        return {
            "unit": "ms",
            "limit_ms": LIMIT_MS,
            "members": self.plan.members,
            "each": self.plan.requests,
            "slowest": slowest,
            "share": rounded(p95[slowest] / LIMIT_MS),
            "over_limit": sorted(name for name, value in p95.items() if value > LIMIT_MS),
            "pages": {
                name: {"p50_ms": rounded(percentile(each, 50)), "p95_ms": rounded(p95[name])}
                for name, each in sorted(self.pages.items(), key=lambda item: -p95[item[0]])
            },
            "lists_without_rows": list(self.empty),
            "book_seconds": rounded(self.book_seconds),
        }


def measure(house: House, plan: Plan) -> PageFigures:
    """Writes the book, then asks for every list, one request at a time. Raises CannotStart."""
    made = programs.work_off(
        "lab.bench.lists_book", asdict(Order(members=plan.members)), environment=house.environment
    )
    with httpx.Client(
        base_url=f"http://127.0.0.1:{house.port}",
        cookies={made["cookie"]: made["session"]},
        timeout=_TIMEOUT,
        trust_env=False,
    ) as client:
        pages = {name: _answers(client, path, plan.requests) for name, path in made["pages"].items()}
    return PageFigures(plan=plan, pages=pages, empty=tuple(made["empty"]), book_seconds=made["seconds"])


def _answers(client: httpx.Client, path: str, requests: int) -> tuple[float, ...]:
    found = []
    for number in range(_WARM_UP + requests):
        began = perf_counter()
        answer = client.get(path)
        milliseconds = (perf_counter() - began) * 1000
        if answer.status_code != httpx.codes.OK:
            raise CannotStart(f"{path} was answered with {answer.status_code}.")
        if number >= _WARM_UP:
            found.append(milliseconds)
    return tuple(found)
