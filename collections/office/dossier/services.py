"""Making a dossier. Each is recorded in the member's own history, with who asked and why, before it is made."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.contrib.auth.models import User

from commons.history import append, member_transaction
from commons.models import Organisation
from members.models import Member
from office.dossier.collecting import Dossier, collect, seal
from office.dossier.enums import Mode
from office.dossier.plain import record
from office.dossier.sections.reading import Reading

LONGEST_REASON = 200


class ReasonMissing(ValueError):
    """Nobody exports a person's file without saying why."""


def export(*, member_id: int, mode: Mode, reason: str, actor: str, now: datetime) -> Dossier:
    """Everything about the member as a sealed dossier; `actor` is "user:<id>", "member" or "system".

    Raises ReasonMissing, and Member.DoesNotExist.
    """
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise ReasonMissing("Diga por que o dossiê é exportado.")
    dossier_id = secrets.token_hex(8)
    with member_transaction(member_id):
        reading = Reading(
            member=Member.objects.get(pk=member_id),
            organisation=Organisation.current(),
            mode=mode,
            now=now,
        )
        entry = append(
            member_id=member_id,
            kind="dossier.exported",
            sentence=f"Dossiê exportado ({mode.label.lower()}). Motivo: {reason}",
            at=now,
            actor=actor,
            dossier=dossier_id,
            mode=mode.value,
        )
        asked = record(
            dossier=dossier_id,
            mode=mode.value,
            reason=reason,
            requested_by=reading.who(actor),
            requested_by_name=_name(actor) if mode != Mode.SUBJECT else "",
            requested_at=now,
            recorded_at=entry.recorded_at,
        )
        sections = collect(reading, export=asked)
    return seal(sections, dossier_id=dossier_id, member_id=member_id, generated_at=now)


def subject_export(
    member_id: int, *, actor: str, now: datetime, reason: str = "Pedido do próprio membro (LGPD, art. 18)"
) -> Dossier:
    """Everything about the member, for the member: chats, decisions, what was computed about them.

    Without other people's data, without who of the staff did what, and without the staff's private notes.
    """
    return export(member_id=member_id, mode=Mode.SUBJECT, reason=reason, actor=actor, now=now)


def _name(actor: str) -> str:
    kind, _, pk = actor.partition(":")
    user = User.objects.filter(pk=pk).first() if kind == "user" and pk.isdecimal() else None
    return "" if user is None else user.get_full_name() or user.get_username()
