"""Late charges that stopped growing: an app above billing says for which invoices and at what.

An agreement in force fixes fine and interest as they were when it was accepted. Billing knows no agreements;
whoever does registers a source here, once, when the app is ready.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

from commons.money import ZERO


class FrozenCharges(NamedTuple):
    """Fine and interest still to be paid when they were frozen.

    `booked_fine` and `booked_interest` had already been paid by then (`InvoiceBalance` carries both), so that
    what is paid afterwards can be told from what was paid before.
    """

    fine: Decimal
    interest: Decimal
    booked_fine: Decimal = ZERO
    booked_interest: Decimal = ZERO


FreezeSource = Callable[[list[int] | None], Mapping[int, tuple[Decimal, ...]]]
"""From invoice ids (None: whichever there are) to `FrozenCharges` (or a plain pair) of those that are frozen."""

_sources: list[FreezeSource] = []


def register_charge_freezes(source: FreezeSource) -> None:
    """Adds `source`; registering it twice is the same as once."""
    if source not in _sources:
        _sources.append(source)


def unregister_charge_freezes(source: FreezeSource) -> None:
    _sources.remove(source)


def charge_freezes(invoice_ids: list[int]) -> dict[int, FrozenCharges]:
    """The frozen ones among `invoice_ids`; one call to each source."""
    return {
        invoice_id: FrozenCharges(*charges)
        for source in _sources
        for invoice_id, charges in source(invoice_ids).items()
    }


def all_charge_freezes() -> dict[int, FrozenCharges]:
    """Every frozen invoice of the book; one call to each source."""
    return {
        invoice_id: FrozenCharges(*charges)
        for source in _sources
        for invoice_id, charges in source(None).items()
    }
