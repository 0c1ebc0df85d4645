"""Where letters lie: each address has a mailbox, and so has the business, for bounces and answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime, make_msgid
from typing import Any
from uuid import uuid4

from simulators.context import Context
from simulators.email import reports
from simulators.faults import Fault

SYSTEM = "email"
_BOX = "email.box."
_RETURNS = "email.returns"
_PEOPLE = "email.people"


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What the business said before the letter itself."""

    sender: str
    recipient: str
    envelope_id: str = ""
    notify: frozenset[str] = frozenset()


class NoSuchMailError(LookupError):
    """There is no such letter in that mailbox."""


class PostOffice:
    """Takes letters in, keeps them, and brings back what the world answers."""

    def __init__(self, context: Context) -> None:
        """Keep everything in the process's store."""
        self.context = context
        self.ports: dict[str, int] = {}
        self._store = context.store
        self._journal = context.journal(SYSTEM)

    def fault(self, point: str, *, address: str) -> Fault | None:
        """Return what is planned to go wrong there for that address."""
        return self.context.faults.take(SYSTEM, point, address=address)

    def accept(self, envelope: Envelope, raw: bytes) -> None:
        """Deliver a letter: into the mailbox, or back as a bounce where that is planned."""
        fault = self.fault("delivery", address=envelope.recipient)
        self._journal.write(
            direction="in", kind="mail", person=envelope.recipient, sender=envelope.sender, size=len(raw)
        )
        if fault is not None and fault.action == "bounce":
            status = str(fault.options.get("status", "5.1.1"))
            self.bring_back(reports.failure(envelope, raw, status=status))
            return
        letter = read(raw)
        body = letter.get_body(("plain",))
        mail: dict[str, Any] = {
            "id": uuid4().hex,
            "at": self.context.clock.now().isoformat(),
            "from": str(letter.get("From", "")),
            "reply_to": str(letter.get("Reply-To", envelope.sender)),
            "subject": str(letter.get("Subject", "")),
            "message_id": str(letter.get("Message-ID", "")),
            "text": body.get_content().replace("\r\n", "\n") if body is not None else "",
            "headers": {name: str(value) for name, value in letter.items()},
            "html": _html(letter),
        }
        self._store.put(_BOX + envelope.recipient, mail["id"], mail)
        self.context.bus.publish("post", None)
        if "SUCCESS" in envelope.notify and (fault is None or fault.action != "silent"):
            self.bring_back(reports.delivered(envelope, raw))

    def bring_back(self, raw: bytes) -> None:
        """Put a letter into the business's own mailbox."""
        key = uuid4().hex
        self._store.put(_RETURNS, key, {"key": key, "raw": raw.decode("latin-1")})

    def waiting(self) -> list[tuple[str, bytes]]:
        """Return what lies in the business's mailbox, oldest first: unique id, letter."""
        return [(doc["key"], doc["raw"].encode("latin-1")) for doc in self._store.all(_RETURNS)]

    def taken(self, keys: Sequence[str]) -> None:
        """Remove what was read and deleted there."""
        for key in keys:
            self._store.delete(_RETURNS, key)

    def mails(self, address: str) -> list[dict[str, Any]]:
        """Return the letters in somebody's mailbox, oldest first."""
        return self._store.all(_BOX + address.lower())

    def addresses(self) -> list[str]:
        """Return every address that ever got a letter."""
        return [name.removeprefix(_BOX) for name in self._store.names(_BOX)]

    def introduce(self, people: Sequence[dict[str, str]]) -> None:
        """Say whose address is whose: `{"phone": digits, "address"}` each."""
        for person in people:
            phone = "".join(filter(str.isdigit, person["phone"]))
            self._store.put(_PEOPLE, phone, {"phone": phone, "address": person["address"].lower()})

    def address_of(self, phone: str) -> str:
        """Return the address of whoever has that phone; empty when nobody said."""
        known = self._store.get(_PEOPLE, phone)
        return "" if known is None else str(known["address"])

    def reply(self, address: str, mail_id: str, text: str) -> None:
        """Answer a letter as a mail program does: with its words below, quoted. Raises NoSuchMailError."""
        mail = self._store.get(_BOX + address.lower(), mail_id)
        if mail is None:
            raise NoSuchMailError(mail_id)
        quoted = "\n".join(f"> {line}" for line in mail["text"].splitlines())
        answer = self._letter(address, mail["reply_to"], f"Re: {mail['subject'].removeprefix('Re: ')}")
        answer["In-Reply-To"] = mail["message_id"]
        answer["References"] = mail["message_id"]
        answer.set_content(f"{text}\n\nEm ter., 24 de nov. de 2026, {mail['from']} escreveu:\n\n{quoted}\n")
        self.bring_back(answer.as_bytes())

    def write(self, address: str, to: str, subject: str, text: str) -> None:
        """Bring the business a letter that answers nothing."""
        letter = self._letter(address, to, subject)
        letter.set_content(text or "\n")
        self.bring_back(letter.as_bytes())

    def reset(self) -> None:
        """Empty every mailbox."""
        self._store.clear("email.")
        self.context.faults.clear(SYSTEM)

    def _letter(self, sender: str, to: str, subject: str) -> EmailMessage:
        letter = EmailMessage(policy=SMTP)
        letter["From"], letter["To"], letter["Subject"] = sender, to, subject
        letter["Date"] = format_datetime(self.context.clock.now())
        letter["Message-ID"] = make_msgid(domain=sender.partition("@")[2] or "example")
        return letter


def read(raw: bytes) -> EmailMessage:
    """Return a letter as an object."""
    return message_from_bytes(raw, policy=default)


def _html(letter: EmailMessage) -> str:
    part = letter.get_body(("html",))
    return part.get_content().replace("\r\n", "\n") if part is not None else ""
