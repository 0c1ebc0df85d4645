"""A book as large as a town's: members, cases, invoices, and everything that years of collecting leave behind.

Its proportions are those of a creditor with trouble: four cases in five are open, one invoice in thirty was
paid in part, one open case in thirty has an agreement. Nothing in it was written by a service.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import psycopg
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import DatabaseError, connection, models, transaction

from billing.models import Allocation, Invoice, LedgerEntry, MeansLine, Payment, PaymentMeans
from cadence.models import Cadence, CadenceVersion, Step
from cases.models import (
    Agreement,
    Case,
    CaseEvent,
    CaseInvoice,
    Dispute,
    Escalation,
    Hold,
    Installment,
    Pause,
    PaymentClaim,
    Promise,
)
from commons.models import HistoryEntry, HistoryHead, Organisation
from compliance.models import ContactSettings
from conversations.models import MessageTemplate, Sender
from experiments.assignment.models import Arm, Assignment, Pilot
from lab.bench import large_book_contacts
from lab.bench.filler import Filler, days_before
from lab.bench.scale import TODAY, at, share
from members.models import Consent, ContactPoint, Member, PrivacyNotice, SuppressionMark

_CITIES = (
    ("São Paulo", "SP"),
    ("Campinas", "SP"),
    ("Rio de Janeiro", "RJ"),
    ("Belo Horizonte", "MG"),
    ("Curitiba", "PR"),
    ("Porto Alegre", "RS"),
    ("Recife", "PE"),
    ("Salvador", "BA"),
    ("Manaus", "AM"),
    ("Goiânia", "GO"),
)
_PLANS = ("Plano Básico", "Plano Família", "Plano Total", "Empresarial")
_AMOUNTS = tuple(Decimal(text) for text in ("89.90", "119.90", "149.90", "349.50"))
_FIRST = ("Ana", "Bruno", "Carla", "Diego", "Elisa", "Fábio", "Gisele", "Heitor", "Iara", "João")
_LAST = ("Souza", "Lima", "Alves", "Rocha", "Pires", "Moraes", "Nunes")
_METHODS = (["pix"], ["pix", "boleto"], ["boleto"])
_STATES = ("soft", "reminder", "negotiation", "escalated", "settled")
_DUE = days_before(TODAY.date(), 160, ahead=9)
_AGREED = 30
_IN_PART = 31


def write(members: int) -> tuple[Filler, list[str]]:
    """Fills every table that has a list in the office, in proportion to `members` (at least one row each).

    The second answer names the lists that stayed empty: what their rows must be nobody has said here.
    """
    filler = Filler()
    _standing(filler)
    _people(filler, members)
    _invoices(filler, members)
    _payments(filler, max(1, members // 2))
    _cases(filler, members)
    _deals(filler, members)
    large_book_contacts.write(filler, members)
    _experiments(filler, members)
    empty = _whatever_else_is_listed(filler, max(1, members // 100))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return filler, empty


def _standing(filler: Filler) -> None:
    if not Organisation.objects.exists():
        Organisation.objects.create(pk=1, trade_name="Bench", legal_name="Bench Ltda", cnpj="11222333000181")
    for model in (Sender, MessageTemplate, Cadence):
        filler.fill(model, 1, name=_numbered(model), **_unique_default(model))
    author, _made = User.objects.get_or_create(username="bench", defaults={"is_staff": True})
    filler.remember(User, range(author.pk, author.pk + 1))
    filler.fill(CadenceVersion, 1, status="retired", number=1)
    filler.fill(Step, 1)
    if not ContactSettings.objects.exists():
        filler.fill(ContactSettings, 1)


def _numbered(model: type[models.Model]) -> str:
    return f"bench {model._base_manager.count()}"


def _unique_default(model: type[models.Model]) -> dict[str, Any]:
    if model is Sender:
        return {"provider_id": _numbered(Sender)}
    return {"is_default": False} if model is Cadence else {}


def _people(filler: Filler, members: int) -> None:
    base = Member.objects.count()

    def name(n: int) -> str:
        return f"{_FIRST[n % len(_FIRST)]} {_LAST[n % len(_LAST)]} {base + n}"

    people = filler.fill(
        Member,
        members,
        external_id=lambda n: f"G{base + n:07d}",
        name=name,
        folded_name=lambda n: name(n).lower(),
        document="52998224725",
        document_hash=lambda n: f"{base + n:064d}",
        city=lambda n: _CITIES[n % len(_CITIES)][0],
        uf=lambda n: _CITIES[n % len(_CITIES)][1],
        product=lambda n: _PLANS[n % len(_PLANS)],
    )
    filler.fill(
        ContactPoint,
        members,
        member_id=lambda n: people[n],
        address="+5511987654321",
        address_hash=lambda n: f"{base + n:064d}",
        match_hash=lambda n: f"{base + n:064d}",
        state=lambda n: ("confirmed", "unverified", "invalid")[n % 3],
    )
    filler.fill(
        Consent, members, member_id=lambda n: people[n], granted_at=at, source="ficha", text_version="1"
    )
    filler.fill(PrivacyNotice, 1, version=_numbered(PrivacyNotice), language="pt-BR", text="Aviso", url="")
    filler.fill(SuppressionMark, share(members, 50), member_id=filler.one_of(Member), at=at)


def _invoices(filler: Filler, members: int) -> None:
    people = filler.ids(Member)
    base = Invoice.objects.count()
    open_ones = filler.fill(
        Invoice,
        members,
        member_id=lambda n: people[n],
        number=lambda n: f"B{base + n:08d}",
        description="Mensalidade 11/2026",
        product=lambda n: _PLANS[n % len(_PLANS)],
        amount=lambda n: _AMOUNTS[n % len(_AMOUNTS)],
        due_date=_DUE,
        original_due_date=_DUE,
        methods=lambda n: _METHODS[n % len(_METHODS)],
        created_at=at,
    )
    filler.fill(
        LedgerEntry,
        members,
        invoice_id=lambda n: open_ones[n],
        kind="charge",
        component="principal",
        amount=lambda n: _AMOUNTS[n % len(_AMOUNTS)],
        payment_id=None,
        at=at,
    )


def _payments(filler: Filler, count: int) -> None:
    """Invoices of the past that were paid in full, and a part of one open invoice in thirty."""
    people = filler.one_of(Member)
    open_ones = filler.ids(Invoice)
    base = Invoice.objects.count()
    paid = filler.fill(
        Invoice,
        count,
        member_id=people,
        number=lambda n: f"P{base + n:08d}",
        description="Mensalidade 10/2026",
        product=lambda n: _PLANS[n % len(_PLANS)],
        amount=lambda n: _AMOUNTS[n % len(_AMOUNTS)],
        due_date=_DUE,
        original_due_date=_DUE,
        status="paid",
        settled_at=at,
        created_at=at,
    )
    filler.fill(
        PaymentMeans,
        count,
        member_id=people,
        provider="pix_api",
        reference=lambda n: f"{base + n:032d}",
        scope=lambda n: str(paid[n]),
        amount=Decimal("119.90"),
        status="paid",
        issued=True,
        created_at=at,
    )
    filler.fill(MeansLine, count, invoice_id=lambda n: paid[n])
    payments = filler.fill(
        Payment,
        count,
        provider="bench",
        provider_key=lambda n: f"E{base + n:08d}",
        member_id=lambda n: people(n) if n % 50 else None,
        method=lambda n: ("pix", "boleto", "cash")[n % 3],
        source="webhook",
        amount=lambda n: _AMOUNTS[n % len(_AMOUNTS)],
        paid_at=at,
        seen_at=at,
        reference=lambda n: f"{base + n:032d}",
    )
    filler.fill(
        Allocation, count, payment_id=lambda n: payments[n], invoice_id=lambda n: paid[n], fine=0, interest=0
    )
    entries: dict[str, Any] = {"component": "principal", "at": at}
    filler.fill(LedgerEntry, count, kind="charge", invoice_id=lambda n: paid[n], amount=100, **entries)
    filler.fill(
        LedgerEntry,
        count,
        kind="payment",
        payment_id=lambda n: payments[n],
        invoice_id=lambda n: paid[n],
        amount=-100,
        **entries,
    )
    filler.fill(
        LedgerEntry,
        share(len(open_ones), _IN_PART),
        kind="payment",
        payment_id=lambda n: payments[n % count],
        invoice_id=lambda n: open_ones[n * _IN_PART % len(open_ones)],
        amount=-20,
        **entries,
    )
    # What the cases below hold are the open ones.
    filler.remember(Invoice, open_ones)


def _cases(filler: Filler, members: int) -> None:
    people, invoices = filler.ids(Member), filler.ids(Invoice)
    cases = filler.fill(
        Case,
        members,
        member_id=lambda n: people[n],
        state=lambda n: _STATES[n % len(_STATES)],
        state_since=at,
        opened_at=at,
        next_contact_at=lambda n: TODAY + timedelta(minutes=n % 10_000) if n % len(_STATES) < 4 else None,
    )
    filler.fill(CaseInvoice, members, case_id=lambda n: cases[n], invoice_id=lambda n: invoices[n])
    filler.fill(CaseEvent, members, case_id=lambda n: cases[n], transition="open", target="reminder", at=at)
    # Long before any business time of ours: each member's story begins after it.
    filler.fill(HistoryHead, members, member_id=lambda n: people[n], sequence=2)
    for sequence in (1, 2):
        filler.fill(
            HistoryEntry,
            members,
            member_id=lambda n: people[n],
            sequence=sequence,
            kind="bench.line",
            at=at,
            actor="system",
            sentence="Linha do livro de medição.",
        )


def _deals(filler: Filler, members: int) -> None:
    cases = filler.ids(Case)
    invoices = filler.ids(Invoice)

    def spread(one_in: int) -> Callable[[int], int]:
        return lambda n: cases[n * one_in % len(cases)]

    filler.fill(
        Promise,
        share(members, 10),
        case_id=spread(10),
        date=days_before(TODAY.date(), 60, ahead=6),
        amount=lambda n: _AMOUNTS[n % 4] if n % 3 else None,
        status=lambda n: ("broken", "kept", "open")[n % 3],
        made_at=at,
    )
    filler.fill(
        Agreement,
        share(members, _AGREED),
        case_id=spread(_AGREED),
        status="active",
        total=Decimal("130.00"),
        snapshot=lambda n: [
            {
                "invoice": invoices[n * _AGREED % len(invoices)],
                "fine": "2.39",
                "interest": "1.10",
                "booked_fine": "0.00",
                "booked_interest": "0.00",
            }
        ],
        accepted_at=at,
        text="Acordo",
    )
    filler.fill(Installment, share(members, _AGREED), number=1)
    filler.fill(Hold, share(members, 10), case_id=spread(10), reason="hardship", starts_at=at)
    filler.fill(
        Escalation,
        share(members, 20),
        case_id=spread(5),
        reason=lambda n: ("human_requested", "complaint")[n % 2],
        raised_at=at,
        due_at=at,
        resolved_at=lambda n: TODAY if n % 3 else None,
    )
    for model in (Dispute, PaymentClaim, Pause):
        filler.fill(model, share(members, 50), case_id=spread(50))


def _experiments(filler: Filler, members: int) -> None:
    people = filler.ids(Member)
    filler.fill(Pilot, 1, name=_numbered(Pilot), status="finished")
    filler.fill(Arm, 1)
    filler.fill(
        Assignment,
        members,
        pilot_id=filler.one_of(Pilot),
        arm_id=filler.one_of(Arm),
        member_id=lambda n: people[n],
        position=lambda n: n + 1,
        at=at,
    )


def _whatever_else_is_listed(filler: Filler, count: int) -> list[str]:
    """Rows for the other lists of the office, from what their models declare alone."""
    empty = []
    for model in sorted(admin.site._registry, key=lambda model: model._meta.label):
        if model in {Group, Organisation, ContactSettings} or filler.knows(model):
            continue
        try:
            with transaction.atomic():
                filler.fill(model, count)
        except (psycopg.Error, DatabaseError, KeyError, StopIteration):
            if not model._base_manager.exists():
                empty.append(model._meta.label_lower)
    return empty
