"""The keyed hashes by which people and addresses are found again."""

from commons.crypto import keyed_hash
from members.enums import Channel
from members.models import ContactPoint, Member
from members.phones import match_key


def document_hash(document: str) -> str:
    """Of the canonical document (digits of a CPF, fourteen characters of a CNPJ); empty for none."""
    return keyed_hash(document, purpose="document") if document else ""


def address_hash(channel: str, address: str) -> str:
    return keyed_hash(address, purpose=channel) if address else ""


def phone_match_hash(address: str) -> str:
    """Equal for a Brazilian mobile with and without its ninth digit; empty for anything else."""
    key = match_key(address)
    return keyed_hash("".join(key), purpose="phone-match") if key else ""


def alias_hash(kind: str, value: str) -> str:
    return keyed_hash(value, purpose=kind)


def subject_hashes(member: Member) -> list[str]:
    """Every hash under which an opt-out of this person is kept."""
    found = [member.document_hash] if member.document_hash else []
    if member.external_id:
        found.append(keyed_hash(member.external_id, purpose="external-id"))
    return found or [keyed_hash(str(member.pk), purpose="member-id")]


def point_hashes(point: ContactPoint) -> list[str]:
    found = [point.address_hash] if point.address_hash else []
    if point.channel == Channel.WHATSAPP and point.match_hash:
        found.append(point.match_hash)
    return found
