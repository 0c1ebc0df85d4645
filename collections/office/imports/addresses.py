"""The contact points a planned member should have and does not."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from members import hashes
from members.enums import Channel
from members.phones import variants
from office.imports.plan import PlannedMember


@dataclass(frozen=True, slots=True)
class NewAddress:
    channel: Channel
    address: str
    is_mobile: bool
    guessed: bool
    preferred: bool


def new_addresses(planned: PlannedMember, *, known: Collection[tuple[str, str]]) -> Iterator[NewAddress]:
    """Phones and e-mail of the plan that are not in `known`, pairs of channel and address hash.

    The first mobile of a member without any WhatsApp contact is the preferred one; a landline never is.
    """
    has_phone = any(channel == Channel.WHATSAPP for channel, _ in known)
    for phone in planned.phones:
        forms = (hashes.address_hash(Channel.WHATSAPP, form) for form in variants(phone.e164))
        if any((Channel.WHATSAPP.value, form) in known for form in forms):
            continue
        preferred = phone.is_mobile and not has_phone
        yield NewAddress(Channel.WHATSAPP, phone.e164, phone.is_mobile, phone.guessed, preferred)
        has_phone |= preferred
    if (
        planned.email
        and (Channel.EMAIL.value, hashes.address_hash(Channel.EMAIL, planned.email)) not in known
    ):
        has_email = any(channel == Channel.EMAIL for channel, _ in known)
        yield NewAddress(Channel.EMAIL, planned.email, False, False, not has_email)
