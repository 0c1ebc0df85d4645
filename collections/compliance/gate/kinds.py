"""What a contact is decides which rules it meets: the table, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from cases.enums import HoldReason
from compliance.enums import ContactKind

_ALL_HOLDS = frozenset(HoldReason.values)
_NO_HOLDS: frozenset[str] = frozenset()


class Grace(Enum):
    """What lets a contact leave outside the window for a short while."""

    NONE = "none"
    INBOUND = "inbound"
    PAYMENT = "payment"


class AfterOptOut(Enum):
    NOT = "not"
    YES = "yes"
    ONCE = "once"
    BY_LAWFUL_CHANNEL = "by_lawful_channel"


@dataclass(frozen=True, slots=True)
class KindRules:
    """One row of the table.

    `proactive`: we start it. `grace`: what frees it from window and holidays for a while. `caps`, `gap`: it
    must respect them; `counted`: others must respect it. `holds`: reasons that stop it.
    """

    proactive: bool
    grace: Grace
    caps: bool
    gap: bool
    counted: bool
    holds: frozenset[str]
    after_opt_out: AfterOptOut
    after_settled: AfterOptOut


KINDS: Mapping[ContactKind, KindRules] = {
    ContactKind.COLLECTION: KindRules(
        proactive=True,
        grace=Grace.NONE,
        caps=True,
        gap=True,
        counted=True,
        holds=_ALL_HOLDS,
        after_opt_out=AfterOptOut.NOT,
        after_settled=AfterOptOut.NOT,
    ),
    # Its own cap (`rules.frequency.pre_due_cap`); whether others count it is the country's matter.
    ContactKind.PRE_DUE: KindRules(
        proactive=True,
        grace=Grace.NONE,
        caps=False,
        gap=False,
        counted=False,
        holds=_ALL_HOLDS,
        after_opt_out=AfterOptOut.NOT,
        after_settled=AfterOptOut.NOT,
    ),
    # The eve and the morning of a promise lie less than a gap apart: counted and capped, but without a gap.
    ContactKind.COMMITMENT: KindRules(
        proactive=True,
        grace=Grace.NONE,
        caps=True,
        gap=False,
        counted=True,
        holds=_ALL_HOLDS - {HoldReason.PROMISE, HoldReason.AGREEMENT},
        after_opt_out=AfterOptOut.NOT,
        after_settled=AfterOptOut.NOT,
    ),
    ContactKind.REPLY: KindRules(
        proactive=False,
        grace=Grace.INBOUND,
        caps=False,
        gap=False,
        counted=False,
        holds=_NO_HOLDS,
        after_opt_out=AfterOptOut.YES,
        after_settled=AfterOptOut.YES,
    ),
    ContactKind.RECEIPT: KindRules(
        proactive=False,
        grace=Grace.PAYMENT,
        caps=False,
        gap=False,
        counted=False,
        holds=_NO_HOLDS,
        after_opt_out=AfterOptOut.ONCE,
        after_settled=AfterOptOut.ONCE,
    ),
    # A promise does not stop the clock of a notice; what puts the debt itself in doubt does.
    ContactKind.NOTICE: KindRules(
        proactive=True,
        grace=Grace.NONE,
        caps=False,
        gap=False,
        counted=False,
        holds=_ALL_HOLDS - {HoldReason.PROMISE},
        after_opt_out=AfterOptOut.BY_LAWFUL_CHANNEL,
        after_settled=AfterOptOut.BY_LAWFUL_CHANNEL,
    ),
    ContactKind.SURVEY: KindRules(
        proactive=True,
        grace=Grace.NONE,
        caps=True,
        gap=True,
        counted=True,
        holds=_ALL_HOLDS,
        after_opt_out=AfterOptOut.NOT,
        after_settled=AfterOptOut.YES,
    ),
}


def is_counted(kind: ContactKind, *, pre_due_counted: bool) -> bool:
    """Whether a contact of `kind` weighs on the caps of later ones."""
    return KINDS[kind].counted or (pre_due_counted and kind == ContactKind.PRE_DUE)


def is_capped(kind: ContactKind, *, pre_due_counted: bool) -> bool:
    """Whether a contact of `kind` must itself respect the caps."""
    return KINDS[kind].caps or (pre_due_counted and kind == ContactKind.PRE_DUE)
