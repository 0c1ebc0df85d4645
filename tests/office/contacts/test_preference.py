"""The form of preferences, and the notices: what is written, by whom, and what is refused."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from members import selectors, services
from members.enums import PreferenceSource
from members.models import Member, PrivacyNotice
from members.preferences import Aspect
from tests.cases.world import NOW
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db

BLANK = {
    "weekday_hours": "",
    "saturday_hours": "",
    "channel": "",
    "paydays": "",
    "pays_on_days": "",
    "language": "",
}


def send(client: Client, member: Member, **said: Any) -> Any:
    return client.post(reverse("contacts:preference", args=[member.pk]), {**BLANK, **said})


def test_what_the_member_said_is_declared(finance: Client) -> None:
    member = MemberFactory(kind="company")

    send(
        finance,
        member,
        weekday_hours="14 às 18",
        saturday_hours="nunca",
        paydays="20, 5, último",
        pays_on_weekdays=["1", "3"],
        pays_on_days="10",
    )

    found = selectors.preference_of(member.pk)
    assert (found.weekday_hours, found.saturday_hours) == ("14:00-18:00", "none")
    assert (found.paydays, found.pays_on_weekdays, found.pays_on_days) == ((5, 20, "last"), (1, 3), (10,))
    assert set(found.sources.values()) == {PreferenceSource.DECLARED}


def test_what_nobody_touched_keeps_where_it_came_from(finance: Client) -> None:
    member = MemberFactory()
    services.set_preference(
        member=member, source=PreferenceSource.INFERRED, actor="system", now=NOW, paydays=[5, "last"]
    )

    page = finance.get(reverse("contacts:preference", args=[member.pk]))
    shown = {name: page.context["form"][name].value() or "" for name in BLANK}
    send(finance, member, **{**shown, "weekday_hours": "9-12"})

    found = selectors.preference_of(member.pk)
    assert shown["paydays"] == "5, último"
    assert [found.source_of(aspect) for aspect in (Aspect.PAYDAYS, Aspect.WEEKDAY_HOURS)] == [
        PreferenceSource.INFERRED,
        PreferenceSource.DECLARED,
    ]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"weekday_hours": "de manhã"}, "weekday_hours"),
        ({"paydays": "5, 40"}, "paydays"),
        ({"channel": "fax"}, "channel"),
    ],
)
def test_what_means_nothing_is_said_beside_its_field(
    finance: Client, said: dict[str, str], field: str
) -> None:
    member = MemberFactory()

    page = send(finance, member, **said)

    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert selectors.preference_of(member.pk).sources == {}


def test_reader_reads_and_cannot_change(reader: Client) -> None:
    member = MemberFactory()

    page = reader.get(reverse("contacts:preference", args=[member.pk]))

    assert "Gravar preferências" not in page.content.decode()
    assert send(reader, member, paydays="5").status_code == 403
    assert selectors.preference_of(member.pk).paydays == ()


class TestNotices:
    def add(self, client: Client, **said: str) -> Any:
        facts = {
            "version": "2026-12",
            "language": "pt-BR",
            "text": "Como usamos os seus dados.",
            "url": "",
            "valid_from_0": "01/12/2026",
            "valid_from_1": "00:00:00",
        }
        return client.post(reverse("admin:members_privacynotice_add"), {**facts, **said})

    def test_version_is_published_and_attributed(self, finance: Client) -> None:
        self.add(finance)

        notice = PrivacyNotice.objects.get()
        assert (notice.version, f"{notice.valid_from:%Y-%m-%d}", notice.actor[:5]) == (
            "2026-12",
            "2026-12-01",
            "user:",
        )
        page = finance.post(
            reverse("admin:members_privacynotice_change", args=[notice.pk]), {"text": "outro"}
        )
        assert page.status_code == 403

    @pytest.mark.parametrize("said", [{"text": ""}, {"valid_from_0": "01/11/2026"}, {"version": ""}])
    def test_version_that_says_nothing_or_begins_in_the_past_is_refused(
        self, finance: Client, said: dict[str, str]
    ) -> None:
        assert self.add(finance, **said).status_code == 200
        assert PrivacyNotice.objects.count() == 0
