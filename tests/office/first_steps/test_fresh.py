"""A fresh installation, walked by its first administrator page by page up to the first rehearsal and a publication."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from billing.models import Invoice
from cadence.models import CadenceVersion, Rehearsal
from commons import clock
from conversations.models import MessageTemplate
from lab.bench import large_book
from office.first_steps.steps import checklist
from office.models import ImportBatch
from office.roles import Role
from tests.cases.world import NOW
from tests.office.imports.test_views import answers

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = "/admin/primeiros-passos/"
LOGIN = "django.contrib.auth.backends.ModelBackend"
FILE = (
    "codigo;nome;cpf;celular;fatura;vencimento;valor\n"
    "M1;Ana Souza;529.982.247-25;(11) 98765-4321;F1;05/11/2026;119,90\n"
    "M2;Bruno Lima;123.456.789-09;(11) 98765-4322;F2;20/10/2026;149,90\n"
)


@pytest.fixture
def business_now(transactional_db: None, settings: Settings) -> Iterator[datetime]:
    settings.STATIC_ROOT = None
    clock.move(to=NOW, frozen=True)
    yield NOW
    clock._reading = clock._Reading()


@pytest.fixture
def first(business_now: datetime) -> Client:
    """Whoever made the installation: `createsuperuser`, and nothing else there."""
    user = User.objects.create_superuser("marina", password="uma senha longa")
    client = Client()
    client.force_login(user, backend=LOGIN)
    return client


def open_steps() -> list[str]:
    return [step.key for step in checklist().steps if not step.is_done]


def test_every_step_of_an_empty_house_leads_to_a_page_that_opens(first: Client) -> None:
    assert open_steps() == [step.key for step in checklist().steps]
    answers = {step.key: first.get(step.url, follow=True).status_code for step in checklist().steps}

    assert set(answers.values()) == {200}


def test_first_page_shows_the_steps_until_somebody_has_seen_them_done(first: Client) -> None:
    assert "Diga quem cobra" in first.get("/admin/").content.decode()

    first.post(f"{ROOT}dispensar/")

    assert "Diga quem cobra" in first.get("/admin/").content.decode()


def test_first_administrator_gets_to_a_rehearsal_and_two_people_to_a_publication(first: Client) -> None:
    identity = {
        "trade_name": "Clube Azul",
        "legal_name": "Clube Azul Ltda",
        "cnpj": "11.222.333/0001-81",
        "sector": "gym",
        "original_creditor": "on",
        "country": "BR",
        "timezone": "America/Sao_Paulo",
    }
    first.post("/admin/configuracoes/parte/identity/", identity)
    assert open_steps()[0] == "hours"
    first.post("/admin/configuracoes/parte/hours/", {"monday_0_start": "08:00", "monday_0_end": "18:00"})
    assert open_steps()[0] == "sender"
    sender = {"channel": "whatsapp", "provider_id": "1065", "name": "Clube Azul", "active": "on"}
    assert first.post("/admin/conversations/sender/add/", sender).status_code == 302
    assert open_steps()[0] == "book"

    upload = {"file": SimpleUploadedFile("carteira.csv", FILE.encode(), content_type="text/csv")}
    answer = first.post("/admin/importacoes/nova/", upload)
    batch = ImportBatch.objects.get()
    assert answer.status_code == 302
    assert "carteira.csv" in next(s.said for s in checklist().steps if s.key == "book")
    first.post(reverse("imports:columns", args=[batch.pk]), answers(batch))
    first.post(reverse("imports:start", args=[batch.pk]))
    assert Invoice.objects.count() == 2

    assert open_steps()[0] == "cadence"
    assert first.post("/admin/regua/modelo/gym/").status_code == 302
    version = CadenceVersion.objects.get()
    assert open_steps() == ["texts", "rehearse", "publish"]
    first.post(f"/admin/regua/versao/{version.pk}/ensaiar/", {"days": "30"})
    assert open_steps() == ["texts", "publish"]
    assert first.get(f"/admin/regua/ensaio/{Rehearsal.objects.get().pk}/").status_code == 200

    MessageTemplate.objects.update(status="APPROVED", live_since=NOW)
    assert open_steps() == ["publish"]
    assert checklist().steps[-1].button == "Cadastrar pessoa"
    other = User.objects.create_user("bia", is_staff=True)
    other.groups.set([Group.objects.get(name=Role.ADMINISTRATOR.value)])
    assert checklist().steps[-1].button == "Abrir a versão"
    CadenceVersion.objects.update(status="live", published_at=NOW)

    assert checklist().is_complete
    assert "Tudo pronto" in first.get("/admin/").content.decode()
    first.post(f"{ROOT}dispensar/")
    assert "Tudo pronto" not in first.get("/admin/").content.decode()
    assert "Tudo pronto" in first.get(ROOT).content.decode()


def test_checklist_costs_the_same_with_a_book(first: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            checklist()
        return len(captured)

    large_book.write(3)
    few = cost()
    large_book.write(30)

    assert cost() == few


@pytest.mark.parametrize(
    ("role", "status"), [(Role.FINANCE, 200), (Role.ADMINISTRATOR, 200), (Role.OPERATOR, 403)]
)
def test_steps_are_for_those_who_set_the_house_up(role: Role, status: int, business_now: datetime) -> None:
    user = User.objects.create_user("ana", is_staff=True)
    user.groups.set([Group.objects.get(name=role.value)])
    client = Client()
    client.force_login(user, backend=LOGIN)

    assert client.get(ROOT).status_code == status
    assert ("Primeiros passos" in client.get("/admin/").content.decode()) == (status == 200)
