"""The copy-and-paste code as a bank reads it and as this provider writes it: only what is needed here."""

import binascii
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_GUI = "br.gov.bcb.pix"


class Unreadable(ValueError):
    """No valid code; the sentence is for the payer."""


@dataclass(frozen=True, kw_only=True)
class Code:
    """A code: static with a `key`, or dynamic with the `url` of a charge."""

    key: str | None
    url: str | None
    amount: Decimal | None
    txid: str | None


def write_dynamic(url: str, payee: str, city: str) -> str:
    """Return the code that points to the charge at `url` (without scheme)."""
    body = "".join(
        (
            "000201010212",
            _field("26", _field("00", _GUI) + _field("25", url)),
            "520400005303986",
            "5802BR",
            _field("59", _ascii(payee)[:25].strip()),
            _field("60", _ascii(city)[:15].strip()),
            "62070503***",
            "6304",
        )
    )
    return body + _crc(body)


def write_static(key: str, amount: Decimal, txid: str, payee: str, city: str) -> str:
    """Return the code that pays an amount to a key; `txid` has at most 25 letters and digits."""
    body = "".join(
        (
            "000201",
            _field("26", _field("00", _GUI) + _field("01", key)),
            "520400005303986",
            _field("54", f"{amount:.2f}"),
            "5802BR",
            _field("59", _ascii(payee)[:25].strip()),
            _field("60", _ascii(city)[:15].strip()),
            _field("62", _field("05", txid)),
            "6304",
        )
    )
    return body + _crc(body)


def read(text: str) -> Code:
    """Read a code. Raises `Unreadable`."""
    code = text.strip()
    if code[-8:-4] != "6304" or _crc(code[:-4]) != code[-4:].upper():
        raise Unreadable("Este código Pix é inválido ou está incompleto.")
    root = dict(_fields(code))
    account = next((inner for number in range(26, 52) if (inner := _pix(root.get(str(number), "")))), None)
    if account is None:
        raise Unreadable("Este código não é um código Pix.")
    txid = dict(_fields(root.get("62", ""))).get("05", "***")
    return Code(
        key=account.get("01"),
        url=account.get("25"),
        amount=_amount(root.get("54", "0")),
        txid=None if txid == "***" else txid,
    )


def _pix(template: str) -> dict[str, str] | None:
    inner = dict(_fields(template))
    return inner if inner.get("00", "").lower() == _GUI else None


def _fields(text: str) -> Iterator[tuple[str, str]]:
    rest = text
    while rest:
        size = rest[2:4]
        if not (size.isascii() and size.isdigit() and len(rest) >= 4 + int(size)):
            raise Unreadable("Este código Pix é inválido ou está incompleto.")
        yield rest[:2], rest[4 : 4 + int(size)]
        rest = rest[4 + int(size) :]


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text).quantize(Decimal("0.01"))
    except InvalidOperation as error:
        raise Unreadable("O valor deste código Pix é inválido.") from error
    return amount if amount > 0 else None


def _field(number: str, value: str) -> str:
    return f"{number}{len(value):02d}{value}"


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _crc(text: str) -> str:
    return f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"
