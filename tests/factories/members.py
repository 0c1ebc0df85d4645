from datetime import UTC, datetime

from factory.declarations import LazyAttribute, Sequence, SubFactory

from members.enums import Channel
from members.hashes import address_hash, document_hash, phone_match_hash
from members.models import ContactPoint, Member
from tests.factories.base import ModelFactory


class MemberFactory(ModelFactory):
    class Meta:
        model = Member

    external_id = Sequence(lambda n: f"M{n:05d}")
    name = Sequence(lambda n: f"Membro Número {n}")
    document = "52998224725"
    document_hash = LazyAttribute(lambda member: document_hash(member.document))
    city = "São Paulo"
    uf = "SP"
    created_at = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


class ContactPointFactory(ModelFactory):
    """A WhatsApp number of the member, not confirmed yet."""

    class Meta:
        model = ContactPoint

    member = SubFactory(MemberFactory)
    channel = Channel.WHATSAPP
    address = Sequence(lambda n: f"+55119{n:08d}")
    address_hash = LazyAttribute(lambda point: address_hash(point.channel, point.address))
    match_hash = LazyAttribute(
        lambda point: phone_match_hash(point.address) if point.channel == Channel.WHATSAPP else ""
    )
    created_at = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
