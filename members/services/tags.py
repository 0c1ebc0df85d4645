"""Words the house sorts its members by."""

from __future__ import annotations

from datetime import datetime

from commons import history
from members.models import Member

TAG_LENGTH = 40


def canonical_tag(text: str) -> str:
    """The tag as it is kept: single spaces, lower case. Raises ValueError, with a sentence, for none."""
    tag = " ".join(text.split()).lower()
    if not tag:
        raise ValueError("Diga qual é a etiqueta.")
    if len(tag) > TAG_LENGTH:
        raise ValueError(f"Uma etiqueta tem no máximo {TAG_LENGTH} letras.")
    return tag


def add_tag(*, member_id: int, tag: str, actor: str, now: datetime) -> bool:
    """Puts the tag on the member; False when it was there. Raises ValueError for what is no tag."""
    return _change(member_id=member_id, tag=canonical_tag(tag), wanted=True, actor=actor, now=now)


def remove_tag(*, member_id: int, tag: str, actor: str, now: datetime) -> bool:
    """Takes the tag from the member; False when it was not there. Raises ValueError for what is no tag."""
    return _change(member_id=member_id, tag=canonical_tag(tag), wanted=False, actor=actor, now=now)


def _change(*, member_id: int, tag: str, wanted: bool, actor: str, now: datetime) -> bool:
    with history.member_transaction(member_id):
        member = Member.objects.select_for_update().get(pk=member_id)
        # Imports bring tags as they were written.
        others = [known for known in member.tags if canonical_tag(known) != tag]
        if (len(others) < len(member.tags)) == wanted:
            return False
        member.tags = [*others, tag] if wanted else others
        member.save(update_fields=["tags"])
        history.append(
            member_id=member_id,
            kind="member.tagged" if wanted else "member.untagged",
            sentence=f"Etiqueta “{tag}” {'posta' if wanted else 'tirada'}.",
            at=now,
            actor=actor,
        )
    return True
