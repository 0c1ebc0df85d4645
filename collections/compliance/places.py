"""What follows from where somebody lives: the rules, the clock, the holidays."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from commons.models import Organisation
from commons.text import fold
from compliance.gate.evaluate import HORIZON
from compliance.models import LocalHoliday
from compliance.packs.loader import UnknownCountry, load_pack
from compliance.packs.model import RulePack
from members.models import Member


def country_pack(country: str, organisation: Organisation) -> tuple[RulePack, bool]:
    """The rules of that country, and whether there are any."""
    try:
        return load_pack(country), True
    except UnknownCountry:
        # Nothing may be sent there; our own country's rules only tell what else stands in the way.
        return load_pack(organisation.country), False


def member_zone(member: Member | None, *, pack: RulePack, organisation: Organisation) -> ZoneInfo:
    """The member's own clock: as recorded, else by address, else the organisation's or, abroad, the country's."""
    if member is None:
        return organisation.zone
    if member.timezone:
        return ZoneInfo(member.timezone)
    if zone := pack.zones.of(state=member.uf or None, city=member.city):
        return zone
    return organisation.zone if organisation.country == pack.country else ZoneInfo(pack.zones.default)


def local_holidays(
    *, country: str, state: str | None, city: str, now: datetime, home: str
) -> frozenset[date]:
    """The place's own holidays from yesterday to past the gate's horizon; without a state, of every place.

    `home` is the organisation's country: a holiday without a country is there.
    """
    span = (now.date() - timedelta(days=1), (now + HORIZON).date() + timedelta(days=30))
    countries = ["", country] if country == home else [country]
    rows = LocalHoliday.objects.filter(date__range=span, country__in=countries)
    if state is not None:
        rows = rows.filter(state__in=["", state], folded_city__in=["", fold(city)])
    return frozenset(rows.values_list("date", flat=True))
