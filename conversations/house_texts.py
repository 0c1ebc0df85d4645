"""The house's own sentences: the welcome to whoever writes first, and what is said outside the hours of people."""

from __future__ import annotations

import re

from commons.models import Organisation
from compliance.content.check import check
from compliance.content.facts import FactSet

DEFAULT_AWAY = "Agora estamos fora do horário de atendimento; ela responde por aqui {quando}."
WHEN, NAME = "{quando}", "{organizacao}"
_BRACES = re.compile(r"\{[^}]*\}")
# What the places stand for while a text is judged.
_TYPICAL = {WHEN: "na manhã do próximo dia útil", NAME: "Academia Exemplo"}


def away(organisation: Organisation, *, when: str) -> str:
    """When a person answers, outside the hours; `when` reads like `sexta-feira, 27/11, a partir das 8h`."""
    text = organisation.away_text or DEFAULT_AWAY
    return text.replace(WHEN, when).replace(NAME, organisation.trade_name)


def welcome(organisation: Organisation) -> str:
    """What is said to whoever writes first; empty where no welcome was written."""
    return organisation.welcome_text.replace(NAME, organisation.trade_name)


def problems(text: str, *, country: str, says_when: bool) -> list[str]:
    """Why `text` may not be used, in sentences: places nobody fills, and what the gate would refuse.

    It is read by people whose identity nobody has confirmed, so it names no debt. `says_when`: it has to say
    when a person answers, and only such a text can. Raises UnknownCountry.
    """
    allowed = {WHEN, NAME} if says_when else {NAME}
    found = [
        f"“{place}” não é preenchido por ninguém: use {' ou '.join(sorted(allowed))}."
        for place in _unknown(text, allowed)
    ]
    if says_when and WHEN not in text:
        found.append(f"Diga quando a pessoa responde: inclua {WHEN} no texto.")
    typical = text
    for place, value in _TYPICAL.items():
        typical = typical.replace(place, value)
    breaches = check(typical, facts=FactSet(), identity_confirmed=False, country=country, author="system")
    return found + [f"“{each.excerpt}”: {each.rule.label}" for each in breaches]


def _unknown(text: str, allowed: set[str]) -> list[str]:
    return sorted(set(_BRACES.findall(text)) - allowed)
