#!/usr/bin/env python3
"""Verifies a dossier of Em Dia: that not one byte changed since it was made, and who made it.

    python3 verify_dossier.py dossie.zip --key PUBLIC_KEY
    python3 verify_dossier.py dossie.json

This file stands alone: any Python since 3.9 runs it, without the program that made the dossier, its database or any
secret; the signature needs the package `cryptography`. The creditor publishes the key at the address that the dossier
names. Without `--key` the file is checked against the key it carries, which proves it whole but not who signed it.

What is checked, in this order:

1. The bytes are the canonical form of what they say: no byte of the file is without meaning.
2. Every section has the lines, the order and the SHA-256 that the manifest says.
3. The manifest carries a valid Ed25519 signature.
4. The member's history is an unbroken chain up to the head that the manifest names.

Exit codes: 0 whole and signed by the given key; 1 changed; 2 not a dossier or a wrong call; 3 whole, but not signed
by a key you gave.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import io
import json
import re
import sys
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

FORMAT = "emdia-dossier/1"
ARCHIVE_FORMAT = "emdia-dossier-archive/1"
JSON_NAME = "dossie.json"
MANIFEST_NAME = "manifesto.json"
# Enough to find a changed line; the section's whole hash is what proves.
MARK = 8
_LARGEST = 512 * 1024 * 1024
# What a document of another shape than a dossier's raises on the way.
_ANOTHER_SHAPE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
# What the standard library raises for a ZIP that somebody cut or changed.
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, LookupError, OSError, RuntimeError, ValueError)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 -- read by Pythons older than the product's


class NotADossier(Exception):
    """The file cannot be read as a dossier at all. The sentence is Portuguese."""


class _Broken(Exception):
    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line


@dataclass(frozen=True)
class Problem:
    """Something that does not verify: where it is, and what is wrong, in Portuguese."""

    section: str
    line: int | None
    sentence: str

    def __str__(self) -> str:
        where = f"seção {self.section}" if self.section else "arquivo"
        return f"{where}{'' if self.line is None else f', linha {self.line}'}: {self.sentence}"


@dataclass
class Report:
    """What a verification found. `signer` is the key the signature verifies with, `trusted` that it was expected."""

    problems: list[Problem] = field(default_factory=list)
    manifest: dict[str, Any] = field(default_factory=dict)
    signer: str = ""
    trusted: bool = False
    signature_checked: bool = False

    @property
    def is_whole(self) -> bool:
        return not self.problems

    def add(self, section: str, line: int | None, sentence: str) -> None:
        self.problems.append(Problem(section, line, sentence))


def line_of(value: Any) -> str:
    """One value as the one line that stands for it."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def file_of(document: dict[str, Any]) -> bytes:
    """The bytes of a dossier's JSON file: a line for each record, those of a section under its name."""
    lines = [f'{{"format":{line_of(document["format"])},"sections":{{']
    last = len(document["sections"]) - 1
    for place, (name, records) in enumerate(document["sections"].items()):
        lines.append(f"{line_of(name)}:[")
        lines += [line_of(record) + "," for record in records[:-1]]
        lines += [line_of(record) for record in records[-1:]]
        lines.append("]" if place == last else "],")
    lines += ["},", f'"manifest":{line_of(document["manifest"])},']
    lines += [f'"signature":{line_of(document["signature"])}', "}"]
    return ("\n".join(lines) + "\n").encode()


def summary(name: str, records: list[Any]) -> dict[str, Any]:
    """What the manifest says of one section: how many records, their hash, and a mark of each."""
    lines = [line_of(record) for record in records]
    return {
        "name": name,
        "records": len(records),
        "sha256": _sha256("\n".join(lines)),
        "marks": "".join(_sha256(line)[:MARK] for line in lines),
    }


def signed_bytes(manifest: dict[str, Any], *, of: str = FORMAT) -> bytes:
    """What the signature is made over: the kind of file and the manifest's own line."""
    return f"{of}\n{line_of(manifest)}".encode()


def manifest_hash(manifest: dict[str, Any]) -> str:
    """The number printed on every page of the PDF."""
    return _sha256(line_of(manifest))


def content_hash(salt: str, sentence: str) -> str:
    """The hash of a history line's words; the line's own salt is all it takes."""
    return hmac.new(salt.encode(), sentence.encode(), hashlib.sha256).hexdigest()


def chain_hash(entry: dict[str, Any], *, member: int) -> str:
    """The hash that ties a history line to the one before it."""
    fields = {
        "member": member,
        "sequence": entry["sequence"],
        "kind": entry["kind"],
        "at": _microseconds(entry["at"]),
        "recorded_at": _microseconds(entry["recorded_at"]),
        "actor": entry["actor"],
        "case": entry["case"],
        "metadata": entry["metadata"],
    }
    return _sha256(f"{entry['previous']}|{entry['content_hash']}|{line_of(fields)}")


def _microseconds(text: str) -> int:
    return (datetime.fromisoformat(text) - _EPOCH) // timedelta(microseconds=1)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def verify(data: bytes, *, key: str = "") -> Report:
    """Verifies a dossier's JSON or ZIP file; `key` is the public key it must be signed with, in hexadecimal.

    Raises NotADossier when `data` is neither.
    """
    expected = key.strip().lower()
    return _verify_archive(data, expected) if data[:2] == b"PK" else verify_json(data, key=expected)


def verify_json(data: bytes, *, key: str = "") -> Report:
    """Verifies the JSON file alone."""
    report = Report()
    try:
        document = _parse(data)
        _check_canonical(data, document, report)
        manifest = report.manifest = document["manifest"]
        _check_sections(document, report)
        _check_signature(manifest, document["signature"], report, key=key, of=FORMAT)
        _check_history(document, report)
    except _Broken as broken:
        report.add(_section_at(data, broken.line), broken.line, str(broken))
    except _ANOTHER_SHAPE:
        report.add("", None, "o arquivo não tem a forma de um dossiê.")
    return report


def _parse(data: bytes) -> dict[str, Any]:
    try:
        document = json.loads(data.decode("utf-8"), object_pairs_hook=_no_repeats)
    except UnicodeDecodeError as error:
        raise _Broken(data[: error.start].count(b"\n") + 1, "há bytes que não são texto.") from error
    except json.JSONDecodeError as error:
        raise _Broken(error.lineno, "o texto está quebrado ou incompleto.") from error
    except (RecursionError, ValueError) as error:
        raise _Broken(1, "há nomes repetidos.") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise _Broken(1, f"o formato não é {FORMAT}.")
    if set(document) != {"format", "sections", "manifest", "signature"}:
        raise _Broken(1, "há partes que um dossiê não tem, ou faltam partes.")
    return document


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("repeated name")
    return found


def _section_at(data: bytes, line: int) -> str:
    """The section that a line of the file lies in, as far as the lines above it say."""
    for each in reversed(data.split(b"\n")[:line]):
        found = re.match(rb'"(\w+)":', each)
        if found:
            return found[1].decode()
    return ""


def _check_canonical(data: bytes, document: dict[str, Any], report: Report) -> None:
    wanted_data = file_of(document)
    if wanted_data == data:
        return
    given, wanted = data.split(b"\n"), wanted_data.split(b"\n")
    different = [place for place, pair in enumerate(zip(given, wanted)) if pair[0] != pair[1]]  # noqa: B905
    line = (different[0] if different else min(len(given), len(wanted))) + 1
    report.add(_section_at(data, line), line, "a escrita não é a que o sistema produz: o texto foi mexido.")


def _check_sections(document: dict[str, Any], report: Report) -> None:
    """Names and order, then each section against its line of the manifest."""
    sections, told = document["sections"], document["manifest"]["sections"]
    if list(sections) != [each["name"] for each in told]:
        report.add("", None, "as seções não são as do manifesto, ou estão em outra ordem.")
        return
    line = 2
    for each in told:
        records = sections[each["name"]]
        found = summary(each["name"], records)
        if found != each:
            report.problems.append(_first_difference(found, each, first_line=line + 1))
        line += len(records) + 2


def _first_difference(found: dict[str, Any], told: dict[str, Any], *, first_line: int) -> Problem:
    """Where a section first differs, by the marks of its lines."""
    now, then = (re.findall(f".{{{MARK}}}", side["marks"]) for side in (found, told))
    shared = min(len(now), len(then))
    place = next((n for n in range(shared) if now[n] != then[n]), shared)
    sentence = f"o registro {place + 1} foi alterado."
    if found["records"] != told["records"]:
        sentence = (
            f"tem {found['records']} registros e o manifesto diz {told['records']}; "
            f"a primeira diferença está no registro {place + 1}."
        )
    elif now != then and sorted(now) == sorted(then):
        sentence = f"os registros estão em outra ordem a partir do registro {place + 1}."
    return Problem(told["name"], first_line + place, sentence)


def _check_signature(manifest: Any, signature: Any, report: Report, *, key: str, of: str) -> None:
    own, value = signature["public_key"], signature["value"]
    fault = ""
    if set(signature) != {"algorithm", "public_key", "value"} or signature["algorithm"] != "Ed25519":
        fault = "a assinatura não tem a forma esperada."
    # One way of writing each: capital letters would be another file with the same meaning.
    elif bytes.fromhex(own).hex() != own or bytes.fromhex(value).hex() != value:
        fault = "a assinatura não está escrita como deve."
    elif manifest["public_key"] != own:
        fault = "a chave não é a que o manifesto nomeia."
    elif key and key != own:
        fault = "foi assinado com outra chave, não com a esperada."
    else:
        signs = _signs(bytes.fromhex(own), bytes.fromhex(value), signed_bytes(manifest, of=of))
        if signs:
            report.signer, report.signature_checked, report.trusted = own, True, bool(key)
        fault = "a assinatura não vale para este manifesto." if signs is False else ""
    if fault:
        report.add("signature", None, fault)


def _signs(public_key: bytes, value: bytes, data: bytes) -> bool | None:
    """Whether it is this key's signature of `data`; None where nothing is installed that could tell."""
    try:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 -- optional for a stranger
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 -- likewise
    except ImportError:
        return None
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(public_key).verify(value, data)
    except InvalidSignature:
        return False
    return True


def _check_history(document: dict[str, Any], report: Report) -> None:
    """Every line by its own hash, every line to the one before, the last to the head."""
    manifest, sections, previous = document["manifest"], document["sections"], ""
    before = list(sections)[: list(sections).index("history")]
    first = 3 + sum(len(sections[name]) + 2 for name in before)
    for place, entry in enumerate(sections["history"]):
        fault = ""
        if entry["sequence"] != place + 1 or entry["previous"] != previous:
            fault = "a corrente da história está interrompida."
        elif entry["chain"] != chain_hash(entry, member=manifest["member"]):
            fault = "esta linha da história foi alterada."
        elif entry["words"] != "kept":
            has_words = entry["sentence"] is not None or entry["salt"] is not None
            fault = "esta linha não deveria ter palavras." if has_words else ""
        elif entry["content_hash"] != content_hash(entry["salt"], entry["sentence"]):
            fault = "as palavras não são as que foram gravadas."
        if fault:
            report.add("history", first + place, fault)
            return
        previous = entry["chain"]
    if manifest["history"] != {"sequence": len(sections["history"]), "chain": previous}:
        report.add("history", None, "faltam ou sobram linhas no fim da história.")


def _verify_archive(data: bytes, key: str) -> Report:
    """The files of a ZIP against its own signed manifest, then the JSON in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if sum(info.file_size for info in archive.infolist()) > _LARGEST:
                raise NotADossier("O arquivo é grande demais para ser um dossiê.")
            files = {name: archive.read(name) for name in names}
    except _BROKEN_ZIP as error:
        raise NotADossier("O ZIP está quebrado ou incompleto.") from error
    if JSON_NAME not in files or MANIFEST_NAME not in files:
        raise NotADossier(f"O ZIP não tem {JSON_NAME} e {MANIFEST_NAME}.")
    report = verify_json(files[JSON_NAME], key=key)
    seal = Report()
    try:
        outer = json.loads(files[MANIFEST_NAME], object_pairs_hook=_no_repeats)
        if f"{line_of(outer)}\n".encode() != files[MANIFEST_NAME]:
            seal.add(MANIFEST_NAME, None, "o manifesto do ZIP foi mexido.")
        _check_signature(outer["manifest"], outer["signature"], seal, key=key, of=ARCHIVE_FORMAT)
        _check_files(outer["manifest"], names, files, seal)
        if outer["manifest"]["dossier"] != report.manifest.get("dossier"):
            seal.add(MANIFEST_NAME, None, "o manifesto do ZIP é de outro dossiê.")
    except _ANOTHER_SHAPE:
        seal.add(MANIFEST_NAME, None, "o manifesto do ZIP não pode ser lido.")
    report.problems += seal.problems
    report.trusted = report.trusted and seal.trusted
    report.signature_checked = report.signature_checked and seal.signature_checked
    return report


def _check_files(manifest: dict[str, Any], names: list[str], files: dict[str, bytes], report: Report) -> None:
    told = {each["name"]: each["sha256"] for each in manifest["files"]}
    if sorted(names) != sorted([*told, MANIFEST_NAME]):
        report.add("", None, "o ZIP tem arquivos a mais ou a menos.")
    for name, digest in told.items():
        if name in files and hashlib.sha256(files[name]).hexdigest() != digest:
            report.add(name, None, "o conteúdo não é o do manifesto do ZIP.")


def tell(report: Report) -> tuple[str, int]:
    """The answer in Portuguese, and the exit code."""
    if not report.is_whole:
        lines = [
            "ALTERADO: este dossiê não é o que foi produzido.",
            *(f"- {each}" for each in report.problems),
        ]
        return "\n".join(lines), 1
    manifest = report.manifest
    lines = [
        f"ÍNTEGRO: dossiê {manifest['dossier']}, gerado em {manifest['generated_at']}.",
        f"Manifesto: {manifest_hash(manifest)}",
        f"História: {manifest['history']['sequence']} linhas, corrente inteira.",
    ]
    if report.trusted:
        return "\n".join([*lines, "Assinatura: confere com a chave informada."]), 0
    if report.signature_checked:
        lines.append(f"Assinatura: válida para a chave {report.signer}.")
        lines.append(f"Confira se é esta a chave publicada em {manifest['key_url']} e repita com --key.")
    else:
        lines.append("Assinatura: NÃO conferida. Instale o pacote cryptography e repita.")
    return "\n".join(lines), 3


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Confere um dossiê do Em Dia (ZIP ou JSON).")
    parser.add_argument("file", help="o arquivo do dossiê")
    parser.add_argument("--key", default="", help="a chave pública do credor, em hexadecimal")
    chosen = parser.parse_args(arguments)
    try:
        report = verify(Path(chosen.file).read_bytes(), key=chosen.key)
    except (OSError, NotADossier) as error:
        print(f"NÃO LIDO: {error}")
        return 2
    answer, code = tell(report)
    print(answer)
    return code


if __name__ == "__main__":
    sys.exit(main())
