"""Places as people choose them from a list: everywhere, a country, one of its states."""

from __future__ import annotations

from commons.models import Organisation
from compliance.packs.loader import load_pack
from members.models import Member

_NAMES = {
    "BR": "Brasil",
    "AR": "Argentina",
    "CL": "Chile",
    "CO": "Colômbia",
    "MX": "México",
    "PE": "Peru",
}


def choices() -> list[tuple[str, str]]:
    """`""`, `BR`, `BR-SP`: of our own country and of those that members live in, as far as their rules are known."""
    found = [("", "Em todo lugar")]
    for country in _countries():
        name = country_name(country)
        found.append((country, f"{name}: o país inteiro"))
        states = sorted(load_pack(country).zones.states)
        found += [(f"{country}-{state}", f"{name}: {state}") for state in states]
    return found


def states() -> list[tuple[str, str]]:
    """Only the states: `BR-SP` and how it is written."""
    return [(key, label) for key, label in choices() if "-" in key]


def split(place: str) -> tuple[str, str]:
    """Country and state of a choice."""
    country, _, state = place.partition("-")
    return country, state


def country_name(country: str) -> str:
    return _NAMES.get(country, country)


def in_words(*, country: str, state: str = "", city: str = "") -> str:
    """`Campinas, SP (Brasil)`; everywhere without a country."""
    if not country:
        return "Em todo lugar"
    if not state:
        return country_name(country)
    return f"{f'{city}, ' if city else ''}{state} ({country_name(country)})"


def _countries() -> list[str]:
    home = Organisation.current().country
    lived_in = set(Member.objects.order_by().values_list("country", flat=True).distinct())
    return [home, *sorted((lived_in & set(_NAMES)) - {home})]
