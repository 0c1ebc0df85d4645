"""Acceptance tests 23 and 24: settings never widen the law, and a member gets everything that is kept of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cadence import traits
from commons.models import Organisation
from compliance import services
from compliance.models import ContactSettings
from office.dossier.services import subject_export
from tests.compliance.packs.test_countries import ABROAD
from tests.compliance.packs.test_countries_narrowing import WIDEST
from tests.conversations.world import NOW, Talk
from tests.factories.commons import OrganisationFactory

TOO_WIDE = "O horário passa do que a lei permite. O máximo é: "


@pytest.mark.django_db
class TestSettings:
    def test_23_seven_to_ten_in_brazil_is_refused_by_the_service(self) -> None:
        OrganisationFactory()

        with pytest.raises(ValidationError) as refusal:
            services.change_settings(settings=ContactSettings(own_hours=True, weekday="07:00-22:00"))

        assert refusal.value.messages == [f"{TOO_WIDE}{WIDEST['BR']}."]
        assert ContactSettings.objects.count() == 0

    def test_23_seven_to_ten_in_brazil_is_refused_by_the_office(self, admin_client: Client) -> None:
        OrganisationFactory()

        page = admin_client.post(
            reverse("admin:compliance_contactsettings_add"), {"own_hours": "on", "weekday": "07:00-22:00"}
        )

        assert page.status_code == 200
        assert page.context["errors"] == [[f"{TOO_WIDE}{WIDEST['BR']}."]]
        assert ContactSettings.objects.count() == 0

    @pytest.mark.parametrize("country", ABROAD)
    def test_23_midnight_to_midnight_is_refused_in_every_country(self, country: str) -> None:
        OrganisationFactory()
        Organisation.objects.update(country=country)

        with pytest.raises(ValidationError) as refusal:
            services.change_settings(settings=ContactSettings(own_hours=True, weekday="00:00-23:59"))

        assert refusal.value.messages == [f"{TOO_WIDE}{WIDEST[country]}."]

    def test_23_country_without_rules_takes_no_settings(self) -> None:
        OrganisationFactory()
        Organisation.objects.update(country="PT")

        with pytest.raises(ValidationError) as refusal:
            services.change_settings(settings=ContactSettings(max_messages_7d=1))

        assert refusal.value.messages == ["Não há regras de contato para o país 'PT'."]


def test_24_export_for_the_member_holds_evidence_chats_and_scores(talk: Talk) -> None:
    talk.plans()
    talk.writes("já paguei")
    talk.after_debounce()
    traits.refresh(now=NOW, today=NOW.date(), zone="America/Sao_Paulo")
    night = services.decide(talk.world.request(), now=NOW + timedelta(hours=12))

    found = subject_export(talk.world.member.pk, actor="member", now=NOW + timedelta(days=1)).sections

    assert night.pk in {row["id"] for row in found["decisions"]}
    assert {row["verdict"] for row in found["decisions"]} >= {"allow", "refuse"}
    assert found["contact_ledger"]
    assert "já paguei" in {row["text"] for row in found["messages"]}
    assert len(found["messages"]) == 3
    assert [row["kind"] for row in found["scores"]] == ["habits"]
    assert found["history"]
    assert found["consents"]
