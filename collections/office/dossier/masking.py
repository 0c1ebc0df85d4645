"""Personal data inside free text: a document, a telephone, an e-mail that somebody wrote in a message."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from commons.text import digits, mask_document, mask_email, mask_phone

_ALONE = r"(?<![\w.,]){}(?![\w])"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (re.compile(_ALONE.format(r"\d{2}[. ]?\d{3}[. ]?\d{3}[/ ]?\d{4}[- ]?\d{2}")), mask_document),
    (re.compile(_ALONE.format(r"\d{3}[. ]?\d{3}[. ]?\d{3}[- ]?\d{2}")), mask_document),
    (re.compile(r"\+\d(?:[ ()-]{0,2}\d){8,14}"), lambda only: mask_phone(f"+{only}")),
    (
        re.compile(_ALONE.format(r"(?:55[ -]?)?\(?\d{2}\)?[ -]?9?[ .]?\d{4}[ .-]?\d{4}")),
        lambda only: mask_phone(f"+{only}" if len(only) > 11 else f"+55{only}"),
    ),
)


def masked(text: str, *, keep: frozenset[str] = frozenset()) -> str:
    """`text` with documents, telephones and e-mails masked as on the member's page.

    `keep` are numbers, in digits only, that belong to no person: the creditor's own CNPJ. A long number of another
    kind may be masked too; a person's is never left.
    """
    text = _EMAIL.sub(lambda found: mask_email(found[0]), text)
    for pattern, mask in _PATTERNS:
        text = pattern.sub(partial(_unless_kept, mask=mask, keep=keep), text)
    return text


def _unless_kept(found: re.Match[str], *, mask: Callable[[str], str], keep: frozenset[str]) -> str:
    only = digits(found[0])
    return found[0] if only in keep else mask(only)
