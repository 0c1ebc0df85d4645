"""Setting a scene: empties the business tables and writes organisation, policy, member, invoices and history."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import httpx
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from billing.services.invoices import issue_invoice
from cadence.defaults import ensure_defaults
from cases.models import Case
from cases.services import opening
from commons import clock
from commons.history import append
from commons.models import Organisation
from conversations import threads
from conversations.enums import Direction, MessageKind, MessageState
from conversations.models import Conversation, Message, MessageTemplate, Sender
from lab import clockwork, past, standing
from members import services as members
from members.enums import Channel, MemberKind
from members.models import ContactPoint, Member
from members.phones import parse

# Apps whose tables hold business data; users, schedules and Django's own stay.
BUSINESS_APPS = (
    "commons",
    "members",
    "assignment",
    "billing",
    "cases",
    "compliance",
    "conversations",
    "cadence",
    "analysis",
    "office",
)
_OPENING_WAMID = "wamid.LABOPENING0001"


def install(world: dict[str, Any]) -> dict[str, Any]:
    """Writes the world of one scenario. Answers the phone and the id of the opening message."""
    instant = datetime.fromisoformat(world["clock"])
    empty()
    clockwork.set_to(instant=instant, frozen=True)
    now = clock.now()
    organisation = _organisation(world)
    standing.contact_policy(world["contact_policy"])
    ensure_defaults(now=now)
    # The scene starts with a set-up house: what WhatsApp would have approved long ago is approved.
    MessageTemplate.objects.update(status="APPROVED")
    sender = _sender(organisation)
    member, point = _member(world["member"], now=now)
    for other in world["organization"].get("other_members", []):
        _other(other, now=now)
    _invoices(member, world["invoices"], now=now)
    _reset_bank()
    past.write(member=member, history=world["history"], now=now)
    opening.sync_case(member_id=member.pk, now=now)
    past.set_state(member=member, state=world["history"].get("case_state", ""), now=now)
    # The régua begins where the opening left it: nothing is sent before the scenario speaks.
    Case.objects.filter(member=member).update(next_contact_at=None)
    opened = _opening(world["opening"], member=member, point=point, sender=sender)
    _seed_simulator(world, member=member, point=point, opened=opened)
    return {
        "phone": point.address,
        "opening": opened.provider_id,
        "opening_text": opened.body,
        "now": now.isoformat(),
    }


def empty() -> None:
    """TRUNCATE: row triggers that keep history from being changed do not stop it, and the lab is no history."""
    tables = [
        model._meta.db_table
        for label in BUSINESS_APPS
        for model in apps.get_app_config(label).get_models()
        if model._meta.managed and not model._meta.proxy and model._meta.db_table != "commons_clockstate"
    ]
    with connection.cursor() as cursor:
        quoted = ", ".join(connection.ops.quote_name(table) for table in tables)
        cursor.execute(f"TRUNCATE {quoted} RESTART IDENTITY CASCADE")


def _organisation(world: dict[str, Any]) -> Organisation:
    data = world["organization"]
    charges = world["negotiation_policy"]["late_charges"]
    return Organisation.objects.create(
        pk=1,
        trade_name=data["trade_name"],
        legal_name=data["legal_name"],
        cnpj=data["cnpj"],
        sector=data["sector"],
        original_creditor=data["original_creditor"],
        address=data["address"],
        city=world["member"].get("city", "São Paulo"),
        uf=world["member"].get("uf", "SP"),
        site=data["site"],
        privacy_contact=data["privacy_contact"],
        timezone=data["timezone"],
        support_hours=data["support_hours"],
        fine_percent=Decimal(charges["fine_percent"]),
        interest_percent_month=Decimal(charges["interest_percent_month"]),
        interest_days=charges["interest_days"],
        negotiation_policy=world["negotiation_policy"],
        pix_key=settings.PIX_KEY,
    )


def _sender(organisation: Organisation) -> Sender:
    return Sender.objects.create(
        provider_id=settings.WHATSAPP_PHONE_NUMBER_ID, name=organisation.trade_name, quality="GREEN"
    )


def _member(data: dict[str, Any], *, now: datetime) -> tuple[Member, ContactPoint]:
    member = members.create_member(
        name=data["name"],
        document=data["cpf"],
        kind=MemberKind(data.get("kind", "person")),
        birth_date=_day(data.get("birth_date")),
        city=data.get("city", ""),
        uf=data.get("uf", ""),
        country=data.get("country", "BR"),
        language=data.get("language", "pt-BR"),
        external_id="LAB-1",
        now=now,
        actor="system",
    )
    point = members.add_contact_point(
        member=member, channel=Channel.WHATSAPP, address=parse(data["phone"]).e164, now=now, actor="system"
    )
    if consent := data.get("consent"):
        granted = datetime.combine(
            _day(consent["granted_at"]) or now.date(), time(12, 0), tzinfo=clock.SAO_PAULO
        )
        members.grant_consent(
            member=member,
            channel=consent["channel"],
            granted_at=granted,
            source=consent["source"],
            text_version=consent["text_version"],
            actor="system",
            now=now,
        )
    if data.get("identity") == "confirmed":
        members.confirm_identity(point=point, now=now, actor="system")
    return member, ContactPoint.objects.select_related("member").get(pk=point.pk)


def _other(data: dict[str, Any], *, now: datetime) -> None:
    """Somebody whose data must never appear."""
    other = members.create_member(
        name=data["name"],
        document=data.get("cpf", ""),
        external_id=f"LAB-{data['name']}",
        now=now,
        actor="system",
    )
    if data.get("phone"):
        members.add_contact_point(
            member=other, channel=Channel.WHATSAPP, address=parse(data["phone"]).e164, now=now, actor="system"
        )
    rows = [
        {"id": f"{other.external_id}-{number}", "description": "Mensalidade"} | row
        for number, row in enumerate(data.get("invoices", []), start=1)
    ]
    _invoices(other, rows, now=now)


def _invoices(member: Member, rows: list[dict[str, Any]], *, now: datetime) -> None:
    for row in rows:
        due = _day(row["due"])
        assert due is not None
        invoice = issue_invoice(
            member_id=member.pk,
            number=row["id"],
            description=row["description"],
            amount=Decimal(row["amount"]),
            due_date=due,
            methods=row.get("methods", ["pix"]),
            now=now,
            actor="system",
        )
        if row.get("status") == "paid":
            past.pay(member=member, invoice=invoice, now=now)


def _opening(data: dict[str, Any], *, member: Member, point: ContactPoint, sender: Sender) -> Message:
    """The neutral message that the member already has, as it stands in our book."""
    at = datetime.fromisoformat(data["sent_at"])
    conversation: Conversation = threads.with_contact_point(point=point, sender=sender, now=at)
    text = data["text"].format(first_name=member.first_name)
    decision = standing.opening_decision(member=member, point=point, at=at)
    message = Message.objects.create(
        conversation=conversation,
        direction=Direction.OUT,
        kind=MessageKind.BUTTONS,
        body=text,
        content={"buttons": data["buttons"]},
        author="cadence",
        state=MessageState.DELIVERED,
        contact_kind=decision.kind,
        decision=decision,
        decision_verdict=decision.verdict,
        provider_id=_OPENING_WAMID,
        at=at,
        send_at=at,
        sent_at=at,
        delivered_at=at,
    )
    append(
        member_id=member.pk, kind="message.planned", sentence=text, at=at, actor="cadence", message=message.pk
    )
    return message


def _reset_bank() -> None:
    """An empty bank that knows where to call when money arrives."""
    response = httpx.post(f"{settings.SIM_URL}/control/pix/reset", json={}, timeout=10, trust_env=False)
    response.raise_for_status()
    call_command("register_pix_webhook", stdout=io.StringIO())


def _seed_simulator(world: dict[str, Any], *, member: Member, point: ContactPoint, opened: Message) -> None:
    """The same person and the same opening in the WhatsApp simulator."""
    profile = world["member"].get("profile_name") or member.name
    base = f"{settings.SIM_URL}/control"
    # Nobody watches the phone of a scene: what is sent is there at once.
    person = {"phone": point.address, "name": profile, "script": {"name": "normal", "seconds": 0}}
    with httpx.Client(timeout=10, trust_env=False) as http:
        http.post(
            f"{base}/whatsapp/seed",
            json={
                "reset": True,
                "people": [person],
                "templates": standing.provider_templates(),
            },
        ).raise_for_status()
        http.post(
            f"{base}/whatsapp/place",
            json={
                "phone": point.address,
                "wamid": opened.provider_id,
                "text": opened.body,
                "buttons": [
                    {"id": _button_id(title), "title": title} for title in world["opening"]["buttons"]
                ],
                "timestamp": opened.at.isoformat(),
            },
        ).raise_for_status()


def _button_id(title: str) -> str:
    return {"Sou eu": "sou_eu", "Não sou": "nao_sou"}.get(title, title)


def _day(value: Any) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    return date.fromisoformat(str(value))
