"""What came later and stands on something an import brought: an undo keeps it and says why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, Model, QuerySet, Sum

from billing.enums import InvoiceStatus
from billing.models import Invoice, Payment
from cases.enums import CaseState
from cases.models import (
    Agreement,
    Case,
    Dispute,
    Escalation,
    Hold,
    Offer,
    Pause,
    PaymentClaim,
    Promise,
)
from conversations.models import Message
from members.enums import ContactPointState
from members.models import Consent, ContactPoint, Member
from office.models import ImportBatch, ImportRow

# What people and the agent do on a case, the column that says when, and the words for the list of what stays.
_ON_CASES: tuple[tuple[type[Model], str, str], ...] = (
    (Agreement, "accepted_at", "há um acordo sobre ela"),
    (Promise, "made_at", "há uma promessa de pagamento"),
    (Dispute, "opened_at", "há uma contestação"),
    (PaymentClaim, "made_at", "o membro disse que pagou"),
    (Offer, "made_at", "há uma oferta ao membro"),
    (Pause, "made_at", "há uma pausa do plano"),
    (Hold, "starts_at", "alguém segurou o caso"),
    (Escalation, "raised_at", "o caso foi escalado"),
)
_TALKED = "já se conversou com o membro sobre ela"
# Rows about a member that say nothing of their own: they are counted below, each in its way.
_COUNTED = (Consent, ContactPoint, Invoice, Payment, Case, ImportRow)


def invoices_in_use(batch: ImportBatch) -> dict[int, str]:
    """The invoices of the batch, and those it changed, whose case saw something since, and what it saw.

    What billing itself knows (payments, codes, granted dates) is billing's to refuse.
    """
    since = batch.started_at or batch.created_at
    found: dict[int, str] = {}
    # Weakest reason first, so that the strongest is the one that stays.
    _note(found, batch, _talked_about(since), _TALKED)
    for model, column, words in reversed(_ON_CASES):
        rows = model._default_manager.filter(**{f"{column}__gte": since})
        _note(found, batch, rows.values_list("case_id", flat=True), words)
    return found


def _talked_about(since: datetime) -> QuerySet[Message, int | None]:
    return Message.objects.filter(at__gte=since, case_id__isnull=False).values_list("case_id", flat=True)


def _note(found: dict[int, str], batch: ImportBatch, cases: QuerySet[Model, int | None], words: str) -> None:
    rows = ImportRow.objects.filter(batch=batch, invoice__case_invoices__case_id__in=cases)
    found.update(dict.fromkeys((pk for pk in rows.values_list("invoice_id", flat=True) if pk), words))


def why_member_stays(member: Member, batch: ImportBatch) -> str:
    """What else uses a member the batch brought; empty when nothing does."""
    return next(_uses_of(member, batch), "")


def why_contact_stays(point: ContactPoint) -> str:
    """What else uses a contact point the batch brought; empty when nothing does."""
    if point.state not in {ContactPointState.UNVERIFIED, ContactPointState.SHARED}:
        return str(ContactPointState(point.state).label).lower()
    return next(_relations(point, ()), "")


def _uses_of(member: Member, batch: ImportBatch) -> Iterator[str]:
    if member.invoices.exclude(status=InvoiceStatus.VOIDED).exists():
        yield "tem faturas"
    if _standing_payments(member).exists():
        yield "tem pagamentos"
    own_points = member.contact_points.filter(voided_at=None)
    if own_points.exclude(import_batch_id=batch.pk).exists():
        yield "tem contatos incluídos depois"
    for point in own_points.filter(import_batch_id=batch.pk):
        if why := why_contact_stays(point):
            yield f"o contato {point.masked} já é usado ({why})"
    if member.consents.filter(withdrawn_at=None).exclude(import_batch_id=batch.pk).exists():
        yield "tem um consentimento próprio"
    for case in member.cases.all():
        if case.state != CaseState.SETTLED or next(_relations(case, ("events", "case_invoices")), ""):
            yield "tem um caso em andamento ou com histórico"
    yield from _relations(member, _COUNTED)


def _standing_payments(member: Member) -> QuerySet[Payment]:
    returned = Payment.objects.filter(member=member).annotate(returned=Sum("reversals__amount"))
    return returned.exclude(returned=F("amount"))


def _relations(thing: Model, known: tuple[type[Model] | str, ...]) -> Iterator[str]:
    """The names of other tables that point at `thing`, history tables and those in `known` aside."""
    for relation in thing._meta.related_objects:
        model, accessor = relation.related_model, relation.get_accessor_name()
        is_history = hasattr(model, "pgh_tracked_model")
        if is_history or model in known or accessor in known or accessor is None:
            continue
        if model._default_manager.filter(**{relation.field.name: thing}).exists():
            yield f"tem {model._meta.verbose_name_plural}"
