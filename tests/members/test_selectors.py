"""Who is writing: by business-scoped id, then by wa_id, then by the phone with and without its ninth digit."""

from datetime import timedelta

import pytest

from members import services
from members.enums import AliasKind, Channel, ContactPointState
from members.models import ContactPoint, Member
from members.selectors import contact_point_for_whatsapp
from tests.cases.world import NOW

pytestmark = pytest.mark.django_db


def member(code: str = "A") -> Member:
    return services.create_member(name=f"Membro {code}", external_id=code, now=NOW, actor="system")


def add(whose: Member, address: str = "+5511987654321") -> ContactPoint:
    return services.add_contact_point(
        member=whose, channel=Channel.WHATSAPP, address=address, now=NOW, actor="system"
    )


def learn(point: ContactPoint, kind: AliasKind, value: str) -> None:
    services.learn_alias(point=point, kind=kind, value=value, now=NOW)


@pytest.mark.parametrize("wa_id", ["5511987654321", "551187654321", "+5511987654321"])
def test_phone_is_recognised_with_and_without_its_ninth_digit(wa_id: str):
    point = add(member())

    assert contact_point_for_whatsapp(wa_id=wa_id) == point


@pytest.mark.parametrize("wa_id", ["5511987654322", "5521987654321", "351987654321", ""])
def test_stranger_is_nobody(wa_id: str):
    add(member())

    assert contact_point_for_whatsapp(wa_id=wa_id) is None
    assert contact_point_for_whatsapp(user_id="BR.9", wa_id=wa_id) is None


def test_foreign_number_is_recognised_as_it_is():
    point = add(member(), "+351912345678")

    assert contact_point_for_whatsapp(wa_id="351912345678") == point


def test_business_scoped_id_comes_before_the_phone():
    point, by_phone = add(member()), add(member("B"), "+5511912345678")
    learn(point, AliasKind.USER_ID, "BR.1")

    assert contact_point_for_whatsapp(user_id="BR.1", wa_id="5511912345678") == point
    assert contact_point_for_whatsapp(user_id="BR.1") == point
    assert contact_point_for_whatsapp(user_id="BR.2", wa_id="5511912345678") == by_phone


def test_wa_id_that_was_learned_needs_no_phone():
    point = add(member())
    learn(point, AliasKind.WA_ID, "551199998888")

    assert contact_point_for_whatsapp(wa_id="551199998888") == point


def test_shared_number_is_its_owner_s():
    add(member("B"), "+5511912345678")
    owner, shared = add(member()), add(member("C"))

    assert (shared.state, contact_point_for_whatsapp(wa_id="5511987654321")) == (
        ContactPointState.SHARED,
        owner,
    )


def test_undone_import_is_nobody_whatever_it_was_called():
    point = add(member())
    learn(point, AliasKind.USER_ID, "BR.1")
    ContactPoint.objects.filter(pk=point.pk).update(voided_at=NOW + timedelta(hours=1))

    assert contact_point_for_whatsapp(user_id="BR.1", wa_id="5511987654321") is None


class TestWrongNumber:
    @pytest.fixture
    def wrong(self) -> ContactPoint:
        point = add(member())
        learn(point, AliasKind.USER_ID, "BR.1")
        services.mark_wrong_number(point=point, source="quem respondeu", actor="member", now=NOW)
        return ContactPoint.objects.get(pk=point.pk)

    def test_who_said_so_is_still_known_as_that(self, wrong: ContactPoint):
        assert contact_point_for_whatsapp(user_id="BR.1", wa_id="5511987654321") == wrong

    def test_member_whose_number_it_really_is_comes_first(self, wrong: ContactPoint):
        rightful = add(member("B"))
        services.free_from_quarantine(
            point=rightful, confirmed_by="balcão", evidence="documento conferido", actor="user:1", now=NOW
        )

        assert contact_point_for_whatsapp(wa_id="5511987654321") == rightful
        assert contact_point_for_whatsapp(user_id="BR.1", wa_id="5511987654321") == rightful
