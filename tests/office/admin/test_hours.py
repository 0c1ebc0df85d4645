"""Hours that members asked for, as the office writes them down; and what the country allows, beside the policy."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from commons.models import HistoryEntry, Organisation
from compliance.models import HoursRequest
from members.models import Member
from tests.factories.commons import OrganisationFactory
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db

ADD = "admin:compliance_hoursrequest_add"
LIST = "admin:compliance_hoursrequest_changelist"


@pytest.fixture
def bogota(business_now: datetime) -> Member:
    OrganisationFactory()
    member: Member = MemberFactory(country="CO", uf="11")
    return member


def form(member: Member, **changes: str) -> dict[str, str]:
    return {
        "member": str(member.pk),
        "contract_on": "2026-03-02",
        "asked_on": "2026-11-20",
        "weekday": "19:00-21:00",
        "saturday": "",
        "source": "formulário no balcão",
        "words": "Escríbanme por la noche.",
        **changes,
    }


def test_request_is_written_down_by_whoever_is_signed_in(office: Client, bogota: Member) -> None:
    assert office.post(reverse(ADD), form(bogota)).status_code == 302

    made = HoursRequest.objects.get()
    marina = User.objects.get(username="marina")
    assert (made.member_id, made.weekday, made.actor) == (bogota.pk, "19:00-21:00", f"user:{marina.pk}")
    assert HistoryEntry.objects.filter(member_id=bogota.pk, kind="hours.requested").count() == 1


def test_request_that_opens_nothing_is_refused_beside_the_form(office: Client, bogota: Member) -> None:
    page = office.post(reverse(ADD), form(bogota, asked_on="2026-03-02"))

    assert page.status_code == 200
    assert page.context["errors"] == [["O pedido precisa ser feito depois do contrato, em um ato separado."]]
    assert HoursRequest.objects.count() == 0


def test_member_of_a_country_that_hears_no_wish_is_refused(office: Client, bogota: Member) -> None:
    brazilian = MemberFactory()

    page = office.post(reverse(ADD), form(brazilian))

    assert page.context["errors"] == [
        ["As regras deste país não permitem abrir o horário a pedido do membro."]
    ]


def test_chosen_requests_are_withdrawn(office: Client, bogota: Member) -> None:
    office.post(reverse(ADD), form(bogota))
    made = HoursRequest.objects.get()

    office.post(reverse(LIST), {"action": "withdraw", "_selected_action": [str(made.pk)]})

    made.refresh_from_db()
    assert made.withdrawn_at is not None


def test_whoever_may_not_add_requests_gets_no_form(client: Client, bogota: Member) -> None:
    client.force_login(User.objects.create_user("ze", is_staff=True))

    assert client.get(reverse(ADD)).status_code == 403


@pytest.mark.parametrize(
    ("country", "words"),
    [
        ("BR", "seg a sex 08:00-20:00; sáb 08:00-14:00; dom sem contato."),
        ("CL", "No máximo 2, fixo."),
        ("PT", "Não há regras de contato para o país"),
    ],
)
def test_policy_page_shows_what_the_country_allows(office: Client, country: str, words: str) -> None:
    OrganisationFactory()
    Organisation.objects.update(country=country)

    assert words in office.get(reverse("admin:compliance_contactsettings_add")).content.decode()


def test_policy_page_of_an_empty_house_says_what_to_do_first(office: Client) -> None:
    page = office.get(reverse("admin:compliance_contactsettings_add"))

    assert "Cadastre primeiro a organização" in page.content.decode()
