"""The first message to a member ever: with it goes, on record, the privacy notice that was in force."""

from __future__ import annotations

from datetime import datetime

from commons.history import append
from compliance.enums import LedgerOutcome
from compliance.models import ContactLedgerEntry
from conversations.models import Message
from members.selectors import notice_in_force

KIND = "contact.first"


def note(message: Message, *, now: datetime) -> None:
    """Writes the line when `message`, which has just left, is the first contact; a later one changes nothing."""
    member_id = message.conversation.member_id
    if member_id is None or message.decision_id is None or message.part_of_id is not None:
        return
    others = ContactLedgerEntry.objects.filter(member_id=member_id, outcome=LedgerOutcome.SENT)
    if others.exclude(decision_id=message.decision_id).exists():
        return
    notice = notice_in_force(now=now, language=message.conversation.language)
    append(
        member_id=member_id,
        case_id=message.case_id,
        kind=KIND,
        sentence=(
            "Primeira mensagem a este membro. Não havia aviso de privacidade publicado."
            if notice is None
            else f"Primeira mensagem a este membro. Aviso de privacidade em vigor: versão {notice}."
        ),
        at=now,
        actor="system",
        message=message.pk,
        notice=None if notice is None else notice.pk,
    )
