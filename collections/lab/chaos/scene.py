"""Who is there before a storm: a creditor, members who write, and members who are written to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from billing.services.invoices import issue_invoice
from cases.models import Case
from cases.services import opening
from commons import clock
from conversations import templates, threads
from conversations.channels.base import Template
from conversations.models import Conversation, MessageTemplate
from lab import clockwork
from lab.chaos.network import Network
from lab.demo import setting
from members import services as members
from members.enums import Channel
from members.models import ContactPoint

# A Tuesday in the morning: every contact may leave at once.
BEGIN = datetime.fromisoformat("2026-11-24T10:00:00-03:00")
_JOINED = datetime.fromisoformat("2026-10-01T10:00:00-03:00")
_DUE = date(2026, 11, 5)
_OWED = Decimal("119.90")
_ACTOR = "system"
_FIRST_PHONE = 5_511_970_000_000


@dataclass(frozen=True)
class Person:
    """A member late with one invoice, and our conversation with their number (E.164)."""

    number: int
    phone: str
    name: str
    conversation_id: int
    case_id: int
    invoice_id: int


def install() -> None:
    """The demo's creditor on a running clock, without members."""
    clockwork.set_to(instant=BEGIN, frozen=False)
    setting.organisation()
    setting.simulators()


@transaction.atomic
def people(network: Network, *, first: int, count: int) -> list[Person]:
    """So many new members, numbered from `first`, in our book and on the network.

    The régua, whose planner runs already, sees them only when nothing is planned for them any more: what
    leaves in a storm is what the storm queued, and what the agent answers.
    """
    made = [_person(number) for number in range(first, first + count)]
    Case.objects.filter(pk__in=[person.case_id for person in made]).update(next_contact_at=None)
    network.seed(people=[{"phone": person.phone, "name": person.name} for person in made])
    return made


def greeting(person: Person) -> tuple[MessageTemplate, Template, str]:
    """The neutral opening to this person: the template, its content, and how it reads."""
    template = templates.sendable(stage="identify", neutral=True)
    assert template is not None
    values = {"organizacao": "Academia Horizonte", "nome": person.name.split()[0]}
    content, text = templates.render(template, values)
    return template, content, text


def _person(number: int) -> Person:
    member = members.create_member(
        name=f"Membro {number}",
        external_id=f"CHAOS-{number}",
        city="São Paulo",
        uf="SP",
        now=_JOINED,
        actor=_ACTOR,
    )
    added = members.add_contact_point(
        member=member,
        channel=Channel.WHATSAPP,
        address=f"+{_FIRST_PHONE + number}",
        now=_JOINED,
        actor=_ACTOR,
    )
    members.grant_consent(
        member=member,
        channel=Channel.WHATSAPP,
        granted_at=_JOINED,
        source="ficha de matrícula",
        text_version="2026-01",
        actor=_ACTOR,
        now=_JOINED,
    )
    members.confirm_identity(point=added, now=_JOINED, actor=_ACTOR)
    invoice = issue_invoice(
        member_id=member.pk,
        number=f"CHAOS-{number}",
        description="Mensalidade de novembro",
        amount=_OWED,
        due_date=_DUE,
        methods=["pix"],
        now=clock.now(),
        actor=_ACTOR,
    )
    case = opening.sync_case(member_id=member.pk, now=clock.now())
    assert case is not None  # an open invoice opens one
    point = ContactPoint.objects.select_related("member").get(pk=added.pk)
    return Person(
        number=number,
        phone=point.address,
        name=member.name,
        conversation_id=_conversation(point).pk,
        case_id=case.pk,
        invoice_id=invoice.pk,
    )


def _conversation(point: ContactPoint) -> Conversation:
    sender = threads.default_sender()
    assert sender is not None  # the creditor was installed with one
    return threads.with_contact_point(point=point, sender=sender, now=clock.now())
