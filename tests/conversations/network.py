"""The simulated WhatsApp as tests steer and read it."""

from __future__ import annotations

import time
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import httpx

from commons.models import WebhookRequest
from conversations.intake import journal, processing
from simulators.server import ServerThread
from tests.conversations import deliveries
from tests.conversations.world import NOW, Talk
from tests.simulators.receiver import Receiver


class Network:
    """Controls over HTTP; `receiver` stands where the product's webhook would be."""

    def __init__(self, server: ServerThread, receiver: Receiver) -> None:
        self._receiver = receiver
        self._http = httpx.Client(base_url=server.url, timeout=20, trust_env=False)
        self.tell("reset")
        self._receiver.forget()
        self.stands_at(NOW)

    def tell(self, path: str, **body: Any) -> Any:
        answer = self._http.post(f"/control/whatsapp/{path}", json=body)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def knows(self, *talks: Talk) -> None:
        """The members have WhatsApp and have just written: free text may be sent to them."""
        people = [{"phone": talk.world.point.address, "name": talk.world.member.name} for talk in talks]
        self.tell("seed", people=people)
        for talk in talks:
            self.tell("inbound", phone=talk.world.point.address, text="oi")
        self.settle()
        self._receiver.forget()

    def settle(self) -> None:
        """Waits until nothing is on its way any more."""
        deadline = time.monotonic() + 8
        while not self._look("idle")["idle"]:
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def received(self) -> list[dict[str, Any]]:
        """What we asked it to send and it took, in order."""
        return [
            entry["body"]
            for entry in self._look("journal", kind="request")["entries"]
            if entry["path"].endswith("/messages") and entry.get("wamids")
        ]

    def stands_at(self, instant: datetime) -> None:
        """What the network tells from now on, it tells at that instant."""
        moved = self._http.post("/control/clock", json={"now": instant.isoformat(), "frozen": True})
        moved.raise_for_status()

    def held_templates(self) -> list[dict[str, Any]]:
        """The templates the network holds."""
        found: list[dict[str, Any]] = self._look("templates")["templates"]
        return found

    def texts(self, talk: Talk) -> list[str]:
        """What the member reads from us, in order."""
        shown = self._look("messages", phone=talk.world.point.address)["messages"]
        return [message["text"] for message in shown if message["from"] == "business"]

    def pass_on(self) -> int:
        """Gives the product what the network has told so far; how many requests that were."""
        self.settle()
        bodies = [raw for raw, _ in self._receiver.deliveries]
        self._receiver.forget()
        for raw in bodies:
            request: WebhookRequest = journal.store_whatsapp(raw=raw, headers=deliveries.signed(raw), now=NOW)
            processing.process(request_id=request.pk, now=NOW)
        return len(bodies)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def _look(self, path: str, **query: Any) -> Any:
        answer = self._http.get(f"/control/whatsapp/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()
