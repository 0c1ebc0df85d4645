"""Who gets a dossier, how, and what the public may know of it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from commons.models import HistoryEntry
from office.dossier import signing, verify_dossier
from office.dossier.verify_dossier import verify
from tests.conversations.world import Talk
from tests.office.dossier.conftest import person

pytestmark = pytest.mark.django_db

READS = ("members.view_member", "compliance.view_decision", "conversations.view_conversation")
ASK = {"mode": "masked", "purpose": "agency", "detail": "protocolo 77"}


def address(talk: Talk) -> str:
    return reverse("dossier:export", args=[talk.world.member.pk])


def exports() -> int:
    return HistoryEntry.objects.filter(kind="dossier.exported").count()


def test_dossier_comes_as_a_zip_that_verifies_and_names_nobody(talk: Talk) -> None:
    response = person("helena", *READS).post(address(talk), ASK)

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/zip"
    assert "no-store" in response.headers["Cache-Control"]
    report = verify(response.content, key=signing.public_key())
    assert (report.problems, report.trusted) == ([], True)
    name = response.headers["Content-Disposition"]
    assert name == f'attachment; filename="dossie-{talk.world.member.pk}-{report.manifest["dossier"]}.zip"'
    entry = HistoryEntry.objects.get(kind="dossier.exported")
    assert entry.sentence.endswith("Motivo: Procon ou outro órgão de defesa do consumidor: protocolo 77")
    assert entry.actor.startswith("user:")


def test_page_shows_the_form_and_what_was_exported_before(talk: Talk) -> None:
    client = person("helena", *READS)
    client.post(address(talk), ASK)

    page = client.get(address(talk)).content.decode()

    assert "Baixar o dossiê" in page
    assert "protocolo 77" in page
    assert signing.public_key() in page
    assert exports() == 1


@pytest.mark.parametrize("missing", READS)
def test_role_without_any_of_the_permissions_gets_nothing(missing: str, talk: Talk) -> None:
    client = person("caio", *(each for each in READS if each != missing))

    assert [client.get(address(talk)).status_code, client.post(address(talk), ASK).status_code] == [403, 403]
    assert exports() == 0


def test_stranger_is_sent_to_the_door(talk: Talk) -> None:
    response = Client().post(address(talk), ASK)

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/admin/login/")
    assert exports() == 0


@pytest.mark.parametrize("mode", ["full", "subject"])
def test_whole_document_only_for_who_may_change_the_member(mode: str, talk: Talk) -> None:
    asked = {**ASK, "mode": mode}

    refused = person("helena", *READS).post(address(talk), asked)
    given = person("paulo", *READS, "members.change_member").post(address(talk), asked)

    assert (refused.status_code, given.status_code) == (422, 200)
    with zipfile.ZipFile(io.BytesIO(given.content)) as packed:
        assert b"52998224725" in packed.read("dossie.json")
    assert exports() == 1


def test_whole_document_without_an_explanation_is_refused_with_the_form_again(talk: Talk) -> None:
    client = person("paulo", *READS, "members.change_member")

    response = client.post(address(talk), {**ASK, "mode": "full", "detail": "  "})

    assert response.status_code == 422
    assert "Explique" in response.content.decode()
    assert exports() == 0


def test_unknown_member_is_not_found(talk: Talk) -> None:
    assert person("helena", *READS).get(reverse("dossier:export", args=[999_999])).status_code == 404


def test_anybody_may_have_the_public_key_and_the_verifier() -> None:
    key = Client().get("/dossie/chave.txt")
    program = Client().get("/dossie/verify_dossier.py")

    assert key.content.decode() == f"{signing.public_key()}\n"
    source = Path(verify_dossier.__file__).read_bytes()
    assert b"".join(program.streaming_content) == source  # type: ignore[attr-defined]
    assert Client().post("/dossie/chave.txt").status_code == 405
