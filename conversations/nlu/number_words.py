"""Cardinal numbers written in words, Portuguese and Spanish, turned into digits inside a text.

Ordinals stay as they are: "sexta" and "segunda" are weekdays far more often than positions. A lone "um",
"uma" or "un" stays too, since it is an article; counters next to a unit ("um mês") are read where they
matter.
"""

import re

from conversations.nlu.normalise import plain

_UNITS: dict[str, int] = {
    "zero": 0,
    "dois": 2,
    "duas": 2,
    "tres": 3,
    "quatro": 4,
    "cuatro": 4,
    "cinco": 5,
    "seis": 6,
    "sete": 7,
    "siete": 7,
    "oito": 8,
    "ocho": 8,
    "nove": 9,
    "nueve": 9,
    "dez": 10,
    "diez": 10,
    "onze": 11,
    "doze": 12,
    "doce": 12,
    "treze": 13,
    "trece": 13,
    "quatorze": 14,
    "catorze": 14,
    "catorce": 14,
    "quinze": 15,
    "quince": 15,
    "dezesseis": 16,
    "dezasseis": 16,
    "dieciseis": 16,
    "dezessete": 17,
    "diecisiete": 17,
    "dezoito": 18,
    "dieciocho": 18,
    "dezenove": 19,
    "diecinueve": 19,
    "veintiuno": 21,
    "veintidos": 22,
    "veintitres": 23,
    "veinticuatro": 24,
    "veinticinco": 25,
    "veintiseis": 26,
    "veintisiete": 27,
    "veintiocho": 28,
    "veintinueve": 29,
}
_ONES = {"um": 1, "uma": 1, "un": 1, "uno": 1, "una": 1, "dos": 2}
_TENS: dict[str, int] = {
    "vinte": 20,
    "veinte": 20,
    "trinta": 30,
    "treinta": 30,
    "quarenta": 40,
    "cuarenta": 40,
    "cinquenta": 50,
    "cincoenta": 50,
    "cincuenta": 50,
    "sessenta": 60,
    "sesenta": 60,
    "setenta": 70,
    "oitenta": 80,
    "ochenta": 80,
    "noventa": 90,
}
_HUNDREDS: dict[str, int] = {
    "cem": 100,
    "cento": 100,
    "cien": 100,
    "ciento": 100,
    "duzentos": 200,
    "doscientos": 200,
    "trezentos": 300,
    "trescientos": 300,
    "quatrocentos": 400,
    "cuatrocientos": 400,
    "quinhentos": 500,
    "quinientos": 500,
    "seiscentos": 600,
    "seiscientos": 600,
    "setecentos": 700,
    "setecientos": 700,
    "oitocentos": 800,
    "ochocientos": 800,
    "novecentos": 900,
    "novecientos": 900,
}
_TOKEN = re.compile(r"[a-z]+|\d+|[^a-z\d]+")
# "dos" is Spanish for two and Portuguese for "of the": only a counted thing after it settles which.
_COUNTED = {"mil", "meses", "cuotas", "veces", "dias", "semanas", "pagos", "partes"}
_NOTHING, _UNIT, _TEN, _HUNDRED, _THOUSAND = 5, 0, 1, 2, 3


def prepare(text: str) -> str:
    """The form in which dates, amounts and counts are looked for: `plain`, with numbers as digits."""
    return words_to_digits(plain(text))


def words_to_digits(text: str) -> str:
    """Plain `text` with cardinals as digits: "mil e duzentos" → "1200", "dia vinte e dois" → "dia 22".

    "oitenta e nove e noventa" becomes "89 e 90", whose meaning (reais and cents) depends on what stands
    around it.
    """
    tokens = _TOKEN.findall(text)
    out: list[str] = []
    i = 0
    while i < len(tokens):
        value, after = _number_at(tokens, i)
        if value is None or _is_month_december(tokens, i):
            out.append(tokens[i])
            i += 1
        else:
            out.append(str(value))
            i = after
    return "".join(out)


def _number_at(tokens: list[str], start: int) -> tuple[int | None, int]:
    """The number that begins at `start` and the index after it; (None, start) when none does."""
    total = 0
    rank = _NOTHING
    i = start
    end = start
    while i < len(tokens):
        step = _step(tokens, i, rank=rank, total=total)
        if step is None:
            break
        total, rank = step
        end = i + 1
        i = _after_joint(tokens, end)
        if i == end:
            break
    return (None, start) if end == start else (total, end)


def _step(tokens: list[str], i: int, *, rank: int, total: int) -> tuple[int, int] | None:
    """The total and rank after the word at `i`, or None when it does not continue the number."""
    word = tokens[i]
    value = _UNITS.get(word)
    if value is None and word in _ONES and (rank in {_TEN, _HUNDRED, _THOUSAND} or _counts(tokens, i)):
        value = _ONES[word]
    if value is not None:
        fits = rank > _TEN or (rank == _TEN and 0 < value < 10)
        return (total + value, _UNIT) if fits else None
    if word in _TENS and rank > _TEN:
        return total + _TENS[word], _TEN
    if word in _HUNDREDS and rank > _HUNDRED:
        return total + _HUNDREDS[word], _HUNDRED
    if word.isdigit() and rank == _NOTHING and tokens[i + 1 : i + 3] == [" ", "mil"]:
        return int(word), _HUNDRED
    if word.isdigit() and rank == _THOUSAND and len(word) < 4:
        return total + int(word), _UNIT
    if word == "mil" and rank != _THOUSAND and total < 1000:
        return (total or 1) * 1000, _THOUSAND
    return None


def _counts(tokens: list[str], i: int) -> bool:
    """Whether a lone one-word ("um", "dos") counts: before "mil", and "dos" before a counted thing."""
    follower = tokens[i + 2] if i + 2 < len(tokens) and tokens[i + 1] == " " else ""
    return follower == "mil" or (tokens[i] == "dos" and follower in _COUNTED)


def _after_joint(tokens: list[str], i: int) -> int:
    """The index after " " or " e " (" y "), the only things that join two words of one number; else `i`."""
    if i < len(tokens) and tokens[i] == " ":
        joined = i + 2 < len(tokens) and tokens[i + 1] in {"e", "y"} and tokens[i + 2] == " "
        return i + 3 if joined else i + 1
    return i


def _is_month_december(tokens: list[str], i: int) -> bool:
    """Whether "dez" abbreviates December here: "5 de dez", "5/dez"."""
    if tokens[i] != "dez" or i < 2:
        return False
    if tokens[i - 1] == "/":
        return tokens[i - 2].isdigit()
    return i >= 4 and tokens[i - 2] == "de" and tokens[i - 4].isdigit()
