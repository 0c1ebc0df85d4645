"""One cell at a time: from what Brazilian systems write to a value, or the reason why not.

Every parser returns the value or a member of `Problem`; none raises. An empty cell is never a problem here:
the planner knows which fields may be empty and does not ask.
"""

import re
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from validate_docbr import CNPJ, CPF

from billing.enums import Method
from commons.money import CENT
from commons.text import fold
from office.imports.enums import FileStatus

# The rows of one member, side by side in most files, repeat almost every cell.
_remembered = lru_cache(maxsize=4096)


class Problem(Enum):
    """Why a cell has no value."""

    INVALID = "invalid"
    AMBIGUOUS = "ambiguous"
    OUT_OF_RANGE = "out_of_range"


# The largest amount the book can hold, `numeric(12,2)`.
MAX_AMOUNT = Decimal("9999999999.99")
_CURRENCY = re.compile(r"^(R\$|RS|BRL)|(R\$|BRL)$", re.IGNORECASE)
_BRAZILIAN = re.compile(r"\d{1,3}(?:\.\d{3})*(?:,\d{1,2})?|\d+(?:,\d{1,2})?")
_PLAIN = re.compile(r"\d+(?:\.\d{1,2})?")
_AMERICAN = re.compile(r"\d{1,3}(?:,\d{3})+\.\d{1,2}")
_ONE_GROUP = re.compile(r"[1-9]\d{0,2}\.\d{3}")


@_remembered
def parse_money(text: str) -> Decimal | Problem:
    """An amount with two places, any sign: `R$ 1.049,90`, `1049,9`, `1049.90`, `1,049.90`, `(50,00)`.

    `1.234` alone is ambiguous (thousands in Portuguese, decimals in a program's dump) and so refused; with
    `R$`, with cents or with a second group it is not.
    """
    compact = re.sub(r"\s+", "", text)
    negative = compact.startswith("(") and compact.endswith(")")
    compact = compact.strip("()") if negative else compact
    if compact.startswith(("-", "−")) or compact.endswith("-"):
        negative, compact = True, compact.removeprefix("-").removeprefix("−").removesuffix("-")
    bare = _CURRENCY.sub("", compact)
    named = bare != compact
    if named and not negative and bare.startswith("-"):
        negative, bare = True, bare[1:]
    if _ONE_GROUP.fullmatch(bare) and not named:
        return Problem.AMBIGUOUS
    if _BRAZILIAN.fullmatch(bare):
        plain = bare.replace(".", "").replace(",", ".")
    elif _PLAIN.fullmatch(bare):
        plain = bare
    elif _AMERICAN.fullmatch(bare):
        plain = bare.replace(",", "")
    else:
        return Problem.INVALID
    amount = Decimal(plain)
    if amount > MAX_AMOUNT:
        return Problem.OUT_OF_RANGE
    amount = amount.quantize(CENT)
    return -amount if negative else amount


_MONTHS = ("jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez")
_TIME = r"(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})" + _TIME)
_ISO = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})" + _TIME)
_NAMED_MONTH = re.compile(r"(\d{1,2})[ /.-](?:de )?([a-z]{3,9})\.?[ /.-](?:de )?(\d{4}|\d{2})")
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_EXCEL_SERIALS = range(20_000, 80_000)  # 1954 to 2119
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)


@_remembered
def parse_date(text: str) -> date | Problem:
    """`31/05/2026`, `31-05-26`, `31.05.2026 10:00`, `2026-05-31`, `31/mai/2026`, or Excel's count of days.

    The day always comes first, as everywhere in Brazil: `05/31/2026` is no date. Two-digit years are 2000 to
    2068, or 1969 to 1999.
    """
    compact = fold(text)
    if found := _DAY_FIRST.fullmatch(compact.upper()):
        day, month, year = found.group(1, 2, 3)
        return _date(_full_year(year), int(month), int(day))
    if found := _ISO.fullmatch(compact.upper()):
        return _date(*map(int, found.group(1, 2, 3)))
    if (found := _NAMED_MONTH.fullmatch(compact)) and found[2][:3] in _MONTHS:
        return _date(_full_year(found[3]), _MONTHS.index(found[2][:3]) + 1, int(found[1]))
    if re.fullmatch(r"\d{5}(?:[.,]\d+)?", compact) and (serial := int(compact[:5])) in _EXCEL_SERIALS:
        return _EXCEL_DAY_ZERO + timedelta(days=serial)
    return Problem.INVALID


def _full_year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return year + (2000 if year <= 68 else 1900)


def _date(year: int, month: int, day: int) -> date | Problem:
    try:
        found = date(year, month, day)
    except ValueError:
        return Problem.INVALID
    return found if EARLIEST <= found <= LATEST else Problem.OUT_OF_RANGE


@_remembered
def parse_document(text: str) -> str | Problem:
    """The canonical CPF (eleven digits) or CNPJ (fourteen characters, letters allowed since 2026).

    Zeros that a spreadsheet cut from the front come back when, and only when, the result is valid.
    """
    compact = re.sub(r"[^0-9A-Za-z]", "", text).upper()
    if not compact or set(compact) == {"0"}:
        return Problem.INVALID
    for width, check in ((11, CPF().validate), (14, CNPJ().validate)):
        missing = width - len(compact)
        candidate = compact.zfill(width) if 0 < missing <= 2 and compact.isdecimal() else compact
        if len(candidate) == width and check(candidate):
            return candidate
    return Problem.INVALID


def parse_email(text: str) -> str | Problem:
    """The first address of the cell, in lower case."""
    first = re.split(r"[;,\s]+", text.strip().strip("<>").lower())[0]
    try:
        validate_email(first)
    except ValidationError:
        return Problem.INVALID
    return first


_STATE_NAMES = (
    "acre AC, alagoas AL, amapa AP, amazonas AM, bahia BA, ceara CE, distrito federal DF, "
    "espirito santo ES, goias GO, maranhao MA, mato grosso MT, mato grosso do sul MS, minas gerais MG, "
    "para PA, paraiba PB, parana PR, pernambuco PE, piaui PI, rio de janeiro RJ, rio grande do norte RN, "
    "rio grande do sul RS, rondonia RO, roraima RR, santa catarina SC, sao paulo SP, sergipe SE, tocantins TO"
)
_STATES = dict(pair.rsplit(" ", 1) for pair in _STATE_NAMES.split(", "))
UFS = frozenset(_STATES.values())


def parse_uf(text: str) -> str | Problem:
    """`sp`, `São Paulo` or `Campinas/SP`: two capital letters."""
    folded = fold(text)
    if folded in _STATES:
        return _STATES[folded]
    last = re.split(r"[^a-z]+", folded)[-1].upper()
    return last if last in UFS else Problem.INVALID


# Words about a person (ativo, inadimplente) are left out on purpose: they say nothing about one invoice.
# So is `P`, which some systems use for paid and others for paid in part.
_STATUS_WORDS: dict[FileStatus, str] = {
    FileStatus.OPEN: (
        "aberto, aberta, em aberto, a vencer, a receber, vencido, vencida, pendente, atrasado, atrasada, em "
        "atraso, nao pago, nao paga, nao quitado, nao quitada, aguardando, aguardando pagamento, emitido, "
        "emitida, gerado, gerada, registrado, registrada, enviado, enviada, a, open, pending, overdue, "
        "unpaid, due"
    ),
    FileStatus.PARTIAL: (
        "parcial, pago parcial, paga parcial, pago parcialmente, paga parcialmente, pagamento parcial, "
        "pago em parte, paga em parte, baixa parcial, recebido parcial, partial, partially paid"
    ),
    FileStatus.PAID: (
        "pago, paga, quitado, quitada, liquidado, liquidada, baixado, baixada, recebido, recebida, "
        "compensado, compensada, confirmado, confirmada, pagamento confirmado, r, paid, received, settled"
    ),
    FileStatus.CANCELLED: (
        "cancelado, cancelada, anulado, anulada, excluido, excluida, estornado, estornada, isento, isenta, "
        "perdoado, perdoada, renegociado, renegociada, substituido, substituida, c, cancelled, canceled, "
        "void, voided"
    ),
}
_STATUS = {word: status for status, spoken in _STATUS_WORDS.items() for word in spoken.split(", ")}


@_remembered
def parse_status(text: str) -> FileStatus | Problem:
    """`Pago`, ` aberto `, `EM ATRASO`, `Título cancelado`, `Aberto (2ª via)`."""
    folded = re.sub(r"\(.*?\)|^(titulo|fatura|boleto|parcela|cobranca)\b|[.:!*]+$", "", fold(text)).strip(
        " -"
    )
    return _STATUS.get(folded, Problem.INVALID)


_METHOD_WORDS: tuple[tuple[str, Method], ...] = (
    ("pix", Method.PIX),
    ("debito automatico", Method.OTHER),
    ("debito em conta", Method.OTHER),
    ("boleto", Method.BOLETO),
    ("bolet", Method.BOLETO),
    ("carne", Method.BOLETO),
    ("cart", Method.CARD),
    ("credito", Method.CARD),
    ("debito", Method.CARD),
    ("dinheiro", Method.CASH),
    ("especie", Method.CASH),
    ("balcao", Method.CASH),
    ("card", Method.CARD),
    ("cash", Method.CASH),
)


def parse_method(text: str) -> Method:
    """`PIX`, `Cartão de crédito`, `Boleto bancário`; a way we do not know is `other`, never a problem."""
    folded = fold(text)
    return next((method for word, method in _METHOD_WORDS if word in folded), Method.OTHER)


def parse_tags(text: str) -> tuple[str, ...]:
    """The labels of a cell, each once, in order: `vip, bolsa | vip` gives `("vip", "bolsa")`."""
    parts = (" ".join(part.split()) for part in re.split(r"[,|;/]", text))
    return tuple(dict.fromkeys(part for part in parts if part))


# What systems write where they have nothing.
_NOTHING_WORDS = (
    "-|--|---|.|/ /|n/a|na|n/d|nd|null|nulo|none|nan|#n/d|#n/a|#ref!|#valor!|00/00/0000|0000-00-00"
)
_NOTHING = frozenset(_NOTHING_WORDS.split("|"))


@_remembered
def content(text: str) -> str:
    """`text` on one line with single spaces; empty where a system wrote that there is nothing."""
    compact = " ".join(text.split())
    return "" if compact.lower() in _NOTHING else compact
