"""How old our book is, compared with where the truth about invoices lives.

Where the creditor's ERP is that truth, its connector plugs in here; without one our own book is the truth.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol


class BalanceSource(Protocol):
    """Where the truth about balances comes from."""

    def freshness(self, *, now: datetime) -> timedelta:
        """The age of our copy at the business instant `now`; zero when it cannot be behind."""


class OwnBook:
    """Nobody else keeps the book, so it is never behind."""

    def freshness(self, *, now: datetime) -> timedelta:
        return timedelta()


_source: BalanceSource = OwnBook()


def balance_source() -> BalanceSource:
    return _source


def plug_balance_source(source: BalanceSource) -> BalanceSource:
    """Makes `source` the truth from now on; returns the one before it."""
    global _source
    before, _source = _source, source
    return before
