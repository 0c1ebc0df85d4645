"""Reads what the engine needs about many members at once, in a constant number of queries."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, Max, OuterRef, Q, Sum

from billing.enums import Component, InvoiceStatus, MeansStatus
from billing.models import Invoice, LedgerEntry, Payment, PaymentMeans
from cadence import traits
from cadence.engine.steps import VersionPlan
from cadence.engine.timing import ANSWERS, LAST
from cadence.engine.traits import Past
from cadence.engine.view import NOTHING_HEARD, CaseView, InvoiceView, PointView
from cadence.enums import Timing, Trigger
from cadence.models import CaseTraits, StepRun
from cases.enums import CaseState, OfferStatus
from cases.models import Case, CaseInvoice, Offer
from cases.services.opening import opening_day
from commons.money import ZERO
from conversations.enums import Direction, MessageState
from conversations.models import Conversation, LinkOpening, Message
from members import selectors as members
from members.models import Member
from members.preferences import LAST_DAY, Preference

# What a member did longer ago than this is of no use to a step.
_SIGNALS = timedelta(days=60)
# Figures tell contacts about different invoices apart and are all alike to rules about words, but for years.
_FIGURES = re.compile(r"(?<!\d)(?!(?:19|20)\d\d(?!\d))\d+")


def load_views(
    member_ids: Collection[int],
    *,
    version: VersionPlan,
    beside: VersionPlan | None = None,
    now: datetime,
    zone: ZoneInfo,
) -> list[CaseView]:
    """The open cases of these members, and the cases that invoices not yet in one will open, by member id.

    What only some steps ask about (what members read, at which hour they answer) is read when `version`,
    or the one `beside` it, has such steps. Traits come from the snapshot, which must have been refreshed.
    """
    ids = list(member_ids)
    cases = {
        case["member_id"]: case
        for case in Case.objects.filter(member_id__among=ids)
        .exclude(state=CaseState.SETTLED)
        .values("pk", "member_id", "state")
    }
    invoices = _invoices(ids, {case["pk"] for case in cases.values()})
    about = _Reader(
        ids,
        now=now,
        zone=zone,
        versions=[version, *([beside] if beside else [])],
        cases=cases,
        invoices=invoices,
    )
    views = []
    for row in about.members:
        case = cases.get(row["pk"])
        owed = invoices.get(row["pk"], ())
        if case is None and not owed:
            continue
        views.append(about.view(row, case=case, invoices=owed))
    return views


def view_of(case: Case, *, version: VersionPlan, now: datetime, zone: ZoneInfo) -> CaseView:
    """One case, its traits made anew: what an hour ago was sent, read or broken counts already."""
    traits.refresh(now=now, today=now.astimezone(zone).date(), zone=zone.key, case_ids=[case.pk])
    return load_views([case.member_id], version=version, now=now, zone=zone)[0]


def _invoices(member_ids: list[int], case_ids: set[int]) -> dict[int, tuple[InvoiceView, ...]]:
    """Open invoices by member, the oldest first; those of an open case are marked as in it."""
    rows = list(
        Invoice.objects.filter(member_id__among=member_ids, status__in=InvoiceStatus.collectable())
        .order_by("original_due_date", "pk")
        .values_list("pk", "member_id", "due_date", "original_due_date", "description")
    )
    ids = [row[0] for row in rows]
    joined = set(
        CaseInvoice.objects.filter(case_id__among=case_ids, invoice_id__among=ids).values_list(
            "invoice_id", flat=True
        )
    )
    principal: dict[int, Decimal] = dict(
        LedgerEntry.objects.filter(invoice_id__among=ids, component=Component.PRINCIPAL)
        .order_by()
        .values_list("invoice_id")
        .annotate(sum=Sum("amount"))
    )
    found: dict[int, list[InvoiceView]] = defaultdict(list)
    for pk, member_id, due, original, description in rows:
        found[member_id].append(
            InvoiceView(
                id=pk,
                due_on=due,
                original_due_on=original,
                principal=principal.get(pk, ZERO),
                joined=pk in joined,
                words=_FIGURES.sub("", description),
            )
        )
    return {member_id: tuple(each) for member_id, each in found.items()}


class _Reader:
    """Everything about the members beside their invoices, read at once."""

    def __init__(
        self,
        ids: list[int],
        *,
        now: datetime,
        zone: ZoneInfo,
        versions: Sequence[VersionPlan],
        cases: Mapping[int, Mapping[str, Any]],
        invoices: Mapping[int, tuple[InvoiceView, ...]],
    ) -> None:
        self.now, self.zone = now, zone
        case_ids = [case["pk"] for case in cases.values()]
        self.members = list(
            Member.objects.filter(pk__among=ids, voided_at=None)
            .order_by("pk")
            .values("pk", "kind", "uf", "city", "product", "tags", "language", "created_at")
        )
        self._traits = {each.member_id: each for each in CaseTraits.objects.filter(case_id__among=case_ids)}
        today = now.astimezone(zone).date()
        opens_on = {
            member_id: opening_day([invoice.due_on for invoice in owed], today=today)
            for member_id, owed in invoices.items()
            if member_id not in cases
        }
        self._traits |= traits.of_coming(opens_on, now=now, today=today, zone=zone.key)
        self._points = _points(ids)
        self._preferences = members.preferences_of(ids)
        self._runs = _Runs(case_ids, now=now)
        self._versions = versions
        self._inbound: dict[int, datetime] = dict(
            Conversation.objects.filter(member_id__among=ids)
            .exclude(last_inbound_at=None)
            .order_by()
            .values_list("member_id")
            .annotate(last=Max("last_inbound_at"))
        )
        self._paid: dict[int, datetime] = dict(
            Payment.objects.filter(member_id__among=ids)
            .order_by()
            .values_list("member_id")
            .annotate(last=Max("paid_at"))
        )
        self._offers: dict[int, list[datetime]] = defaultdict(list)
        offers = Offer.objects.filter(
            case_id__among=case_ids, status=OfferStatus.OPEN, expires_at__gt=now
        ).order_by("expires_at")
        for case_id, until in offers.values_list("case_id", "expires_at"):
            self._offers[case_id].append(until)
        triggered = any(version.triggered for version in versions)
        self._read = _read_steps(ids, now=now) if triggered else {}
        self._signals = _signals(ids, now=now, inbound=self._inbound) if triggered else {}
        best = any(step.timing == Timing.BEST for version in versions for step in version.steps)
        self._hours = _answer_hours(ids, now=now, zone=zone) if best else {}

    def view(
        self, row: Mapping[str, Any], *, case: Mapping[str, Any] | None, invoices: tuple[InvoiceView, ...]
    ) -> CaseView:
        member_id = row["pk"]
        read = self._read.get(member_id, {})
        signals = dict(self._signals.get(member_id, {}))
        if read:
            signals[Trigger.READ] = max(read.values())
        case_id = 0 if case is None else case["pk"]
        preference = self._preferences[member_id]
        points = self._points.get(member_id, {})
        failed = self._runs.failed.get(case_id, {})
        found = self._traits.get(member_id)
        return CaseView(
            case_id=case_id,
            member_id=member_id,
            state=CaseState.REMINDER.value if case is None else case["state"],
            past=self._past(row),
            invoices=invoices,
            done=self._runs.done(case_id) - self._elsewhere(failed, points),
            failed=failed,
            points=points,
            language=preference.language or row["language"],
            preferred_channel=preference.channel,
            paydays=_paydays(preference),
            answer_hours=self._hours.get(member_id, ()),
            last_inbound_at=self._inbound.get(member_id),
            last_payment_at=self._paid.get(member_id),
            offers_until=tuple(self._offers.get(case_id, ())),
            heard=NOTHING_HEARD if found is None else found.heard,
            signals=signals,
            read_steps=read,
        )

    def _elsewhere(
        self, failed: Mapping[tuple[str, date], frozenset[str]], points: Mapping[str, PointView]
    ) -> set[tuple[str, date]]:
        """Steps to do again: the message did not arrive, and there is another channel to try.

        What only a person sends is not sent again by itself.
        """
        found = set()
        for (key, cycle), channels in failed.items():
            steps = (version.by_key.get(key) for version in self._versions)
            step = next((step for step in steps if step is not None), None)
            if step is not None and not step.needs_person and set(step.channels) & set(points) - channels:
                found.add((key, cycle))
        return found

    def _past(self, row: Mapping[str, Any]) -> Past:
        about = {
            "kind": row["kind"],
            "uf": row["uf"],
            "city": row["city"],
            "product": row["product"],
            "tags": frozenset(row["tags"]),
        }
        found = self._traits.get(row["pk"])
        if found is None:
            return Past(**about, member_since=row["created_at"].astimezone(self.zone).date())
        return Past(
            **about,
            member_since=found.member_since,
            paid_before=found.paid_before,
            late_before=found.late_before,
            broken_promises=found.broken_promises,
            usual_amount=found.usual_amount,
            method=found.method,
        )


def _paydays(preference: Preference) -> tuple[int, ...]:
    """Days of the month on which the member has money, or a company pays; the last one as 31."""
    days = (*preference.paydays, *preference.pays_on_days)
    return tuple(sorted({LAST if day == LAST_DAY else int(day) for day in days}))


def _points(member_ids: list[int]) -> dict[int, dict[str, PointView]]:
    """The preferred usable contact point of each channel."""
    found: dict[int, dict[str, PointView]] = defaultdict(dict)
    rows = members.preferred_contact_points(member_ids=member_ids)
    for pk, member_id, channel, state in rows:
        found[member_id].setdefault(channel, PointView(id=pk, channel=channel, state=state))
    return found


class _Runs:
    """What was done of the schedule, and which of it did not arrive."""

    def __init__(self, case_ids: list[int], *, now: datetime) -> None:
        # One whose message was withheld at the last look did not happen.
        withheld = Message.objects.filter(pk=OuterRef("message_id"), state=MessageState.WITHHELD)
        runs = StepRun.objects.filter(~Exists(withheld), case_id__among=case_ids)
        self._done: dict[int, dict[tuple[str, date], datetime]] = defaultdict(dict)
        for case_id, key, cycle, at in runs.order_by().values_list("case_id", "step_key", "due_cycle", "at"):
            self._done[case_id][(key, cycle)] = at
        found: dict[int, dict[tuple[str, date], frozenset[str]]] = defaultdict(dict)
        rows = Message.objects.filter(
            case_id__among=case_ids, state=MessageState.FAILED, author="cadence", at__gt=now - _SIGNALS
        ).values_list("case_id", "decision__step_key", "conversation__sender__channel", "at")
        for case, key, channel, at in rows:
            run = self._run_of(case, key, at)
            if case is not None and run is not None:
                found[case][run] = found[case].get(run, frozenset()) | {channel}
        self.failed = dict(found)

    def done(self, case_id: int) -> set[tuple[str, date]]:
        return set(self._done.get(case_id, ()))

    def _run_of(self, case_id: int | None, key: str, at: datetime) -> tuple[str, date] | None:
        """The run that a message belongs to: a row moves on with each channel, never back."""
        runs = [
            (when, run)
            for run, when in self._done.get(case_id or 0, {}).items()
            if run[0] == key and when >= at
        ]
        return min(runs)[1] if runs else None


def _read_steps(member_ids: list[int], *, now: datetime) -> dict[int, dict[str, datetime]]:
    """When the message of each step was last read."""
    rows = (
        Message.objects.filter(
            conversation__member_id__among=member_ids,
            direction=Direction.OUT,
            author="cadence",
            read_at__gt=now - _SIGNALS,
            read_at__lte=now,
        )
        .order_by("read_at")
        .values_list("conversation__member_id", "decision__step_key", "read_at")
    )
    found: dict[int, dict[str, datetime]] = defaultdict(dict)
    for member_id, key, read_at in rows:
        assert read_at is not None  # asked for above
        found[member_id][key] = read_at
    return found


def _signals(
    member_ids: list[int], *, now: datetime, inbound: Mapping[int, datetime]
) -> dict[int, dict[Trigger, datetime]]:
    """The newest answer and opening of a link, and the newest code that ran out while what it asked for is open.

    Not while another code can be paid: who has that one needs no word about the old one.
    """
    found: dict[int, dict[Trigger, datetime]] = defaultdict(dict)
    for member_id, at in inbound.items():
        found[member_id][Trigger.REPLIED] = at
    opened = (
        LinkOpening.objects.filter(member_id__among=member_ids, at__gt=now - _SIGNALS, at__lte=now)
        .order_by()
        .values_list("member_id")
        .annotate(last=Max("at"))
    )
    for member_id, at in opened:
        found[member_id][Trigger.LINK_OPENED] = at
    payable = PaymentMeans.objects.filter(
        member_id=OuterRef("member_id"), status=MeansStatus.ACTIVE, expires_at__gt=now
    )
    expired = (
        PaymentMeans.objects.filter(
            Q(status=MeansStatus.EXPIRED) | Q(status=MeansStatus.ACTIVE, expires_at__lte=now),
            ~Exists(payable),
            member_id__among=member_ids,
            expires_at__gt=now - _SIGNALS,
            lines__invoice__status__in=InvoiceStatus.collectable(),
        )
        .order_by()
        .values_list("member_id")
        .annotate(last=Max("expires_at"))
    )
    for member_id, at in expired:
        found[member_id][Trigger.CODE_EXPIRED] = at
    return found


def _answer_hours(
    member_ids: list[int], *, now: datetime, zone: ZoneInfo
) -> dict[int, list[tuple[date, int]]]:
    rows = Message.objects.filter(
        conversation__member_id__among=member_ids,
        direction=Direction.IN,
        at__gt=now - ANSWERS - timedelta(days=1),
        at__lte=now,
    ).values_list("conversation__member_id", "at")
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for member_id, at in rows:
        local = at.astimezone(zone)
        found[member_id].append((local.date(), local.hour))
    return found
