"""The four figures of the first page and the bars of what is open by lateness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db import connection
from django.urls import reverse

from billing import selectors as billing
from commons.money import ZERO, brl
from compliance.enums import ContactKind
from conversations.models import Message
from experiments.analysis import month
from office.home.piles import BY_KEY, Moment, rows_of

# How far back a message to somebody who had paid is looked for: beyond, the figure says "more than".
_LOOK_BACK = timedelta(days=90)
# Contacts that ask for money.
_ASKING = [
    ContactKind.COLLECTION.value,
    ContactKind.PRE_DUE.value,
    ContactKind.COMMITMENT.value,
    ContactKind.NOTICE.value,
]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number a manager asks for: its words, what it means, and the rows behind it."""

    title: str
    value: str
    note: str
    link: str = ""
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One age of what is open; `share` of the largest in percent."""

    label: str
    principal: Decimal
    share: int


@dataclass(frozen=True, slots=True)
class Figures:
    figures: tuple[Figure, ...]
    bars: tuple[Bar, ...]


def figures(*, moment: Moment) -> Figures:
    """Everything below the queues; a constant number of queries, however large the book."""
    aging = billing.principal_by_aging(moment.today)
    top = max((principal for _, _, principal in aging), default=ZERO) or Decimal(1)
    late = sum((principal for _, is_late, principal in aging if is_late), ZERO)
    return Figures(
        figures=(
            Figure("A receber vencido", brl(late), "principal, sem multa nem juros", reverse("lists:aging")),
            _caused(moment),
            _without_slip(moment),
            _unowned(moment),
        ),
        bars=tuple(Bar(label, principal, round(100 * principal / top)) for label, _, principal in aging),
    )


def _caused(moment: Moment) -> Figure:
    """Only what a pilot supports: money that came in anyway is not ours to count."""
    title = "Recuperado no mês por nossa causa"
    link = reverse("admin:assignment_pilot_changelist")
    since = datetime.combine(moment.today.replace(day=1), time.min, tzinfo=moment.zone)
    pilot = month.pilot_of(since=since)
    if pilot is None:
        return Figure(title, "Sem piloto ainda", "um piloto diz quanto viria sem contato", link)
    found = month.caused(pilot, since=since, until=moment.now)
    if found is None:
        return Figure(title, "Ainda não se sabe", f"poucos membros no piloto “{pilot}”", link)
    span = f"de {brl(found.low)} a {brl(found.high)}, com 95% de confiança"
    if not found.excludes_zero:
        span += "; ainda pode ser acaso"
    return Figure(title, brl(found.total), span, link)


def _without_slip(moment: Moment) -> Figure:
    title = "Dias sem mensagem após pagamento"
    began = max(moment.now - _LOOK_BACK, _first_message() or moment.now)
    slip = last_message_after_payment(since=began)
    days = (moment.now - (slip or began)).days
    if slip is not None:
        return Figure(
            title, str(days), f"a última saiu em {slip.astimezone(moment.zone):%d/%m}", bad=days < 7
        )
    if moment.now - began >= _LOOK_BACK:
        return Figure(title, f"Mais de {days}", "ninguém que pagou foi cobrado nesse tempo")
    return Figure(title, str(days), "nenhuma desde a primeira mensagem")


def _first_message() -> datetime | None:
    """When we first wrote to anybody, by the oldest row: rows are written in the order of what happens."""
    return Message.objects.order_by("pk").values_list("at", flat=True).first()


def last_message_after_payment(*, since: datetime) -> datetime | None:
    """When a contact that asks for money last named invoices all of which had been paid before; None for never.

    Paid by the payer's own instant: that a bank told us late is no excuse to who paid.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SLIP, {"since": since, "kinds": _ASKING})
        rows: list[tuple[datetime | None]] = cursor.fetchall()
    return rows[0][0]


def _unowned(moment: Moment) -> Figure:
    pile = BY_KEY["sem-dono"]
    count = rows_of(pile, moment=moment).count()
    return Figure(pile.title, str(count), pile.hint, pile.url, bad=count > 0)


_SLIP = """
SELECT max(line.at)
FROM compliance_contactledgerentry AS line
WHERE line.outcome = 'sent' AND line.kind = ANY(%(kinds)s::text[]) AND line.at >= %(since)s::timestamptz
  AND jsonb_array_length(line.invoice_ids) > 0
  AND NOT EXISTS (
    SELECT 1 FROM jsonb_array_elements_text(line.invoice_ids) AS named(id)
    LEFT JOIN billing_invoice AS invoice ON invoice.id = named.id::bigint
    WHERE invoice.settled_at IS NULL OR invoice.settled_at >= line.at
  )
"""
