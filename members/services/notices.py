"""Versions of the privacy notice."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from members.models import PrivacyNotice


class NoticeRefused(Exception):
    """A version that cannot be published; the message says why in Portuguese."""


def publish_notice(
    *,
    version: str,
    language: str,
    valid_from: datetime,
    actor: str,
    now: datetime,
    text: str = "",
    url: str = "",
) -> PrivacyNotice:
    """Adds a version, in force from `valid_from` on. It never begins in the past: what members were told stays.

    Raises NoticeRefused with a sentence.
    """
    if not version.strip():
        raise NoticeRefused("Diga o nome desta versão, como “2026-11”.")
    if not text.strip() and not url.strip():
        raise NoticeRefused("Escreva o texto do aviso ou o endereço onde ele é lido.")
    if valid_from < now:
        raise NoticeRefused("Uma versão não pode valer desde antes de agora: o que já foi dito não muda.")
    try:
        with transaction.atomic():
            return PrivacyNotice.objects.create(
                version=version.strip(),
                language=language.replace("_", "-"),
                text=text.strip(),
                url=url.strip(),
                valid_from=valid_from,
                actor=actor,
            )
    except IntegrityError as error:
        raise NoticeRefused("Esta versão já existe neste idioma.") from error
