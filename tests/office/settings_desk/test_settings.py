"""The settings: who may, what is refused beside its field, what stays on record, and that it is used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cadence.models import MessagePrice
from commons.models import Organisation
from commons.support_hours import DAYS
from members.models import PrivacyNotice
from office.models import CostKind, Goal, GoalKind, MonthlyCost, SettingsArea, SettingsChange
from office.roles import Role
from office.settings_desk import services
from office.settings_desk.services import SettingsRefused
from tests.cases.world import NOW

pytestmark = pytest.mark.django_db

ROOT = "/admin/configuracoes/"
PAGES = [
    ROOT,
    *(f"{ROOT}{name}/" for name in ("parte/identity", "parte/brands", "parte/hours", "parte/texts")),
]
IDENTITY = {
    "trade_name": "Clube Azul",
    "legal_name": "Clube Azul Ltda",
    "cnpj": "11.222.333/0001-81",
    "sector": "association",
    "original_creditor": "on",
    "country": "BR",
    "timezone": "America/Sao_Paulo",
}


def hours(**changes: str) -> dict[str, str]:
    """The form with nothing in it but these."""
    names = [f"{day}_{n}_{side}" for day in DAYS for n in range(2) for side in ("start", "end")]
    rows = [f"exception_{row}_{part}" for row in range(3) for part in ("date", "hours")]
    return dict.fromkeys([*names, *rows], "") | changes


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.FINANCE, 200),
        (Role.ADMINISTRATOR, 200),
        (Role.SUPERVISOR, 403),
        (Role.OPERATOR, 403),
        (Role.ANALYST, 403),
    ],
)
@pytest.mark.parametrize("url", [*PAGES, f"{ROOT}custos/", f"{ROOT}metas/"])
def test_page_opens_for_who_sets_the_house_up_and_nobody_else(
    url: str, role: Role, status: int, organisation: Organisation, somebody: Callable[..., Client]
) -> None:
    assert somebody(role).get(url).status_code == status


def test_auditor_reads_what_is_live_and_changes_nothing(
    organisation: Organisation, somebody: Callable[..., Client]
) -> None:
    auditor = somebody(Role.AUDITOR)

    page = auditor.get(ROOT)

    assert {card.may_change for card in page.context["cards"] if card.key != "senders"} == {False}
    assert auditor.post(f"{ROOT}parte/identity/", IDENTITY).status_code == 403


def test_first_identity_makes_the_organisation(administrator: Client) -> None:
    answer = administrator.post(f"{ROOT}parte/identity/", IDENTITY)

    made = Organisation.current()
    assert (answer.status_code, made.trade_name, made.cnpj) == (302, "Clube Azul", "11222333000181")
    assert SettingsChange.objects.get().before == {}


def test_other_parts_wait_for_the_identity(administrator: Client, finance: Client) -> None:
    assert administrator.get(f"{ROOT}parte/hours/").headers["Location"] == f"{ROOT}parte/identity/"
    assert finance.get(f"{ROOT}parte/identity/").status_code == 403


def test_cnpj_that_does_not_exist_is_refused_beside_its_field(
    organisation: Organisation, finance: Client
) -> None:
    page = finance.post(f"{ROOT}parte/identity/", IDENTITY | {"cnpj": "11.222.333/0001-82"})

    assert page.status_code == 422
    assert page.context["form"].errors == {"cnpj": ["Este CNPJ não existe: confira os dígitos."]}
    assert SettingsChange.objects.count() == 0


def test_change_is_told_with_what_was_before_and_who_did_it(
    organisation: Organisation, finance: Client
) -> None:
    finance.post(f"{ROOT}parte/brands/", {"brands": "Azul Fit\nazul fit\n Azul Kids "})

    change = SettingsChange.objects.get()
    assert (change.area, change.before, change.after) == (
        SettingsArea.BRANDS,
        {"brands": []},
        {"brands": ["azul fit", "Azul Kids"]},
    )
    assert (change.actor, change.at) == (f"user:{finance.user.pk}", NOW)  # type: ignore[attr-defined]
    card = next(card for card in finance.get(ROOT).context["cards"] if card.key == "brands")
    assert (card.since, card.by) == (NOW, "Ana")


def test_same_again_is_no_change(organisation: Organisation) -> None:
    def set_brands() -> Any:
        return services.change(area=SettingsArea.BRANDS, values={"brands": ["Azul"]}, actor="user:1", now=NOW)

    assert (set_brands() is None, set_brands()) == (False, None)


def test_part_changes_its_own_fields_and_no_others(organisation: Organisation) -> None:
    services.change(
        area=SettingsArea.BRANDS, values={"brands": ["Azul"], "fine_percent": 0}, actor="user:1", now=NOW
    )

    assert Organisation.current().fine_percent == Decimal("2.00")


def test_hours_take_lunch_out_and_a_date_of_its_own(organisation: Organisation, finance: Client) -> None:
    answer = finance.post(
        f"{ROOT}parte/hours/",
        hours(
            monday_0_start="08:00",
            monday_0_end="12:00",
            monday_1_start="13:00",
            monday_1_end="18:00",
            exception_0_date="2026-12-24",
            exception_0_hours="08:00-12:00",
            exception_1_date="2026-12-31",
        ),
    )

    made = Organisation.current()
    assert answer.status_code == 302
    assert (made.support_hours["monday"], made.support_hours["sunday"]) == ("08:00-12:00,13:00-18:00", "none")
    assert made.hours_exceptions == {"2026-12-24": "08:00-12:00", "2026-12-31": "none"}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"monday_0_start": "08:00"}, "Diga das e até, ou deixe os dois vazios."),
        ({"monday_0_start": "12:00", "monday_0_end": "08:00"}, "“12:00-08:00” termina antes de começar."),
        (
            {
                "monday_0_start": "08:00",
                "monday_0_end": "12:00",
                "monday_1_start": "11:00",
                "monday_1_end": "18:00",
            },
            "Os horários do dia se sobrepõem.",
        ),
        (
            {"exception_0_date": "2026-12-24", "exception_0_hours": "manhã"},
            "“manhã” não é um horário: escreva como 08:00-12:00.",
        ),
        ({"exception_0_hours": "08:00-12:00"}, "Diga a data deste horário."),
    ],
)
def test_hours_that_make_no_sense_are_refused_in_a_sentence(
    wrong: dict[str, str], sentence: str, organisation: Organisation, finance: Client
) -> None:
    page = finance.post(f"{ROOT}parte/hours/", hours(**wrong))

    assert page.status_code == 422
    assert [error for errors in page.context["form"].errors.values() for error in errors] == [sentence]


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        ({"welcome_text": "Oi! Você tem uma dívida conosco."}, "dívida"),
        ({"welcome_text": "Oi! São R$ 120,00."}, "120,00"),
        ({"welcome_text": "Oi {nome}!"}, "{nome}"),
        ({"away_text": "Voltamos logo."}, "{quando}"),
        ({"away_text": "Respondemos {quando}. Pague já ou vai ser preso."}, "preso"),
    ],
)
def test_text_that_may_not_be_said_is_refused_with_its_reason(
    texts: dict[str, str], why: str, organisation: Organisation
) -> None:
    with pytest.raises(SettingsRefused) as refused:
        services.change(area=SettingsArea.TEXTS, values=texts, actor="user:1", now=NOW)

    assert why in str(refused.value)
    assert Organisation.current().welcome_text == ""


def test_refused_text_stays_on_the_form(organisation: Organisation, finance: Client) -> None:
    page = finance.post(f"{ROOT}parte/texts/", {"welcome_text": "Oi {nome}!", "away_text": ""})

    assert page.status_code == 422
    assert page.context["form"]["welcome_text"].value() == "Oi {nome}!"


def test_notice_is_published_from_now_and_never_edited(
    organisation: Organisation, administrator: Client, finance: Client
) -> None:
    said = {
        "version": "2026-11",
        "language": "pt-BR",
        "text": "Cuidamos dos seus dados.",
        "url": "",
        "valid_from": "",
    }

    answer = administrator.post(f"{ROOT}aviso/", said)
    again = administrator.post(f"{ROOT}aviso/", said)

    notice = PrivacyNotice.objects.get()
    assert (answer.status_code, notice.valid_from, again.status_code) == (302, NOW, 422)
    assert finance.post(f"{ROOT}aviso/", said).status_code == 403


def test_cost_begins_on_a_day_and_a_second_for_that_day_is_refused(
    organisation: Organisation, finance: Client
) -> None:
    said = {"kind": "people", "amount": "4.500,00", "valid_from": "2026-11-01", "source": "folha"}

    first, second = finance.post(f"{ROOT}custos/", said), finance.post(f"{ROOT}custos/", said)

    assert (first.status_code, second.status_code) == (302, 422)
    assert MonthlyCost.objects.get().amount == Decimal("4500.00")


def test_price_of_messages_follows_the_one_before(organisation: Organisation, finance: Client) -> None:
    finance.post(
        f"{ROOT}custos/",
        {
            "what": "price",
            "channel": "whatsapp",
            "category": "utility",
            "per_thousand": "35,00",
            "valid_from": "2026-11-01",
            "source": "tabela",
        },
    )

    price = MessagePrice.objects.get()
    assert (price.per_thousand, price.category) == (Decimal("35.00"), "utility")


def test_goal_that_changes_leaves_the_one_before_on_record(
    organisation: Organisation, finance: Client
) -> None:
    for value in ("8,00", "8,00", "6,50"):
        finance.post(f"{ROOT}metas/", {"default_rate_value": value, "default_rate_by": "2027-06-30"})

    assert [goal.value for goal in Goal.objects.all()] == [Decimal("6.50"), Decimal("8.00")]


def test_goal_needs_its_day_and_a_percentage_its_bounds(organisation: Organisation, finance: Client) -> None:
    page = finance.post(f"{ROOT}metas/", {"default_rate_value": "8,00"})

    assert page.context["form"].errors == {"default_rate_by": ["Diga até quando."]}
    with pytest.raises(SettingsRefused):
        services.set_goals(
            goals=[(GoalKind.ON_TIME, Decimal(101), date(2027, 1, 1))], actor="user:1", now=NOW
        )


def test_page_costs_the_same_for_many_changes(organisation: Organisation, finance: Client) -> None:
    def cost() -> int:
        finance.get(ROOT)
        with CaptureQueriesContext(connection) as captured:
            assert finance.get(ROOT).status_code == 200
        return len(captured)

    def lives(number: int) -> None:
        user = User.objects.create_user(f"u{number}")
        actor = f"user:{user.pk}"
        services.change(area=SettingsArea.BRANDS, values={"brands": [f"M {number}"]}, actor=actor, now=NOW)
        services.set_cost(
            kind=CostKind.TOOL,
            amount=Decimal(number),
            valid_from=date(2026, 1, number),
            source="-",
            actor=actor,
            now=NOW,
        )
        services.set_goals(
            goals=[(GoalKind.ON_TIME, Decimal(number), date(2027, 1, 1))], actor=actor, now=NOW
        )

    lives(1)
    few = cost()
    for number in range(2, 5):
        lives(number)

    assert cost() == few
