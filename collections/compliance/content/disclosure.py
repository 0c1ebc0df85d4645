"""Words that tell a stranger that a debt exists: none leaves before the member's identity is confirmed."""

from __future__ import annotations

import re

from compliance.content.findings import BLOCKING, Finding
from compliance.content.folding import Folded
from compliance.enums import RuleId

_MONEY = (
    r"(?:r\$|us\$|s/\.?)\s*\d|\b\d+(?:[.,]\d{2})?\s*(?:reais|pesos|soles)\b|\b\d{1,3}(?:\.\d{3})*,\d{2}\b"
)

_PORTUGUESE = (
    r"\bdividas?\b|\bdevedor\w*|\bdevendo\b|\bvoce (?:nos )?deve\b|\bdebitos?\b|\binadimpl\w+"
    r"|\bmensalidades?\b|\bfaturas?\b|\bparcel(?:a|as|ar|amos|amento)\b|\bsegunda via\b|\bprestac(?:ao|oes)\b"
    r"|(?<!desculpe o )(?<!desculpa o )(?<!desculpe pelo )\batraso\b|\batrasad[oa]s?\b|\bvencid[oa]s?\b|"
    r"\bvenceu\b"
    r"|\bvencimentos?\b|\bvence (?:hoje|amanha|em|dia|no)\b"
    r"|\bcobranc\w+|\bcobr(?:ar|ando|amos|ado)\b|\bpendencias?\b|\b(?:valor|pagamento|conta)s? pendentes?\b|"
    r"\bem aberto\b"
    r"|(?<!de )\bacordos?\b|\b(?:re)?negoci(?:ar|acao|amos)\b|\bsaldo\b|\bmulta\b|\bjuros\b|\bquit(?:ar|e"
    r"|acao|ado|ada)\b"
    r"|\bregulariz\w+|\bpaguei\b|\bpague\b|\bpagar (?:a|o|sua|seu|agora|hoje|em|com)\b"
    r"|\b(?:seu|sua|teu|tua|este|esse|deste|desse|novo) (?:boleto|pix|pagamento|qr|debito)\b|\bnegativ\w+|"
    r"\bserasa\b|\bspc\b"
    r"|\bprotesto\b|\bsuspen(?:so|sa|sao|der)\b"
)
_SPANISH = (
    r"\bdeudas?\b|\bdeudor\w*|\b(?:usted|ud|nos) debe\b|\bmensualidad(?:es)?\b|\bfacturas?\b|\bcuotas?\b|"
    r"\batrasos\b"
    r"|\bvencio\b|\bvencimientos?\b|\bcobranzas?\b|\bcobros?\b|\bmor(?:a|os[oa])\b|\b(?:pago|saldo"
    r"|cuenta)s? pendientes?\b"
    r"|\brecargos?\b|\bintereses\b|\bpague\b|\bpagar (?:su|el|la|en|hoy)\b|\bsu pago\b|\bponerse al dia\b"
)
_WORDS = re.compile(f"{_MONEY}|{_PORTUGUESE}|{_SPANISH}")


def debt_words(text: Folded) -> list[Finding]:
    """One finding for each word that only a member who proved who they are may read."""
    return [
        Finding(RuleId.IDENTITY_DISCLOSURE, BLOCKING, text.excerpt(*match.span()))
        for match in _WORDS.finditer(text.lines)
    ]
