"""Documents, telephones and e-mails inside any text, masked before the text leaves the house."""

from __future__ import annotations

import re

from commons.text import digits, mask_document, mask_email, mask_phone

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CNPJ = re.compile(r"(?<![\w.])\d{2}\.?\d{3}\.?\d{3}/\d{4}-?\d{2}(?!\w)")
_CPF = re.compile(r"(?<![\w.])\d{3}\.\d{3}\.\d{3}-\d{2}(?!\w)")
# Written out, with the country's or the area's number: eleven bare digits may be an invoice's number.
_PHONE = re.compile(
    r"(?<!\w)(?:\+\d{1,3}[\s-]?)?\(?\d{2}\)?[\s-]?9?\d{4}-\d{4}(?!\w)|(?<!\w)\+\d{10,15}(?!\w)"
)
_BARE = re.compile(r"(?<!\w)(?:\d{11}|\d{14})(?!\w)")


def masked(text: str, *, is_number: bool = False) -> str:
    """`text` without anybody's document, telephone or e-mail.

    `is_number`: the text is a number of ours or of a provider, in which bare digits are no document.
    """
    text = _EMAIL.sub(lambda found: mask_email(found[0]), text)
    text = _CNPJ.sub(_document, text)
    text = _CPF.sub(_document, text)
    text = _PHONE.sub(_phone, text)
    return text if is_number else _BARE.sub(_bare, text)


def _document(found: re.Match[str]) -> str:
    return mask_document(digits(found[0]))


def _phone(found: re.Match[str]) -> str:
    number = digits(found[0])
    return mask_phone(f"+{number}" if found[0].startswith("+") else f"+55{number}")


def _bare(found: re.Match[str]) -> str:
    number = found[0]
    if len(number) == 14 or _is_cpf(number):
        return mask_document(number)
    # An area code and a mobile number.
    return mask_phone(f"+55{number}") if number[2] == "9" else number


def _is_cpf(number: str) -> bool:
    if len(set(number)) == 1:
        return False
    for length in (9, 10):
        total = sum(int(digit) * (length + 1 - place) for place, digit in enumerate(number[:length]))
        if total * 10 % 11 % 10 != int(number[length]):
            return False
    return True
