"""The files people are given: a PDF that reads as Portuguese, a ZIP whose every file is under the signature."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta

import pytest
from pypdf import PdfReader

from commons import clock
from office.dossier import packing, printing, services, signing
from office.dossier.collecting import Dossier
from office.dossier.enums import Mode
from office.dossier.paper import PLAIN, Paper, wrap
from office.dossier.verify_dossier import NotADossier, Report, manifest_hash, verify
from tests.conversations.world import NOW, Talk

pytestmark = pytest.mark.django_db
KEY = signing.public_key()


@pytest.fixture
def dossier(talk: Talk) -> Dossier:
    talk.writes("obrigada 🙂 até amanhã, às 15h", now=NOW + timedelta(minutes=2))
    return services.export(
        member_id=talk.world.member.pk, mode=Mode.MASKED, reason="Auditoria", actor="system", now=clock.now()
    )


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


class TestPdf:
    def test_every_page_has_its_number_and_the_manifest_s_hash(self, dossier: Dossier):
        found = pages(printing.pdf(dossier))

        assert len(found) > 1
        for number, text in enumerate(found, start=1):
            assert f"Página {number} de {len(found)}" in text
            assert f"Manifesto SHA-256 {manifest_hash(dossier.document['manifest'])}" in text

    def test_it_says_in_portuguese_what_the_json_says(self, dossier: Dossier):
        text = " ".join(" ".join(pages(printing.pdf(dossier))).split())

        for words in (
            "Dossiê de contato e cobrança",
            "Ana Souza",
            "***.982.247-**",
            "Pedido por: Sistema",
            "Motivo: Auditoria",
            "Em aberto em 24/11/2026: R$ 102,63",
            "Consentimento para WhatsApp em 01/10/2026",
            "até amanhã, às 15h",
            "Permitido: Pode sair agora.",
            "Contatos no dia: passou (0 de 1)",
            "Horário permitido: passou (seg a sex",
            "Dossiê exportado (dados pessoais mascarados).",
        ):
            assert words in text

    def test_sign_that_the_face_lacks_is_written_by_its_number(self, dossier: Dossier):
        assert "obrigada [U+1F642] até" in " ".join(pages(printing.pdf(dossier)))

    def test_face_is_embedded_and_page_is_a4(self, dossier: Dossier):
        reader = PdfReader(io.BytesIO(printing.pdf(dossier)))

        page = reader.pages[0]
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
        fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
        drawn = [font for font in fonts if font["/Subtype"] == "/TrueType"]
        assert drawn
        assert all("/FontFile2" in font["/FontDescriptor"] for font in drawn)

    def test_same_dossier_gives_the_same_bytes(self, dossier: Dossier):
        assert packing.archive(dossier) == packing.archive(dossier)


class TestPaper:
    def test_line_is_broken_between_words_and_a_long_word_within(self):
        assert wrap("aa bb", font=PLAIN, size=10, width=20) == ["aa", "bb"]
        assert "".join(wrap("f" * 300, font=PLAIN, size=10, width=100)) == "f" * 300
        assert wrap("um\n\ndois", font=PLAIN, size=10, width=100) == ["um", "", "dois"]

    def test_text_longer_than_a_page_goes_on_the_next(self):
        paper = Paper(title="t", top="topo", foot="pé")
        for number in range(200):
            paper.text(f"linha {number}")

        found = pages(paper.finish())

        assert re.findall(r"linha (\d+)", " ".join(found)) == [str(number) for number in range(200)]
        assert len(found) == 3


def repacked(data: bytes, **changed: bytes | None) -> bytes:
    """The ZIP with some files replaced, put in, or (None) left out; names have `_` for the dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        files = {name: before.read(name) for name in before.namelist()}
        for name, content in {**files, **{n.replace("_", "."): c for n, c in changed.items()}}.items():
            if content is not None:
                after.writestr(name, content)
    return out.getvalue()


def sentences(report: Report) -> list[str]:
    return [str(problem) for problem in report.problems]


class TestArchive:
    def test_archive_is_whole_and_trusted(self, dossier: Dossier):
        data = packing.archive(dossier)

        report = verify(data, key=KEY)
        assert (sentences(report), report.trusted) == ([], True)
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            assert packed.namelist() == ["dossie.json", "dossie.pdf", "LEIA-ME.txt", "manifesto.json"]
            assert packed.read("dossie.json") == dossier.json

    def test_changed_pdf_is_named(self, dossier: Dossier):
        forged = repacked(packing.archive(dossier), dossie_pdf=b"%PDF-1.4 outro")

        assert sentences(verify(forged, key=KEY)) == [
            "seção dossie.pdf: o conteúdo não é o do manifesto do ZIP."
        ]

    def test_json_of_another_dossier_is_noticed(self, dossier: Dossier, talk: Talk):
        other = services.export(
            member_id=talk.world.member.pk, mode=Mode.FULL, reason="x", actor="system", now=NOW
        )

        found = sentences(verify(repacked(packing.archive(dossier), dossie_json=other.json), key=KEY))

        assert found == [
            "seção dossie.json: o conteúdo não é o do manifesto do ZIP.",
            "seção manifesto.json: o manifesto do ZIP é de outro dossiê.",
        ]

    def test_file_put_in_or_left_out_is_noticed(self, dossier: Dossier):
        data = packing.archive(dossier)

        for forged in (repacked(data, nota_txt=b"nada"), repacked(data, dossie_pdf=None)):
            assert sentences(verify(forged, key=KEY)) == ["arquivo: o ZIP tem arquivos a mais ou a menos."]

    def test_manifest_of_the_archive_rewritten_is_noticed(self, dossier: Dossier):
        data = packing.archive(dossier)
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            manifest = packed.read("manifesto.json")

        for forged in (
            manifest.replace(b'"size":', b'"size" :'),
            manifest.replace(b'"size":', b'"size":1'),
            b"{}",
        ):
            assert not verify(repacked(data, manifesto_json=forged), key=KEY).is_whole

    def test_archive_cut_short_is_not_read(self, dossier: Dossier):
        data = packing.archive(dossier)

        with pytest.raises(NotADossier):
            verify(data[: len(data) // 2], key=KEY)
