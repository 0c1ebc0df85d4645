import csv
import io
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from commons import clock
from members.models import Consent, Member
from office.imports.enums import BatchState
from office.models import ImportBatch, SavedMapping
from tests.factories.commons import OrganisationFactory
from tests.office.imports.batches import NOW, imported, sent
from tests.office.imports.books import csv_of, row

pytestmark = [
    pytest.mark.django_db,
    # Celery would rather see routes in the settings; a queue beside its task is what people read.
]

GOOD = csv_of(
    row(), row(code="2", name="Bia Reis", document="123.456.789-09", phone="11 98765-0000", number="F2")
)
BROKEN = csv_of(row(), row(number="F2", amount="=1+1"))


@pytest.fixture(autouse=True)
def _world(settings: Settings) -> Iterator[None]:
    # Nothing is collected in tests; WhiteNoise warns about a folder that is not there.
    settings.STATIC_ROOT = None
    OrganisationFactory()
    clock.move(to=NOW, frozen=True)
    yield
    clock._reading = clock._Reading()


def person(*permissions: str) -> Client:
    user = User.objects.create_user("ana", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def finance() -> Client:
    return person("view_importbatch", "add_importbatch", "change_importbatch")


def upload(client: Client, content: bytes, name: str = "carteira.csv") -> object:
    return client.post(reverse("imports:upload"), {"file": SimpleUploadedFile(name, content)})


def answers(batch: ImportBatch, **changed: str) -> dict[str, str]:
    """What the columns page sends when nothing on it is touched."""
    columns = {int(index): meaning for meaning, index in batch.mapping["columns"].items()}
    return {
        **{f"column_{index}": columns.get(index, "") for index in range(len(batch.mapping["header"]))},
        "consent_basis": "nobody",
        **changed,
    }


def test_person_imports_a_file_from_upload_to_done(finance: Client) -> None:
    sent_file = upload(finance, GOOD)
    batch = ImportBatch.objects.get()
    assert sent_file.status_code == 302  # type: ignore[attr-defined]

    page = finance.get(reverse("imports:columns", args=[batch.pk]))
    assert page.status_code == 200
    assert "Ana Lima · Bia Reis" in page.content.decode()

    finance.post(reverse("imports:columns", args=[batch.pk]), answers(batch))
    batch.refresh_from_db()
    assert batch.state == BatchState.PREVIEWED
    assert Member.objects.count() == 0

    preview = finance.get(reverse("imports:batch", args=[batch.pk])).content.decode()
    assert "Importar 2 membros e 2 faturas" in preview
    assert "2 membros sem aceite do WhatsApp" in preview
    assert "no_opt_in" in preview

    finance.post(reverse("imports:start", args=[batch.pk]))
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE
    assert sorted(Member.objects.values_list("name", flat=True)) == ["Ana Lima", "Bia Reis"]
    assert (
        "Desfazer 2 membros e 2 faturas"
        in finance.get(reverse("imports:batch", args=[batch.pk])).content.decode()
    )


def test_person_answers_once_how_these_people_agreed(finance: Client) -> None:
    upload(finance, GOOD)
    batch = ImportBatch.objects.get()
    consent = {
        "consent_basis": "everybody",
        "consent_how": "Ficha de matrícula",
        "consent_on": "2026-01-15",
        "consent_text": "Aceito receber avisos por WhatsApp.",
    }

    finance.post(reverse("imports:columns", args=[batch.pk]), answers(batch, **consent))
    finance.post(reverse("imports:start", args=[batch.pk]))

    found = Consent.objects.order_by("member__name").values_list("source", "text_version", "import_batch_id")
    assert (
        list(found)
        == [
            (
                f"Ficha de matrícula (importação nº {batch.pk})",
                "Aceito receber avisos por WhatsApp.",
                batch.pk,
            )
        ]
        * 2
    )


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"consent_basis": ""}, "Diga como as pessoas aceitaram, ou que não há aceite registrado."),
        ({"consent_basis": "everybody", "consent_how": "x", "consent_text": "y"}, "Diga desde quando."),
        (
            {
                "consent_basis": "everybody",
                "consent_how": "x",
                "consent_text": "y",
                "consent_on": "2026-11-25",
            },
            "Essa data ainda não chegou.",
        ),
        ({"consent_basis": "everybody", "consent_on": "2026-01-15"}, "Diga onde e como aceitaram."),
        (
            {"consent_basis": "column", "consent_how": "x", "consent_text": "y"},
            "Escolha acima qual coluna é “Aceite do WhatsApp: data”.",
        ),
        ({"column_9": ""}, "Falta dizer qual coluna é “Valor”."),
        ({"column_10": "amount"}, "“Valor” já foi escolhido para outra coluna."),
    ],
)
def test_columns_page_says_what_is_missing_and_changes_nothing(
    finance: Client, changed: dict[str, str], complaint: str
) -> None:
    upload(finance, GOOD)
    batch = ImportBatch.objects.get()

    page = finance.post(reverse("imports:columns", args=[batch.pk]), answers(batch, **changed))

    batch.refresh_from_db()
    assert page.status_code == 422
    assert complaint in page.content.decode()
    assert batch.state == BatchState.UPLOADED
    assert SavedMapping.objects.count() == 0


def test_columns_chosen_once_are_recalled_for_the_next_file(finance: Client) -> None:
    upload(finance, GOOD)
    first = ImportBatch.objects.get()
    finance.post(reverse("imports:columns", args=[first.pk]), answers(first, column_6=""))

    upload(finance, csv_of(row(number="F9")))
    second = ImportBatch.objects.first()

    assert second is not None
    assert second.mapping_recalled is True
    assert "product" not in second.mapping["columns"]
    assert (
        "são as da última vez" in finance.get(reverse("imports:columns", args=[second.pk])).content.decode()
    )


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"%PDF-1.7", "Este arquivo é um PDF."),
        (b"", "O arquivo está vazio."),
        (b"1;Ana;10/11/2026;119,90\r\n", "Não encontramos a linha com os títulos das colunas"),
    ],
)
def test_upload_of_something_else_is_a_sentence_and_changes_nothing(
    finance: Client, content: bytes, complaint: str
) -> None:
    page = upload(finance, content)

    assert page.status_code == 422  # type: ignore[attr-defined]
    assert complaint in page.content.decode()  # type: ignore[attr-defined]
    assert ImportBatch.objects.count() == 0


def test_upload_of_nothing_is_a_sentence(finance: Client) -> None:
    assert "Escolha um arquivo." in finance.post(reverse("imports:upload")).content.decode()


def test_rejected_rows_download_opens_in_a_spreadsheet_and_holds_no_formula(finance: Client) -> None:
    batch = sent(BROKEN)

    response = finance.get(reverse("imports:rejected", args=[batch.pk]))

    text = response.content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert response["Content-Disposition"] == f'attachment; filename="importacao-{batch.pk}-rejeitados.csv"'
    assert lines[0][:4] == ["Linha", "Motivo", "Código", "Nome"]
    assert lines[1][:2] == ["3", "Valor que não se entende (Valor: =1+1)."]
    assert lines[1][11] == "'=1+1"
    assert len(lines) == 2


def test_tabs_show_the_rows_behind_each_number(finance: Client) -> None:
    batch = sent(csv_of(row(phone=""), row(number="F2", amount="0"), row()))
    address = reverse("imports:batch", args=[batch.pk])

    assert (
        "Valor zero ou negativo (Valor: 0)." in finance.get(address, {"aba": "rejeitados"}).content.decode()
    )
    assert "Sem telefone: não haverá contato" in finance.get(address, {"aba": "avisos"}).content.decode()
    assert "Linha repetida" in finance.get(address, {"aba": "iguais"}).content.decode()
    assert "Nada do que já existe muda" in finance.get(address, {"aba": "alterados"}).content.decode()


def test_progress_is_asked_again_while_at_work_and_then_reloads(finance: Client) -> None:
    batch = sent(GOOD)
    ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.RUNNING, rows_done=1)
    address = reverse("imports:progress", args=[batch.pk])

    working = finance.get(address)
    ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.DONE)
    done = finance.get(address)

    assert 'hx-trigger="every 1s"' in working.content.decode()
    assert 'aria-valuenow="50"' in working.content.decode()
    assert "HX-Refresh" not in working
    assert done["HX-Refresh"] == "true"


def test_undo_asks_why_and_takes_everything_back(finance: Client) -> None:
    batch = imported(GOOD)
    address = reverse("imports:revert", args=[batch.pk])

    finance.post(address, {"reason": " "})
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE

    finance.post(address, {"reason": "Arquivo errado"})
    batch.refresh_from_db()
    assert batch.state == BatchState.REVERTED
    assert Member.objects.filter(voided_at=None).count() == 0
    page = finance.get(reverse("imports:batch", args=[batch.pk])).content.decode()
    assert "Arquivo errado" in page
    assert "Nada desta importação ficou no livro." in page


def test_same_file_again_says_that_there_is_nothing_to_import(finance: Client) -> None:
    imported(GOOD)
    again = sent(GOOD)

    page = finance.get(reverse("imports:batch", args=[again.pk])).content.decode()

    assert "Tudo neste arquivo já está no livro" in page
    assert "Este mesmo arquivo já foi importado" in page


def test_verb_at_the_wrong_time_is_a_message(finance: Client) -> None:
    batch = imported(GOOD)

    page = finance.post(reverse("imports:start", args=[batch.pk]), follow=True)

    assert "Só um arquivo conferido pode ser importado (situação: importado)." in page.content.decode()


def test_discarded_file_leaves_nothing(finance: Client) -> None:
    batch = sent(GOOD)

    finance.post(reverse("imports:discard", args=[batch.pk]))

    assert ImportBatch.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "method"),
    [("history", "get"), ("upload", "get"), ("columns", "get"), ("batch", "get"), ("progress", "get"),
     ("rejected", "get"), ("start", "post"), ("resume", "post"), ("revert", "post"), ("discard", "post")],
)  # fmt: skip
def test_page_without_permission_is_refused(name: str, method: str) -> None:
    batch = sent(GOOD)
    address = reverse(f"imports:{name}", args=[] if name in {"history", "upload"} else [batch.pk])

    stranger = getattr(Client(), method)(address)
    colleague = getattr(person("view_member"), method)(address)

    assert stranger.status_code == 302
    assert stranger["Location"].startswith(reverse("admin:login"))
    assert colleague.status_code == 403
    batch.refresh_from_db()
    assert batch.state == BatchState.PREVIEWED


def test_history_asks_as_many_queries_for_three_imports_as_for_one(finance: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            finance.get(reverse("imports:history"))
        return len(asked)

    sent(csv_of(row()))
    queries()  # the first request of a client also loads what later ones remember
    one = queries()
    sent(csv_of(row(number="F2")))
    sent(csv_of(row(number="F3")))

    assert queries() == one
