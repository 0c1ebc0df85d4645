"""A letter from the mailbox as an item of the intake: an answer, a delivery report, or nothing for anybody.

Whatever cannot be read is an item too, kept for a person.
"""

from __future__ import annotations

import hashlib
import re
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import compat32, default
from email.utils import parseaddr
from typing import Final

from conversations.channels.arrivals import Arrival, Ignored
from conversations.channels.email import errors, message_ids
from conversations.channels.email.quoting import own_words, plain
from conversations.channels.errors import ChannelError
from conversations.channels.whatsapp.items import DeliveryStatus, Party, StatusUpdate, Unparsable
from members.enums import Channel

MailItem = Arrival | StatusUpdate | Ignored | Unparsable

# Parts of a letter that are looked at: one with more is no letter of a person.
_MOST_PARTS: Final = 50
_DAEMON: Final = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon|bounces?)\b", re.IGNORECASE)
_ACTIONS: Final = {
    "failed": DeliveryStatus.FAILED,
    "delivered": DeliveryStatus.DELIVERED,
    "relayed": DeliveryStatus.SENT,
    "expanded": DeliveryStatus.SENT,
}
_AUTOMATIC_PRECEDENCE: Final = frozenset({"bulk", "junk", "list", "auto_reply"})


def parse(body: str) -> list[MailItem]:
    """The item in a stored letter, whose bytes stand in `body` as Latin-1. Never raises."""
    raw = body.encode("latin-1", "replace")
    key = f"mail:{hashlib.sha256(raw).hexdigest()}"
    try:
        return [_item(raw, key=key)]
    except Exception as error:  # noqa: BLE001 -- anybody may write anything: what breaks the reader waits for a person
        return [Unparsable(key=key, reason=type(error).__name__, raw={})]


def _item(raw: bytes, *, key: str) -> MailItem:
    message = message_from_bytes(raw, policy=default)
    parts = [part for _, part in zip(range(_MOST_PARTS), message.walk(), strict=False)]
    report = next((p for p in parts if p.get_content_type() == "message/delivery-status"), None)
    if report is not None:
        return _report(report, parts, key=key)
    name, address = parseaddr(_header(message, "From"))
    if _DAEMON.match(address) or _header(message, "Return-Path").strip() == "<>":
        return _odd_bounce(raw, key=key)
    if _is_automatic(message):
        return Ignored(key=key, reason="automatic")
    return _answer(message, parts, key=key, name=name, address=address)


def _answer(
    message: EmailMessage, parts: list[EmailMessage], *, key: str, name: str, address: str
) -> MailItem:
    references = f"{_header(message, 'In-Reply-To')} {_header(message, 'References')}"
    # The newest of ours: programs add what they answer at the end.
    answers = (message_ids.correlations_in(references) or [""])[-1]
    subject = _header(message, "Subject")
    # Who presses the way out in a mail program writes nothing but its subject.
    text = own_words(_words(parts)) or re.sub(r"^(?:re|res|enc|fwd?|rv): *", "", subject, flags=re.IGNORECASE)
    return Arrival(
        key=key,
        channel=Channel.EMAIL,
        our_address=parseaddr(_header(message, "To"))[1].lower(),
        message_id=_header(message, "Message-ID").strip(),
        address=address.lower(),
        text=text,
        name=name,
        subject=subject,
        answers=answers,
        # A sender's address is easily forged; that the letter answers one of ours is not.
        is_proven=bool(answers),
    )


def _report(report: Message, parts: list[EmailMessage], *, key: str) -> MailItem:
    fields = _fields(report)
    named = " ".join([fields.get("original-envelope-id", ""), *_returned_ids(parts)])
    correlations = message_ids.correlations_in(named)
    status = _ACTIONS.get(fields.get("action", "").lower())
    if not correlations or status is None:
        return Ignored(key=key, reason="report")
    error = None
    if status == DeliveryStatus.FAILED:
        diagnostic = fields.get("diagnostic-code", "")
        code = errors.enhanced_code(fields.get("status", "")) or errors.enhanced_code(diagnostic) or "5.0.0"
        error = errors.about_recipient(code, diagnostic[:300])
    return _status(key, correlations[0], status=status, name=fields.get("action", "").lower(), error=error)


def _odd_bounce(raw: bytes, *, key: str) -> MailItem:
    """A bounce in a server's own words: what names our letter under its seal was returned."""
    text = raw.decode("latin-1")
    correlations = message_ids.correlations_in(text)
    if not correlations:
        return Ignored(key=key, reason="bounce")
    code = errors.enhanced_code(text) or "5.0.0"
    error = errors.about_recipient(code if code.startswith("5") else "5.0.0", "")
    return _status(key, correlations[0], status=DeliveryStatus.FAILED, name="failed", error=error)


def _status(
    key: str, correlation: str, *, status: DeliveryStatus, name: str, error: ChannelError | None
) -> StatusUpdate:
    return StatusUpdate(
        key=key,
        account_id="",
        phone_number_id="",
        message_id="",
        status=status,
        status_name=name,
        at=None,
        recipient=Party(),
        correlation=correlation,
        error=error,
        raw={},
    )


def _fields(report: Message) -> dict[str, str]:
    """The fields of a report, those about the recipient after those about the letter; the first of each counts."""
    payload = report.get_payload()
    blocks = payload if isinstance(payload, list) else []
    found: dict[str, str] = {}
    for block in blocks[:_MOST_PARTS]:
        if isinstance(block, Message):
            for name, value in block.items():
                found.setdefault(name.lower(), str(value))
    return found


def _returned_ids(parts: list[EmailMessage]) -> list[str]:
    """The Message-IDs of what came back, whole or its head alone."""
    found = []
    for part in parts:
        if part.get_content_type() == "text/rfc822-headers":
            head = message_from_bytes(_bytes(part), policy=compat32)
            found.append(str(head.get("Message-ID", "")))
        elif part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                found.append(str(inner[0].get("Message-ID", "")))
    return found


def _is_automatic(message: EmailMessage) -> bool:
    """An answer that no person wrote: answering it would be answered again."""
    submitted = _header(message, "Auto-Submitted").strip().lower()
    return (
        submitted not in {"", "no"}
        or _header(message, "Precedence").strip().lower() in _AUTOMATIC_PRECEDENCE
        or any(message[name] is not None for name in ("X-Autoreply", "X-Autorespond", "List-Id"))
    )


def _words(parts: list[EmailMessage]) -> str:
    for wanted, read in (("text/plain", str), ("text/html", plain)):
        for part in parts:
            if part.get_content_type() == wanted and part.get_content_disposition() != "attachment":
                words = read(_text(part))
                if words.strip():
                    return words
    return ""


def _text(part: EmailMessage) -> str:
    """Decoded as it says it is; as UTF-8 where it names an encoding that does not exist."""
    try:
        decoded = _bytes(part).decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        decoded = _bytes(part).decode("utf-8", "replace")
    # The database keeps none.
    return decoded.replace("\x00", "")


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _header(message: Message, name: str) -> str:
    """Empty for none, and for one that cannot be read."""
    try:
        return str(message.get(name, "")).replace("\x00", "").replace("\n", " ").replace("\r", "")
    except (ValueError, IndexError, AttributeError, LookupError):
        # The library's reader of broken headers breaks on some of them itself.
        return ""
