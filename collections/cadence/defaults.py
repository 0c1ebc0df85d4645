"""The régua a fresh installation starts with, and its texts."""

from __future__ import annotations

from datetime import datetime

from cadence.enums import StepState
from cadence.models import Cadence, CadenceVersion, Step
from conversations.models import MessageTemplate

STEPS = (
    ("antes-3", "3 dias antes do vencimento", -3, "pre_due", StepState.REMINDER),
    ("vencimento", "No dia do vencimento", 0, "due_day", StepState.REMINDER),
    ("depois-2", "2 dias depois", 2, "after_2", StepState.SOFT),
    ("depois-7", "7 dias depois", 7, "after_7", StepState.SOFT),
    ("depois-15", "15 dias depois", 15, "after_15", StepState.NEGOTIATION),
)

_YES_NO = [{"id": "sou_eu", "title": "Sou eu"}, {"id": "nao_sou", "title": "Não sou"}]
_STOP = {"id": "nao_receber", "title": "Não receber mais"}
_PIX = {"id": "menu:pix", "title": "Quero o Pix"}
_PERSON = {"id": "menu:person", "title": "Falar com pessoa"}

# (name, stage, neutral, body, footer, buttons)
TEMPLATES: tuple[tuple[str, str, bool, str, str, list[dict[str, str]]], ...] = (
    (
        "identificacao_v1",
        "identify",
        True,
        "Olá! Aqui é a assistente virtual da {{organizacao}}. Falo com {{nome}}?",
        "",
        [*_YES_NO, _STOP],
    ),
    (
        "lembrete_antes_v1",
        "pre_due",
        False,
        "Oi, {{nome}}, aqui é a assistente virtual da {{organizacao}}. Lembrete da sua {{fatura}}: vence em "
        "{{vencimento}}, no valor de {{valor}}. Quer receber o Pix por aqui?",
        "Você pode falar com uma pessoa quando quiser.",
        [_PIX, _PERSON, _STOP],
    ),
    (
        "lembrete_no_dia_v1",
        "due_day",
        False,
        "Oi, {{nome}}, aqui é a assistente virtual da {{organizacao}}. A sua {{fatura}} vence hoje, {{vencimento}}: "
        "{{valor}}. Quer o Pix?",
        "Se já pagou, não precisa responder.",
        [_PIX, _PERSON, _STOP],
    ),
    (
        "aviso_2_dias_v1",
        "after_2",
        False,
        "Oi, {{nome}}, aqui é a assistente virtual da {{organizacao}}. Ainda não vimos o pagamento de {{fatura}}, com "
        "vencimento em {{vencimento}}. Hoje está em {{valor}} ({{composicao}}). Posso enviar o Pix?",
        "Se já pagou, é só me dizer.",
        [_PIX, _PERSON, _STOP],
    ),
    (
        "aviso_7_dias_v1",
        "after_7",
        False,
        "Oi, {{nome}}, aqui é a assistente virtual da {{organizacao}}. {{fatura}} continua em aberto desde "
        "{{vencimento}}: {{valor}} hoje ({{composicao}}). Aconteceu alguma coisa? Posso enviar o Pix ou combinar um dia.",
        "Responda por aqui no seu tempo.",
        [_PIX, _PERSON, _STOP],
    ),
    (
        "opcoes_15_dias_v1",
        "after_15",
        False,
        "Oi, {{nome}}, aqui é a assistente virtual da {{organizacao}}. Sobre {{fatura}}, em aberto desde {{vencimento}}: "
        "hoje são {{valor}} ({{composicao}}). Podemos ver juntos outro dia ou dividir. O que fica melhor para você?",
        "Você pode falar com uma pessoa quando quiser.",
        [_PIX, _PERSON, _STOP],
    ),
    (
        "pagamento_recebido_v1",
        "receipt",
        False,
        "Oi, {{nome}}. Recebemos o seu pagamento de {{valor}}, obrigado. {{situacao}} Se precisar, é só chamar.",
        "",
        [],
    ),
)


def ensure_defaults(*, now: datetime) -> CadenceVersion:
    """Makes the default régua and its templates where they are missing; touches nothing that exists."""
    for name, stage, neutral, body, footer, buttons in TEMPLATES:
        MessageTemplate.objects.get_or_create(
            name=name,
            language="pt_BR",
            defaults={"stage": stage, "neutral": neutral, "body": body, "footer": footer, "buttons": buttons},
        )
    cadence, _ = Cadence.objects.get_or_create(is_default=True, defaults={"name": "Régua padrão"})
    version, made = CadenceVersion.objects.get_or_create(
        cadence=cadence, number=1, defaults={"status": "live", "published_at": now}
    )
    if made:
        Step.objects.bulk_create(
            Step(version=version, key=key, name=name, offset_days=offset, stage=stage, state=state)
            for key, name, offset, stage, state in STEPS
        )
    return version
