"""The fixed sentences: what is said without any model, word for word.

Short, one idea and at most one question each; no exclamation over money, no bureaucratic nouns.
"""

from __future__ import annotations

from datetime import datetime

from commons.models import Organisation
from commons.support_hours import is_open, next_opening
from conversations import house_texts

OPT_OUT_CONFIRMED = "Pronto, não vamos mais enviar mensagens por aqui. Se precisar, é só chamar."
WRONG_PERSON = "Desculpe o engano, e obrigado por avisar. Não vamos mais escrever para este número."
NOT_UNDERSTOOD_MEDIA = "Não consegui entender por aqui. Pode escrever em texto, por favor?"

_WEEKDAYS = (
    "segunda-feira",
    "terça-feira",
    "quarta-feira",
    "quinta-feira",
    "sexta-feira",
    "sábado",
    "domingo",
)


def hand_over_line(*, now: datetime) -> str:
    """Says that a person continues, and honestly when, outside the support hours."""
    return f"Vou passar para uma pessoa da nossa equipe. {person_answers(now=now)}"


def person_answers(*, now: datetime) -> str:
    """When a person answers, in one sentence."""
    organisation = Organisation.current()
    if is_open(now, organisation):
        return "Ela responde assim que puder."
    opening = next_opening(now, organisation)
    if opening is None:
        return "Ela responde por aqui assim que puder."
    local = opening.astimezone(organisation.zone)
    hour = f"{local:%H}h" if local.minute == 0 else f"{local:%Hh%M}"
    when = f"{_WEEKDAYS[local.weekday()]}, {local:%d/%m}, a partir das {hour.lstrip('0')}"
    if local.date() == now.astimezone(organisation.zone).date():
        when = f"hoje, a partir das {hour.lstrip('0')}"
    return house_texts.away(organisation, when=when)
