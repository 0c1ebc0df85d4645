"""Writing about members themselves."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from commons import history
from members import hashes
from members.enums import MemberKind
from members.models import Member


def create_member(  # noqa: PLR0913 -- a member has that many facts, each by name
    *,
    name: str,
    now: datetime,
    actor: str,
    external_id: str | None = None,
    document: str = "",
    kind: str = MemberKind.PERSON,
    birth_date: date | None = None,
    city: str = "",
    uf: str = "",
    timezone: str = "",
    product: str = "",
    language: str = "pt-BR",
    country: str = "BR",
    tags: list[str] | None = None,
    import_batch_id: int | None = None,
) -> Member:
    """A new member. `document` is canonical: eleven digits of a CPF, fourteen characters of a CNPJ."""
    with transaction.atomic():
        member = Member.objects.create(
            name=name,
            external_id=external_id or None,
            document=document,
            document_hash=hashes.document_hash(document),
            kind=kind,
            birth_date=birth_date,
            city=city,
            uf=uf.upper(),
            timezone=timezone,
            product=product,
            language=language,
            country=country,
            tags=tags or [],
            import_batch_id=import_batch_id,
            created_at=now,
        )
        history.append(
            member_id=member.pk,
            kind="member.created",
            sentence=f"Cadastro de {member.name} criado.",
            at=now,
            actor=actor,
            batch=import_batch_id,
        )
    return member


def block_member(*, member: Member, reason: str, actor: str, now: datetime) -> None:
    """Nobody writes to this member on our own initiative until a person lifts it (`reason` is a `Blocked`)."""
    with history.member_transaction(member.pk):
        member = Member.objects.select_for_update().get(pk=member.pk)
        if member.blocked == reason:
            return
        member.blocked = reason
        member.save(update_fields=["blocked", "folded_name"])
        history.append(
            member_id=member.pk,
            kind="member.blocked",
            sentence=f"Bloqueio: {member.get_blocked_display()}.",
            at=now,
            actor=actor,
            reason=reason,
        )
