"""Plays a scenario: sets the world, does each turn through the edges, and records what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from lab.evaluation import media
from lab.evaluation.edges import EdgeError, Edges, NotOffered, Received
from lab.evaluation.operator import Operator
from lab.evaluation.record import Exchange, Run
from lab.evaluation.scenario import Scenario, Turn, as_json

# What the product waits for after the last message of a burst, in business seconds.
DEBOUNCE_SECONDS = 6
_HOUR = timedelta(hours=1)
# Real seconds: the first turn may have to train the language models.
_WARM_UP_PATIENCE = 240.0
_STRANGER: dict[str, Any] = {
    "name": "Bia Rocha",
    "cpf": "61462982204",
    "phone": "+5511900000099",
    "invoices": [],
}


class Player:
    """Plays scenarios one after the other on one product."""

    def __init__(self, edges: Edges, *, pix_key: str, operator: Callable[[], Operator]) -> None:
        """`operator` logs a person in; it is called when a scenario first needs one."""
        self._edges = edges
        self._pix_key = pix_key
        self._log_in = operator
        self._operator: Operator | None = None
        self._phone = ""
        self._seen: set[str] = set()

    def close(self) -> None:
        if self._operator is not None:
            self._operator.close()

    def warm_up(self, world: dict[str, Any]) -> None:
        """Two conversations at once, so that every runner has loaded what a turn needs before any is timed.

        Raises EdgeError when the product does not get through them.
        """
        organization = world["organization"] | {"other_members": [_STRANGER]}
        answer = self._edges.install(as_json(world | {"organization": organization}))
        for phone in (str(answer["phone"]), _STRANGER["phone"]):
            self._edges.write(phone, {"text": "oi"})
        arrived = self._edges.settle(patience=_WARM_UP_PATIENCE)
        self._edges.advance(seconds=DEBOUNCE_SECONDS)
        if not (self._edges.settle(patience=_WARM_UP_PATIENCE) and arrived):
            raise EdgeError("the product does not answer")

    def play(self, scenario: Scenario) -> Run:
        """One run. Whatever goes wrong on the way is in its `error`; nothing is raised for it."""
        run = Run(scenario)
        began = time.monotonic()
        try:
            self._begin(run)
            for turn in scenario.turns:
                self._turn(run, turn)
            run.elsewhere = self._elsewhere()
        except NotOffered as error:
            run.error = f"turn {len(run.exchanges) + 1}: nothing to press: {error}"
        except EdgeError as error:
            run.error = f"turn {len(run.exchanges) + 1}: {error}"
        run.seconds = time.monotonic() - began
        return run

    def _begin(self, run: Run) -> None:
        answer = self._edges.install(as_json(run.scenario.world))
        self._phone = str(answer["phone"])
        run.opening = str(answer.get("opening_text", ""))
        if not self._edges.settle():
            raise EdgeError("the world did not come to rest")
        self._seen = {message.wamid for message in self._edges.received(self._phone)}
        self._last = self._edges.projection()

    def _turn(self, run: Run, turn: Turn) -> None:
        before = self._last
        settled = self._act(run.scenario, turn)
        self._last = self._edges.projection()
        run.exchanges.append(
            Exchange(
                turn=turn,
                before=before,
                after=self._last,
                now=self._edges.now(),
                received=self._collect(),
                settled=settled,
            )
        )
        if not settled:
            raise EdgeError("the product did not finish in time")

    def _act(self, scenario: Scenario, turn: Turn) -> bool:
        """Does the turn and lets the product finish. Says whether it did."""
        if turn.kind == "wait":
            return self._wait(turn.span)
        waited = DEBOUNCE_SECONDS
        if turn.kind == "pay":
            self._pay(turn.value)
        elif turn.kind == "operator":
            self._operate(turn.value)
        else:
            self._edges.write(self._phone, _spoken(turn, name=f"{scenario.id}/{turn.number}"))
            waited += len(turn.words) - 1 if turn.kind == "burst" else 0
        arrived = self._edges.settle()
        self._edges.advance(seconds=waited)
        return self._edges.settle() and arrived

    def _wait(self, span: timedelta) -> bool:
        hours, rest = divmod(span, _HOUR)
        self._edges.advance_hours(hours=hours, minutes=rest // timedelta(minutes=1))
        return self._edges.settle()

    def _pay(self, wanted: dict[str, Any]) -> None:
        """To the newest active means of that method; without one a Pix to the key."""
        active = [
            means
            for means in self._last.get("details", {}).get("means", [])
            if means["method"] == wanted["method"] and means["status"] == "active"
        ]
        if active and wanted["method"] != "pix":
            raise EdgeError(f"nothing here can pay a {wanted['method']}")
        txid = str(active[-1]["reference"]) if active else ""
        self._edges.pay(amount=Decimal(str(wanted["amount"])), txid=txid, key=self._pix_key)

    def _operate(self, wanted: dict[str, Any]) -> None:
        if self._operator is None:
            self._operator = self._log_in()
        self._operator.act(wanted["act"], str(wanted.get("text", "")))

    def _collect(self) -> list[Received]:
        fresh = [message for message in self._edges.received(self._phone) if message.wamid not in self._seen]
        self._seen |= {message.wamid for message in fresh}
        return fresh

    def _elsewhere(self) -> list[Received]:
        others = [phone for phone in self._edges.phones() if phone != self._phone]
        return [message for phone in others for message in self._edges.received(phone)]


def _spoken(turn: Turn, *, name: str) -> dict[str, Any]:
    """The body for the phone's control."""
    if turn.kind == "say":
        return {"text": turn.value}
    if turn.kind == "burst":
        return {"burst": list(turn.value)}
    if turn.kind == "tap":
        return {"tap": turn.value}
    return media.message(turn.kind, as_json(turn.value), name=name)
