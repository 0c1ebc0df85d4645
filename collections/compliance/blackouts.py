"""Periods without contact: declaring and withdrawing them, and which of them a place has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from commons.models import Organisation
from commons.text import fold
from compliance.enums import BlackoutStops
from compliance.gate.evaluate import HORIZON
from compliance.gate.situation import BlackoutDays
from compliance.models import Blackout
from compliance.packs.loader import UnknownCountry, load_pack

# A longer silence is a decision about cases (a hold, a change of the régua), and the gate looks no further.
LONGEST = timedelta(days=60)


class BlackoutRefused(ValueError):
    """The period cannot be; the message says why, in Portuguese."""


@dataclass(frozen=True, slots=True)
class Period:
    """A period as somebody wants it; the fields are those of `Blackout`."""

    name: str
    reason: str
    starts_on: date
    ends_on: date
    stops: BlackoutStops
    country: str = ""
    state: str = ""
    city: str = ""
    segment: str = ""

    def check(self, *, today: date) -> None:
        """Raises BlackoutRefused with the first thing that is wrong."""
        if not self.name.strip():
            raise BlackoutRefused("Dê um nome ao período.")
        if not self.reason.strip():
            raise BlackoutRefused("Diga por que ninguém será contatado.")
        if self.ends_on < self.starts_on:
            raise BlackoutRefused("O último dia vem antes do primeiro.")
        if self.ends_on < today:
            raise BlackoutRefused("Este período já passou.")
        if self.ends_on - self.starts_on >= LONGEST:
            raise BlackoutRefused(f"Um período vai até {LONGEST.days} dias. Para mais, mude a régua.")
        self._check_place()

    def _check_place(self) -> None:
        if self.city and not self.state:
            raise BlackoutRefused("Diga em qual estado fica a cidade.")
        if self.state and not self.country:
            raise BlackoutRefused("Diga em qual país fica o estado.")
        if not self.country:
            return
        try:
            pack = load_pack(self.country)
        except UnknownCountry as unknown:
            raise BlackoutRefused(str(unknown)) from unknown
        if self.state and pack.known_state(self.state) is None:
            raise BlackoutRefused(f"{self.state} não é um estado deste país.")


def declare(period: Period, *, author: str, now: datetime) -> Blackout:
    """From the next look of the gate on nobody in it is contacted first. Raises BlackoutRefused."""
    today = now.astimezone(Organisation.current().zone).date()
    period.check(today=today)
    return Blackout.objects.create(
        name=period.name.strip(),
        reason=period.reason.strip(),
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        stops=period.stops,
        country=period.country,
        state=period.state,
        city=period.city.strip(),
        segment=period.segment,
        author=author,
        at=now,
    )


def withdraw(*, blackout_id: int, reason: str, author: str, now: datetime) -> Blackout:
    """Ends a period early; again is no news. Raises BlackoutRefused without a reason."""
    if not reason.strip():
        raise BlackoutRefused("Diga por que o período termina antes.")
    with transaction.atomic():
        blackout = Blackout.objects.select_for_update().get(pk=blackout_id)
        if blackout.withdrawn_at is None:
            blackout.withdrawn_at, blackout.withdrawn_by = now, author
            blackout.withdrawal_reason = reason.strip()
            blackout.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    return blackout


def named_segments(*, now: datetime) -> frozenset[str]:
    """Keys of the segments that some period not over yet is about."""
    rows = Blackout.objects.filter(withdrawn_at=None, ends_on__gte=_yesterday(now)).exclude(segment="")
    return frozenset(rows.values_list("segment", flat=True))


class Calendar:
    """The periods that reach into a span, by place; one query, and a place is looked up once."""

    def __init__(self, *, now: datetime, until: datetime) -> None:
        last = (until + HORIZON).date() + timedelta(days=1)
        self._rows = list(
            Blackout.objects.filter(
                Q(starts_on__lte=last), withdrawn_at=None, ends_on__gte=_yesterday(now)
            ).order_by("pk")
        )
        self._known: dict[tuple[str, str | None, str], tuple[BlackoutDays, ...]] = {}

    def of(self, *, country: str, state: str | None, city: str) -> tuple[BlackoutDays, ...]:
        """Those of a place; without a state every one of the country, as with holidays."""
        if not self._rows:
            return ()
        key = (country, state, city)
        if key not in self._known:
            self._known[key] = tuple(self._there(country, state, fold(city)))
        return self._known[key]

    def _there(self, country: str, state: str | None, city: str) -> Iterable[BlackoutDays]:
        for row in self._rows:
            in_country = row.country in {"", country}
            if in_country and (state is None or (row.state in {"", state} and row.folded_city in {"", city})):
                yield BlackoutDays(
                    name=row.name,
                    first=row.starts_on,
                    last=row.ends_on,
                    stops=BlackoutStops(row.stops).kinds,
                    segment=row.segment,
                )


def _yesterday(now: datetime) -> date:
    """West of us it may still be."""
    return now.date() - timedelta(days=1)
