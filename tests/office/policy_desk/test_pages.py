"""The desk of policies: its life by two people, its effect on real cases, and who is let in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.enums import PolicyStatus
from cases.models import PolicyVersion
from cases.policy import NegotiationPolicy
from cases.services import opening
from commons.models import Organisation
from members.models import Member
from office.roles import Role
from tests.cases.world import NOW
from tests.factories.billing import InvoiceFactory
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db

ROOT = "/admin/politicas/"
NUMBERS = {
    "installments_max": "6",
    "installments_min_amount": "20,00",
    "installments_first_within_days": "5",
    "promise_max_days_ahead": "10",
    "promise_max_broken": "2",
    "pause_min_days": "30",
    "pause_max_days": "60",
    "pause_max_open_invoices": "2",
    "identity_tries": "3",
    "note": "Mais prazo para quem perdeu o emprego",
}


def late_member(number: int) -> Member:
    member: Member = MemberFactory(document="", name=f"Caio {number}")
    InvoiceFactory(member=member, due_date=date(2026, 10, 10 + number))
    opening.sync_case(member_id=member.pk, now=NOW)
    return member


def drafted(client: Client, kind: str = "negotiation") -> str:
    """The address of a new draft."""
    return str(client.post(f"{ROOT}nova/{kind}/").headers["Location"])


def test_one_drafts_another_publishes_and_it_is_live(
    organisation: Organisation, finance: Client, administrator: Client
) -> None:
    late_member(1)
    draft = drafted(finance)
    assert finance.post(draft, NUMBERS).status_code == 302
    assert [example.changes for example in finance.get(draft).context["examples"]] == [True]

    finance.post(f"{draft}pedir/")
    own = finance.get(draft).content.decode()
    assert ("Você pediu a aprovação: outra pessoa publica." in own, "Aprovar e pôr no ar" in own) == (
        True,
        False,
    )
    finance.post(f"{draft}publicar/")
    assert NegotiationPolicy.current().installments_max == 3

    assert "Aprovar e pôr no ar para todos agora" in administrator.get(draft).content.decode()
    administrator.post(f"{draft}publicar/")
    assert NegotiationPolicy.current().installments_max == 6

    finance.post(f"{ROOT}anterior/negotiation/", {"reason": "prazo longo demais"})
    assert (NegotiationPolicy.current().installments_max, NegotiationPolicy.current().version) == (3, 3)


def test_sample_answers_what_a_debt_would_owe(organisation: Organisation, finance: Client) -> None:
    draft = drafted(finance, "late_charges")
    finance.post(
        draft, {"fine_percent": "0", "interest_percent_month": "0", "interest_days": "30", "note": "-"}
    )

    sample = finance.get(draft, {"valor": "119,90", "dias": "45"}).context["sample"]

    # Due on the tenth of October, a Saturday: the Tuesday after the holiday of the twelfth is the first day.
    assert sample.now.owes.startswith("R$ 123,")
    assert sample.then.owes == "R$ 119,90 (multa R$ 0,00, juros R$ 0,00)"


def test_law_is_a_ceiling_said_on_the_form(organisation: Organisation, finance: Client) -> None:
    draft = drafted(finance, "late_charges")

    page = finance.post(draft, {"fine_percent": "3", "interest_percent_month": "1", "interest_days": "30"})

    assert page.status_code == 422
    assert page.context["form"].non_field_errors() == [
        "A multa de um contrato de consumo não pode passar de 2%."
    ]


def test_published_version_is_read_and_not_written(organisation: Organisation, finance: Client) -> None:
    drafted(finance)
    live = PolicyVersion.objects.get(status=PolicyStatus.LIVE)
    url = f"{ROOT}versao/{live.pk}/"

    assert finance.get(url).context["form"] is None
    finance.post(url, NUMBERS)
    assert NegotiationPolicy.current().installments_max == 3


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.FINANCE, 200),
        (Role.ADMINISTRATOR, 200),
        (Role.AUDITOR, 200),
        (Role.SUPERVISOR, 403),
        (Role.OPERATOR, 403),
    ],
)
def test_desk_is_for_those_who_set_the_house_up(
    role: Role, status: int, organisation: Organisation, somebody: Callable[..., Client]
) -> None:
    assert somebody(role).get(ROOT).status_code == status


def test_auditor_reads_and_starts_nothing(
    organisation: Organisation, somebody: Callable[..., Client]
) -> None:
    assert somebody(Role.AUDITOR).post(f"{ROOT}nova/negotiation/").status_code == 403
    assert PolicyVersion.objects.count() == 0


def test_name_of_a_member_is_not_shown_to_who_may_not_see_members(
    organisation: Organisation, finance: Client, administrator: Client
) -> None:
    late_member(1)
    draft = drafted(finance)

    assert (
        "Caio" in finance.get(draft).content.decode(),
        "Caio" in administrator.get(draft).content.decode(),
    ) == (
        True,
        False,
    )


def test_effect_costs_no_more_for_a_larger_book(organisation: Organisation, finance: Client) -> None:
    def cost() -> int:
        finance.get(draft)
        with CaptureQueriesContext(connection) as captured:
            assert finance.get(draft).status_code == 200
        return len(captured)

    for number in range(5):
        late_member(number)
    draft = drafted(finance)
    few = cost()
    for number in range(5, 12):
        late_member(number)

    assert cost() == few
