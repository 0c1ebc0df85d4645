"""What a set of invoices asks for on a day, summed by the database: for lists and reports over the whole book.

The same arithmetic as `billing.owed`, invoice by invoice and cut to cents in the same places, but without
reading a row: a hundred thousand invoices are one statement. `tests/billing/test_receivables.py` holds both
to the same figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Min, QuerySet

from billing.enums import InvoiceStatus
from billing.freezes import all_charge_freezes
from billing.models import Invoice
from billing.selectors import late_charge_terms
from commons.bank_days import is_business_day, next_business_day
from commons.models import Organisation
from commons.money import CENT, ZERO

AGE = "age"
"""In a set of `receivables`: how old the invoice is."""


@dataclass(frozen=True, slots=True)
class Receivable:
    """Open invoices that share `key`, with what they ask for on the day; `members` counts each once."""

    key: tuple[Any, ...] = ()
    invoices: int = 0
    members: int = 0
    principal: Decimal = ZERO
    fine: Decimal = ZERO
    interest: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.principal + self.fine + self.interest


def receivable(invoices: QuerySet[Invoice], *, on: date) -> Receivable:
    """What the open ones among `invoices` ask for on `on` (the organisation's date), all together."""
    ((whole,),) = receivables(invoices, on=on, sets=[()])
    return whole


def receivables(
    invoices: QuerySet[Invoice],
    *,
    on: date,
    sets: Sequence[Sequence[str]],
    ages: Sequence[date] = (),
) -> list[list[Receivable]]:
    """The same by group: for each of `sets`, which name columns of the queryset, one answer for each value.

    The empty set is the sum of everything, and always has its one answer. `AGE` may stand in a set as well: the
    place (0, 1, …) of the first of `ages`, latest first, that is not after the invoice's original due date;
    their number for an invoice older than all of them.
    """
    names = list(dict.fromkeys(name for each in sets for name in each))
    chosen, parameters = _compiled(invoices, [name for name in names if name != AGE])
    keys = [f"k{place}" for place in range(len(names))]
    grouping = ", ".join(f"({', '.join(keys[names.index(name)] for name in each)})" for each in sets)
    columns = "".join(f", {key}" for key in keys)
    own = [key for key, name in zip(keys, names, strict=True) if name != AGE]
    age = " ".join(f"WHEN raw.due >= %(age{place})s::date THEN {place}" for place in range(len(ages)))
    told = ", ".join(
        f"CASE {age} ELSE {len(ages)} END AS {key}" if name == AGE else f"raw.{key}"
        for key, name in zip(keys, names, strict=True)
    )
    organisation = Organisation.current()
    terms = late_charge_terms(organisation)
    days = _rolling_days(on=on)
    frozen = all_charge_freezes()
    adjusted = terms.count_from == "adjusted"
    statement = _STATEMENT.format(
        chosen=chosen,
        columns=columns,
        own_columns="".join(f", {key}" for key in own),
        told_columns=f", {told}" if told else "",
        columns_first="".join(f"{key}, " for key in keys),
        grouping=grouping,
        grouped=f"GROUPING({', '.join(keys)})" if keys else "0",
        first_day="coalesce(rolled, due)" if adjusted else "due",
        part_first_day="coalesce(roll.rolled, part.due)" if adjusted else "part.due",
    )
    values: dict[str, Any] = {
        **{f"age{place}": day for place, day in enumerate(ages)},
        "on": on,
        "zone": organisation.timezone,
        "fine": terms.fine_percent,
        "rate": terms.interest_percent_month,
        "month": terms.interest_days,
        "days": list(days),
        "rolled": list(days.values()),
        "frozen": list(frozen),
        "frozen_fine": [charges.fine + charges.booked_fine for charges in frozen.values()],
        "frozen_interest": [charges.interest + charges.booked_interest for charges in frozen.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(*_positional(statement, parameters, values))
        rows = cursor.fetchall()
    return _merged(rows, names=names, sets=sets)


def _merged(
    rows: list[tuple[Any, ...]], *, names: Sequence[str], sets: Sequence[Sequence[str]]
) -> list[list[Receivable]]:
    """Rows of people and rows of money about the same group put together, each group in its set."""
    found: dict[tuple[Any, ...], Receivable] = {}
    # What GROUPING() says of a set: a bit for each name, set for those that are left out of it.
    masks = [
        sum(1 << (len(names) - 1 - place) for place, name in enumerate(names) if name not in each)
        for each in sets
    ]
    merged: list[list[Receivable]] = [[] for _ in sets]
    for *key, mask, invoices, members, principal, fine, interest in rows:
        group = (mask, *key)
        if members is not None:
            found[group] = Receivable(
                key=tuple(key[names.index(name)] for name in sets[masks.index(mask)]), members=members
            )
            continue
        merged[masks.index(mask)].append(
            replace(
                found[group],
                invoices=int(invoices or 0),
                principal=(principal or ZERO).quantize(CENT),
                fine=(fine or ZERO).quantize(CENT),
                interest=(interest or ZERO).quantize(CENT),
            )
        )
    return merged


def _compiled(invoices: QuerySet[Invoice], names: Sequence[str]) -> tuple[str, tuple[Any, ...]]:
    open_ones = invoices.filter(status__in=InvoiceStatus.collectable()).order_by()
    query = open_ones.values_list("pk", "member_id", "original_due_date", *names).query
    statement, parameters = query.get_compiler(connection=connection).as_sql()
    return str(statement), tuple(parameters)


def _rolling_days(*, on: date) -> dict[date, date]:
    """The days from the oldest open due date to `on` on which banks do not work, and where each rolls to."""
    oldest = Invoice.objects.filter(status__in=InvoiceStatus.collectable()).aggregate(
        oldest=Min("original_due_date")
    )["oldest"]
    if oldest is None:
        return {}
    span = (oldest + timedelta(days=n) for n in range((on - oldest).days + 1))
    return {day: next_business_day(day) for day in span if not is_business_day(day)}


def _positional(statement: str, given: Sequence[Any], values: dict[str, Any]) -> tuple[str, list[Any]]:
    """The statement with `%s` alone: `given` fill those that were there, `values` the named ones."""
    parameters: list[Any] = []
    left = iter(given)

    def place(match: re.Match[str]) -> str:
        parameters.append(values[match[1]] if match[1] else next(left))
        return "%s"

    return re.sub(r"%(?:\((\w+)\))?s", place, statement), parameters


# 1. `facts`: each invoice with what its ledger says: principal, what was booked, whether money came for a part.
# 2. `parts`: the charges of principal that was paid, of the day of its payment, as whole cents.
# 3. `alike`: invoices that differ in nothing that counts, so that charges are worked out once for all of them.
# 4. `owed`: charges of the day and of the parts, less what was booked; frozen ones stand in for them.
# Cents are cut by `div` and `trunc` on whole numbers: nothing is divided before everything is multiplied.
_STATEMENT = """
WITH facts AS MATERIALIZED (
  SELECT raw.id, raw.member_id, raw.due{told_columns},
    coalesce(sum(entry.amount) FILTER (WHERE entry.component = 'principal'), 0) AS principal,
    coalesce(sum(entry.amount) FILTER (WHERE entry.component = 'fine' AND entry.kind = 'charge'), 0) AS fine,
    coalesce(sum(entry.amount) FILTER (WHERE entry.component = 'interest' AND entry.kind = 'charge'), 0)
      AS interest,
    bool_or(entry.component = 'principal' AND entry.kind IN ('payment', 'reversal')) AS in_part
  FROM ({chosen}) AS raw(id, member_id, due{own_columns})
  LEFT JOIN billing_ledgerentry AS entry ON entry.invoice_id = raw.id
  GROUP BY raw.id, raw.member_id, raw.due{own_columns}
), roll AS MATERIALIZED (
  SELECT * FROM unnest(%(days)s::date[], %(rolled)s::date[]) AS known(day, rolled)
), part AS (
  -- Row by row: few invoices were paid in part, and no statistics say so.
  SELECT facts.id, facts.due, paid.amount, paid.day
  FROM facts CROSS JOIN LATERAL (
    SELECT -sum(entry.amount) AS amount,
      least((payment.paid_at AT TIME ZONE %(zone)s::text)::date, %(on)s::date) AS day
    FROM billing_ledgerentry AS entry
    JOIN billing_payment AS payment ON payment.id = entry.payment_id
    WHERE entry.invoice_id = facts.id AND entry.component = 'principal' AND entry.kind IN ('payment', 'reversal')
    GROUP BY payment.id
    HAVING sum(entry.amount) <> 0
  ) AS paid
  WHERE facts.in_part
), parts AS (
  SELECT part.id,
    sum(trunc(part.amount * %(fine)s::numeric)) AS fine,
    sum(div(part.amount * %(rate)s::numeric * (part.day - {part_first_day}), %(month)s::numeric)) AS interest
  FROM part LEFT JOIN roll ON roll.day = part.due
  WHERE part.day > coalesce(roll.rolled, part.due)
  GROUP BY part.id
), alike AS (
  SELECT facts.due, facts.principal, facts.fine, facts.interest{columns},
    frozen.fine AS frozen_fine, frozen.interest AS frozen_interest,
    coalesce(parts.fine, 0) AS part_fine, coalesce(parts.interest, 0) AS part_interest, count(*) AS invoices
  FROM facts
  LEFT JOIN parts ON parts.id = facts.id
  LEFT JOIN unnest(%(frozen)s::bigint[], %(frozen_fine)s::numeric[], %(frozen_interest)s::numeric[])
    AS frozen(id, fine, interest) ON frozen.id = facts.id
  GROUP BY facts.due, facts.principal, facts.fine, facts.interest{columns}, frozen.fine,
    frozen.interest, parts.fine, parts.interest
), owed AS (
  SELECT alike.invoices, alike.principal{columns},
    CASE WHEN principal = 0 THEN 0
      WHEN frozen_fine IS NOT NULL THEN greatest(0, frozen_fine - fine)
      ELSE greatest(0, (CASE WHEN %(on)s::date > coalesce(rolled, due)
        THEN trunc(principal * %(fine)s::numeric) ELSE 0 END + part_fine) / 100 - fine)
    END AS fine,
    CASE WHEN principal = 0 THEN 0
      WHEN frozen_interest IS NOT NULL THEN greatest(0, frozen_interest - interest)
      ELSE greatest(0, (CASE WHEN %(on)s::date > coalesce(rolled, due)
        THEN div(principal * %(rate)s::numeric * (%(on)s::date - {first_day}), %(month)s::numeric)
        ELSE 0 END + part_interest) / 100 - interest)
    END AS interest
  FROM alike LEFT JOIN roll ON roll.day = alike.due
)
SELECT {columns_first}{grouped} AS grouped, NULL::bigint AS invoices, count(DISTINCT member_id) AS members,
  NULL::numeric AS principal, NULL::numeric AS fine, NULL::numeric AS interest
FROM facts GROUP BY GROUPING SETS ({grouping})
UNION ALL
-- After the people: `_merged` counts on the order.
SELECT {columns_first}{grouped}, sum(invoices), NULL, sum(invoices * principal), sum(invoices * fine),
  sum(invoices * interest)
FROM owed GROUP BY GROUPING SETS ({grouping})
"""
