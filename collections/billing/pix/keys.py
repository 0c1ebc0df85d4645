"""Pix keys: the five forms under which a bank account is found in the Central Bank's directory."""

import re
from enum import StrEnum


class PixKeyKind(StrEnum):
    CPF = "cpf"
    CNPJ = "cnpj"
    PHONE = "phone"
    EMAIL = "email"
    RANDOM = "random"


# CNPJ may carry letters since 2026, always upper-case; random keys and e-mails are always lower-case.
_FORMS = (
    (PixKeyKind.CPF, re.compile(r"\d{11}")),
    (PixKeyKind.CNPJ, re.compile(r"[0-9A-Z]{12}\d{2}")),
    (PixKeyKind.PHONE, re.compile(r"\+[1-9]\d{10,13}")),
    (PixKeyKind.RANDOM, re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")),
    (PixKeyKind.EMAIL, re.compile(r"(?=.{3,77}$)[^\s@A-Z]+@[^\s@A-Z]+\.[^\s@A-Z]+")),
)


def key_kind(key: str) -> PixKeyKind | None:
    """The form of `key` as the directory writes it, None when it has none of them.

    Only the form: whether a key exists, and whose it is, is known by the directory alone.
    """
    return next((kind for kind, form in _FORMS if form.fullmatch(key)), None)
