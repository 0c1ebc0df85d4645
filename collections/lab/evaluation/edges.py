"""The ways into the product: lab door, simulated WhatsApp, simulated bank. Plain HTTP, no patching."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Self

import httpx

# Between two looks at whether everything has finished.
_POLL_SECONDS = 0.025
# So often in a row nothing may be left to do: work can be between two rows for an instant.
_CALM_LOOKS = 2


class EdgeError(Exception):
    """An edge refused or did not answer; the message is one sentence for the report."""


class NotOffered(EdgeError):
    """The scenario presses something that was never offered."""


@dataclass(frozen=True)
class Received:
    """A message as the member's phone shows it. `titles` are what can be pressed."""

    wamid: str
    type: str
    text: str
    at: datetime
    titles: tuple[str, ...] = ()
    has_file: bool = False
    template: str = ""

    @property
    def whole(self) -> str:
        """Everything there is to read on it."""
        return "\n".join(part for part in (self.text, *self.titles) if part)


@dataclass
class Edges:
    """One product with its simulators. Close it after use."""

    web_url: str
    sim_url: str
    lab_token: str
    patience: float = 30.0
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.Client(timeout=60, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    # The lab door

    def install(self, world: dict[str, Any]) -> dict[str, Any]:
        """Writes the world; answers the member's `phone` among others."""
        return self._lab("POST", "world", world)

    def advance(self, *, seconds: int) -> None:
        """Moves business time and does not wait."""
        self._lab("POST", "clock", {"advance": f"{seconds}s", "wait": False})

    def advance_hours(self, *, hours: int, minutes: int = 0) -> None:
        """Moves business time hour by hour; the door waits for the work of each hour."""
        for span, unit in ((hours, "h"), (minutes, "m")):
            if span:
                self._lab("POST", "clock", {"advance": f"{span}{unit}"})

    def now(self) -> datetime:
        """The business instant."""
        return datetime.fromisoformat(self._lab("GET", "idle")["now"])

    def projection(self) -> dict[str, Any]:
        """What the database holds, under the names of the format and a few more."""
        return self._lab("GET", "projection")

    def settle(self, *, patience: float | None = None) -> bool:
        """Waits until nobody has anything left to do, at most `patience` real seconds. Says whether so."""
        return wait_for(self._calm, seconds=patience or self.patience)

    def _calm(self) -> bool:
        # The simulators first: what they still have to deliver is work that the product has not seen.
        if not self._get("/control/whatsapp/idle")["idle"]:
            return False
        return bool(self._lab("GET", "idle")["idle"])

    # The member's phone

    def write(self, phone: str, body: dict[str, Any]) -> None:
        """The member sends; a burst's messages are one business second apart. Raises NotOffered for a tap."""
        response = self._send(
            "POST", f"{self.sim_url}/control/whatsapp/inbound", json={"phone": phone} | body
        )
        if response.status_code == httpx.codes.CONFLICT:
            raise NotOffered(str(response.json().get("error", "")))
        self._checked(response)

    def received(self, phone: str) -> list[Received]:
        """Everything of ours that the member's phone shows, oldest first."""
        shown = self._get("/control/whatsapp/messages", {"phone": phone})["messages"]
        return [_received(each) for each in shown if each["from"] == "business" and each["shown"]]

    def phones(self) -> list[str]:
        """Everybody on the simulated network."""
        people = self._get("/control/whatsapp/people")["people"]
        return [str(person["phone"]) for person in people]

    # The bank

    def pay(self, *, amount: Decimal, txid: str, key: str) -> None:
        """A Pix of `amount` to the charge `txid`, or to the bare key. Waits for its webhook."""
        target = {"txid": txid, "force": True} if txid else {"key": key}
        body = {"amount": str(amount), **target}
        response = self._send("POST", f"{self.sim_url}/control/pix/pay", json=body)
        end_to_end_id = self._checked(response)["end_to_end_id"]
        if txid:
            wait_for(lambda: self._was_told(end_to_end_id), seconds=self.patience, looks=1)

    def _was_told(self, end_to_end_id: str) -> bool:
        entries = self._get("/control/pix/journal", {"kind": "webhook"})["entries"]
        return any(
            e.get("end_to_end_id") == end_to_end_id and e.get("status") == httpx.codes.OK for e in entries
        )

    # HTTP

    def _get(self, path: str, query: dict[str, str] | None = None) -> dict[str, Any]:
        return self._checked(self._send("GET", f"{self.sim_url}{path}", params=query))

    def _lab(self, method: str, name: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {"X-Lab-Token": self.lab_token}
        return self._checked(self._send(method, f"{self.web_url}/lab/{name}", json=body, headers=headers))

    def _send(self, method: str, url: str, **options: Any) -> httpx.Response:
        try:
            return self.http.request(method, url, **options)
        except httpx.HTTPError as error:
            raise EdgeError(f"{method} {url} failed: {type(error).__name__}") from error

    def _checked(self, response: httpx.Response) -> dict[str, Any]:
        if not response.is_success:
            path = response.request.url.path
            raise EdgeError(f"{path} answered {response.status_code}: {response.text[:200]}")
        found: dict[str, Any] = response.json()
        return found


def wait_for(condition: Callable[[], bool], *, seconds: float, looks: int = _CALM_LOOKS) -> bool:
    """Until `condition` held `looks` times in a row, or `seconds` are over. Says which."""
    deadline = time.monotonic() + seconds
    calm = 0
    while True:
        calm = calm + 1 if condition() else 0
        if calm >= looks:
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)


def _received(shown: dict[str, Any]) -> Received:
    rows = [row["title"] for section in shown.get("sections", []) for row in section["rows"]]
    parts = [shown.get("header", ""), shown["text"], shown.get("footer", "")]
    return Received(
        wamid=shown["wamid"],
        type=shown["type"],
        text="\n".join(part for part in parts if isinstance(part, str) and part),
        at=datetime.fromisoformat(shown["at"]),
        titles=(*(button["title"] for button in shown.get("buttons", [])), *rows),
        has_file=bool(shown.get("media")),
        template=str((shown.get("template") or {}).get("name", "")),
    )
