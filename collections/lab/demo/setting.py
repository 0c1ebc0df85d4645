"""The demo's organisation and the world around it."""

from __future__ import annotations

from datetime import datetime

import httpx
from django.conf import settings
from django.db import transaction

from cadence.defaults import ensure_defaults
from cadence.models import Step
from commons import clock
from commons.models import Organisation
from conversations.models import MessageTemplate, Sender
from lab import standing
from lab.demo import behaviour
from lab.demo import book as demo_book
from members.enums import Channel
from members.models import ContactPoint

POLICY = {
    "installments": {"max": 3, "min_amount": "40.00", "first_within_days": 5},
    "promise": {"max_days_ahead": 10, "max_broken": 2},
    "pause": {"min_days": 30, "max_days": 60, "max_open_invoices": 2},
    "identity": {"tries": 3},
}


def organisation() -> Organisation:
    """Academia Horizonte, an invented gym in São Paulo."""
    made = Organisation.objects.create(
        pk=1,
        trade_name="Academia Horizonte",
        legal_name="Academia Horizonte Condicionamento Físico Ltda.",
        cnpj="46827193000150",
        sector="gym",
        address="Rua das Figueiras, 480, Vila Clementino, São Paulo, SP",
        city="São Paulo",
        uf="SP",
        site="https://academiahorizonte.example",
        privacy_contact="privacidade@academiahorizonte.example",
        support_hours={"monday_to_friday": "08:00-18:00", "saturday": "08:00-12:00"},
        negotiation_policy=POLICY,
        pix_key=settings.PIX_KEY,
    )
    Sender.objects.create(
        provider_id=settings.WHATSAPP_PHONE_NUMBER_ID,
        name=made.trade_name,
        display_phone="+55 11 4000-0480",
        quality="GREEN",
    )
    Sender.objects.create(
        channel=Channel.EMAIL, provider_id="contato@academiahorizonte.example", name=made.trade_name
    )
    Sender.objects.create(
        channel=Channel.SMS,
        provider_id="+551140000480",
        display_phone="+55 11 4000-0480",
        name=made.trade_name,
    )
    ensure_defaults(now=clock.now())
    # Whoever has no WhatsApp is reached elsewhere, and whoever prefers it first.
    Step.objects.update(channels=[Channel.WHATSAPP, Channel.EMAIL, Channel.SMS])
    now = clock.now()
    MessageTemplate.objects.update(status="APPROVED", submitted_at=now, live_since=now, synced_at=now)
    return made


@transaction.atomic
def book(*, now: datetime) -> int:
    return len(demo_book.write(now=now, members_count=settings.DEMO_MEMBERS))


def simulators() -> None:
    """The same people on the simulated WhatsApp, our templates approved there, and a life of their own."""
    points = ContactPoint.objects.filter(channel=Channel.WHATSAPP, voided_at=None).select_related("member")
    people = [{"phone": p.address, "name": p.member.name} for p in points]
    body = {
        "people": people,
        "templates": standing.provider_templates(),
        "business": {"name": "Academia Horizonte"},
        # Whoever a visitor imports is reachable as well; a number without WhatsApp is scripted where wanted.
        "unknown_numbers": "join",
    }
    response = httpx.post(f"{settings.SIM_URL}/control/whatsapp/seed", json=body, timeout=60, trust_env=False)
    response.raise_for_status()
    _mailboxes()
    behaviour.teach()


def _mailboxes() -> None:
    """Whose address is whose, so that the phone of a member shows their letters too."""
    points = ContactPoint.objects.filter(channel=Channel.EMAIL, voided_at=None).values_list(
        "member_id", "address"
    )
    phones = dict(
        ContactPoint.objects.exclude(channel=Channel.EMAIL)
        .filter(voided_at=None)
        .values_list("member_id", "address")
    )
    known = [{"phone": phones[pk], "address": address} for pk, address in points if pk in phones]
    response = httpx.post(
        f"{settings.SIM_URL}/control/email/seed", json={"people": known}, timeout=60, trust_env=False
    )
    response.raise_for_status()
