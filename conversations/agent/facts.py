"""Facts of a turn and the references by which a reply names them.

The model writes `{{balance.total}}`; this module knows what that reads as. A figure that is not a fact of
the turn can therefore not be said: there is no reference for it, and free digits are refused by the checks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from billing import selectors as billing
from billing.models import Payment, PaymentMeans
from cases import selectors as cases
from cases.models import Case, Offer
from cases.policy import NegotiationPolicy
from commons import clock
from commons.models import Organisation
from commons.money import brl
from commons.support_hours import next_opening
from compliance import notices
from compliance.content.facts import ChargeFact, Consequence, FactSet
from conversations.agent import phrases
from members.models import Member

# Public helplines of Brazil: emotional support (CVV) and violence against women.
HELPLINE_LIFE = "188"
HELPLINE_WOMEN = "180"

_REFERENCE = re.compile(r"\{\{\s*([a-z][a-z0-9_.]*)\s*\}\}")


class UnknownReference(Exception):
    """The text names something that is no fact of this turn."""


@dataclass
class FactBook:
    """What may be said in this turn: each fact by name, as people read it, and in the checks' own terms."""

    today: date
    texts: dict[str, str] = field(default_factory=dict)
    amounts: set[Decimal] = field(default_factory=set)
    dates: set[date] = field(default_factory=set)
    counts: set[int] = field(default_factory=set)
    verbatim: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    charges: dict[int, ChargeFact] = field(default_factory=dict)
    consequences: tuple[Consequence, ...] = ()

    def money(self, name: str, amount: Decimal) -> None:
        self.texts[name] = brl(amount)
        self.amounts.add(amount)

    def day(self, name: str, day: date) -> None:
        self.texts[name] = spoken(day)
        self.dates.add(day)

    def count(self, name: str, number: int) -> None:
        self.texts[name] = str(number)
        self.counts.add(number)

    def words(self, name: str, text: str) -> None:
        if text:
            self.texts[name] = text
            self.verbatim.add(text)

    def link(self, name: str, address: str) -> None:
        if address:
            self.texts[name] = address
            self.links.add(address)

    def render(self, text: str) -> str:
        """Replaces every reference. Raises UnknownReference."""

        def value(match: re.Match[str]) -> str:
            try:
                return self.texts[match[1]]
            except KeyError:
                raise UnknownReference(match[1]) from None

        return _REFERENCE.sub(value, text)

    def fact_set(self) -> FactSet:
        return FactSet(
            today=self.today,
            amounts=frozenset(self.amounts),
            dates=frozenset(self.dates),
            counts=frozenset(self.counts),
            links=frozenset(self.links),
            verbatim=frozenset(self.verbatim),
            charges=tuple(self.charges.values()),
            consequences=self.consequences,
        )


def references_in(text: str) -> list[str]:
    return _REFERENCE.findall(text)


def without_references(text: str) -> str:
    return _REFERENCE.sub(" ", text)


def spoken(day: date) -> str:
    """`25/11, quarta-feira`: an absolute date that nobody can misread."""
    names = (
        "segunda-feira",
        "terça-feira",
        "quarta-feira",
        "quinta-feira",
        "sexta-feira",
        "sábado",
        "domingo",
    )
    return f"{day:%d/%m/%Y}, {names[day.weekday()]}"


def base_book(*, now: datetime) -> FactBook:
    """What may be said to anybody: who we are and when a person answers."""
    organisation = Organisation.current()
    book = FactBook(today=clock.local(now, organisation.zone).date())
    book.words("org.name", organisation.trade_name)
    book.words("org.legal_name", organisation.legal_name)
    book.words("org.cnpj", _written_cnpj(organisation.cnpj))
    book.words("org.address", organisation.address)
    book.words("org.privacy_contact", organisation.privacy_contact)
    book.link("org.site", organisation.site)
    book.words("support.answer", phrases.person_answers(now=now))
    book.words("helpline.life", HELPLINE_LIFE)
    book.words("helpline.women", HELPLINE_WOMEN)
    opening = next_opening(now, organisation)
    if opening is not None:
        local = opening.astimezone(organisation.zone)
        book.dates.add(local.date())
        hour = f"{local.hour}h{local.minute:02d}" if local.minute else f"{local.hour}h"
        book.verbatim.add(f"a partir das {hour}")
    return book


def base_facts(*, now: datetime) -> FactSet:
    return base_book(now=now).fact_set()


def member_book(*, member: Member, case: Case | None, confirmed: bool, now: datetime) -> FactBook:
    """All facts about this member that may be said now: none about money before identity is confirmed."""
    book = base_book(now=now)
    if not confirmed:
        return book
    book.words("member.first_name", member.first_name)
    _policy(book)
    owed = list(cases.open_invoices(case)) if case else []
    balance = billing.balance(member.pk, on=book.today, invoices=owed)
    _add_balance(book, balance)
    book.consequences = notices.consequences_of(member)
    for consequence in book.consequences:
        book.day(f"consequence.{consequence.kind}.notice", consequence.notice_on)
        book.day(f"consequence.{consequence.kind}.from", consequence.from_on)
    if case is not None:
        add_offers(book, cases.open_offers(case, now=now))
        if promise := cases.open_promise(case):
            book.day("promise.date", promise.date)
            if promise.amount:
                book.money("promise.amount", promise.amount)
        if agreement := cases.agreement_in_force(case):
            book.money("agreement.total", agreement.total)
            for part in agreement.installments.all():
                book.money(f"agreement.part.{part.number}.amount", part.amount)
                book.day(f"agreement.part.{part.number}.due", part.due_date)
    last = Payment.objects.filter(member=member).order_by("-paid_at").first()
    if last is not None:
        book.money("last_payment.amount", last.amount)
        book.day("last_payment.date", clock.local(last.paid_at, Organisation.current().zone).date())
    for means in billing.active_means(member.pk, now=now):
        add_means(book, means)
    return book


def _policy(book: FactBook) -> None:
    policy = NegotiationPolicy.current()
    book.day("policy.last_promise_date", policy.last_promise_date(book.today))
    book.day("policy.last_first_installment", policy.last_first_installment(book.today))
    book.count("policy.max_installments", policy.installments_max)
    book.money("policy.min_installment", policy.installment_min)
    book.count("policy.pause_min_days", policy.pause_min_days)
    book.count("policy.pause_max_days", policy.pause_max_days)
    book.count("policy.pause_max_invoices", policy.pause_max_open_invoices)
    book.verbatim |= {f"{policy.pause_min_days} dias", f"{policy.pause_max_days} dias"}


def _add_balance(book: FactBook, balance: billing.Balance) -> None:
    book.count("invoices.count", len(balance.lines))
    if not balance.lines:
        return
    book.money("balance.total", balance.total)
    book.money("balance.principal", balance.principal)
    book.money("balance.fine", balance.fine)
    book.money("balance.interest", balance.interest)
    for line in balance.lines:
        name = f"invoice.{line.invoice.pk}"
        book.words(f"{name}.description", line.invoice.description)
        book.day(f"{name}.due", line.invoice.due_date)
        book.money(f"{name}.amount", line.principal)
        book.money(f"{name}.fine", line.fine)
        book.money(f"{name}.interest", line.interest)
        book.money(f"{name}.total", line.total)
        book.count(f"{name}.days_late", line.days_late)
        book.verbatim.add(f"{line.days_late} dias")
        book.charges[line.invoice.pk] = ChargeFact(
            invoice_id=line.invoice.pk,
            original=line.principal,
            fine=line.fine,
            interest=line.interest,
            total=line.total,
        )


def add_offers(book: FactBook, offers: Iterable[Offer]) -> None:
    for offer in offers:
        name = f"offer.{offer.pk}"
        terms = offer.terms
        if "date" in terms:
            book.day(f"{name}.date", date.fromisoformat(terms["date"]))
            if terms.get("amount"):
                book.money(f"{name}.amount", Decimal(terms["amount"]))
        if "parts" in terms:
            book.count(f"{name}.count", terms["count"])
            book.money(f"{name}.total", Decimal(terms["total"]))
            for number, part in enumerate(terms["parts"], start=1):
                book.money(f"{name}.part.{number}.amount", Decimal(part["amount"]))
                book.day(f"{name}.part.{number}.due", date.fromisoformat(part["due"]))
        if "days" in terms:
            book.count(f"{name}.days", terms["days"])
            book.verbatim.add(f"{terms['days']} dias")
            book.day(f"{name}.returns_on", date.fromisoformat(terms["returns_on"]))


def add_means(book: FactBook, means: PaymentMeans) -> None:
    book.money(f"means.{means.pk}.amount", means.amount)
    if means.code:
        book.verbatim.add(means.code)


def _written_cnpj(cnpj: str) -> str:
    return f"{cnpj[:2]}.{cnpj[2:5]}.{cnpj[5:8]}/{cnpj[8:12]}-{cnpj[12:]}" if len(cnpj) == 14 else cnpj
