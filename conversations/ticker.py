"""The ticker: looks at what is due and wakes the workers. One process; two do no harm.

It listens for NOTIFY (so that work starts at once) and looks by itself every second (so that a lost
wake-up costs a second, and so that debounce and send-at times are kept without timers in the broker).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg
from django.db import connection, connections
from django.db.models import Q
from psycopg.conninfo import make_conninfo

from commons import clock
from conversations import tasks
from conversations.enums import MessageState
from conversations.intake import journal
from conversations.live import WORK_CHANNEL
from conversations.models import Media, Message
from conversations.turns import lease

log = logging.getLogger(__name__)

PERIOD = 1.0
MAX_AT_ONCE = 100


@dataclass
class Ticker:
    """Remembers what it already enqueued, so that slow work is not enqueued again every second."""

    stopped: Callable[[], bool]
    _requests: set[int] = field(default_factory=set)
    _turns: set[int] = field(default_factory=set)
    _messages: set[int] = field(default_factory=set)
    _files: set[int] = field(default_factory=set)

    @classmethod
    def until(cls, stopped: Callable[[], bool]) -> Ticker:
        return cls(stopped=stopped)

    def run(self) -> None:
        """Runs until told to stop; a lost database connection is opened again."""
        while not self.stopped():
            try:
                self._listen()
            except (psycopg.OperationalError, psycopg.InterfaceError):
                log.warning("ticker lost the database; connecting again")
                connections.close_all()

    def _listen(self) -> None:
        connection.ensure_connection()
        with psycopg.connect(_address(), autocommit=True) as listener:
            listener.execute(f"LISTEN {WORK_CHANNEL}")
            while not self.stopped():
                self.tick()
                # Everything that arrived while we looked is one wake-up.
                for _ in listener.notifies(timeout=PERIOD, stop_after=1):
                    pass

    def tick(self) -> None:
        """One look at everything that may be due."""
        clock.refresh()
        now = clock.now()
        waiting = journal.waiting(limit=MAX_AT_ONCE)
        for request_id, queue in waiting:
            if request_id not in self._requests:
                tasks.process_request.apply_async(kwargs={"request_id": request_id}, queue=queue)
        self._requests = {pk for pk, _ in waiting}
        turns = set(lease.due(now=now, limit=MAX_AT_ONCE))
        for conversation_id in sorted(turns - self._turns):
            tasks.run_turn.delay(conversation_id=conversation_id)
        self._turns = turns
        messages = set(
            Message.objects.filter(state=MessageState.PLANNED, send_at__lte=now)
            .filter(Q(retry_at=None) | Q(retry_at__lte=clock.real_now()))
            .order_by("send_at", "pk")
            .values_list("pk", flat=True)[:MAX_AT_ONCE]
        )
        if messages - self._messages:
            tasks.dispatch_due.delay()
        self._messages = messages
        files = set(
            Media.objects.filter(path="", attempts=0)
            .exclude(provider_id="")
            .order_by("pk")
            .values_list("pk", flat=True)[:MAX_AT_ONCE]
        )
        if files - self._files:
            tasks.fetch_media.delay()
        self._files = files


def _address() -> str:
    """The database Django uses, for a connection that only listens."""
    info = connection.connection.info
    return make_conninfo(
        host=info.host, port=info.port, user=info.user, password=info.password or None, dbname=info.dbname
    )
