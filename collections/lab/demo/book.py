"""The book itself: who owes what since when, who agreed to be written to, who does not want it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from billing.models import Invoice
from billing.services.imports import ImportedInvoice, import_invoices
from cases.enums import EscalationReason
from cases.services import concerns, opening, promises
from commons import clock
from commons.models import Organisation
from lab.demo.people import Person, invent
from members import services as members
from members.enums import Channel, PreferenceSource
from members.models import ContactPoint, Member

MEMBERS = 500
BATCH = 0
ACTOR = "system"
PLANS = (
    ("Mensal", Decimal("119.90")),
    ("Estudante", Decimal("69.90")),
    ("Família", Decimal("249.90")),
    ("Premium", Decimal("189.90")),
    ("Corporativo", Decimal("990.00")),
)
_METHODS = ("pix", "boleto", "card")


@dataclass(frozen=True)
class Situation:
    """How many months are open and how they stand; the shares add up to one hundred."""

    name: str
    share: int
    open_months: int
    # The newest open invoice falls due this many days from today (negative: late).
    newest_due: tuple[int, int]


SITUATIONS = (
    Situation("em dia", 34, 0, (0, 0)),
    Situation("vence logo", 12, 1, (0, 6)),
    Situation("vence depois", 8, 1, (9, 25)),
    Situation("primeiro atraso", 22, 1, (-12, -2)),
    Situation("um mês", 12, 1, (-45, -15)),
    Situation("dois meses", 8, 2, (-30, -8)),
    Situation("três meses", 4, 3, (-40, -12)),
)


def write(*, now: datetime, members_count: int = MEMBERS) -> list[Person]:
    """Writes the members, their history of two years at most, and what is open. Returns who they are."""
    draw = random.Random("em dia, livro de demonstração")  # noqa: S311 -- a reproducible book, no secret
    today = clock.local(now, Organisation.current().zone).date()
    people = [invent(number, draw) for number in range(members_count)]
    rows: list[ImportedInvoice] = []
    members_by_number: dict[int, Member] = {}
    for person in people:
        member = _member(person, draw=draw, now=now)
        members_by_number[person.number] = member
        rows += _invoices(member, person, draw=draw, today=today)
    import_invoices(rows, batch_id=BATCH, actor=ACTOR, now=now)
    _situations(members_by_number, now=now)
    return people


def _member(person: Person, *, draw: random.Random, now: datetime) -> Member:
    since = now - timedelta(days=draw.randint(60, 900))
    member = members.create_member(
        name=person.name,
        external_id=f"D{1000 + person.number}",
        document=person.document,
        kind=person.kind,
        birth_date=person.birth_date,
        city=person.city,
        uf=person.uf,
        product="",
        now=since,
        actor=ACTOR,
    )
    if person.number % 60 != 11:
        point = members.add_contact_point(
            member=member, channel=Channel.WHATSAPP, address=person.phone, now=since, actor=ACTOR
        )
        if person.number % 3 == 0:
            members.confirm_identity(point=point, now=since + timedelta(days=9), actor=ACTOR)
    members.add_contact_point(
        member=member, channel=Channel.EMAIL, address=person.email, now=since, actor=ACTOR, is_mobile=False
    )
    if person.number % 60 == 23:
        members.add_contact_point(
            member=member, channel=Channel.SMS, address=person.phone, now=since, actor=ACTOR
        )
        members.set_preference(
            member=member, source=PreferenceSource.DECLARED, actor="member", now=since, channel=Channel.SMS
        )
    if person.number % 19 != 4:
        members.grant_consent(
            member=member,
            channel=Channel.WHATSAPP,
            granted_at=since,
            source="ficha de matrícula",
            text_version="2025-03",
            actor=ACTOR,
            now=since,
        )
    return member


def _invoices(member: Member, person: Person, *, draw: random.Random, today: date) -> list[ImportedInvoice]:
    plan, amount = (
        PLANS[4] if person.kind == "company" else draw.choices(PLANS[:4], weights=(45, 20, 15, 20))[0]
    )
    Member.objects.filter(pk=member.pk).update(product=plan)
    situation = draw.choices(SITUATIONS, weights=[s.share for s in SITUATIONS])[0]
    newest = today + timedelta(days=draw.randint(*situation.newest_due))
    if situation.open_months == 0:
        newest = today - timedelta(days=draw.randint(1, 20))
    months = situation.open_months + draw.randint(2, 8)
    rows = []
    for back in range(months):
        due = _months_before(newest, back)
        is_open = back < situation.open_months
        paid_on = due + timedelta(days=draw.choice((-2, -1, 0, 0, 0, 1, 3, 9)))
        rows.append(
            ImportedInvoice(
                member_id=member.pk,
                number=f"{person.number:04d}{due:%y%m}",
                description=f"Mensalidade {due:%m/%Y}",
                amount=amount,
                due_date=due,
                product=plan,
                methods=_METHODS,
                paid_at=None
                if is_open
                else datetime.combine(min(paid_on, today), time(11, 0), tzinfo=clock.SAO_PAULO),
                paid_method=draw.choice(("pix", "boleto", "card")),
            )
        )
    return rows


def _months_before(day: date, months: int) -> date:
    """The same day some months earlier; every day exists there, because the book uses days up to 28."""
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, min(day.day, 28))


def _situations(book: dict[int, Member], *, now: datetime) -> None:
    """What only people make: opt-outs, wrong numbers, promises, claims, disputes, cases that need somebody."""
    late = [m for m in book.values() if _is_late(m, now=now)]
    for member in late[3:120:17]:
        members.opt_out(member=member, channel=Channel.WHATSAPP, source="no balcão", actor="user:0", now=now)
    for member in late[5:140:23]:
        point = ContactPoint.objects.filter(member=member, channel=Channel.WHATSAPP).first()
        if point is not None:
            members.mark_wrong_number(point=point, source="quem respondeu", actor="member", now=now)
    today = clock.local(now).date()
    for n, member in enumerate(late[7:160:13]):
        case = opening.sync_case(member_id=member.pk, now=now)
        if case is not None:
            promises.take(case=case, on=today + timedelta(days=n % 6), amount=None, author="agent", now=now)
    for member in late[9:100:31]:
        case = opening.sync_case(member_id=member.pk, now=now)
        if case is not None:
            concerns.claim_payment(case=case, author="agent", now=now)
    for member in late[11:120:37]:
        case = opening.sync_case(member_id=member.pk, now=now)
        if case is not None:
            concerns.escalate(
                case=case,
                reason=EscalationReason.HUMAN_REQUESTED,
                raised_by="agent",
                summary="Pediu para falar com uma pessoa sobre o plano.",
                now=now,
            )


def _is_late(member: Member, *, now: datetime) -> bool:
    return Invoice.objects.filter(member=member, status="open", due_date__lt=clock.local(now).date()).exists()
