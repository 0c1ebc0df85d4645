"""Tags of members: one spelling, each told once."""

from datetime import UTC, datetime

import pytest

from commons.models import HistoryEntry
from members.models import Member
from members.services.tags import TAG_LENGTH, add_tag, canonical_tag, remove_tag
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


def told(member: Member) -> list[str]:
    return [line.sentence for line in HistoryEntry.objects.filter(member_id=member.pk)]


def test_tag_is_put_once_whatever_its_spelling() -> None:
    member = MemberFactory(tags=["bairro sul"])

    assert add_tag(member_id=member.pk, tag="  Enchente   2026 ", actor="user:1", now=NOW)
    assert not add_tag(member_id=member.pk, tag="ENCHENTE 2026", actor="user:1", now=NOW)

    member.refresh_from_db()
    assert member.tags == ["bairro sul", "enchente 2026"]
    assert told(member) == ["Etiqueta “enchente 2026” posta."]


def test_tag_that_an_import_brought_in_capitals_is_taken_off() -> None:
    member = MemberFactory(tags=["VIP", "bolsista"])

    assert remove_tag(member_id=member.pk, tag="vip", actor="user:1", now=NOW)
    assert not remove_tag(member_id=member.pk, tag="vip", actor="user:1", now=NOW)

    member.refresh_from_db()
    assert member.tags == ["bolsista"]
    assert told(member) == ["Etiqueta “vip” tirada."]


@pytest.mark.parametrize("text", ["", "  ", "a" * (TAG_LENGTH + 1)])
def test_what_is_no_tag_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="tiqueta"):
        canonical_tag(text)
