"""What a decision keeps of a request and of the rules' answers: everything but personal data."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from commons.crypto import keyed_hash
from compliance.content.facts import ChargeFact
from compliance.gate.request import ContactRequest
from compliance.gate.result import RuleResult
from compliance.gate.situation import Situation

_MONEY = ("original", "fine", "interest", "discount", "collection_fee", "total")


def request_as_json(request: ContactRequest, situation: Situation) -> dict[str, Any]:
    """The request without its words: their keyed hash proves later which text was judged."""
    template = request.template
    return {
        "content_hash": keyed_hash(request.words, purpose="contact-text"),
        "length": len(request.text),
        "buttons": len(request.buttons),
        "template": None if template is None else {"name": template.name, "category": template.category},
        "invoices": list(request.invoice_ids),
        "segments": list(request.segments),
        "deferrals": request.deferrals,
        "answers_inbound_at": _instant(request.answers_inbound_at),
        "payment_at": _instant(request.payment_at),
        "service_window_until": _instant(request.service_window_until),
        "contact_point_state": situation.contact_point_state,
        "identity_confirmed": situation.identity_confirmed,
        "charges": [_charge(charge) for charge in request.facts.charges],
    }


def result_as_json(result: RuleResult) -> dict[str, Any]:
    return {
        "rule": result.rule.value,
        "verdict": result.verdict.value,
        "until": _instant(result.until),
        "inputs": {name: _plain(value) for name, value in result.inputs.items()},
    }


def _charge(charge: ChargeFact) -> dict[str, Any]:
    return {"invoice": charge.invoice_id, **{name: str(getattr(charge, name)) for name in _MONEY}}


def _instant(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
