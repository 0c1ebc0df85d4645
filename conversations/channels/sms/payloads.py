"""The provider's form-encoded calls as items of the intake."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs

from conversations.channels.arrivals import Arrival, Ignored
from conversations.channels.sms import errors
from conversations.channels.whatsapp.items import DeliveryStatus, Party, StatusUpdate
from members.enums import Channel

# The parameter of our own status address that carries the correlation.
CORRELATION: Final = "c"
_STATUSES: Final = {
    "sent": DeliveryStatus.SENT,
    "delivered": DeliveryStatus.DELIVERED,
    "read": DeliveryStatus.READ,
    "undelivered": DeliveryStatus.FAILED,
    "failed": DeliveryStatus.FAILED,
}
# Before anything happened outside the provider.
_ON_ITS_WAY: Final = frozenset({"accepted", "scheduled", "queued", "sending"})

SmsItem = Arrival | StatusUpdate | Ignored


def parse(body: str) -> list[SmsItem]:
    """The one item in a stored call: what somebody wrote, or what became of a message of ours."""
    form = {name: values[-1] for name, values in parse_qs(body, keep_blank_values=True).items()}
    message_id = form.get("MessageSid") or form.get("SmsSid", "")
    if "MessageStatus" in form:
        return [_status(form, message_id=message_id)]
    return [
        Arrival(
            key=f"sms:{message_id}",
            channel=Channel.SMS,
            our_address=form.get("To", ""),
            message_id=message_id,
            address=form.get("From", ""),
            text=form.get("Body", ""),
        )
    ]


def _status(form: dict[str, str], *, message_id: str) -> SmsItem:
    name = form["MessageStatus"].lower()
    key = f"sms:{message_id}:{name}"
    if name in _ON_ITS_WAY:
        return Ignored(key=key, reason=name)
    status = _STATUSES.get(name, DeliveryStatus.OTHER)
    code = form.get("ErrorCode", "")
    error = None
    if status == DeliveryStatus.FAILED:
        error = errors.of_code(int(code) if code.isdecimal() else None, details=form.get("ErrorMessage", ""))
    return StatusUpdate(
        key=key,
        account_id=form.get("AccountSid", ""),
        phone_number_id=form.get("MessagingServiceSid") or form.get("From", ""),
        message_id=message_id,
        status=status,
        status_name=name,
        at=None,
        recipient=Party(),
        correlation=form.get(CORRELATION, ""),
        error=error,
        raw={},
    )
