"""Money: made, rounded, split and written in this module only.

Amounts are `Decimal` with two places, in Brazilian reais unless a country pack says otherwise.
"""

from decimal import ROUND_DOWN, Decimal, InvalidOperation

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def money(value: Decimal | int | str) -> Decimal:
    """`value` as an amount with two places.

    Raises ValueError when it has more than two places: nothing is rounded silently. Floats are refused.
    """
    if isinstance(value, float):
        raise TypeError("money is never made from a float")
    try:
        amount = Decimal(value)
        exact = amount.quantize(CENT)
    except InvalidOperation as error:
        raise ValueError(f"not an amount: {value!r}") from error
    if exact != amount:
        raise ValueError(f"more than two places: {value!r}")
    return exact


def truncate(value: Decimal) -> Decimal:
    """`value` cut to cents, the rule of Pix for every component of a charge."""
    return value.quantize(CENT, rounding=ROUND_DOWN)


def brl(value: Decimal) -> str:
    """`R$ 1.234,56` with an ordinary space; negative amounts as `-R$ 1,00`."""
    amount = money(value)
    sign = "-" if amount < 0 else ""
    whole, _, cents = f"{abs(amount):,.2f}".partition(".")
    return f"{sign}R$ {whole.replace(',', '.')},{cents}"
