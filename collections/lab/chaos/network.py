"""The simulated WhatsApp as a storm steers and reads it: its control door."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from types import TracebackType
from typing import Any, Self

import httpx
from django.conf import settings

# Seconds a control may take while everything else on the machine starts again.
_PATIENCE = 60.0


class Network:
    """One HTTP client. Every method raises httpx.HTTPError when the simulator refuses or is not there."""

    def __init__(self) -> None:
        """The simulator of our own environment."""
        self._http = httpx.Client(
            base_url=f"{settings.SIM_URL}/control/whatsapp", timeout=_PATIENCE, trust_env=False
        )

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def seed(self, *, people: Sequence[dict[str, Any]], templates: Sequence[dict[str, Any]] = ()) -> None:
        self._tell("seed", people=list(people), templates=list(templates))

    def write(self, phone: str, texts: Sequence[str]) -> list[str]:
        """The person says `texts` one after the other; the names WhatsApp gives the messages."""
        wamids: list[str] = self._tell("inbound", phone=phone, burst=list(texts))["wamids"]
        return wamids

    def misbehave(self, point: str, action: str, *, times: int, kind: str = "", **options: float) -> None:
        """The next `times` events at `point` (of one kind) go wrong in this way; see the simulators' README."""
        match = {"kind": kind} if kind else {}
        self._tell("fault", point=point, action=action, times=times, match=match, options=options)

    def behave(self) -> None:
        """Forgets every fault that has not happened yet."""
        self._http.delete("/fault").raise_for_status()

    def replay(self) -> int:
        """Tells the product everything it has acknowledged once more, byte for byte; how many requests."""
        return int(self._tell("replay")["replayed"])

    def retry(self) -> None:
        """Tries what waits for a later try now."""
        self._tell("retry")

    def is_calm(self) -> bool:
        """Nothing on its way, and the product has acknowledged everything."""
        state = self._look("idle")
        return bool(state["idle"]) and not state["unacknowledged"]

    def journal(self, *, kind: str, after: int = 0) -> list[dict[str, Any]]:
        """What the network received (`request`) or told (`webhook`) behind the cursor `after`, in order."""
        entries: list[dict[str, Any]] = self._look("journal", kind=kind, after=after)["entries"]
        return entries

    def _tell(self, path: str, **body: Any) -> Any:
        answer = self._http.post(f"/{path}", json=body)
        answer.raise_for_status()
        return answer.json()

    def _look(self, path: str, **query: str | int) -> Any:
        answer = self._http.get(f"/{path}", params=query)
        answer.raise_for_status()
        return answer.json()


def acceptances(requests: Collection[dict[str, Any]]) -> list[tuple[str, str]]:
    """Of the journal's requests the messages that WhatsApp took: (our correlation, its name for the message)."""
    return [
        (str(entry["body"].get("biz_opaque_callback_data", "")), wamid)
        for entry in requests
        if entry["path"].endswith("/messages")
        for wamid in entry.get("wamids") or ()
    ]
