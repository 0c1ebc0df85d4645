"""The history as it was chained, and the manifest."""

from __future__ import annotations

from office.dossier.chapters.words import Words
from office.dossier.collecting import Dossier
from office.dossier.paper import Paper

_GONE = {
    "erased": "(palavras apagadas a pedido; a corrente continua inteira)",
    "withheld": "(palavras retiradas deste dossiê: traziam um documento, telefone ou e-mail)",
}


def write_history(paper: Paper, dossier: Dossier, words: Words) -> None:
    lines = dossier.sections["history"]
    paper.heading(f"História, com a corrente de impressões digitais ({len(lines)} linhas)")
    for line in lines:
        paper.text(
            words.joined(
                f"{line['sequence']}",
                words.instant(line["at"]),
                words.actor(line["actor"]),
                line["kind"],
                line["sentence"] if line["words"] == "kept" else _GONE[line["words"]],
            )
        )
        paper.small(line["chain"], indent=10)


def write_manifest(paper: Paper, dossier: Dossier) -> None:
    manifest = dossier.document["manifest"]
    paper.heading("Manifesto")
    paper.small(f"SHA-256 do manifesto: {dossier.manifest_hash}")
    paper.small(f"Fim da corrente: linha {manifest['history']['sequence']}, {manifest['history']['chain']}")
    for section in manifest["sections"]:
        paper.small(f"{section['name']}: {section['records']} registros, {section['sha256']}")
    paper.small(f"Chave pública (Ed25519): {manifest['public_key']}")
    paper.small(f"Assinatura: {dossier.document['signature']['value']}")
