"""When a changed name on WhatsApp is somebody else's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members import services
from members.enums import ContactPointState
from members.models import ContactPoint
from members.profile_names import is_another_person
from tests.cases.world import NOW
from tests.factories.members import ContactPointFactory, MemberFactory


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Ana Souza", "Carlos Lima", True),
        ("Ana Souza", "Oficina do Beto", True),
        ("Ana", "Ana Paula 💅", False),
        ("Padaria Pão Quente", "Ana", False),  # her own name, whatever was there before
        ("Aninha", "Ana", False),
        ("Ana Souza", "🌻🌻", False),
        ("🌻", "Carlos", False),
        ("", "Carlos", False),
        ("Ana Souza", "", False),
        ("Dra. Ana", "Dra. Carla", True),
        ("ANA SOUZA", "ana souza", False),
    ],
)
def test_name_with_nothing_in_common_is_another_person(before: str, after: str, expected: bool) -> None:
    assert is_another_person(before=before, after=after, member_name="Ana Souza") is expected


@given(st.text(max_size=30), st.text(max_size=30))
def test_same_name_or_the_member_s_is_never_another_person(name: str, member: str) -> None:
    assert not is_another_person(before=name, after=name, member_name=member)
    assert not is_another_person(before=name, after=member, member_name=member)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("after", "state"),
    [("Carlos Lima", ContactPointState.UNVERIFIED), ("Ana P.", ContactPointState.CONFIRMED)],
)
def test_confirmed_number_with_another_person_s_name_has_to_confirm_again(after: str, state: str) -> None:
    point = ContactPointFactory(member=MemberFactory(name="Ana Souza"))
    services.confirm_identity(point=point, now=NOW, actor="agent")

    services.notice_profile_name(
        point=ContactPoint.objects.get(pk=point.pk), before="Ana Souza", after=after, now=NOW
    )

    assert ContactPoint.objects.get(pk=point.pk).state == state
