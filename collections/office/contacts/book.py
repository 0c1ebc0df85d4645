"""The book of consents, opt-outs and wrong numbers: two append-only tables read as one, the newest line first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final

from django.contrib.auth.models import User
from django.db.models import F, Q, QuerySet, Value
from django.db.models.fields import CharField

from commons.models import Organisation
from members.enums import Channel, MarkKind
from members.models import Consent, Member, SuppressionMark

CONSENT: Final = "consent"
KINDS: Final = (
    (CONSENT, "Consentimento"),
    (MarkKind.OPT_OUT.value, "Opt-out"),
    (MarkKind.WRONG_NUMBER.value, "Número de outra pessoa"),
)
ALL_CHANNELS: Final = "all"
# Lines read at once while the whole book is written out.
CHUNK = 1000

Key = tuple[str, int, datetime]


@dataclass(frozen=True, slots=True)
class BookFilter:
    """Which lines; empty values leave everything in. Days are whole days of the organisation's own zone."""

    kind: str = ""
    channel: str = ""
    source: str = ""
    since: date | None = None
    until: date | None = None
    member_id: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line as people read it; the address is masked, the member's words are as they were said."""

    kind: str
    kind_label: str
    pk: int
    at: datetime
    member: Member | None
    channel: str
    contact: str
    source: str
    said: str
    evidence: str
    recorded_by: str
    ended_at: datetime | None
    ended_because: str
    ended_by: str

    @property
    def standing(self) -> str:
        """`em vigor`, or what became of it."""
        if self.ended_at is None:
            return "em vigor"
        return "retirado" if self.kind == CONSENT else "levantado"


def count(wanted: BookFilter) -> int:
    return _consents(wanted).count() + _marks(wanted).count()


def keys(wanted: BookFilter) -> QuerySet[Any, Key]:
    """Kind, key and instant of every wanted line, the newest first. One query, however many."""
    consents = _consents(wanted).annotate(
        line_kind=Value(CONSENT, output_field=CharField()), line_at=F("granted_at")
    )
    marks = _marks(wanted).annotate(line_kind=F("kind"), line_at=F("at"))
    columns = ("line_kind", "pk", "line_at")
    both = consents.values_list(*columns).union(marks.values_list(*columns), all=True)
    return both.order_by("-line_at", "line_kind", "-pk")


def lines(found: Iterable[Key]) -> list[Line]:
    """The lines of these keys, in their order. Three queries."""
    found = list(found)
    consents = Consent.objects.select_related("member").in_bulk(
        [pk for kind, pk, _ in found if kind == CONSENT]
    )
    marks = SuppressionMark.objects.select_related("member", "contact_point").in_bulk(
        [pk for kind, pk, _ in found if kind != CONSENT]
    )
    people = _people([*consents.values(), *marks.values()])
    return [
        _consent_line(consents[pk], people) if kind == CONSENT else _mark_line(marks[pk], people)
        for kind, pk, _ in found
    ]


def every_line(wanted: BookFilter) -> Iterator[Line]:
    """All wanted lines, some at a time: memory does not grow with the book."""
    found = iter(keys(wanted).iterator(chunk_size=CHUNK))
    while chunk := list(islice(found, CHUNK)):
        yield from lines(chunk)


def _consents(wanted: BookFilter) -> QuerySet[Consent]:
    if wanted.kind not in {"", CONSENT} or wanted.channel == ALL_CHANNELS:
        return Consent.objects.none()
    channel = Q(channel=wanted.channel) if wanted.channel else Q()
    return Consent.objects.filter(channel, _about(wanted, at="granted_at"))


def _marks(wanted: BookFilter) -> QuerySet[SuppressionMark]:
    if wanted.kind == CONSENT:
        return SuppressionMark.objects.none()
    rows = SuppressionMark.objects.filter(_about(wanted, at="at"), repeats=None)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.channel:
        rows = rows.filter(channel="" if wanted.channel == ALL_CHANNELS else wanted.channel)
    return rows


def _about(wanted: BookFilter, *, at: str) -> Q:
    zone = Organisation.current().zone
    found = Q()
    if wanted.source:
        found &= Q(source__icontains=wanted.source)
    if wanted.since:
        found &= Q(**{f"{at}__gte": datetime.combine(wanted.since, time.min, tzinfo=zone)})
    if wanted.until:
        end = datetime.combine(wanted.until + timedelta(days=1), time.min, tzinfo=zone)
        found &= Q(**{f"{at}__lt": end})
    if wanted.member_id is not None:
        found &= Q(member_id=wanted.member_id)
    return found


def _consent_line(consent: Consent, people: dict[str, str]) -> Line:
    return Line(
        kind=CONSENT,
        kind_label="Consentimento",
        pk=consent.pk,
        at=consent.granted_at,
        member=consent.member,
        channel=consent.get_channel_display(),
        contact="",
        source=consent.source,
        said=consent.text_version,
        evidence=consent.evidence,
        recorded_by=people.get(consent.actor, consent.actor),
        ended_at=consent.withdrawn_at,
        ended_because="a importação que o trouxe foi desfeita" if consent.withdrawn_at else "",
        ended_by="",
    )


def _mark_line(mark: SuppressionMark, people: dict[str, str]) -> Line:
    return Line(
        kind=mark.kind,
        kind_label=dict(KINDS)[mark.kind],
        pk=mark.pk,
        at=mark.at,
        member=mark.member,
        channel=str(Channel(mark.channel).label) if mark.channel else "Todos",
        contact=mark.contact_point.masked if mark.contact_point else "",
        source=mark.source,
        said=mark.words,
        evidence=mark.evidence,
        recorded_by=people.get(mark.actor, mark.actor),
        ended_at=mark.lifted_at,
        ended_because=mark.lifted_reason,
        ended_by=people.get(mark.lifted_by, mark.lifted_by),
    )


_PROGRAMS = {"system": "Sistema", "agent": "Robô", "member": "Membro", "cadence": "Régua", "": ""}


def _people(rows: Iterable[Consent | SuppressionMark]) -> dict[str, str]:
    """How the authors of these rows are called."""
    actors = {row.actor for row in rows} | {row.lifted_by for row in rows if isinstance(row, SuppressionMark)}
    return names_of(actors)


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """First names of the people among these actors, and what the programs are called. One query."""
    keys_of = {
        actor: int(actor.removeprefix("user:"))
        for actor in actors
        if actor.startswith("user:") and actor.removeprefix("user:").isdecimal()
    }
    users = User.objects.in_bulk(list(keys_of.values())) if keys_of else {}
    names = {
        actor: users[pk].first_name or users[pk].get_username()
        for actor, pk in keys_of.items()
        if pk in users
    }
    return _PROGRAMS | names
