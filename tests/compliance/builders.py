"""Requests and situations to start from: an ordinary contact that may leave."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from compliance.content.facts import FactSet
from compliance.enums import ContactKind
from compliance.gate.request import ContactRequest, TemplateState
from compliance.gate.situation import InvoiceState, PastContact, Situation
from compliance.packs.loader import load_pack

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
BR = load_pack("BR")
# An ordinary Tuesday morning, in São Paulo.
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=SAO_PAULO)
INVOICE = InvoiceState(id=7, due_on=date(2026, 11, 5), original_due_on=date(2026, 11, 5))

_TEXT = "Olá, Ana! Aqui é a assistente virtual da Academia Exemplo. Podemos conversar?"


def at(text: str, zone: ZoneInfo = SAO_PAULO) -> datetime:
    """`2026-11-24 10:00` on the clock of `zone`."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=zone)


def request(**changes: Any) -> ContactRequest:
    """A collection step of the cadence by WhatsApp, with an approved template."""
    base = ContactRequest(
        member_id=1,
        contact_point_id=3,
        channel="whatsapp",
        kind=ContactKind.COLLECTION,
        text=_TEXT,
        facts=FactSet(),
        author="cadence",
        template=TemplateState(name="lembrete", active=True),
        case_id=5,
        invoice_ids=(7,),
        step_key="soft-2",
    )
    return replace(base, **changes)


def reply(inbound: datetime, **changes: Any) -> ContactRequest:
    """The agent's answer to a message that came at `inbound`."""
    base = {"kind": ContactKind.REPLY, "author": "agent", "template": None, "step_key": None}
    return request(**{**base, "answers_inbound_at": inbound, **changes})


def situation(**changes: Any) -> Situation:
    """A member of São Paulo with a confirmed WhatsApp, a consent, one open invoice, and no past contacts."""
    base = Situation(
        member_id=1,
        state="SP",
        zone=SAO_PAULO,
        contact_point_member_id=1,
        contact_point_channel="whatsapp",
        contact_point_state="confirmed",
        identity_confirmed=True,
        opted_in=True,
        case_state="soft",
        creditor_names=frozenset({"Academia Exemplo"}),
        invoices=(INVOICE,),
    )
    return replace(base, **changes)


def sent(
    *instants: datetime, kind: ContactKind = ContactKind.COLLECTION, **changes: Any
) -> tuple[PastContact, ...]:
    """Contacts that left at `instants`."""
    return tuple(
        PastContact(**{"at": each, "channel": "whatsapp", "kind": kind, **changes}) for each in instants
    )


def before(now: datetime, **delta: float) -> datetime:
    return now - timedelta(**delta)
