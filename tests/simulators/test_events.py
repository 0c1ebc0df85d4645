import asyncio
import json
from contextlib import aclosing
from typing import Any

import httpx

from simulators.events import EventBus
from simulators.server import ServerThread


def test_every_subscriber_gets_every_event() -> None:
    async def run() -> list[list[tuple[str, Any]]]:
        bus = EventBus()

        async def listen() -> list[tuple[str, Any]]:
            heard = []
            async for event in bus.subscribe():
                heard.append(event)
                if len(heard) == 3:
                    break
            return heard

        listeners = [asyncio.create_task(listen()) for _ in range(2)]
        await asyncio.sleep(0.01)
        bus.publish("chat", {"person": "1"})
        bus.publish("clock")
        return list(await asyncio.gather(*listeners))

    assert asyncio.run(run()) == [[("hello", None), ("chat", {"person": "1"}), ("clock", None)]] * 2


def test_a_slow_reader_loses_the_oldest_events() -> None:
    async def run() -> tuple[str, Any]:
        bus = EventBus()
        async with aclosing(bus.subscribe()) as events:
            await anext(events)
            for number in range(1, 302):
                bus.publish("number", number)
            return await anext(events)

    assert asyncio.run(run()) == ("number", 102)


def test_silence_is_broken_by_a_ping() -> None:
    async def run() -> list[tuple[str, Any]]:
        async with aclosing(EventBus().subscribe(ping=0.01)) as events:
            return [await anext(events), await anext(events)]

    assert asyncio.run(run()) == [("hello", None), ("ping", None)]


def test_what_is_watched_is_watched_only_while_somebody_listens() -> None:
    async def run() -> list[bool]:
        bus = EventBus()
        seen = [bus.is_watched("ana")]
        async with aclosing(bus.subscribe(watching="ana")) as events:
            await anext(events)
            seen.append(bus.is_watched("ana"))
        return [*seen, bus.is_watched("ana")]

    assert asyncio.run(run()) == [False, True, False]


def test_the_stream_carries_events_over_http(server: ServerThread) -> None:
    heard = []
    with httpx.stream("GET", f"{server.url}/events", timeout=10, trust_env=False) as stream:
        lines = stream.iter_lines()
        for line in lines:
            if not line.startswith("data: "):
                continue
            heard.append(json.loads(line.removeprefix("data: ")))
            if len(heard) == 1:
                httpx.post(
                    f"{server.url}/control/clock", json={"now": "2026-11-24T10:00:00-03:00", "frozen": True}
                )
            else:
                break

    assert stream.headers["content-type"].startswith("text/event-stream")
    assert heard == [
        {"topic": "hello", "data": None},
        {"topic": "clock", "data": {"now": "2026-11-24T13:00:00+00:00", "frozen": True}},
    ]
