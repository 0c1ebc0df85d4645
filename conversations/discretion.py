"""What must not stand together where anybody may read it: a subject line, an SMS on a locked screen.

Texts are read for this when they are written (`template_lint`); here they are read as they leave, names filled in.
"""

from __future__ import annotations

import re

from compliance.content.disclosure import debt_words
from compliance.content.folding import fold
from conversations.channels.base import Content, Mail, Text
from members.enums import Channel

_AMOUNT = re.compile(r"(?:r\$|us\$)\s*\d|\b\d{1,3}(?:\.\d{3})*,\d{2}\b")


def indiscretion(content: Content, *, channel: str, full_name: str) -> str:
    """Why it may not leave like this, as an ending for “sem contato: …”; empty when it may."""
    if isinstance(content, Mail) and debt_words(fold(content.subject)):
        return "o assunto do e-mail fala de dívida, e qualquer um pode ler"
    if channel == Channel.SMS and isinstance(content, Text):
        words = fold(content.body)
        tells = _AMOUNT.search(words.plain) is not None and bool(
            debt_words(fold(_AMOUNT.sub(" ", content.body)))
        )
        if tells and fold(full_name).plain in words.plain:
            return "o SMS junta o nome completo com o valor e a dívida"
    return ""
