"""Not one byte of a dossier can change without the verifier saying so, and where."""

from __future__ import annotations

import copy
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from office.dossier import signing, verify_dossier
from office.dossier.verify_dossier import (
    FORMAT,
    NotADossier,
    Report,
    file_of,
    line_of,
    signed_bytes,
    summary,
    tell,
    verify,
    verify_json,
)
from tests.office.dossier.samples import sample, sections

WHOLE = sample().json
LINES = WHOLE.split(b"\n")
KEY = signing.public_key()


def sentences(report: Report) -> list[str]:
    return [str(problem) for problem in report.problems]


def checked(data: bytes) -> list[str]:
    return sentences(verify_json(data, key=KEY))


def line_with(part: bytes) -> int:
    """The number of the first line that holds `part`."""
    return next(number for number, line in enumerate(LINES, start=1) if part in line)


class TestWholeFile:
    def test_dossier_as_made_is_whole_and_signed_by_this_deployment(self):
        report = verify_json(WHOLE, key=KEY)

        assert sentences(report) == []
        assert (report.is_whole, report.trusted, report.signer) == (True, True, KEY)
        assert tell(report)[1] == 0

    def test_file_is_json_for_any_reader(self):
        read = json.loads(WHOLE)

        assert list(read["sections"]) == list(sections())
        assert read["sections"]["messages"][3]["text"] == "Olá, Ana 3 – tudo bem?\n“sim”"

    def test_dossier_without_a_key_to_compare_is_whole_but_not_trusted(self):
        report = verify_json(WHOLE)

        answer, code = tell(report)
        assert (report.is_whole, report.trusted, code) == (True, False, 3)
        assert KEY in answer

    def test_dossier_of_somebody_without_history_is_whole(self):
        assert checked(sample(history=[]).json) == []


class TestAnyChange:
    @given(place=st.integers(0, len(WHOLE) - 1), other=st.integers(1, 255))
    def test_one_byte_anywhere_is_noticed(self, place: int, other: int):
        changed = bytearray(WHOLE)
        changed[place] ^= other

        assert not verify_json(bytes(changed), key=KEY).is_whole
        assert not verify_json(bytes(changed)).is_whole

    @pytest.mark.parametrize("bit", [0x01, 0x20])
    def test_one_bit_of_manifest_and_signature_is_noticed(self, bit: int):
        start = WHOLE.index(b'"manifest"')
        silent = []
        for place in range(start, len(WHOLE), 3):
            changed = bytearray(WHOLE)
            changed[place] ^= bit
            if verify_json(bytes(changed)).is_whole:
                silent.append(place)

        assert silent == []

    @given(length=st.integers(0, len(WHOLE) - 1))
    def test_file_cut_short_is_noticed(self, length: int):
        assert not verify_json(WHOLE[:length], key=KEY).is_whole

    @given(place=st.integers(0, len(WHOLE)), extra=st.binary(min_size=1, max_size=4))
    def test_byte_put_in_is_noticed(self, place: int, extra: bytes):
        assert not verify_json(WHOLE[:place] + extra + WHOLE[place:], key=KEY).is_whole

    @given(
        first=st.integers(0, len(LINES) - 2),
        second=st.integers(0, len(LINES) - 2),
    )
    def test_lines_in_another_order_are_noticed(self, first: int, second: int):
        lines = list(LINES)
        lines[first], lines[second] = lines[second], lines[first]
        data = b"\n".join(lines)

        assert verify_json(data, key=KEY).is_whole == (data == WHOLE)

    @given(data=st.binary(max_size=200))
    def test_any_bytes_are_judged_and_never_break_the_verifier(self, data: bytes):
        assert not verify_json(data).is_whole

    @given(
        changed=st.fixed_dictionaries(
            {"format": st.just(FORMAT)},
            optional={
                name: st.recursive(
                    st.none() | st.integers() | st.text(max_size=3),
                    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=8), inner),
                    max_leaves=4,
                )
                for name in ("sections", "manifest", "signature")
            },
        )
    )
    def test_document_of_another_shape_is_judged(self, changed: dict[str, Any]):
        assert not verify_json((line_of(changed) + "\n").encode()).is_whole


def resealed(edit: Callable[[dict[str, Any]], None], *, sign: bool = False) -> bytes:
    """A forger's file: edited, every hash of the manifest made anew, signed with a key of their own or not at all."""
    document = copy.deepcopy(sample().document)
    edit(document)
    manifest = document["manifest"]
    manifest["sections"] = [summary(name, records) for name, records in document["sections"].items()]
    records = document["sections"]["history"]
    manifest["history"] = {"sequence": len(records), "chain": records[-1]["chain"]}
    if sign:
        forger = Ed25519PrivateKey.from_private_bytes(b"f" * 32)
        own = forger.public_key().public_bytes_raw().hex()
        manifest["public_key"] = own
        value = forger.sign(signed_bytes(manifest)).hex()
        document["signature"] = {"algorithm": "Ed25519", "public_key": own, "value": value}
    return file_of(document)


def rewrite(document: dict[str, Any]) -> None:
    document["sections"]["messages"][2]["text"] = "Outra coisa."


class TestForgery:
    def test_hashes_made_anew_do_not_carry_the_signature(self):
        assert checked(resealed(rewrite)) == ["seção signature: a assinatura não vale para este manifesto."]

    def test_signature_of_a_stranger_is_not_the_creditor_s(self):
        forged = resealed(rewrite, sign=True)

        assert checked(forged) == ["seção signature: foi assinado com outra chave, não com a esperada."]
        assert tell(verify_json(forged))[1] == 3

    def test_history_rewritten_by_whoever_holds_the_key_breaks_its_chain(self):
        def reword(document: dict[str, Any]) -> None:
            document["sections"]["history"][1]["sentence"] = "Nada aconteceu."

        assert sentences(verify_json(resealed(reword, sign=True))) == [
            f"seção history, linha {line_with(b'Pagamento de')}: as palavras não são as que foram gravadas."
        ]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("kind", "case.settled"),
            ("at", "2026-11-24T13:02:00.000251+00:00"),
            ("recorded_at", "2026-11-24T13:00:00.000251+00:00"),
            ("actor", "user:4"),
            ("case", 9),
            ("metadata", {}),
            ("content_hash", "0" * 64),
            ("chain", "0" * 64),
        ],
    )
    def test_any_field_of_a_history_line_is_part_of_the_chain(self, field: str, value: Any):
        def change(document: dict[str, Any]) -> None:
            document["sections"]["history"][1][field] = value

        assert sentences(verify_json(resealed(change, sign=True))) == [
            f"seção history, linha {line_with(b'Pagamento de')}: esta linha da história foi alterada."
        ]

    def test_history_line_taken_out_interrupts_the_chain(self):
        def remove(document: dict[str, Any]) -> None:
            del document["sections"]["history"][1]

        assert sentences(verify_json(resealed(remove, sign=True))) == [
            f"seção history, linha {line_with(b'Pagamento de')}: a corrente da história está interrompida."
        ]

    def test_end_of_history_cut_off_is_noticed_by_the_head(self):
        document = copy.deepcopy(sample().document)
        document["sections"]["history"].pop()
        document["manifest"]["sections"] = [
            summary(name, records) for name, records in document["sections"].items()
        ]

        assert sentences(verify_json(file_of(document)))[-1] == (
            "seção history: faltam ou sobram linhas no fim da história."
        )

    def test_erased_line_that_has_words_again_is_noticed(self):
        def invent(document: dict[str, Any]) -> None:
            document["sections"]["history"][2]["sentence"] = "Prometeu pagar."

        assert "não deveria ter palavras" in sentences(verify_json(resealed(invent, sign=True)))[0]


class TestWhere:
    def changed(self, edit: Callable[[dict[str, Any]], None]) -> list[str]:
        document = copy.deepcopy(sample().document)
        edit(document)
        return checked(file_of(document))

    def test_changed_record_is_named_by_section_line_and_number(self):
        line = line_with("Olá, Ana 2".encode())

        assert self.changed(rewrite) == [f"seção messages, linha {line}: o registro 3 foi alterado."]

    def test_records_in_another_order_are_named(self):
        def swap(document: dict[str, Any]) -> None:
            messages = document["sections"]["messages"]
            messages[1], messages[2] = messages[2], messages[1]

        line = line_with("Olá, Ana 1".encode())
        assert self.changed(swap) == [
            f"seção messages, linha {line}: os registros estão em outra ordem a partir do registro 2."
        ]

    def test_removed_record_is_named(self):
        def remove(document: dict[str, Any]) -> None:
            del document["sections"]["messages"][1]

        line = line_with("Olá, Ana 1".encode())
        assert self.changed(remove) == [
            f"seção messages, linha {line}: tem 4 registros e o manifesto diz 5; "
            "a primeira diferença está no registro 2."
        ]

    def test_removed_section_is_noticed(self):
        def remove(document: dict[str, Any]) -> None:
            del document["sections"]["messages"]

        assert self.changed(remove) == [
            "arquivo: as seções não são as do manifesto, ou estão em outra ordem."
        ]

    def test_broken_text_is_named_by_its_line(self):
        line = line_with("Olá, Ana 1".encode())
        broken = b"\n".join([*LINES[: line - 1], b'{"id":1,"text":', *LINES[line:]])

        assert checked(broken)[0].startswith("seção messages, linha ")

    def test_spaces_that_change_nothing_are_noticed_all_the_same(self):
        line = line_with("Olá, Ana 4".encode())
        spaced = b"\n".join([*LINES[: line - 1], LINES[line - 1] + b" ", *LINES[line:]])

        assert checked(spaced) == [
            f"seção messages, linha {line}: a escrita não é a que o sistema produz: o texto foi mexido."
        ]


class TestCommands:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        path = tmp_path / "dossie.json"
        path.write_bytes(WHOLE)
        return path

    def run(self, file: Path, *arguments: str) -> tuple[int, str]:
        """The program as a stranger runs it: alone, in an empty environment."""
        done = subprocess.run(
            [sys.executable, "-I", verify_dossier.__file__, str(file), *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=file.parent,
            env={"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"},
        )
        return done.returncode, done.stdout + done.stderr

    def test_stranger_s_program_answers_by_its_exit_code(self, file: Path):
        assert self.run(file, "--key", KEY)[0] == 0
        assert self.run(file)[0] == 3
        file.write_bytes(WHOLE.replace(b"Ana 2", b"Eva 2"))
        code, said = self.run(file, "--key", KEY)
        assert code == 1
        assert "seção messages" in said
        assert self.run(file.parent / "nada.json")[0] == 2

    def test_command_knows_this_deployment_s_key(self, file: Path, capsys: pytest.CaptureFixture[str]):
        call_command("verify_dossier", str(file))

        assert "Assinatura: confere" in capsys.readouterr().out

    def test_command_fails_for_a_changed_file(self, file: Path):
        file.write_bytes(WHOLE.replace(b"Ana 2", b"Eva 2"))

        with pytest.raises(CommandError, match="seção messages") as failed:
            call_command("verify_dossier", str(file))

        assert failed.value.returncode == 1

    def test_file_that_is_no_dossier_is_not_read(self, file: Path):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as made:
            made.writestr("outro.txt", "nada")

        with pytest.raises(NotADossier, match="não tem"):
            verify(archive.getvalue())
