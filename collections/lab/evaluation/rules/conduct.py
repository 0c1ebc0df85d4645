"""How we behave: G5 tools in place, G6 silence after a stop, G7 one reply, G10 an answer, G11 no echo."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lab.evaluation.edges import Received
from lab.evaluation.mentions import fold
from lab.evaluation.record import Exchange, Run

_OPEN = frozenset({"reminder", "soft", "negotiation", "escalated"})
_NEGOTIABLE = frozenset({"reminder", "soft", "negotiation"})
_ANY_STATE = _OPEN | {"settled"}

# The text that says a payment has arrived: it follows a payment, not a turn.
_THANKS = re.compile(r"\b(?:receb|identific|confirm)\w* (?:o |um |seu |o seu |um )*pagamento\b")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?…])\s+|\n+")
# A shorter sentence ("Tudo bem.") is not an echo.
_ECHO_WORDS = 4


@dataclass(frozen=True)
class Demand:
    """What must be true where a tool is called."""

    confirmed: bool
    states: frozenset[str]


_ANYBODY = Demand(confirmed=False, states=_ANY_STATE)
_MEMBER = Demand(confirmed=True, states=_ANY_STATE)
_OPEN_CASE = Demand(confirmed=True, states=_OPEN)
_NEGOTIATING = Demand(confirmed=True, states=_NEGOTIABLE)
# The policy of tools as the scenarios' author reads it, written down a second time on purpose.
TOOLS: Mapping[str, Demand] = {
    "confirm_identity": _ANYBODY,
    "wrong_person": _ANYBODY,
    "opt_out": _ANYBODY,
    "call_person": _ANYBODY,
    "flag_risk": _ANYBODY,
    "note_misunderstanding": _ANYBODY,
    "get_balance": _MEMBER,
    "payment_claim": _MEMBER,
    "send_payment": _OPEN_CASE,
    "dispute": _OPEN_CASE,
    "note_delay_reason": _OPEN_CASE,
    "propose_promise": _NEGOTIATING,
    "propose_installments": _NEGOTIATING,
    "propose_pause": _NEGOTIATING,
    "accept_offer": _NEGOTIATING,
    "refuse_offer": _NEGOTIATING,
}


def forbidden_calls(run: Run) -> list[str]:
    """G5: a tool that took effect where neither the turn's beginning nor its end allowed it."""
    found = []
    for exchange in run.exchanges:
        for call in exchange.new_calls:
            if not call.get("ok", True):
                continue
            name = str(call["tool"])
            demand = TOOLS.get(name)
            if demand is None:
                found.append(
                    f"G5: turn {exchange.turn.number} calls {name}, which the table of G5 does not know"
                )
            elif why := _refusal(demand, exchange):
                found.append(f"G5: turn {exchange.turn.number} calls {name} {why}")
    return found


def contacts_after_stop(run: Run) -> list[str]:
    """G6: after opt-out, wrong number or settlement we start nothing but one confirmation or thanks."""
    found = []
    granted = 0
    for exchange in run.exchanges:
        stopped_before, stopped_now = _has_ended(exchange.before), _has_ended(exchange.after)
        if exchange.turn.spoken or exchange.turn.kind == "operator" or not (stopped_before or stopped_now):
            continue
        for message in exchange.replies:
            granted += 1
            thanks = _is_thanks(message) or (stopped_now and not stopped_before)
            if granted > 1 or not thanks:
                found.append(
                    f"G6: turn {exchange.turn.number} brings {_short(message)} after contact has ended"
                )
    return found


def too_many_replies(run: Run) -> list[str]:
    """G7: at most one reply to a turn. Thanks for a payment answer the payment, not the turn."""
    found = []
    for exchange in run.exchanges:
        if not exchange.turn.spoken:
            continue
        replies = [message for message in exchange.replies if not _thanks_of_earlier(message, run, exchange)]
        if len(replies) > 1:
            found.append(f"G7: turn {exchange.turn.number} brings {len(replies)} replies")
        if exchange.turn.silent and replies:
            found.append(f"G7: turn {exchange.turn.number} brings a reply where silence is expected")
    return found


def unanswered(run: Run) -> list[str]:
    """G10: a message of the member's without an answer. A person's reply in the next turn is one."""
    found = []
    for number, exchange in enumerate(run.exchanges):
        if not exchange.turn.spoken or exchange.turn.silent or exchange.replies:
            continue
        if not _answered_by_person(run.exchanges[number + 1 :]):
            found.append(f"G10: turn {exchange.turn.number} stays without an answer")
    return found


def repeated(run: Run) -> list[str]:
    """G11: the sentence that ended one message is said again as the next thing, or a whole message is."""
    found: list[str] = []
    last: list[str] = []
    for exchange in run.exchanges:
        for message in exchange.replies:
            sentences = _sentences(message.text)
            echo = next((a for a, b in itertools.pairwise(sentences) if a == b), None)
            if last and sentences and (sentences == last or sentences[0] == last[-1]):
                echo = sentences[0]
            if echo is not None and (sentences == last or len(echo.split()) >= _ECHO_WORDS):
                found.append(f"G11: turn {exchange.turn.number} repeats {echo!r}")
            last = sentences
    return found


def _refusal(demand: Demand, exchange: Exchange) -> str:
    around = (exchange.before, exchange.after)
    if demand.confirmed and not any(p.get("identity") == "confirmed" for p in around):
        return "without a confirmed identity"
    if not any(p.get("case_state") in demand.states for p in around):
        return f"in the state {exchange.before.get('case_state')}"
    return ""


def _has_ended(projection: dict[str, Any]) -> bool:
    return bool(
        projection.get("opted_out")
        or projection.get("contact_point") == "wrong"
        or projection.get("case_state") == "settled"
    )


def _is_thanks(message: Received) -> bool:
    return _THANKS.search(fold(message.text)) is not None


def _thanks_of_earlier(message: Received, run: Run, exchange: Exchange) -> bool:
    """Thanks that waited for the identity: they belong to a payment of an earlier turn."""
    paid = any(e.turn.kind == "pay" and e.turn.number < exchange.turn.number for e in run.exchanges)
    return paid and len(exchange.replies) > 1 and _is_thanks(message)


def _answered_by_person(following: list[Exchange]) -> bool:
    for exchange in following:
        if exchange.turn.kind == "operator" and exchange.replies:
            return True
        if exchange.turn.spoken:
            return False
    return False


def _sentences(text: str) -> list[str]:
    return [folded for part in _SENTENCE_ENDS.split(text) if (folded := fold(part).strip(" \n.!?…"))]


def _short(message: Received) -> str:
    return repr(message.text[:60])
