"""Numbers as WhatsApp sees them: how `to` is read, and Brazil's ninth digit."""

import re

BUSINESS_SCOPED_ID = re.compile(r"^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$")
_ALLOWED = re.compile(r"^\+?[\d\s()\-]+$")
_BRAZILIAN_MOBILE = re.compile(r"^55(\d{2})(?:9(\d{8})|([6-9]\d{7}))$")


class NotANumberError(ValueError):
    """The text cannot be read as a telephone number."""


def digits(text: str) -> str:
    """Return only the digits."""
    return re.sub(r"\D", "", text)


def canonical(text: str) -> str:
    """Return the digits of a number written with its country code. Raises `NotANumberError`."""
    number = digits(text)
    if not _ALLOWED.match(text.strip()) or not 8 <= len(number) <= 15:
        raise NotANumberError(text)
    return number


def read_recipient(text: str, *, own_country: str) -> str:
    """Read the `to` of a send as the network does: without `+`, the sender's country code is put before it.

    Raises `NotANumberError` when what comes out cannot be a number.
    """
    number = text.strip()
    if not number.startswith("+"):
        number = f"+{own_country}{number}"
    return canonical(number)


def is_brazilian(number: str) -> bool:
    """Return whether the digits begin with Brazil's country code."""
    return number.startswith("55")


def line_key(number: str) -> str:
    """Return what two spellings of a line share: for Brazilian mobiles area code and last eight digits."""
    match = _BRAZILIAN_MOBILE.match(number)
    if match is None:
        return number
    area, with_nine, without_nine = match.groups()
    return f"55{area}:{with_nine or without_nine}"


def without_ninth_digit(number: str) -> str:
    """Return the twelve-digit form that accounts older than the ninth digit still carry."""
    match = re.match(r"^(55\d{2})9(\d{8})$", number)
    return number if match is None else match.group(1) + match.group(2)
