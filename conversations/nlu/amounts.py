"""Money, percentages, installments and lengths of time that a member writes. Money is `Decimal`, never a
float.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from conversations.nlu.number_words import prepare

_NUMBER = r"(?:\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?|\d+(?:[.,]\d{1,2})?)(?!\d)"
_CURRENCY = r"(?:reais|real|contos?|pilas?|paus?|mangos?|pratas?|dinheiros|pesos|soles|bucks|dollars)"
# What turns a bare number into something else than money.
_NOT_MONEY_AFTER = (
    r"(?! ?(?:x\b|x\d|vez|veces|parcela|prestac|cuota|dia|semana|mes\b|meses|ano|quinzena|%|h\b|h\d|hrs|"
    r"hora|min\b|:\d|/\d|"
    r"o\b|a\b(?= (?:parcela|feira))|de (?:janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|"
    r"outubro|"
    r"novembro|dezembro)|mensalidade|fatura|boleto|filho|pessoa|alun|kg|km|days?\b|months?\b|times\b))"
)
_LEAD = (
    r"(?:pag(?:o|ar|uei|aria|amos|ando)|dou|dar|mando|mandar|faco|fazer|deposito|transfiro|consigo|"
    r"so tenho|tenho so|posso|quito|"
    r"adianto|adiantar|acerto|fecho|entrada(?: de)?|valor de|por|uns|umas|so|apenas|ate|mais|parcelas? de|"
    r"vezes de|x de|"
    r"pay|puedo|doy)"
)
_MARKED = re.compile(
    rf"(?:r\$|\brs\b) ?(?P<sign>{_NUMBER})(?P<sign_mil> mil\b)?"
    rf"|\b(?P<word>{_NUMBER})(?P<word_mil> mil)? ?{_CURRENCY}\b"
    rf"(?: e (?P<cents>\d{{1,2}})(?: centavos)?\b(?! ?{_CURRENCY}))?"
    r"|(?<![\d.,/])\b(?P<comma>(?:\d{1,3}(?:\.\d{3})+|\d+),\d{2})\b(?! ?%)"
)
_BARE = re.compile(
    rf"\b{_LEAD} (?:so |uns |umas |ate |os |apenas |"
    rf"mais )?(?P<lead>{_NUMBER})\b{_NOT_MONEY_AFTER}(?: e (?P<lead_cents>\d\d)\b(?! ?\w))?"
    r"|^(?P<whole>\d{2,3}) e (?P<whole_cents>\d\d)$"
    rf"|(?<![\d/,.])\b(?P<tail>{_NUMBER}) (?=por mes|de entrada|a vista|mensais|e fechou|e fecho|e fechado|"
    rf"e a gente fecha|agora e)"
)
_PERCENT = re.compile(r"(?<![\d.,])(\d{1,3}(?:[.,]\d{1,2})?) ?%")
_COUNT = r"(\d{1,2}|duas|dois|uma|um|una|un)"
_PARTS = re.compile(
    rf"\b{_COUNT} (?:vez(?:es)?|veces|parcelas?|parcelinhas?|prestacoes|prestacao|cuotas?|pagamentos|pagos|"
    rf"installments)\b"
    r"|\b(\d{1,2}) ?x(?=\b|\d)"
    rf"|\b(?:parcel|divid|divis|fracion|quebr|split|reparcel)\w*(?: \w+){{0,3}}? (?:em|por|en|in|into|"
    rf"para) (?:uns |umas |ate |so )?{_COUNT}\b"
    r"(?! ?(?:reais|dias?|meses|mes\b|semanas?|de [a-z]{4,}|/|,\d|%|\d))"
)
_SINGLE = re.compile(
    r"\b(?:a vista|(?:de|em|numa|em uma) (?:uma )?(?:so )?vez(?: so)?|parcela unica|cota unica)\b"
)
# "cobraram 2x", "paguei duas vezes": how often something happened, not a plan.
_HAPPENED = re.compile(
    r"(?:cobr(?:ou|aram|ado|ada|ando|anca)|debit(?:ou|aram|ado)|paguei|pago u|descont(?:ou|aram)|"
    r"lancar?(?:am|ou)|"
    r"ja (?:falei|pedi|mandei|expliquei|liguei|tentei)|pela|mais|outra|alguma|tentei|liguei|"
    r"mandei)(?: \w+){0,3} ?$"
)
_LENGTH = re.compile(
    r"(?<![\d,.])\b(?:(\d{1,3}|duas|two) (dias|semanas|meses|quinzenas|anos|days|weeks|months)"
    r"|(1|um|uma|un|una|one) (dia|semana|mes|quinzena|ano|day|week|month))\b( e meio)?"
    r"|\b(mes) e meio\b"
)
_COUNT_WORDS = {"um": 1, "uma": 1, "un": 1, "una": 1, "one": 1, "dois": 2, "duas": 2, "two": 2}
_DAYS_IN = {"dia": 1, "day": 1, "sem": 7, "wee": 7, "qui": 15, "mes": 30, "mon": 30, "ano": 365}
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Amount:
    """One amount of money in a text. `start` and `end` count in `prepare(text)`.

    `marked` is False for a number that only its neighbours make an amount ("pago 100 sexta").
    """

    value: Decimal
    marked: bool
    start: int
    end: int


def parse_money(text: str) -> tuple[Amount, ...]:
    """Every amount of money in `text`, in order, with two places: "80 conto", "cem reais", "R$ 1.234,56"."""
    return money_in(prepare(text))


def money_in(prepared: str) -> tuple[Amount, ...]:
    """As `parse_money`, on a text that `prepare` has made."""
    found: list[Amount] = []
    for match in _MARKED.finditer(prepared):
        digits = match["sign"] or match["word"] or match["comma"]
        value = _decimal(digits) * (1000 if match["sign_mil"] or match["word_mil"] else 1)
        if match["cents"]:
            value += Decimal(match["cents"]) / 100
        found.append(Amount(value.quantize(_CENT), True, match.start(), match.end()))
    taken = [(amount.start, amount.end) for amount in found] + [
        match.span() for match in _PARTS.finditer(prepared)
    ]
    for match in _BARE.finditer(prepared):
        name = next(group for group in ("lead", "whole", "tail") if match[group])
        cents = match["lead_cents"] or match["whole_cents"]
        start, end = match.span(name)
        if any(start < other_end and other_start < end for other_start, other_end in taken):
            continue
        value = _decimal(match[name])
        if cents:
            value += Decimal(cents) / 100
            end = match.end("lead_cents" if match["lead_cents"] else "whole_cents")
        if value > 0:
            found.append(Amount(value.quantize(_CENT), False, start, end))
    return tuple(sorted(found, key=lambda amount: amount.start))


def parse_percent(text: str) -> Decimal | None:
    """The last percentage in `text` ("50%", "trinta por cento"), or None."""
    found = _PERCENT.findall(prepare(text))
    return Decimal(found[-1].replace(",", ".")) if found else None


def parse_installments(text: str) -> int | None:
    """The number of installments that `text` asks for ("2x", "em duas vezes", "parcelar em 3"), or None.

    Of several, the last: people correct themselves at the end. Paying at once counts as 1.
    """
    prepared = prepare(text)
    read = [(found.start(), 1) for found in _SINGLE.finditer(prepared)]
    for found in _PARTS.finditer(prepared):
        if _HAPPENED.search(prepared[: found.start()]):
            continue
        word = next(group for group in found.groups() if group)
        count = _COUNT_WORDS.get(word) or int(word)
        # "uma vez" says once, "uma parcela" names one of several; neither asks for a plan.
        if count > 1 or word == "1":
            read.append((found.start(), count))
    return max(read)[1] if read else None


def parse_days(text: str) -> int | None:
    """A length of time in days ("30 dias", "um mês" = 30, "dois meses" = 60, "mês e meio" = 45), or None."""
    found = list(_LENGTH.finditer(prepare(text)))
    if not found:
        return None
    many, many_unit, one, one_unit, half, month = found[-1].groups()
    if month:
        return 45
    word, unit = (many, many_unit) if many else (one, one_unit)
    length = _DAYS_IN[unit[:3]]
    return (_COUNT_WORDS.get(word) or int(word)) * length + (length // 2 if half else 0)


def _decimal(digits: str) -> Decimal:
    """Brazilian digits as a number: "1.234,56", "89,90"; a dot with two or fewer digits after it is a
    comma.
    """
    if "," in digits:
        return Decimal(digits.replace(".", "").replace(",", "."))
    whole, _, rest = digits.rpartition(".")
    return Decimal(digits.replace(".", "")) if whole and len(rest) == 3 else Decimal(digits)
