"""The BR Code: the text that a payer copies into the bank's app ("Pix copia e cola") or scans.

A sequence of objects, each a two-digit id, a two-digit length and a value; some values are sequences
themselves; the last object is a checksum of everything before it (BCB, Manual do BR Code, and Manual de
Padrões para Iniciação do Pix, chapter 1). Building is strict, reading is lenient: other people's codes break
rules without harm.
"""

import binascii
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from billing.pix.keys import key_kind
from commons.money import money

MAX_LENGTH = 512

_GUI = "br.gov.bcb.pix"
_NO_TXID = "***"
_STATIC_TXID = re.compile(r"[A-Za-z0-9]{1,25}")
_URL = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]{1,77}")
_AMOUNT = re.compile(r"\d{1,10}(\.\d{0,2})?")
_LONGEST_VALUE = 99
# What is left of the 99 characters of the account template for key and description together.
_KEY_AND_DESCRIPTION = 73
_NAME_LENGTH = 25
_CITY_LENGTH = 15

# Ids of the root, of the account template and of the additional data.
_VERSION, _INITIATION, _CATEGORY, _CURRENCY, _AMOUNT_ID = "00", "01", "52", "53", "54"
_COUNTRY, _NAME, _CITY, _ADDITIONAL, _CHECKSUM = "58", "59", "60", "62", "63"
_ACCOUNTS = [f"{number}" for number in range(26, 52)]
_ARRANGEMENTS = [f"{number}" for number in range(80, 100)]
_SUB_GUI, _SUB_KEY, _SUB_DESCRIPTION, _SUB_URL, _SUB_TXID = "00", "01", "02", "25", "05"
_REAL = "986"
_ONCE = "12"

Objects = dict[str, str]


class InvalidBrCode(ValueError):
    """The text is no valid BR Code, or none can be built; the sentence is Portuguese."""


class BrCodeKind(StrEnum):
    STATIC = "static"
    DYNAMIC = "dynamic"
    RECURRENCE = "recurrence"


@dataclass(frozen=True, slots=True)
class BrCode:
    """What a code says.

    A static code names the account by `key`; a dynamic one has the `url` (without scheme) of the charge at
    the payee's provider, which alone says amount and payee; a recurrence has only `recurrence_url`.
    `amount` is None where the payer types it; `txid` is None where the code has none.
    """

    kind: BrCodeKind
    key: str | None
    url: str | None
    recurrence_url: str | None
    description: str
    amount: Decimal | None
    txid: str | None
    merchant_name: str
    merchant_city: str
    single_use: bool


def checksum(text: str) -> str:
    """CRC-16/CCITT-FALSE of `text` as four upper-case hex digits; `text` ends with the `6304` of the code."""
    return f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"


def build_static(
    *,
    key: str,
    merchant_name: str,
    merchant_city: str,
    amount: Decimal | None = None,
    txid: str | None = None,
    description: str = "",
) -> str:
    """A code that pays into the account of `key`, any number of times; no provider takes part.

    Without `amount` the payer types it. `description` is cut to what fits beside the key; accents go, for
    the code is ASCII. Raises InvalidBrCode, ValueError when the amount has fractions of a cent.
    """
    if key_kind(key) is None:
        raise InvalidBrCode("A chave Pix não tem um formato válido.")
    if txid is not None and not _STATIC_TXID.fullmatch(txid):
        raise InvalidBrCode("O identificador precisa ter de 1 a 25 letras ou algarismos.")
    account = _object(_SUB_GUI, _GUI) + _object(_SUB_KEY, key)
    room = _KEY_AND_DESCRIPTION - len(key)
    if note := _plain(description, room) if room > 0 else "":
        account += _object(_SUB_DESCRIPTION, note)
    return _assemble(
        head=_object(_VERSION, "01"),
        account=account,
        amount=amount,
        merchant_name=merchant_name,
        merchant_city=merchant_city,
        txid=txid,
    )


def build_dynamic(*, url: str, merchant_name: str, merchant_city: str) -> str:
    """A code for the charge that the payee's provider serves at `url` (at most 77 characters, no scheme).

    Amount and txid stay out of it on purpose: the payer's bank takes both from the charge. Raises
    InvalidBrCode.
    """
    if "://" in url or not _URL.fullmatch(url):
        raise InvalidBrCode("O endereço da cobrança não cabe em um código Pix.")
    return _assemble(
        head=_object(_VERSION, "01") + _object(_INITIATION, _ONCE),
        account=_object(_SUB_GUI, _GUI) + _object(_SUB_URL, url),
        amount=None,
        merchant_name=merchant_name,
        merchant_city=merchant_city,
        txid=None,
    )


def parse(text: str) -> BrCode:
    """What the code in `text` says; space around it is ignored. Raises InvalidBrCode."""
    code = text.strip()
    _verify_checksum(code)
    root = _objects(code)
    if next(iter(root)) != _VERSION:
        raise InvalidBrCode("O código não começa como um código Pix.")
    if root.get(_CURRENCY) != _REAL:
        raise InvalidBrCode("O código não está em reais.")
    account = _pix_template(root, _ACCOUNTS)
    if account is None:
        raise InvalidBrCode("O código não é de Pix.")
    arrangement = _pix_template(root, _ARRANGEMENTS) or {}
    key, url, recurrence_url = account.get(_SUB_KEY), account.get(_SUB_URL), arrangement.get(_SUB_URL)
    txid = _objects(root.get(_ADDITIONAL, "")).get(_SUB_TXID, _NO_TXID)
    return BrCode(
        kind=_kind(key=key, url=url, recurrence_url=recurrence_url),
        key=key,
        url=url,
        recurrence_url=recurrence_url,
        description=account.get(_SUB_DESCRIPTION, ""),
        amount=_amount(root.get(_AMOUNT_ID)),
        txid=None if txid == _NO_TXID else txid,
        merchant_name=root.get(_NAME, ""),
        merchant_city=root.get(_CITY, ""),
        single_use=root.get(_INITIATION) == _ONCE,
    )


def _assemble(
    *,
    head: str,
    account: str,
    amount: Decimal | None,
    merchant_name: str,
    merchant_city: str,
    txid: str | None,
) -> str:
    """The order of the objects is part of the checksum: it is the manual's, and never changes."""
    name, city = _plain(merchant_name, _NAME_LENGTH), _plain(merchant_city, _CITY_LENGTH)
    if not name or not city:
        raise InvalidBrCode("Um código Pix precisa do nome e da cidade de quem recebe.")
    body = head + _object(_ACCOUNTS[0], account) + _object(_CATEGORY, "0000") + _object(_CURRENCY, _REAL)
    if amount is not None:
        if not 0 < (value := money(amount)) < 10**10:
            raise InvalidBrCode("O valor de um código Pix precisa ser maior que zero.")
        body += _object(_AMOUNT_ID, str(value))
    body += _object(_COUNTRY, "BR") + _object(_NAME, name) + _object(_CITY, city)
    # Some banks refuse a code without a reference label, so that one is always there.
    body += _object(_ADDITIONAL, _object(_SUB_TXID, txid or _NO_TXID)) + f"{_CHECKSUM}04"
    return body + checksum(body)


def _object(identifier: str, value: str) -> str:
    if not 1 <= len(value) <= _LONGEST_VALUE:
        raise InvalidBrCode("Uma informação não cabe em um código Pix.")
    return f"{identifier}{len(value):02d}{value}"


def _plain(text: str, length: int) -> str:
    """`text` in ASCII, single spaces, at most `length` characters: then characters are bytes."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"\s+", " ", ascii_only).strip()[:length].strip()


def _verify_checksum(code: str) -> None:
    if len(code) > MAX_LENGTH:
        raise InvalidBrCode("O código é longo demais para um código Pix.")
    body, given = code[:-4], code[-4:]
    if not body.endswith(f"{_CHECKSUM}04"):
        raise InvalidBrCode("O código está incompleto.")
    if checksum(body) != given.upper():
        raise InvalidBrCode("O código foi alterado ou copiado pela metade.")


def _objects(text: str) -> Objects:
    """The objects of `text` in order. Lengths count characters; where that fails they may count bytes."""
    try:
        return _split(text)
    except InvalidBrCode:
        if text.isascii():
            raise
    wide = _split(text.encode().decode("latin-1"))
    return {key: value.encode("latin-1").decode("utf-8", "replace") for key, value in wide.items()}


def _split(text: str) -> Objects:
    found: Objects = {}
    at = 0
    while at < len(text):
        identifier, length = text[at : at + 2], text[at + 2 : at + 4]
        if not re.fullmatch(r"[0-9]{2}", identifier) or not re.fullmatch(r"[0-9]{2}", length):
            raise InvalidBrCode("O código não tem a forma de um código Pix.")
        value = text[at + 4 : at + 4 + int(length)]
        if len(value) != int(length):
            raise InvalidBrCode("O código está incompleto.")
        if identifier in found:
            raise InvalidBrCode("O código repete uma informação e por isso é ambíguo.")
        found[identifier] = value
        at += 4 + int(length)
    return found


def _pix_template(root: Objects, identifiers: list[str]) -> Objects | None:
    """The first of the templates that belongs to Pix; a code may serve other arrangements beside it."""
    for identifier in identifiers:
        template = _objects(root.get(identifier, ""))
        if template.get(_SUB_GUI, "").lower() == _GUI:
            return template
    return None


def _kind(*, key: str | None, url: str | None, recurrence_url: str | None) -> BrCodeKind:
    if url is not None:
        return BrCodeKind.DYNAMIC
    if key is not None:
        return BrCodeKind.STATIC
    if recurrence_url is not None:
        return BrCodeKind.RECURRENCE
    raise InvalidBrCode("O código não diz para onde vai o dinheiro.")


def _amount(text: str | None) -> Decimal | None:
    if text is None:
        return None
    if not _AMOUNT.fullmatch(text):
        raise InvalidBrCode("O valor do código não é um valor em reais.")
    return money(text) or None
