"""A decision in plain Portuguese: the name of every rule, what it looked at, what it said.

`RuleId` says why a rule stops a contact; here it has a name that is true whether it stops one or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from cases.enums import CaseState, HoldReason
from compliance.enums import RuleId, SwitchScope, Verdict
from members.enums import Blocked, Channel, ContactPointState

_TITLES: Mapping[str, str] = {
    RuleId.KILL_SWITCH: "Chaves de segurança",
    RuleId.COUNTRY_UNKNOWN: "País com regras conhecidas",
    RuleId.SENDER_INACTIVE: "Número de envio ativo",
    RuleId.TEMPLATE_INACTIVE: "Modelo de mensagem aprovado",
    RuleId.NOT_ORIGINAL_CREDITOR: "Credor cobra as próprias faturas",
    RuleId.RECIPIENT_NOT_MEMBER: "O contato é deste membro",
    RuleId.CONTACT_POINT_WRONG: "O número não é de outra pessoa",
    RuleId.CONTACT_POINT_UNUSABLE: "O contato recebe mensagens",
    RuleId.CONTACT_POINT_SHARED: "O contato está em um só cadastro",
    RuleId.OPTED_OUT: "Pedidos para não receber mensagens",
    RuleId.NO_OPT_IN: "Consentimento para o canal",
    RuleId.BLOCKED_FLAG: "Bloqueio no cadastro",
    RuleId.REPLY_WITHOUT_INBOUND: "Responde a uma mensagem do membro",
    RuleId.RECEIPT_WITHOUT_PAYMENT: "Há pagamento a confirmar",
    RuleId.RECEIPT_REPEATED: "Pagamento confirmado uma só vez",
    RuleId.CASE_SETTLED: "O caso está aberto",
    RuleId.INVOICE_NOT_OPEN: "As faturas citadas estão em aberto",
    RuleId.HOLD: "Cobrança segurada",
    RuleId.DEBT_PRESCRIBED: "Idade da dívida",
    RuleId.HARD_STOP_UNANSWERED: "Contatos sem resposta",
    RuleId.RECENT_PAYMENT: "Pagamento que acabou de chegar",
    RuleId.BALANCE_STALE: "Saldo lido há pouco na origem",
    RuleId.HOLIDAY: "Feriados",
    RuleId.BLACKOUT: "Períodos sem contato",
    RuleId.WINDOW: "Horário permitido",
    RuleId.MAX_PER_DAY: "Contatos no dia",
    RuleId.MAX_MESSAGES_7D: "Mensagens em sete dias",
    RuleId.MAX_CALLS_7D: "Ligações em sete dias",
    RuleId.MAX_PER_30D: "Contatos em trinta dias",
    RuleId.PRE_DUE_CAP: "Lembretes antes do vencimento",
    RuleId.MIN_GAP: "Intervalo desde o último contato",
    RuleId.CHANNEL_RULE: "Regras do próprio canal",
    RuleId.NO_SLOT: "Próximo horário permitido",
    RuleId.BOT_DISCLOSURE: "Primeiro contato diz que é uma assistente virtual",
    RuleId.CREDITOR_IDENTIFICATION: "Primeiro contato diz quem cobra",
    RuleId.CONTENT_UNCHECKED: "Texto conferido",
    "creditor_identification": "Primeiro contato diz quem cobra",
    "content_unchecked": "Texto conferido",
    RuleId.CHARGES_UNLAWFUL: "Multa e juros dentro da lei",
    RuleId.AMOUNT_BREAKDOWN: "Valor discriminado",
    RuleId.IDENTITY_DISCLOSURE: "Dívida só a quem confirmou quem é",
    RuleId.UNGROUNDED_DATE: "Datas conferidas com os fatos",
    RuleId.UNGROUNDED_COUNT: "Parcelamentos conferidos com os fatos",
    RuleId.UNGROUNDED_LINK: "Links e códigos são nossos",
}
_CONTENT = "Conteúdo do texto"
_PLACES = {
    "allow": ("Passou", "check_circle"),
    "defer": ("Adiou", "schedule"),
    "refuse": ("Recusou", "block"),
}
_DECIDED = {"allow": "Permitido", "defer": "Adiado", "refuse": "Recusado"}
_WHY = {
    "service_window_closed": "janela de 24 horas fechada",
    "marketing_without_opt_in": "marketing sem aceite",
    "one_channel_per_week": "outro canal já usado nesta semana",
    "unknown_channel": "meio de contato não permitido no país",
    "past_due": "a fatura já venceu",
    "already_reminded": "já foi lembrado",
    "fine": "multa acima do limite",
    "collection_fee": "taxa de cobrança acima do limite",
    "total": "as partes não somam o total",
}
_WISHES = {
    "heard": "com o horário que o membro pediu",
    "impossible": "o horário que o membro pediu não cabe no permitido: valeu o permitido",
}
# Inputs that read as one phrase together.
_PAIRS = {("sent", "limit"): "{} de {}", ("age_days", "limit"): "{} dias, limite {}"}
_NOTHING_TO_SAY: tuple[Any, ...] = (None, "", [])


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule of a passport as people read it; `icon` names a Material symbol, `verdict` a class of colours."""

    rule: str
    title: str
    verdict: str
    word: str
    icon: str
    seen: str
    sentence: str
    until: datetime | None
    decided: bool


@lru_cache(maxsize=256)
def title(rule: str) -> str:
    """The rule's name; a rule that has none yet goes by its sentence, an unknown one by its own id."""
    if rule not in RuleId.values:
        return rule
    return _TITLES.get(rule) or (_CONTENT if rule.startswith("content:") else RuleId(rule).label)


@lru_cache(maxsize=256)
def sentence(rule: str) -> str:
    """What the rule says when it stops a contact."""
    return str(RuleId(rule).label) if rule in RuleId.values else rule


def titles() -> list[tuple[str, str]]:
    """Every rule with its name, in the gate's order as far as it is one: for filters."""
    return [(rule.value, title(rule.value) if rule in _TITLES else rule.label) for rule in RuleId]


def verdict_word(verdict: str) -> str:
    """`Permitido`, `Adiado` or `Recusado`: of a whole decision."""
    return _DECIDED.get(verdict, verdict)


def verdict_icon(verdict: str) -> str:
    return _PLACES.get(verdict, ("", "help"))[1]


def rule_lines(
    results: Iterable[Mapping[str, Any]], *, zone: ZoneInfo, decided_by: str = ""
) -> list[RuleLine]:
    """The stored results of a decision (`{rule, verdict, until, inputs}`), in their order.

    `zone` is the member's: instants are written on that clock. `decided_by` is the rule that decided.
    """
    return [_line(result, zone=zone, decided_by=decided_by) for result in results]


def _line(result: Mapping[str, Any], *, zone: ZoneInfo, decided_by: str) -> RuleLine:
    rule, verdict = str(result["rule"]), str(result["verdict"])
    word, icon = _PLACES.get(verdict, (verdict, "help"))
    inputs = result.get("inputs") or {}
    if verdict == Verdict.ALLOW and inputs.get("warning"):
        word, icon = "Avisou", "warning"
    return RuleLine(
        rule=rule,
        title=title(rule),
        verdict=verdict,
        word=word,
        icon=icon,
        seen=inputs_in_words(inputs, zone=zone),
        # What passed has nothing to explain, but for what only warned.
        sentence=sentence(rule) if verdict != Verdict.ALLOW or inputs.get("warning") else "",
        until=_instant(result.get("until")),
        decided=bool(decided_by) and rule == decided_by and verdict != Verdict.ALLOW,
    )


def inputs_in_words(inputs: Mapping[str, Any], *, zone: ZoneInfo) -> str:
    """What a rule looked at: `2 de 3 · último contato 22/11 14:05`; empty when it needed nothing to look at."""
    parts: list[str] = []
    told: set[str] = set()
    for pair, phrase in _PAIRS.items():
        if set(pair) <= set(inputs) and not told:
            parts.append(phrase.format(*(inputs[name] for name in pair)))
            told = set(pair)
    # As the database keeps them, names come in no order that says anything.
    known = [name for name in _WORDS if name in inputs]
    for name in [*known, *sorted(set(inputs) - set(known))]:
        if name in told or inputs[name] in _NOTHING_TO_SAY:
            continue
        words = _WORDS.get(name, _plainly(name))(inputs[name], zone)
        if words:
            parts.append(words)
    return " · ".join(parts)


def moment(value: datetime | str, zone: ZoneInfo) -> str:
    """`22/11 14:05` on the clock of `zone`; a stored local time, which carries none, is written as it is."""
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{instant if instant.tzinfo is None else instant.astimezone(zone):%d/%m %H:%M}"


def _instant(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


_Phrase = Callable[[Any, ZoneInfo], str]


def _plainly(name: str) -> _Phrase:
    return lambda value, _zone: f"{name.replace('_', ' ')}: {_listed(value)}"


def _listed(value: Any) -> str:
    if isinstance(value, bool):
        return "sim" if value else "não"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _labelled(before: str, *choices: type[Any]) -> _Phrase:
    """The labels of one value or several, from whichever of the enums knows them."""

    def phrase(value: Any, _zone: ZoneInfo) -> str:
        several = value if isinstance(value, list) else [value]
        return f"{before}{', '.join(_label(each, choices) for each in several)}"

    return phrase


@lru_cache(maxsize=512)
def _label(value: str, choices: tuple[type[Any], ...]) -> str:
    for choice in choices:
        if value in choice.values:
            label = str(choice(value).label)
            # A channel is a name of its own.
            return label if choice is Channel else label.lower()
    return "todos os canais" if value == "" else str(value)


def _when(before: str) -> _Phrase:
    return lambda value, zone: f"{before}{moment(value, zone)}"


def _if_true(words: str) -> _Phrase:
    return lambda value, _zone: words if value else ""


def _days(before: str, after: str) -> _Phrase:
    return lambda value, _zone: f"{before}{value}{after}"


def _numbered(value: Any, _zone: ZoneInfo) -> str:
    several = value if isinstance(value, list) else [value]
    return f"fatura{'s' if len(several) > 1 else ''} nº {', '.join(map(str, several))}"


_WORDS: Mapping[str, _Phrase] = {
    "scope": _labelled("parado: ", SwitchScope),
    "key": _days("chave ", ""),
    "template": _days("modelo ", ""),
    "stranger": _if_true("pessoa fora do cadastro"),
    "state": _labelled("", ContactPointState, CaseState),
    "opted_out": _if_true("pediu para não receber, mas este contato pode"),
    "channels": _labelled("", Channel),
    "channel": _labelled("", Channel),
    "flag": _labelled("", Blocked),
    "invoices": _numbered,
    "invoice": _numbered,
    "reasons": _labelled("", HoldReason),
    "ends_at": _when("até "),
    "age_days": _days("", " dias"),
    "limit": _days("limite ", ""),
    "unanswered": _days("", " sem resposta"),
    "silent_days": _days("há ", " dias"),
    "paid_at": _when("pago em "),
    "age_minutes": _days("lido há ", " min"),
    "grace": _if_true("logo depois da mensagem ou do pagamento"),
    "date": lambda value, _zone: f"{date.fromisoformat(value):%d/%m}",
    "period": _days("", ""),
    "last_day": lambda value, _zone: f"até {date.fromisoformat(value):%d/%m}",
    "year_unknown": _if_true("ano sem calendário"),
    "window": _days("", ""),
    "wish": lambda value, _zone: _WISHES.get(value, str(value)),
    "local": _when("hora do membro "),
    "sent": _days("", " enviados"),
    "deferrals": _days("adiado ", " vezes"),
    "hours": _days("mínimo ", " h"),
    "days": _days("mínimo ", " dias"),
    "last": _when("último contato "),
    "free_at": _when("livre em "),
    "why": lambda value, _zone: _WHY.get(value, str(value)),
    "after": _when("depois de "),
    "horizon_days": _days("procurado em ", " dias"),
    "confirmed": lambda value, _zone: "identidade confirmada" if value else "identidade não confirmada",
    "severity": lambda _value, _zone: "",
    "warning": _if_true("só aviso: foi escrito por uma pessoa"),
}
