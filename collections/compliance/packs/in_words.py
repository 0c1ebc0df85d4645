"""A country's rules in plain Portuguese: what stands beside the settings that may narrow them."""

from __future__ import annotations

from compliance.packs.model import Bounded, Guarantor, Identification, RulePack
from compliance.packs.windows import Window

Line = tuple[str, str]

_CHANNELS = {
    "whatsapp": "WhatsApp",
    "sms": "SMS",
    "email": "e-mail",
    "post": "carta",
    "call": "ligação",
    "visit": "visita",
}
_IDENTIFIES = {
    Identification.CREDITOR: "o nome do credor",
    Identification.DOCUMENT: "o CNPJ ou CPF",
    Identification.ADDRESS: "o endereço",
    Identification.AGENT: "quem está escrevendo",
    Identification.CONTRACT: "o contrato",
    Identification.COLLECTOR: "quem cobra em nome dele",
}
_GUARANTORS = {
    Guarantor.REGISTERED: "só quem está registrado como tal",
    Guarantor.AS_DEBTOR: "só quem está registrado, com os mesmos limites do devedor",
}


def rules_in_words(pack: RulePack) -> list[Line]:
    """Title and sentence of every rule of the pack, in the order in which people ask about them."""
    return [
        *_hours(pack),
        *_frequency(pack),
        *_channels(pack),
        *_people(pack),
        *_debt(pack),
        *_evidence(pack),
    ]


def _hours(pack: RulePack) -> list[Line]:
    lines = [("Horário máximo", _window(pack.default_windows.limit))]
    for state, windows in sorted(pack.state_windows.items()):
        if windows.limit != pack.default_windows.limit:
            lines.append((f"Horário máximo em {state}", _window(windows.limit)))
    if pack.unknown_windows.limit != pack.default_windows.limit:
        lines.append(("Horário máximo sem estado no cadastro", _window(pack.unknown_windows.limit)))
    lines.append(("Horário de fábrica", _window(pack.default_windows.shipped)))
    lines.append(("Feriados", "Nenhum contato, nem em feriados do estado e da cidade."))
    if pack.on_request is not None:
        lines.append(
            (
                "A pedido do membro",
                f"Outros horários, se pedidos depois do contrato e em ato separado: {pack.on_request}.",
            )
        )
    return lines


def _frequency(pack: RulePack) -> list[Line]:
    caps = pack.caps
    gap = (
        f"{caps.min_gap_days} dia(s) de diferença"
        if caps.min_gap_days
        else f"{caps.min_gap_hours.limit} horas"
    )
    return [
        ("Por dia", _most(caps.max_per_day)),
        ("Mensagens em sete dias", _most(caps.max_messages_7d)),
        (
            "Ligações em sete dias",
            "Só os outros limites." if caps.max_calls_7d is None else _most(caps.max_calls_7d),
        ),
        ("Contatos em trinta dias", _most(caps.max_per_30d)),
        ("Entre dois contatos", f"Pelo menos {gap}."),
        (
            "Lembretes antes do vencimento",
            "Contam como os outros."
            if caps.pre_due_counted
            else "Um antes e um no dia, fora dos outros limites.",
        ),
    ]


def _channels(pack: RulePack) -> list[Line]:
    known = pack.channels.messages | pack.channels.calls
    lines = [
        ("Meios de contato", f"{_list(known)}."),
        ("Só com autorização", f"{_list(pack.channels.opt_in)}."),
    ]
    if pack.channels.one_per_week:
        lines.append(("Um meio por semana", "Outro, só se nada chegou pelo primeiro."))
    return lines


def _people(pack: RulePack) -> list[Line]:
    told = _join([_IDENTIFIES[item] for item in pack.identification])
    return [
        ("A primeira mensagem diz", f"{told[0].upper()}{told[1:]}."),
        ("Terceiros", "Nunca."),
        ("Fiador", f"{_GUARANTORS[pack.recipients.guarantor].capitalize()}."),
        ("Menores de idade", f"Nunca, abaixo de {pack.recipients.adult_age} anos."),
        ("Perguntar o motivo do atraso", "Pode, com delicadeza." if pack.may_ask_reason else "Não pode."),
    ]


def _debt(pack: RulePack) -> list[Line]:
    debt, consequences = pack.debt, pack.consequences
    lines = [
        (
            "Idade da dívida",
            "Sem limite conhecido." if debt.max_age_days is None else f"Até {debt.max_age_days} dias.",
        ),
        (
            "Multa",
            "A do contrato." if debt.fine_max_percent is None else f"Até {_number(debt.fine_max_percent)} %.",
        ),
        (
            "Juros",
            "Os do contrato, dentro da lei."
            if debt.interest_max_percent_month is None
            else f"Até {_number(debt.interest_max_percent_month)} % ao mês, simples.",
        ),
        ("Taxa de cobrança", "Nenhuma." if not debt.collection_fee_max else _number(debt.collection_fee_max)),
    ]
    suspension = consequences.service_suspension_notice_days
    listing = consequences.negative_listing_notice_days
    lines.append(
        ("Suspensão do serviço", _after_notice({} if suspension is None else {"default": suspension}))
    )
    lines.append(("Cadastro de devedores", _after_notice(listing)))
    return lines


def _evidence(pack: RulePack) -> list[Line]:
    return [
        (
            "Provas de contato",
            f"Guardadas por {pack.retention.shipped} meses, no mínimo {pack.retention.limit}.",
        ),
        ("Pedido para parar", f"Vale em até {pack.opt_out_effective_seconds} segundos."),
    ]


def _after_notice(days: object) -> str:
    if not isinstance(days, dict) or not days:
        return "Não se menciona: falta a regra do prazo."
    others = "".join(f"; {state}, {number} dias" for state, number in days.items() if state != "default")
    return f"Só se menciona {days['default']} dias depois do aviso entregue{others}."


def _most(bounded: Bounded) -> str:
    return f"No máximo {bounded.limit}{', fixo' if bounded.hard else ''}."


def _window(window: Window) -> str:
    return f"{window}."


def _number(value: object) -> str:
    return f"{value}".replace(".", ",")


def _list(channels: frozenset[str]) -> str:
    return _join([name for key, name in _CHANNELS.items() if key in channels])


def _join(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} e {words[-1]}"
