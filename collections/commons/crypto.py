"""Encryption at rest and keyed hashes for what must be found again by its whole value.

Keys come from `FIELD_KEYS` (Fernet keys, newest first). The hash key is derived from the *last* key, which
therefore stays last for ever: rotating adds keys in front.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.expressions import Expression


@lru_cache(maxsize=1)
def _fernet() -> MultiFernet:
    if not settings.FIELD_KEYS:
        raise ImproperlyConfigured("FIELD_KEYS is not set. It encrypts personal data. See .env.example.")
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


@lru_cache(maxsize=1)
def _hash_key() -> bytes:
    return hashlib.sha256(b"emdia keyed hash" + settings.FIELD_KEYS[-1].encode()).digest()


def encrypt(plain: str) -> str:
    return _fernet().encrypt(plain.encode()).decode()


def decrypt(token: str) -> str:
    """Raises ValueError when no key opens `token`."""
    try:
        return _fernet().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise ValueError("no key of FIELD_KEYS opens this value") from error


def keyed_hash(value: str, *, purpose: str) -> str:
    """64 hex digits; equal values of one `purpose` (document, phone, email, …) give equal hashes.

    `value` must be in canonical form: digits of a CPF, E.164 of a phone, lower-case e-mail.
    """
    return hmac.new(_hash_key(), f"{purpose}:{value}".encode(), hashlib.sha256).hexdigest()


if TYPE_CHECKING:
    _TextField = models.TextField[str, str]
else:
    _TextField = models.TextField


class EncryptedTextField(_TextField):
    """Text that reaches the database encrypted. It can be read and written, never searched."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value if value in (None, "") else encrypt(value)

    def from_db_value(
        self, value: str | None, _expression: Expression, _connection: BaseDatabaseWrapper
    ) -> str | None:
        return value if value in (None, "") else decrypt(value)
