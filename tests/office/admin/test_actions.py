"""What people do from the office: each act is a service, says what it did, and is attributable."""

from decimal import Decimal

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from billing.models import Invoice, Payment
from cases.models import Case, Escalation, Hold
from commons import clock
from commons.models import HistoryEntry
from experiments.assignment.models import Arm, Pilot
from members import selectors
from members.enums import Channel
from members.models import Member, SuppressionMark

pytestmark = pytest.mark.django_db


def act(office: Client, model: str, pk: int, name: str) -> list[str]:
    """Presses a button of the page and returns the sentences it answers with."""
    url = reverse(f"admin:{model}_{name}", args=[pk])
    answer = office.post(url, {"reason": "pedido por telefone"}, follow=True)
    return [str(message) for message in answer.context["messages"]]


def last_actor(member: Member) -> str:
    return HistoryEntry.objects.filter(member_id=member.pk).order_by("-sequence")[0].actor


def test_holding_a_case_stops_the_cadence_for_a_week(office: Client, book: list[Member]) -> None:
    case = Case.objects.get(member=book[2])

    said = act(office, "cases_case", case.pk, "hold_week")

    assert said == ["Nenhuma mensagem da régua até 01/12/2026 10:00."]
    assert Hold.objects.filter(case=case, released_at=None).count() == 1
    assert last_actor(book[2]) == f"user:{User.objects.get(username='marina').pk}"


def test_resolving_gives_the_case_back_to_the_robot(office: Client, book: list[Member]) -> None:
    case = Case.objects.get(member=book[1])

    act(office, "cases_case", case.pk, "hand_back")

    assert Case.objects.get(pk=case.pk).state == "soft"
    assert Escalation.objects.filter(case=case, resolved_at=None).count() == 0


def test_money_at_the_counter_settles_once_however_often_it_is_pressed(
    office: Client, book: list[Member]
) -> None:
    invoice = Invoice.objects.get(member=book[2])

    first = act(office, "billing_invoice", invoice.pk, "receive")
    act(office, "billing_invoice", invoice.pk, "receive")

    assert first == ["Pagamento de R$ 102,63 registrado; a fatura foi quitada."]
    assert [p.amount for p in Payment.objects.filter(member=book[2])] == [Decimal("102.63")]
    assert Case.objects.get(member=book[2]).state == "settled"


# Every button of a page that acts, and the model of the page; the others only lead somewhere.
ACTS = {
    (model._meta.label_lower.replace(".", "_"), name): model
    for model, page in admin.site._registry.items()
    for name in getattr(page, "actions_detail", None) or ()
    if name not in {"open_conversation", "record_wish", "preferences"}
}


def test_buttons_that_act_are_these() -> None:
    assert set(ACTS) == {
        ("assignment_pilot", "start"),
        ("assignment_pilot", "finish"),
        ("billing_invoice", "receive"),
        ("cases_case", "hold_week"),
        ("cases_case", "release"),
        ("cases_case", "escalate"),
        ("cases_case", "hand_back"),
        ("members_member", "opt_out_whatsapp"),
    }


def _touched() -> dict[str, int]:
    """How many rows of everything that an act writes."""
    models = (HistoryEntry, Payment, Hold, Escalation, SuppressionMark)
    held = Hold.objects.filter(released_at=None).count()
    raised = Escalation.objects.filter(resolved_at=None).count()
    running = Pilot.objects.filter(status="running").count()
    counts = {model.__name__: model.objects.count() for model in models}
    return counts | {"held": held, "raised": raised, "running": running}


@pytest.mark.parametrize(("page", "name"), sorted(ACTS))
def test_address_of_a_button_asks_and_changes_nothing(
    office: Client, book: list[Member], page: str, name: str
) -> None:
    Pilot.objects.create(name="Primeiro", holdout_percent=20, horizon_days=30, created_at=clock.now())
    about = {
        "members_member": book[2].pk,
        "cases_case": Case.objects.get(member=book[1]).pk,
        "billing_invoice": Invoice.objects.get(member=book[2]).pk,
        "assignment_pilot": Pilot.objects.get().pk,
    }[page]
    before = _touched()

    answer = office.get(reverse(f"admin:{page}_{name}", args=[about]))

    assert (answer.status_code, _touched()) == (200, before)
    assert '<form method="post"' in answer.content.decode()


def test_button_that_asks_why_wants_an_answer(office: Client, book: list[Member]) -> None:
    before = _touched()

    answer = office.post(reverse("admin:members_member_opt_out_whatsapp", args=[book[2].pk]), {"reason": " "})

    assert (answer.status_code, _touched()) == (422, before)


def test_who_only_reads_presses_no_button(book: list[Member], client: Client) -> None:
    reader = User.objects.create_user("leitora", is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    before = _touched()

    for page, name, about in (
        ("members_member", "opt_out_whatsapp", book[2].pk),
        ("cases_case", "hold_week", Case.objects.get(member=book[2]).pk),
        ("billing_invoice", "receive", Invoice.objects.get(member=book[2]).pk),
    ):
        url = reverse(f"admin:{page}_{name}", args=[about])
        assert client.post(url, {"reason": "x"}).status_code == 403

    assert _touched() == before


def test_opt_out_given_by_phone_is_recorded(office: Client, book: list[Member]) -> None:
    act(office, "members_member", book[2].pk, "opt_out_whatsapp")

    assert selectors.is_opted_out(book[2], channel=Channel.WHATSAPP)


def test_pilot_is_made_started_and_reported(office: Client, book: list[Member]) -> None:
    office.post(
        reverse("admin:assignment_pilot_add"),
        {
            "name": "Primeiro",
            "question": "",
            "holdout_percent": "20",
            "horizon_days": "30",
            "min_amount": "50",
        },
    )
    pilot = Pilot.objects.get()

    said = act(office, "assignment_pilot", pilot.pk, "start")

    assert said[-1] == "O piloto começou: 20 % de quem entrar não recebe contato da régua."
    assert {arm.key: (arm.percent, arm.leaves_alone) for arm in Arm.objects.all()} == {
        "left_alone": (Decimal("20.00"), True),
        "contacted": (Decimal("80.00"), False),
    }
    assert Pilot.objects.get().segment == {"overdue_only": True, "min_amount": "50"}
    page = office.get(reverse("admin:assignment_pilot_change", args=[pilot.pk])).content.decode()
    assert "São precisos pelo menos 20 membros em cada braço" in page


def test_second_pilot_waits_for_the_first(office: Client, book: list[Member]) -> None:
    for name in ("Primeiro", "Segundo"):
        office.post(
            reverse("admin:assignment_pilot_add"),
            {"name": name, "holdout_percent": "20", "horizon_days": "30"},
        )
    first, second = Pilot.objects.order_by("pk")
    act(office, "assignment_pilot", first.pk, "start")

    assert (
        act(office, "assignment_pilot", second.pk, "start")[-1]
        == "O piloto “Primeiro” ainda está em andamento."
    )
