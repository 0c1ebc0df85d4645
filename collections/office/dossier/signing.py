"""The deployment's own signature: Ed25519, with a key that follows from FIELD_KEYS.

The key is derived from the *last* of FIELD_KEYS, which stays last for ever (see `commons.crypto`), so a dossier of
years ago verifies with the key published today and nothing new has to be kept safe.
"""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from office.dossier.verify_dossier import signed_bytes

_PURPOSE = b"emdia dossier signature, Ed25519, 1"


def public_key() -> str:
    """What anybody needs to verify a dossier of this deployment: 64 hexadecimal digits."""
    return _private_key().public_key().public_bytes_raw().hex()


def signature(manifest: dict[str, Any], *, of: str) -> dict[str, str]:
    """The signature of a manifest; `of` is the kind of file it belongs to."""
    key = _private_key()
    return {
        "algorithm": "Ed25519",
        "public_key": key.public_key().public_bytes_raw().hex(),
        "value": key.sign(signed_bytes(manifest, of=of)).hex(),
    }


def _private_key() -> Ed25519PrivateKey:
    if not settings.FIELD_KEYS:
        raise ImproperlyConfigured("FIELD_KEYS is not set. Dossiers are signed with it. See .env.example.")
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE)
    return Ed25519PrivateKey.from_private_bytes(derived.derive(settings.FIELD_KEYS[-1].encode()))
