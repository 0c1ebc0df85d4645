"""An amount in equal parts whose sum is exactly the amount."""

from decimal import Decimal

from commons.money import CENT, money


def split_amount(total: Decimal, parts: int) -> tuple[Decimal, ...]:
    """`total` in `parts` amounts that differ by at most one cent; the larger ones come last.

    R$ 1.000,00 in three is 333,33 + 333,33 + 333,34. Raises ValueError when there are no parts, when the
    total is negative or when a part would be empty.
    """
    cents = int(money(total) / CENT)
    if parts < 1:
        raise ValueError("an amount is split in at least one part")
    if cents < parts:
        raise ValueError("every part needs at least one cent")
    each, larger = divmod(cents, parts)
    return tuple((each + (place >= parts - larger)) * CENT for place in range(parts))
