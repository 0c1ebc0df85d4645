"""The ZIP that people are given: JSON, PDF, how to verify, and a signed manifest over the files."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import datetime

from office.dossier import printing, signing
from office.dossier.collecting import Dossier
from office.dossier.verify_dossier import ARCHIVE_FORMAT, JSON_NAME, MANIFEST_NAME, line_of

PDF_NAME = "dossie.pdf"
README_NAME = "LEIA-ME.txt"


def archive(dossier: Dossier) -> bytes:
    """The ZIP's bytes; the same dossier gives the same bytes."""
    made = datetime.fromisoformat(dossier.document["manifest"]["generated_at"])
    files = {
        JSON_NAME: dossier.json,
        PDF_NAME: printing.pdf(dossier),
        README_NAME: _readme(dossier).encode(),
    }
    manifest = {
        "dossier": dossier.id,
        "manifest_sha256": dossier.manifest_hash,
        "files": [
            {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in files.items()
        ],
        "public_key": signing.public_key(),
    }
    sealed = {"manifest": manifest, "signature": signing.signature(manifest, of=ARCHIVE_FORMAT)}
    files[MANIFEST_NAME] = f"{line_of(sealed)}\n".encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, made.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, data)
    return out.getvalue()


def _readme(dossier: Dossier) -> str:
    manifest = dossier.document["manifest"]
    page = manifest["key_url"].rsplit("/", 1)[0]
    return (
        f"Dossiê {dossier.id}\n\n"
        f"{JSON_NAME}: o documento original, completo.\n"
        f"{PDF_NAME}: o mesmo em português, para ler e imprimir.\n"
        f"{MANIFEST_NAME}: a impressão digital (SHA-256) de cada arquivo, assinada.\n\n"
        "Como conferir, sem acesso ao sistema:\n"
        f"1. Baixe o programa em {page}/verify_dossier.py (Python 3.9 ou mais novo; pip install cryptography).\n"
        f"2. Veja a chave pública do credor em {manifest['key_url']}.\n"
        "3. Rode: python3 verify_dossier.py ARQUIVO.zip --key CHAVE\n"
    )
