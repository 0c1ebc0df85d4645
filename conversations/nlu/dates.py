"""When a member says they will pay: a table of small recognisers, then the choice among what they found.

1. `prepare` writes numbers as digits; every recogniser of the table is tried, the earlier owning what it
   matched.
2. Dates told of the past ("paguei dia 3") and dates refused ("sexta não dá") are dropped.
3. Of the rest, a date beside a verb of paying wins over one beside income ("recebo dia 10 e pago dia
   11"), and the last wins over the first, because people correct themselves at the end.

A reading is never a promise: the caller says the absolute date back and asks for a yes.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from conversations.nlu.date_table import RECOGNISERS, Found
from conversations.nlu.number_words import prepare


class DateKind(StrEnum):
    DATE = "date"  # one day
    RANGE = "range"  # a stretch of days; the reading carries the day to propose
    VAGUE = "vague"  # a time that has no day yet: "quando cair meu salário"
    NONE = "none"


@dataclass(frozen=True)
class DateReading:
    """`span` and `phrase` tell where it stands in `prepare(text)`; (0, 0) and "" for none."""

    date: date | None
    kind: DateKind
    span: tuple[int, int] = (0, 0)
    phrase: str = ""


_NOTHING = DateReading(None, DateKind.NONE)

_CLAUSE = re.compile(r"[.,;!?]| e | mas | mais vou | porem | pero | entao | y ")
_TOLD = re.compile(
    r"\b(?:paguei|pague|pagou|pagaram|pagado|quitei|transferi|depositei|mandei|enviei|recebi|fiz|efetuei|"
    r"efetuado|realizei|acertei|resolvi|debitado|foi|fui|"
    r"era|estava|venceu|vencia|"
    r"vencid[ao]|vencimento (?:foi|era)|cancelei|cancele|tranquei|cobraram|cobrou|debitou|debitaram|caiu|"
    r"desde|comprei|"
    r"assinei|parei|perdi|perdido|paid|liguei|falei|combinei|prometi|da mensalidade|da fatura|do boleto|"
    r"referente|comecei|"
    r"entrei|internad[ao]|morreu|faleceu|mudei|troquei|nasci)\b"
)
_REFUSED_BEFORE = re.compile(
    r"\b(?:nao|nunca) (?:consigo|consegu\w+|posso|poss[ao]|poderei|pode(?: ser)?|da|daria|vai(?: dar|"
    r" ser)?|vou|tenho|tem como|rola|quero|pago|"
    r"aceito|serve|e|seria|compensa|precisa ser|me cobr\w+|adianta)(?: \w+){0,4} ?$"
    r"|\b(?:no (?:puedo|voy|quiero|tengo|alcanzo|me sirve)|can ?t|cannot|not|won ?t|"
    r"impossivel)(?: \w+){0,4} ?$"
    r"|\bnao (?:para |ate |na |no |nessa |essa |hoje nem )*$|(?:^|, )nem (?:na |no |ate )?$"
)
# "de sexta não passa" and "sexta sem falta, não vou atrasar" affirm the day.
_REFUSED_AFTER = re.compile(
    r"^ ?(?:feira )?(?:eu |ja |ai |me |fica |esta |e ){0,2}(?:nao(?! (?:passa|falha|falta|tem erro|"
    r"vou (?:falhar|atrasar|esquecer)|"
    r"atras|esquec))\b|ja (?:venceu|passou)|venceu|vencid[ao]|expirou|no puedo|impossivel|complicad|"
    r"dificil|ruim|feriado|muito cedo|cedo demais)"
)
_PAYING = (
    r"(?:pag(?:o|ar|ando|arei|amos|amento|are)|quit|acert|transf|mand[oa]|faco|fazer|deposit|resolv|"
    r"regulariz|liquid|"
    r"promet|anot|marc|jog|mud|pass[ae]|adi|deix|combin|fech|pay|cancelo|primeira|parcela|vencimento|agend)"
)
_PAYING_BEFORE = re.compile(rf"\b{_PAYING}\w*[^.,;!?]{{0,28}}$")
_PAYING_AFTER = re.compile(rf"^[^.,;!?\d]{{0,18}}\b{_PAYING}")
_INCOME_BEFORE = re.compile(
    r"\b(?:recebo|receber|salario|cai|cair|me pagam|me paga|cobro|adiantamento|vale|pagamento (?:sai|"
    r"cai))\b[^.,;!?]{0,22}$"
)
_VAGUE = re.compile(
    r"\b(?:quando|assim que|logo que|so depois que|depois que|ate)\b[^.,;!?]{0,20}\b(?:receb\w+|cair|cai|"
    r"entrar|sair|puder|der|"
    r"conseguir|melhorar|voltar|arrumar|vender|sobrar|tiver|pagarem|liberar\w*)\b|"
    r"\b(?:salario|adiantamento|decimo terceiro|13o|ferias|bolsa|aposentadoria|vale) (?:cair|cai|sair|sai|"
    r"entrar|entra|vem)\b|"
    r"\b(?:cair|sair|receber|cai|sai|entrar|recebendo|esperando|espera|aguardando)(?: \w+){0,3} (?:salario|"
    r"adiantamento|13o|decimo"
    r"|ferias|pagamento|dinheiro|vale|aposentadoria|bolsa)\b|"
    r"\b(?:mais para frente|qualquer dia|qualquer hora|uma hora dessas|um dia desses|outro dia|"
    r"o quanto antes|em breve|"
    r"mais uns dias|uns dias|alguns dias|mais prazo|mais tempo|assim que possivel|quando eu receber|"
    r"logo logo|por esses dias|esses dias)\b|"
    r"\bcuando (?:cobre|me paguen|pueda|me depositen|reciba|caiga)\b|\bwhen i (?:get paid|can)\b|"
    r"\bnext paycheck\b"
)
_OR = re.compile(r"^ ?(?:,)? ?(?:ou|o|or|no maximo)(?: na| no| ate| la para)? $")


def parse_date(text: str, *, today: date) -> DateReading:
    """The day on which `text` says it will pay, as seen on `today`.

    DATE carries a day; RANGE the day to propose (the last of "10 ou 11", the Monday of "semana que vem");
    VAGUE and NONE carry none. An impossible day ("31/11") is VAGUE: something was meant, ask what.
    """
    prepared = prepare(text)
    meant = [found for found in find_dates(prepared, today=today) if not _dropped(prepared, found)]
    if not meant:
        vague = _VAGUE.search(prepared)
        return DateReading(None, DateKind.VAGUE, vague.span(), vague[0]) if vague else _NOTHING
    chosen = _choose(prepared, meant)
    if chosen.day is None:
        return DateReading(
            None, DateKind.VAGUE, (chosen.start, chosen.end), prepared[chosen.start : chosen.end]
        )
    kind = DateKind.RANGE if chosen.loose or _is_alternative(prepared, meant, chosen) else DateKind.DATE
    return DateReading(chosen.day, kind, (chosen.start, chosen.end), prepared[chosen.start : chosen.end])


def find_dates(prepared: str, *, today: date) -> tuple[Found, ...]:
    """Every date in a text made by `prepare`, in order, whatever is said about it."""
    found: list[Found] = []
    for recogniser in RECOGNISERS:
        for match in recogniser.pattern.finditer(prepared):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            if (read := recogniser.read(match, today)) is not None:
                found.append(read)
    return tuple(sorted(found, key=lambda item: item.start))


def _dropped(prepared: str, found: Found) -> bool:
    """Whether the clause around it tells of the past or refuses the day."""
    before = _CLAUSE.split(prepared[: found.start])[-1]
    after = prepared[found.end :]
    told = bool(_TOLD.search(before)) and not re.search(r"\bvou\b|\bvo\b", before)
    refused = bool(_REFUSED_BEFORE.search(before) or _REFUSED_AFTER.search(after))
    return told or refused


def _choose(prepared: str, meant: list[Found]) -> Found:
    """The last date beside a verb of paying, else the last that is not a day of income, else the last."""
    paying = [found for found in meant if _is_paying(prepared, found)]
    spending = [found for found in meant if not _INCOME_BEFORE.search(prepared[: found.start])]
    return (paying or spending or meant)[-1]


def _is_paying(prepared: str, found: Found) -> bool:
    before, after = prepared[: found.start], prepared[found.end :]
    if _INCOME_BEFORE.search(_CLAUSE.split(before)[-1]):
        return False
    return bool(_PAYING_BEFORE.search(before) or _PAYING_AFTER.search(after))


def _is_alternative(prepared: str, meant: list[Found], chosen: Found) -> bool:
    """Whether "ou" joins it to another day: "sexta ou sábado"."""
    neighbours = [
        prepared[first.end : second.start] for first, second in pairwise(meant) if chosen in (first, second)
    ]
    return any(_OR.search(between) for between in neighbours)
