"""Calls to the creditor: who asked to be called for which key, and the calls still to be made.

Calls are rows in the store, so that a restart loses none. Retries run in real time, whatever day the demo
plays.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

import httpx

from simulators.clock import Clock
from simulators.faults import Fault, Faults
from simulators.journal import Journal
from simulators.pix.times import written
from simulators.store import Document, Store

SYSTEM = "pix"
RETRY_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)

_HOOKS = "pix.webhooks"
_CALLS = "pix.calls"
_IDLE_SECONDS = 60.0
_CALL_TIMEOUT = 10.0


class Webhooks:
    """The subscriptions and the queue of calls; `run` makes them."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        faults: Faults,
        journal: Journal,
        http: httpx.AsyncClient,
        real_time: Callable[[], float] = time.time,
    ) -> None:
        """Make calls through `http`."""
        self._store = store
        self._clock = clock
        self._faults = faults
        self._journal = journal
        self._http = http
        self._real_time = real_time
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def subscribe(self, key: str, url: str) -> None:
        """Call `url` + `/pix` for Pix that reach a key."""
        self._store.put(_HOOKS, key, {"chave": key, "webhookUrl": url, "criacao": written(self._clock.now())})

    def subscription(self, key: str) -> Document | None:
        """Return the subscription of a key, or None."""
        return self._store.get(_HOOKS, key)

    def subscriptions(self) -> list[Document]:
        """Return all subscriptions."""
        return self._store.all(_HOOKS)

    def unsubscribe(self, key: str) -> bool:
        """Stop calling; return whether there was a subscription."""
        return self._store.delete(_HOOKS, key)

    def announce(self, pix: Document) -> None:
        """Queue the call for a Pix as it is now; by the API's rule, only for one that has a txid."""
        hook = self.subscription(pix["chave"])
        if hook is None or not pix.get("txid"):
            return
        fault = self._faults.take(SYSTEM, "webhook", txid=pix["txid"], end_to_end_id=pix["endToEndId"])
        for call in self._planned(hook, pix, fault):
            self._store.put(_CALLS, call["id"], call)
        self._wake.set()

    def pending(self) -> list[Document]:
        """Return the calls still to be made, oldest first."""
        return self._store.all(_CALLS)

    def hurry(self) -> int:
        """Make every waiting call due now, held ones included; return how many."""
        calls = self.pending()
        for call in calls:
            self._store.put(_CALLS, call["id"], call | {"due": 0.0, "held": False})
        self._wake.set()
        return len(calls)

    def start(self) -> None:
        """Begin to make calls."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Make no more; what is queued stays queued."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def _planned(self, hook: Document, pix: Document, fault: Fault | None) -> list[Document]:
        action = "" if fault is None else fault.action
        options: dict[str, Any] = {} if fault is None else fault.options
        call: Document = {
            "url": f"{hook['webhookUrl'].rstrip('/')}/pix",
            "pix": pix,
            "due": self._real_time(),
            "attempt": 0,
            "held": False,
        }
        if action == "drop":
            self._journal.write(direction="out", kind="webhook_lost", end_to_end_id=pix["endToEndId"])
            return []
        if action == "delay":
            call["due"] += float(options.get("seconds", 5))
        if action == "reorder":
            call["held"] = True
        copies = 1 + int(options.get("copies", 1)) if action == "duplicate" else 1
        return [call | {"id": uuid4().hex} for _ in range(copies)]

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            for call in self._due():
                await self._make(call)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._seconds_to_next())

    def _due(self) -> list[Document]:
        """Calls to make now. A held one leaves right behind the next that was not held."""
        waiting = self.pending()
        due = [call for call in waiting if not call["held"] and call["due"] <= self._real_time()]
        return due + [call for call in waiting if call["held"]] if due else []

    def _seconds_to_next(self) -> float:
        moments = [float(call["due"]) for call in self.pending() if not call["held"]]
        return max(0.0, min([_IDLE_SECONDS, *(moment - self._real_time() for moment in moments)]))

    async def _make(self, call: Document) -> None:
        body = {"pix": [call["pix"]]}
        try:
            response = await self._http.post(call["url"], json=body, timeout=_CALL_TIMEOUT)
            status, delivered = response.status_code, response.is_success
        except httpx.HTTPError:
            status, delivered = 0, False
        self._journal.write(
            direction="out",
            kind="webhook",
            end_to_end_id=call["pix"]["endToEndId"],
            url=call["url"],
            attempt=call["attempt"] + 1,
            status=status,
            body=body,
        )
        if delivered or call["attempt"] >= len(RETRY_SECONDS):
            self._store.delete(_CALLS, call["id"])
            return
        if self._store.get(_CALLS, call["id"]) is None:
            return  # everything was reset while the call was on its way
        later = self._real_time() + RETRY_SECONDS[call["attempt"]]
        self._store.put(
            _CALLS, call["id"], call | {"attempt": call["attempt"] + 1, "due": later, "held": False}
        )
