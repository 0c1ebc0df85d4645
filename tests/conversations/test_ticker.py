"""The ticker wakes the workers once for each thing that is due, and again when something new is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from commons import clock
from commons.models import WebhookRequest
from conversations import live, tasks, ticker
from conversations.enums import MessageState
from conversations.models import Conversation, Media, Message
from conversations.ticker import Ticker
from tests.conversations import deliveries
from tests.conversations.world import NOW, Talk, another_talk

Queued = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> Queued:
    """What was put on the queue; nothing runs."""
    found: Queued = []

    def keep(name: str) -> Callable[..., None]:
        return lambda **arguments: found.append((name, arguments))

    for task in (tasks.run_turn, tasks.dispatch_due, tasks.fetch_media):
        monkeypatch.setattr(task, "delay", keep(task.name.removeprefix("conversations.")))
    monkeypatch.setattr(
        tasks.process_request,
        "apply_async",
        lambda *, kwargs, queue: found.append((f"process_request on {queue}", kwargs)),
    )
    return found


@pytest.fixture
def ticking() -> Ticker:
    return Ticker.until(lambda: False)


def _stored(talk: Talk, update: deliveries.Update | None = None) -> WebhookRequest:
    from conversations.intake import journal  # noqa: PLC0415 -- one test's helper

    body = deliveries.raw(update or deliveries.inbound(wa_id=talk.wa_id, at=NOW, text="oi"))
    return journal.store_whatsapp(raw=body, headers=deliveries.signed(body), now=NOW)


def test_quiet_house_wakes_nobody(talk: Talk, ticking: Ticker, queued: Queued) -> None:
    ticking.tick()

    assert queued == []


def test_request_is_enqueued_once_however_long_it_takes(talk: Talk, ticking: Ticker, queued: Queued) -> None:
    first = _stored(talk)
    for _ in range(3):
        ticking.tick()
    second = _stored(talk)
    ticking.tick()

    assert queued == [
        ("process_request on inbound", {"request_id": first.pk}),
        ("process_request on inbound", {"request_id": second.pk}),
    ]


def test_reports_wait_in_a_queue_of_their_own_and_hide_nobody_who_writes(
    talk: Talk, ticking: Ticker, queued: Queued, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticker, "MAX_AT_ONCE", 2)
    reports = [_stored(talk, deliveries.status(f"wamid.{n}", "delivered", at=NOW)) for n in range(3)]
    written = _stored(talk)

    ticking.tick()

    assert queued == [
        ("process_request on inbound", {"request_id": written.pk}),
        ("process_request on reports", {"request_id": reports[0].pk}),
        ("process_request on reports", {"request_id": reports[1].pk}),
    ]


def test_sweep_wakes_only_what_has_waited_for_a_while(talk: Talk, queued: Queued) -> None:
    lost, _fresh = _stored(talk), _stored(talk)
    WebhookRequest.objects.filter(pk=lost.pk).update(recorded_at=clock.real_now() - tasks.LOST_AFTER)

    tasks.sweep_journal()

    assert queued == [("process_request on inbound", {"request_id": lost.pk})]


def test_turn_is_enqueued_when_it_is_due_and_once(talk: Talk, ticking: Ticker, queued: Queued) -> None:
    talk.writes("oi")
    ticking.tick()
    assert queued == []

    clock.move(to=NOW + timedelta(seconds=6), frozen=True)
    for _ in range(3):
        ticking.tick()

    assert queued == [("run_turn", {"conversation_id": talk.conversation.pk})]


def test_turn_that_was_armed_again_is_enqueued_again(talk: Talk, ticking: Ticker, queued: Queued) -> None:
    for second in (6, 20):
        clock.move(to=NOW + timedelta(seconds=second - 6), frozen=True)
        talk.writes("oi", now=NOW + timedelta(seconds=second - 6))
        ticking.tick()
        clock.move(to=NOW + timedelta(seconds=second), frozen=True)
        ticking.tick()
        Conversation.objects.update(turn_due_at=None, turn_first_at=None)
        ticking.tick()

    assert [name for name, _ in queued] == ["run_turn", "run_turn"]


def test_outbox_is_woken_once_for_what_is_due_and_again_for_what_is_new(
    talk: Talk, ticking: Ticker, queued: Queued
) -> None:
    talk.plans()
    for _ in range(3):
        ticking.tick()
    assert queued == [("dispatch", {})]

    another_talk(talk).plans()
    for _ in range(3):
        ticking.tick()
    assert queued == [("dispatch", {})] * 2


def test_message_that_waits_for_its_hour_or_its_retry_wakes_the_outbox_then(
    talk: Talk, ticking: Ticker, queued: Queued
) -> None:
    (message,) = talk.plans()
    Message.objects.filter(pk=message.pk).update(retry_at=clock.real_now() + timedelta(minutes=1))
    ticking.tick()
    assert queued == []

    Message.objects.filter(pk=message.pk).update(
        retry_at=clock.real_now(), send_at=NOW + timedelta(minutes=1)
    )
    ticking.tick()
    assert queued == []

    clock.move(to=NOW + timedelta(minutes=1), frozen=True)
    ticking.tick()
    assert queued == [("dispatch", {})]


def test_message_put_back_after_its_runner_died_wakes_the_outbox_again(
    talk: Talk, ticking: Ticker, queued: Queued
) -> None:
    (message,) = talk.plans()
    ticking.tick()
    Message.objects.filter(pk=message.pk).update(state=MessageState.CLAIMED)
    ticking.tick()
    Message.objects.filter(pk=message.pk).update(state=MessageState.PLANNED)
    ticking.tick()

    assert queued == [("dispatch", {})] * 2


def test_file_is_asked_for_once(talk: Talk, ticking: Ticker, queued: Queued) -> None:
    (message,) = talk.writes("foto")
    Media.objects.create(message=message, provider_id="4711")
    Conversation.objects.update(turn_due_at=None)
    for _ in range(3):
        ticking.tick()

    assert queued == [("fetch_media", {})]


@pytest.mark.django_db(transaction=True)
def test_notice_wakes_it_at_once_and_it_stops_when_told(
    talk: Talk, queued: Queued, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticker, "PERIOD", 30.0)
    stop = threading.Event()

    def run() -> None:
        Ticker.until(stop.is_set).run()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        # It has looked once and sleeps now for half a minute, unless it is woken.
        _eventually(lambda: _listeners() == 1)
        talk.plans()
        _eventually(lambda: queued == [("dispatch", {})])
    finally:
        stop.set()
        live.wake(live.Work.CLOCK)
        thread.join(10)
    assert not thread.is_alive()


def _listeners() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%%'"
        )
        return int(cursor.fetchone()[0])


def _eventually(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
