"""Files that people send: fetched once, checked, kept outside the database."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path

from django.conf import settings
from django.db.models import F

from conversations import live
from conversations.channels.errors import ChannelError
from conversations.models import Media
from conversations.senders import channel_of

TRIES = 5
# What the house never needs a larger one of; the provider's own limit is higher for documents.
MAX_BYTES = 16 * 1024 * 1024


def fetch(*, media_id: int) -> None:
    """Downloads the file below DATA_DIR/media/<id>; its name never comes from outside."""
    media = Media.objects.select_related("message__conversation__sender").get(pk=media_id)
    if media.path:
        return
    Media.objects.filter(pk=media_id).update(attempts=F("attempts") + 1)
    try:
        found = channel_of(media.message.conversation.sender).download(
            media.provider_id, sha256=_hexadecimal(media.sha256)
        )
    except ChannelError as error:
        Media.objects.filter(pk=media_id).update(error=error.message[:200])
        return
    if len(found.data) > MAX_BYTES:
        Media.objects.filter(pk=media_id).update(error="Arquivo grande demais.", attempts=TRIES)
        return
    folder = Path(settings.MEDIA_ROOT) / "inbound"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / str(media_id)
    path.write_bytes(found.data)
    Media.objects.filter(pk=media_id).update(
        path=f"inbound/{media_id}", size=len(found.data), mime_type=found.mime[:100], error=""
    )
    live.touch(media.message.conversation_id)


def _hexadecimal(digest: str) -> str:
    """The provider sends its digests as base64 in webhooks; hexadecimal passes through."""
    if len(digest) == 64 or not digest:
        return digest
    try:
        return base64.b64decode(digest, validate=True).hex()
    except (binascii.Error, ValueError):
        return ""
