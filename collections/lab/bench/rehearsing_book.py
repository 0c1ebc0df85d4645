"""The large book as one that a régua works on: people who may be written to, debts of every age it has steps for."""

from __future__ import annotations

from django.db import connection

from cadence import presets
from cadence.defaults import ensure_defaults
from cadence.models import CadenceVersion
from cadence.presets import starting
from cases.models import Case
from conversations.enums import TemplateStatus
from conversations.models import MessageTemplate, Sender
from lab.bench import large_book
from lab.bench.scale import TODAY
from members.models import Consent, ContactPoint, Member

# Of the large book four cases in five are open.
_MEMBERS_PER_OPEN_CASE = 5 / 4
# From a month ahead to three months late.
_AHEAD, _LATE = 30, 90


def prepare(*, cases: int) -> CadenceVersion:
    """The draft to rehearse: the provider's régua, beside the default one that is live."""
    if Case.objects.exclude(state="settled").count() < cases:
        large_book.write(round(cases * _MEMBERS_PER_OPEN_CASE) - Member.objects.count())
    ensure_defaults(now=TODAY)
    Sender.objects.update(active=True)
    ContactPoint.objects.update(state="confirmed", channel="whatsapp", voided_at=None)
    _consent()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE billing_invoice SET due_date = shifted.due, original_due_date = shifted.due"
            " FROM (SELECT id, %s::date + %s - (id %% %s)::int AS due"
            "       FROM billing_invoice WHERE status = 'open') AS shifted"
            " WHERE billing_invoice.id = shifted.id",
            [TODAY.date(), _AHEAD, _AHEAD + _LATE],
        )
        cursor.execute("UPDATE cases_case SET next_contact_at = %s WHERE state <> 'settled'", [TODAY])
        cursor.execute("ANALYZE")
    version = starting.start_from(preset_key=presets.get("isp").key, user=None, now=TODAY)
    MessageTemplate.objects.update(status=TemplateStatus.APPROVED)
    return version


def _consent() -> None:
    """Everybody agreed to be written to."""
    known = set(
        Consent.objects.filter(channel="whatsapp", withdrawn_at=None).values_list("member_id", flat=True)
    )
    missing = [pk for pk in Member.objects.values_list("pk", flat=True) if pk not in known]
    Consent.objects.bulk_create(
        [
            Consent(
                member_id=pk,
                channel="whatsapp",
                granted_at=TODAY,
                source="bench",
                text_version="2026-11",
            )
            for pk in missing
        ],
        batch_size=10_000,
    )
