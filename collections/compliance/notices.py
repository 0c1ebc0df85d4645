"""Notices of what follows when a debt stays unpaid, and what they allow to be said.

A consequence is only mentioned from here: announced by a notice that was delivered, as many days ahead as the
member's place asks for, and while an invoice it was about is still open.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from billing.enums import InvoiceStatus
from billing.models import Invoice
from commons.history import append, member_transaction
from commons.models import Organisation
from compliance.content.facts import Consequence, ConsequenceKind
from compliance.enums import ContactKind
from compliance.models import ConsequenceNotice, Decision
from compliance.packs.loader import UnknownCountry, load_pack
from compliance.places import country_pack, member_zone
from members.models import Member

_MEANING = {
    ConsequenceKind.SERVICE_SUSPENSION: "suspensão do serviço",
    ConsequenceKind.NEGATIVE_LISTING: "inclusão em cadastro de devedores",
}


class NoNotice(ValueError):
    """The notice cannot be one; the message says why, in Portuguese."""


def record_notice(
    *, decision: Decision, kind: ConsequenceKind, actor: str, now: datetime
) -> ConsequenceNotice:
    """The contact of `decision` announces `kind` for the invoices it is about. Twice is once.

    Raises NoNotice when the gate did not allow it, when it is no notice about invoices, or when the member's
    place has no norm that says how many days such a notice must give.
    """
    if not decision.allows or decision.kind != ContactKind.NOTICE or decision.member is None:
        raise NoNotice("Só um aviso permitido pelas regras de contato pode anunciar uma consequência.")
    if not decision.request["invoices"]:
        raise NoNotice("O aviso precisa dizer de quais faturas trata.")
    if _days(decision.member, kind) is None:
        raise NoNotice("Não há regra que dê o prazo deste aviso no lugar do membro.")
    with member_transaction(decision.member.pk):
        made, new = ConsequenceNotice.objects.get_or_create(
            decision=decision,
            defaults={
                "member": decision.member,
                "kind": kind,
                "invoice_ids": decision.request["invoices"],
                "sent_at": now,
                "actor": actor,
            },
        )
        if new:
            append(
                member_id=decision.member.pk,
                case_id=decision.case_id,
                kind="notice.sent",
                sentence=f"Aviso enviado: {_MEANING[kind]}. O prazo só conta a partir da entrega.",
                at=now,
                actor=actor,
                notice=made.pk,
                decision=decision.pk,
            )
    return made


def confirm_delivery(*, decision_id: int, proof: str, at: datetime, actor: str, now: datetime) -> bool:
    """The notice that left by this contact arrived at `at`, as `proof` shows: its clock starts.

    False when that contact was no notice, or was already known to have arrived. What was once told as failed
    and arrived after all counts from its arrival.
    """
    return _settle(decision_id, proof=proof, delivered_at=at, failed_at=None, actor=actor, now=now)


def note_failure(*, decision_id: int, actor: str, now: datetime) -> bool:
    """The notice did not arrive: no clock starts. False when it was no notice, or is settled already."""
    return _settle(decision_id, proof="", delivered_at=None, failed_at=now, actor=actor, now=now)


def consequences_of(member: Member) -> tuple[Consequence, ...]:
    """What may be mentioned to the member: the newest delivered notice of each kind, with its first day."""
    notices = ConsequenceNotice.objects.filter(member=member).exclude(delivered_at=None)
    wanted = list(notices.order_by("-delivered_at"))
    if not wanted:
        return ()
    named = {pk for notice in wanted for pk in notice.invoice_ids}
    still_open = set(
        Invoice.objects.filter(pk__in=named, status__in=InvoiceStatus.collectable()).values_list(
            "pk", flat=True
        )
    )
    pack, _ = country_pack(member.country, organisation := Organisation.current())
    zone = member_zone(member, pack=pack, organisation=organisation)
    found: dict[ConsequenceKind, Consequence] = {}
    for notice in wanted:
        kind, days = ConsequenceKind(notice.kind), _days(member, ConsequenceKind(notice.kind))
        if days is None or kind in found or not still_open.intersection(notice.invoice_ids):
            continue
        assert notice.delivered_at is not None  # asked for above
        delivered = notice.delivered_at.astimezone(zone).date()
        found[kind] = Consequence(kind=kind, notice_on=delivered, from_on=delivered + timedelta(days=days))
    return tuple(found.values())


def _settle(
    decision_id: int,
    *,
    proof: str,
    delivered_at: datetime | None,
    failed_at: datetime | None,
    actor: str,
    now: datetime,
) -> bool:
    notice = ConsequenceNotice.objects.filter(decision_id=decision_id).first()
    if notice is None:
        return False
    with member_transaction(notice.member_id):
        notice = ConsequenceNotice.objects.select_for_update().get(pk=notice.pk)
        if notice.delivered_at is not None or (notice.failed_at is not None and delivered_at is None):
            return False
        notice.delivered_at, notice.failed_at, notice.proof = delivered_at, failed_at, proof
        notice.save(update_fields=["delivered_at", "failed_at", "proof"])
        append(
            member_id=notice.member_id,
            kind="notice.failed" if delivered_at is None else "notice.delivered",
            sentence="O aviso não foi entregue: o prazo não começou."
            if delivered_at is None
            else f"O aviso foi entregue: o prazo começou ({proof}).",
            at=now,
            actor=actor,
            notice=notice.pk,
        )
    return True


def _days(member: Member, kind: ConsequenceKind) -> int | None:
    """Days from a delivered notice to what it announces, at the member's place; None where no norm says."""
    try:
        pack = load_pack(member.country)
    except UnknownCountry:
        return None
    match kind:
        case ConsequenceKind.SERVICE_SUSPENSION:
            return pack.consequences.service_suspension_notice_days
        case ConsequenceKind.NEGATIVE_LISTING:
            return pack.consequences.listing_notice_days(pack.known_state(member.uf))
        case _:
            return None
