"""What a mail server's refusal means: by the moment it came and by its code, which is all that is certain."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import Enum, auto
from typing import Final

from conversations.channels.errors import Backoff, ChannelError, ContactAction, Remedy, Scope

# Longer than a greylist makes a stranger wait.
TEMPORARY: Final = Backoff(first=timedelta(minutes=5), longest=timedelta(hours=2), factor=3, tries=5)
_ENHANCED = re.compile(r"(?:^|[\s#(])([245]\.\d{1,3}\.\d{1,3})\b")

NO_ADDRESS = "Este endereço de e-mail não existe."
MAILBOX_FULL = "A caixa de e-mail está cheia ou fora de uso."
REFUSED = "O provedor de e-mail do membro recusou a mensagem."


class Moment(Enum):
    """How far the dialogue had come."""

    LOGIN = auto()
    SENDER = auto()
    RECIPIENT = auto()
    DATA = auto()


def no_connection() -> ChannelError:
    """Nothing had left yet: it may be tried again."""
    return ChannelError(
        "O servidor de e-mail não respondeu à conexão.",
        code="connect",
        remedy=Remedy.RETRY,
        backoff=TEMPORARY,
        scope=Scope.SENDER,
    )


def insecure(details: str) -> ChannelError:
    """The server does not prove who it is, or offers no encryption: no letter goes there until a person looks."""
    return ChannelError(
        "O servidor de e-mail não oferece uma conexão segura: confira endereço, porta e segurança.",
        permanent=True,
        code="tls",
        remedy=Remedy.PAUSE_SENDER,
        scope=Scope.SENDER,
        details=details,
    )


def lost() -> ChannelError:
    """The connection fell after the text had begun to leave: it may have been taken."""
    return ChannelError(
        "O servidor de e-mail não confirmou se recebeu a mensagem.",
        ambiguous=True,
        code="lost",
        remedy=Remedy.RETRY,
        backoff=TEMPORARY,
    )


def refused(moment: Moment, status: int, words: str) -> ChannelError:
    """The server said no. A 4xx is for now, a 5xx for good; what it is about depends on the moment."""
    enhanced = enhanced_code(words)
    code = enhanced or str(status)
    if status < 500:
        return ChannelError(
            "O servidor de e-mail pediu para tentar mais tarde.",
            code=code,
            remedy=Remedy.RETRY,
            backoff=TEMPORARY,
            details=words,
        )
    match moment:
        case Moment.LOGIN:
            return _stops_sender("O servidor de e-mail não aceitou usuário e senha.", code, words)
        case Moment.SENDER:
            return _stops_sender("O servidor de e-mail não aceita este remetente.", code, words)
        case Moment.RECIPIENT:
            return about_recipient(code, words)
        case Moment.DATA:
            return ChannelError(
                "O servidor de e-mail recusou o texto da mensagem.",
                permanent=True,
                code=code,
                remedy=Remedy.NEVER,
                details=words,
            )


def about_recipient(code: str, words: str) -> ChannelError:
    """For good, and about the address; `code` is an enhanced one (5.1.1) or a plain one (550)."""
    sentence = REFUSED
    if code.startswith(("5.1.", "4.1.")) or code in {"550", "551", "553"}:
        sentence = NO_ADDRESS
    elif code.startswith(("5.2.", "4.2.")) or code == "552":
        sentence = MAILBOX_FULL
    return ChannelError(
        sentence,
        permanent=True,
        code=code,
        remedy=Remedy.CONTACT,
        contact_action=ContactAction.OTHER_CHANNEL,
        scope=Scope.CONTACT,
        details=words,
    )


def enhanced_code(words: str) -> str:
    """The enhanced status code (RFC 3463) in a server's answer, empty for none."""
    found = _ENHANCED.search(words)
    return found[1] if found else ""


def _stops_sender(sentence: str, code: str, words: str) -> ChannelError:
    return ChannelError(
        sentence,
        permanent=True,
        code=code,
        remedy=Remedy.PAUSE_SENDER,
        scope=Scope.SENDER,
        details=words,
    )
