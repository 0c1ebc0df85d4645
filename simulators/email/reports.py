"""Delivery reports as mail servers write them (RFC 3464)."""

from email import message_from_bytes
from email.message import EmailMessage, Message
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from simulators.email.post_office import Envelope

__all__ = ["EmailMessage", "delivered", "failure"]

_SERVER = "mx.correio.example"


def failure(envelope: "Envelope", raw: bytes, *, status: str = "5.1.1") -> bytes:
    """Return the letter that says it could not be delivered."""
    words = f"smtp; 550 {status} <{envelope.recipient}>: cannot be delivered"
    return _report(envelope, raw, action="failed", status=status, diagnostic=words)


def delivered(envelope: "Envelope", raw: bytes) -> bytes:
    """Return the letter that says it lies in the mailbox."""
    return _report(envelope, raw, action="delivered", status="2.0.0", diagnostic="smtp; 250 2.0.0 Ok")


def _report(envelope: "Envelope", raw: bytes, *, action: str, status: str, diagnostic: str) -> bytes:
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"] = f"Mail Delivery System <MAILER-DAEMON@{_SERVER}>"
    report["To"] = envelope.sender
    report["Subject"] = "Delivery Status Notification"
    report["Message-ID"] = f"<{uuid4().hex}@{_SERVER}>"
    report["Auto-Submitted"] = "auto-replied"
    report["Return-Path"] = "<>"
    report.attach(MIMEText(f"This is the mail system. Status of your message: {action}.\n"))
    about_letter, about_recipient = Message(), Message()
    about_letter["Reporting-MTA"] = f"dns; {_SERVER}"
    if envelope.envelope_id:
        about_letter["Original-Envelope-Id"] = envelope.envelope_id
    about_recipient["Final-Recipient"] = f"rfc822; {envelope.recipient}"
    about_recipient["Action"] = action
    about_recipient["Status"] = status
    about_recipient["Diagnostic-Code"] = diagnostic
    part = MIMENonMultipart("message", "delivery-status")
    part.set_payload([about_letter, about_recipient])
    report.attach(part)
    original = message_from_bytes(raw, policy=compat32)
    headers = Message()
    for name in ("From", "To", "Subject", "Message-ID"):
        headers[name] = str(original.get(name, ""))
    returned = MIMEMessage(headers)
    report.attach(returned)
    return report.as_bytes()
