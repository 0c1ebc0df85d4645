"""Telephone numbers as people and systems write them, brought to one canonical form.

Canonical is E.164 (`+5511987654321`). A Brazilian mobile always carries the ninth digit in it, although
WhatsApp still names older accounts without (`551187654321`); `variants` and `match_key` join the two.
Landlines are never given a ninth digit: `+551138377409` and `+5511938377409` are two different lines.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

BRAZIL: Final = "55"

# Eight-digit subscriber numbers starting with these are mobiles written without the ninth digit;
# landlines start with 2 to 5.
_OLD_MOBILE_START: Final = frozenset("6789")

_MOBILE_TYPES: Final = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})

# A number cut by a spreadsheet to a few significant digits: what is missing cannot be known.
_SCIENTIFIC: Final = re.compile(r"\d[.,]?\d*\s*e\s*\+?\s*\d+", re.IGNORECASE)
_DECIMAL_ZERO: Final = re.compile(r"^(\d{10,13})[.,]0$")
_EXTENSION: Final = re.compile(r"(?:\bramal\b|\br\.|\bext\b\.?|\bx(?=\d)).*$", re.IGNORECASE)
_NOTE: Final = re.compile(r"\([^)]*[^\W\d_][^)]*\)")
_SEVERAL: Final = re.compile(r"[;,|/\n]|\bou\b|\be\b", re.IGNORECASE)


class PhoneKind(StrEnum):
    MOBILE = "mobile"
    LANDLINE = "landline"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Phone:
    """One written number, understood.

    `e164` is empty exactly when `kind` is invalid, and then `problem` says why in Portuguese. `guessed`
    means that digits which were not written had to be supplied: the ninth digit or the area code.
    """

    e164: str
    kind: PhoneKind
    guessed: bool = False
    problem: str = ""

    @property
    def is_valid(self) -> bool:
        return self.kind is not PhoneKind.INVALID

    @property
    def is_mobile(self) -> bool:
        return self.kind is PhoneKind.MOBILE


def parse(written: str, *, area_code: str = "") -> Phone:
    """The number in `written`, Brazilian unless it carries another country's code after `+` or `00`.

    Understands any punctuation, a trunk zero (`031 98304-0003`), a carrier code (`0 15 11 98765-4321`), the
    country code with or without `+`, WhatsApp ids and links, a number turned into `11987654321.0` by a
    spreadsheet, and mobiles without the ninth digit. `area_code` completes a number written without one.
    Never raises; a number that cannot be one comes back as invalid.
    """
    text = unicodedata.normalize("NFKC", written).strip().strip("'\"")
    if not text:
        return _invalid("sem telefone")
    if _SCIENTIFIC.fullmatch(text):
        return _invalid("número arredondado pela planilha")
    text = _DECIMAL_ZERO.sub(r"\1", text)
    text = _without_wrapping(text)
    digits = _digits(text)
    if not digits:
        return _invalid("sem algarismos")
    if text.lstrip("( ").startswith("+"):
        return _international(digits)
    if digits.startswith("00"):
        return _international(digits[2:])
    return _domestic(digits, area_code=area_code)


def parse_many(written: str, *, area_code: str = "") -> tuple[Phone, ...]:
    """Every valid number of a cell that may hold several (`a / b`, `a ou b`), in order, each once.

    A number without area code takes the one of the number before it, else `area_code`.
    """
    found: dict[str, Phone] = {}
    for part in [written] if "://" in written else _SEVERAL.split(written):
        phone = parse(part, area_code=area_code)
        if phone.is_valid:
            found.setdefault(phone.e164, phone)
            area_code = phone.e164[3:5] if phone.e164.startswith(f"+{BRAZIL}") else area_code
    return tuple(found.values())


def from_wa_id(wa_id: str) -> Phone:
    """The line behind a WhatsApp id: digits with the country code, in Brazil perhaps without the ninth."""
    digits = _digits(wa_id)
    return _international(digits) if digits else _invalid("sem algarismos")


def to_wa_id(e164: str) -> str:
    """The id WhatsApp most likely uses for the line: the same digits without `+`."""
    return e164.removeprefix("+")


def variants(e164: str) -> tuple[str, ...]:
    """The E.164 forms under which the same line may be known, canonical first.

    Two for a Brazilian mobile whose last eight digits could once stand alone, and for a Mexican one
    (older ids carry a `1` after the country code); one for any other number.
    """
    key = match_key(e164)
    if key is not None:
        area, last = key
        with_ninth = f"+{BRAZIL}{area}9{last}"
        if last[0] in _OLD_MOBILE_START:
            return (with_ninth, f"+{BRAZIL}{area}{last}")
        return (with_ninth,)
    digits = e164.removeprefix("+")
    if digits.startswith("52") and len(digits) in {12, 13}:
        return (f"+52{digits[-10:]}", f"+521{digits[-10:]}")
    return (e164,)


def other_variant(e164: str) -> str:
    """The form to try once when the provider cannot deliver to `e164`; empty when there is none."""
    return next((form for form in variants(e164) if form != e164), "")


def match_key(e164: str) -> tuple[str, str] | None:
    """(area code, last eight digits) of a Brazilian mobile, with or without its ninth digit.

    None for landlines, foreign numbers and anything else: those are compared whole.
    """
    digits = e164.removeprefix("+")
    if not digits.isdecimal() or not digits.startswith(BRAZIL):
        return None
    area, subscriber = digits[2:4], digits[4:]
    if len(subscriber) == 9 and subscriber[0] == "9":
        return area, subscriber[1:]
    if len(subscriber) == 8 and subscriber[0] in _OLD_MOBILE_START:
        return area, subscriber
    return None


def same_line(one: str, other: str) -> bool:
    """Whether two E.164 numbers may be the same line, the ninth digit aside."""
    return one == other or other in variants(one)


def formatted(e164: str) -> str:
    """For screens: `(11) 98765-4321` at home, `+351 912 345 678` abroad; as given when it is not a number."""
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    at_home = number.country_code == int(BRAZIL)
    style = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c.isdigit())


def _invalid(problem: str) -> Phone:
    return Phone(e164="", kind=PhoneKind.INVALID, problem=problem)


def _without_wrapping(text: str) -> str:
    """Drops what surrounds a number: a link or scheme before it, a WhatsApp domain or an extension after."""
    text = re.sub(r"^.*?wa\.me/\+?", "+", text, flags=re.IGNORECASE)
    text = re.sub(r"^(?:tel|whatsapp|sms)\s*:\s*", "", text, flags=re.IGNORECASE)
    jid = re.match(r"^\+?(\d{8,15})(?::\d+)?@(?:c\.us|s\.whatsapp\.net)$", text, flags=re.IGNORECASE)
    if jid:
        return f"+{jid[1]}"
    return _EXTENSION.sub("", _NOTE.sub("", text)).split("?", maxsplit=1)[0]


def _domestic(digits: str, *, area_code: str) -> Phone:
    """`digits` as dialled or stored inside Brazil: the length tells which prefixes are there.

    Area code 55 exists (Rio Grande do Sul), so a leading 55 is the country only when at least twelve
    digits are left.
    """
    trunk = digits.startswith("0")
    digits = digits.removeprefix("0")
    if len(digits) in {12, 13} and digits.startswith(BRAZIL):
        return _brazilian(digits[2:])
    if len(digits) in {13, 14} and digits.startswith(f"{BRAZIL}0"):
        return _brazilian(digits[3:])
    if len(digits) in {10, 11}:
        return _brazilian(digits)
    if trunk and len(digits) in {12, 13}:
        return _brazilian(digits[2:])  # trunk zero, carrier, area code, number
    if len(digits) in {8, 9}:
        if not area_code:
            return _invalid("falta o DDD")
        completed = _brazilian(f"{area_code.removeprefix('0')}{digits}")
        return Phone(completed.e164, completed.kind, completed.is_valid, completed.problem)
    return _invalid("quantidade de algarismos errada")


def _brazilian(national: str) -> Phone:
    """`national`: area code and subscriber, ten or eleven digits."""
    guessed = len(national) == 10 and national[2] in _OLD_MOBILE_START
    if guessed:
        national = f"{national[:2]}9{national[2:]}"
    elif len(national) == 11 and national[2] != "9":
        return _invalid("celular não começa com 9")
    return _classified(f"+{BRAZIL}{national}", guessed=guessed)


def _international(digits: str) -> Phone:
    """`digits` with the country code first."""
    if digits.startswith(BRAZIL):
        national = digits[2:].removeprefix("0")
        if len(national) not in {10, 11}:
            return _invalid("quantidade de algarismos errada")
        return _brazilian(national)
    if len(digits) == 13 and digits.startswith("521"):
        digits = f"52{digits[3:]}"
    return _classified(f"+{digits}", guessed=False)


def _classified(e164: str, *, guessed: bool) -> Phone:
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return _invalid("não é um telefone")
    if not phonenumbers.is_valid_number(number):
        return _invalid("o número não existe no plano de numeração")
    kind = phonenumbers.number_type(number)
    if kind in _MOBILE_TYPES:
        return Phone(e164, PhoneKind.MOBILE, guessed)
    if kind == PhoneNumberType.FIXED_LINE:
        return Phone(e164, PhoneKind.LANDLINE, guessed)
    return _invalid("número de serviço, não de uma pessoa")
