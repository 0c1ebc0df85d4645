"""Fetching what came back by e-mail: each letter is a row in the journal before it leaves the mailbox."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings

from conversations.channels.email import pop
from conversations.channels.errors import ChannelError
from conversations.intake import journal
from conversations.senders import missing_settings
from members.enums import Channel

log = logging.getLogger(__name__)


def fetch(*, now: datetime) -> int:
    """Journals the waiting letters; how many there were. Does nothing where no mailbox is set up.

    A mailbox that cannot be reached is tried again by the next run.
    """
    if missing_settings(Channel.EMAIL):
        return 0
    mailbox = pop.Mailbox(
        host=settings.MAIL_POP_HOST,
        port=settings.MAIL_POP_PORT,
        user=settings.MAIL_POP_USER,
        password=settings.MAIL_POP_PASSWORD,
        security=settings.MAIL_POP_SECURITY,
    )
    try:
        return pop.take(mailbox, lambda raw: _keep(raw, now=now))
    except ChannelError as error:
        log.warning("mailbox not read: %s", error.code)
        return 0


def _keep(raw: bytes, *, now: datetime) -> None:
    """Byte for byte, in the only text that has a letter for every byte."""
    journal.store(provider=journal.EMAIL, body=raw.decode("latin-1"), only_reports=False, now=now)
