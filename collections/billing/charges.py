"""Late charges: what an overdue amount has grown to on a given day, and how that was worked out.

The rule is that of a Pix charge with a due date (BCB, Manual de Padrões para Iniciação do Pix, annex III),
used for every means of payment so that all of them ask for the same amount:

- the due date rolls to the next bank business day; paid by then, nothing is added;
- the fine is a percentage of the principal, once;
- interest is simple, pro rata by calendar day, on the principal only: never on the fine, never on interest;
- each component is cut to cents on its own. Everything is multiplied before anything is divided: dividing
  first turns one real of interest on R$ 100,00 after thirty days into ninety-nine cents.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from commons.bank_days import next_business_day
from commons.money import ZERO, brl, money, truncate

CONSUMER_FINE_LIMIT = Decimal(2)
"""Percent; Código de Defesa do Consumidor, article 52 § 1."""
CONSUMER_INTEREST_LIMIT = Decimal(1)
"""Percent a month of thirty days, the ceiling that courts accept without discussion."""

_COMMERCIAL_MONTH = 30
_NO_DAYS: frozenset[date] = frozenset()

CountFrom = Literal["adjusted", "original"]


class InvalidTerms(ValueError):
    """The contract asks for charges that may not be asked for. The sentence is Portuguese."""


@dataclass(frozen=True, slots=True)
class LateChargeTerms:
    """What the contract says about paying late.

    `fine_percent` of the principal, once. `interest_percent_month`, simple, spread over `interest_days`
    days (thirty: a commercial month). `count_from` says where the days start once the payer is late: at the
    due date rolled to a business day (`adjusted`, the rule of Pix) or at the date written on the invoice
    (`original`, the custom of bank boletos). `business_contract` marks a contract between companies, the
    only one that may exceed the consumer limits.

    Raises InvalidTerms.
    """

    fine_percent: Decimal = CONSUMER_FINE_LIMIT
    interest_percent_month: Decimal = CONSUMER_INTEREST_LIMIT
    interest_days: int = _COMMERCIAL_MONTH
    count_from: CountFrom = "adjusted"
    business_contract: bool = False

    def __post_init__(self) -> None:
        if self.fine_percent < 0 or self.interest_percent_month < 0:
            raise InvalidTerms("Multa e juros não podem ser negativos.")
        if self.interest_days < 1:
            raise InvalidTerms("O mês de juros precisa ter ao menos um dia.")
        if self.count_from not in ("adjusted", "original"):
            raise InvalidTerms("Os dias de atraso contam do vencimento ajustado ou do original.")
        if self.business_contract:
            return
        if self.fine_percent > CONSUMER_FINE_LIMIT:
            raise InvalidTerms("A multa de um contrato de consumo não pode passar de 2%.")
        if self.interest_percent_month * _COMMERCIAL_MONTH > CONSUMER_INTEREST_LIMIT * self.interest_days:
            raise InvalidTerms("Os juros de um contrato de consumo não podem passar de 1% ao mês.")


@dataclass(frozen=True, slots=True)
class Charge:
    """An amount owed on one day, by component, each with two places; `memo` explains it line by line."""

    principal: Decimal
    fine: Decimal
    interest: Decimal
    days_late: int
    total: Decimal
    memo: tuple[str, ...]


def late_charge(
    *,
    principal: Decimal,
    due_on: date,
    on: date,
    terms: LateChargeTerms,
    local_holidays: frozenset[date] = _NO_DAYS,
) -> Charge:
    """What `principal`, due on `due_on`, amounts to when it is paid on `on`.

    `days_late` are the days that bear interest; 0 means that nothing is added. `local_holidays` are the
    organisation's state and municipal ones. Raises ValueError when the principal is negative or is not an
    amount with two places.
    """
    principal = money(principal)
    if principal < 0:
        raise ValueError("a principal is never negative")
    rolled = next_business_day(due_on, extra=local_holidays)
    is_late = on > rolled
    first_day = due_on if terms.count_from == "original" else rolled
    days = (on - first_day).days if is_late else 0
    fine = truncate(principal * terms.fine_percent / 100) if is_late else ZERO
    interest = truncate(principal * terms.interest_percent_month * days / (100 * terms.interest_days))
    total = principal + fine + interest
    memo = _memo(principal=principal, due_on=due_on, rolled=rolled, on=on, days=days, terms=terms)
    if is_late:
        memo += _late_memo(principal=principal, fine=fine, interest=interest, days=days, terms=terms)
    return Charge(
        principal=principal,
        fine=fine,
        interest=interest,
        days_late=days,
        total=total,
        memo=(*memo, f"Total: {brl(total)}"),
    )


def _memo(
    *, principal: Decimal, due_on: date, rolled: date, on: date, days: int, terms: LateChargeTerms
) -> tuple[str, ...]:
    lines = [f"Valor original: {brl(principal)}", f"Vencimento: {due_on:%d/%m/%Y}"]
    if rolled != due_on:
        lines.append(f"Vencimento em dia não útil: pode ser pago sem acréscimos até {rolled:%d/%m/%Y}")
    lines.append(f"Calculado para pagamento em {on:%d/%m/%Y}")
    if not days:
        lines.append("Sem atraso: não há multa nem juros")
    elif rolled != due_on:
        start = "do vencimento original" if terms.count_from == "original" else "do dia útil seguinte"
        lines.append(f"Dias de atraso: {days}, contados {start}")
    else:
        lines.append(f"Dias de atraso: {days}")
    return tuple(lines)


def _late_memo(
    *, principal: Decimal, fine: Decimal, interest: Decimal, days: int, terms: LateChargeTerms
) -> tuple[str, ...]:
    rate = _percent(terms.interest_percent_month)
    growth = f"{days} ÷ {terms.interest_days}"
    return (
        f"Multa, uma única vez: {brl(principal)} × {_percent(terms.fine_percent)} = {brl(fine)}",
        f"Juros simples de {rate} ao mês: {brl(principal)} × {rate} × {growth} = {brl(interest)}",
        "Frações de centavo são desprezadas em cada parcela da conta",
    )


def _percent(rate: Decimal) -> str:
    """`2%`, `0,5%`: no zeros that say nothing."""
    text = f"{rate:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{text.replace('.', ',')}%"
