"""Webhook intake: signed requests per second that the real web process stores durably and answers 200."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg

from lab.bench import bare_door, programs
from lab.bench.figures import Figure, Run
from lab.bench.generator import Order

OUR_PATH = "/webhooks/whatsapp/"
_OUR_TABLE = "commons_webhookrequest"
_LIMIT_IS = (
    "a bare ASGI application in the same server: checks the HMAC and inserts the same body,"
    " many requests in one durable commit"
)


class Miscounted(RuntimeError):
    """A request was not answered 200, or the database does not hold what was answered."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`requests` per run after `warm_up` uncounted ones, `connections` of them in flight, `runs` in turns."""

    requests: int = 10_000
    warm_up: int = 1_000
    connections: int = 32
    runs: int = 5


@dataclass(frozen=True, slots=True)
class House:
    """What both doors share: the database and the secret; where ours answers."""

    database_url: str
    secret: str
    port: int
    logs: Path
    environment: Mapping[str, str]


def measure(house: House, plan: Plan) -> Figure:
    """Ours and the bare one in turns, so that a machine that gets busy slows both. Raises Miscounted."""
    with psycopg.connect(house.database_url, autocommit=True) as connection:
        connection.execute(bare_door.CREATE)
    own = {
        **house.environment,
        bare_door.DATABASE_VARIABLE: house.database_url,
        bare_door.SECRET_VARIABLE: house.secret,
    }
    ours: list[Run] = []
    limit: list[Run] = []
    stored = 0
    with programs.serving("lab.bench.bare_door:application", logs=house.logs, environment=own) as bare_port:
        for number in range(plan.runs):
            limit.append(_run(house, plan, number, port=bare_port, path="/", table=bare_door.TABLE)[0])
            run, rows = _run(house, plan, number, port=house.port, path=OUR_PATH, table=_OUR_TABLE)
            ours.append(run)
            stored += rows
    return Figure(
        unit="requests/s",
        ours=tuple(ours),
        limit=tuple(limit),
        limit_is=_LIMIT_IS,
        stored=stored,
        more={"connections": plan.connections},
    )


def _run(house: House, plan: Plan, number: int, *, port: int, path: str, table: str) -> tuple[Run, int]:
    """One run, and how many rows it left."""
    first = number * (plan.warm_up + plan.requests)
    if plan.warm_up:
        _load(house, Order(port, path, house.secret, plan.warm_up, plan.connections, first))
    before = _count(house, table)
    order = Order(port, path, house.secret, plan.requests, plan.connections, first + plan.warm_up)
    run = _load(house, order)
    rows = _count(house, table) - before
    if rows != plan.requests:
        raise Miscounted(f"{plan.requests} requests were answered 200, {rows} rows are stored")
    return run, rows


def _load(house: House, order: Order) -> Run:
    done = programs.work_off("lab.bench.generator", asdict(order), environment=house.environment)
    if done["statuses"] != {"200": order.requests}:
        raise Miscounted(f"of {order.requests} requests were answered: {done['statuses']}")
    return Run(order.requests, done["seconds"], tuple(done["latencies"]))


def _count(house: House, table: str) -> int:
    with psycopg.connect(house.database_url) as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 -- one of two constants
    assert row is not None  # count always answers
    return int(row[0])
