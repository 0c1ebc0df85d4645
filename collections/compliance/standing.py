"""What the gate has to know about many members, whatever it is asked about them, in a constant number of queries.

`Standing.situation` makes of it the situation of one contact at one instant. A rehearsal lets the past of a
standing grow contact by contact; nothing of it is written down.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max, Min, Q

from billing.freshness import balance_source
from billing.models import Payment
from cases.enums import CaseState, EscalationReason
from cases.models import Case, Escalation, Hold
from commons.models import Organisation
from commons.text import fold
from compliance import blackouts as blackout_calendar
from compliance.enums import ContactKind, LedgerOutcome
from compliance.gate.evaluate import HORIZON
from compliance.gate.kinds import KINDS
from compliance.gate.situation import (
    BlackoutDays,
    InvoiceState,
    OpenHold,
    PastContact,
    Situation,
    StoppedSwitch,
)
from compliance.hours_requests import hours_requests_in_force
from compliance.models import ContactLedgerEntry, ContactSettings, LocalHoliday
from compliance.packs import narrowing
from compliance.packs.model import ContactLimits, RulePack
from compliance.packs.windows import Window
from compliance.places import country_pack, member_zone
from compliance.preferred import preferred_hours
from compliance.switches import current_stops
from members import hashes
from members.enums import Blocked, ContactPointState, MarkKind
from members.models import Consent, Member, SuppressionMark
from members.selectors import preferences_of

# Far enough back for every cap and for the longest silence.
HISTORY = timedelta(days=150)
# Whoever answers for them is not, or not safely, the member.
_NOT_THE_MEMBER = {Blocked.DECEASED.value, Blocked.MINOR.value}


@dataclass(frozen=True, slots=True)
class House:
    """What is the same for every member."""

    organisation: Organisation
    limits: ContactLimits
    switches: tuple[StoppedSwitch, ...]
    # How old the balance is where the truth is kept.
    balance_age: timedelta

    @classmethod
    def current(cls, *, now: datetime, settings: ContactSettings | None = None) -> House:
        return cls(
            organisation=Organisation.current(),
            limits=(settings or ContactSettings.current()).limits,
            switches=current_stops(now=now),
            balance_age=balance_source().freshness(now=now),
        )

    @property
    def creditor_names(self) -> frozenset[str]:
        return self.organisation.names


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a contact goes, as it is recorded: whose it is, which channel, in which state."""

    member_id: int
    channel: str
    state: str


@dataclass(slots=True)
class Standing:
    """One member before the gate. `contacts` are in the order of time; `grow` adds one that left."""

    house: House
    pack: RulePack
    member_id: int
    country_known: bool
    state: str | None
    zone: ZoneInfo
    blocked: str
    birth_date: date | None
    opted_in: frozenset[str]
    opted_out: frozenset[str]
    last_payment_at: datetime | None
    case_id: int
    case_state: str | None
    holds: tuple[tuple[datetime, OpenHold], ...]
    silenced: bool
    contacts: tuple[PastContact, ...]
    last_written: datetime | None
    never_contacted: bool
    local_holidays: frozenset[date]
    blackouts: tuple[BlackoutDays, ...]
    preferred: Window | None
    requested: Window | None
    silent: list[datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.silent = sorted(each.at for each in self.contacts if self._is_unanswered(each))

    def grow(self, contact: PastContact) -> None:
        """One more contact left."""
        self.contacts = (*self.contacts, contact)
        self.never_contacted = False
        if self._is_unanswered(contact):
            self.silent.append(contact.at)

    def copy(self) -> Standing:
        """Another one to start from: what is done to the one is not seen in the other."""
        return replace(self, silent=[])

    def release(self, reason: str) -> None:
        """The holds of one reason are over."""
        self.holds = tuple(each for each in self.holds if each[1].reason != reason)

    def situation(
        self,
        *,
        now: datetime,
        recipient: Recipient | None,
        channel: str,
        invoices: tuple[InvoiceState, ...],
    ) -> Situation:
        """The situation of a contact about `invoices` at `now`, which never lies before that of another call."""
        self._forget(before=now - HISTORY)
        blocked = self.blocked or minor_flag(
            self.birth_date, today=now.astimezone(self.zone).date(), adult_age=self.pack.recipients.adult_age
        )
        confirmed = recipient is not None and recipient.state == ContactPointState.CONFIRMED
        return Situation(
            member_id=self.member_id,
            state=self.state,
            zone=self.zone,
            country_known=self.country_known,
            contact_point_member_id=None if recipient is None else recipient.member_id,
            contact_point_channel="" if recipient is None else recipient.channel,
            contact_point_state="" if recipient is None else recipient.state,
            identity_confirmed=confirmed and not self.silenced and blocked not in _NOT_THE_MEMBER,
            original_creditor=self.house.organisation.original_creditor,
            switches=self.house.switches,
            blocked=blocked,
            opted_in=channel in self.opted_in,
            opted_out=self.opted_out,
            case_state=self.case_state,
            holds=tuple(
                hold
                for starts_at, hold in self.holds
                if starts_at <= now and (hold.ends_at is None or hold.ends_at > now)
            ),
            invoices=invoices,
            last_payment_at=self.last_payment_at,
            balance_as_of=now - self.house.balance_age,
            contacts=self.contacts,
            unanswered=len(self.silent),
            silent_since=self.silent[0] if self.silent else None,
            never_contacted=self.never_contacted,
            creditor_names=self.house.creditor_names,
            local_holidays=self.local_holidays,
            blackouts=self.blackouts,
            preferred=self.preferred,
            requested=self.requested,
            limits=self.house.limits,
        )

    def _forget(self, *, before: datetime) -> None:
        """What is older than the history that anybody asks about."""
        while self.silent and self.silent[0] <= before:
            del self.silent[0]
        if self.contacts and self.contacts[0].at <= before:
            self.contacts = tuple(each for each in self.contacts if each.at > before)

    def _is_unanswered(self, contact: PastContact) -> bool:
        return (
            contact.counted
            and KINDS[contact.kind].proactive
            and (self.last_written is None or contact.at > self.last_written)
        )


def load_standings(
    member_ids: Collection[int],
    *,
    now: datetime,
    until: datetime,
    house: House | None = None,
    case_id: int | None = None,
    without_decision: int | None = None,
) -> dict[int, Standing]:
    """By member id, good for contacts from `now` to `until`.

    `case_id`: the only case that is looked at, instead of each member's open or newest. `without_decision`: a
    decision whose own contact must not count.
    """
    ids = list(member_ids)
    members = list(
        Member.objects.filter(pk__among=ids).only(
            "pk", "country", "uf", "city", "timezone", "blocked", "birth_date", "document_hash", "external_id"
        )
    )
    house = house or House.current(now=now)
    organisation = house.organisation
    consents = _grouped(
        Consent.objects.filter(member_id__among=ids, withdrawn_at=None).values_list("member_id", "channel")
    )
    refusals = _opt_outs(members)
    paid = dict(
        Payment.objects.filter(member_id__among=ids)
        .order_by()
        .values_list("member_id")
        .annotate(last=Max("paid_at"))
    )
    cases = _cases(ids, only=case_id)
    holds = _holds([pk for pk, _ in cases.values()], since=now)
    silenced = set(
        Escalation.objects.filter(
            case__member_id__among=ids, resolved_at=None, reason__in=EscalationReason.silencing_identity()
        ).values_list("case__member_id", flat=True)
    )
    past = _Past(ids, since=now - HISTORY, without_decision=without_decision)
    blackouts = blackout_calendar.Calendar(now=now, until=until)
    holidays = _Holidays(now=now, until=until, home=organisation.country)
    found = {}
    preferences = preferences_of(ids)
    narrowed: dict[str, RulePack] = {}
    packs = {member.pk: country_pack(member.country, organisation) for member in members}
    asking = [pk for pk, (pack, _) in packs.items() if pack.on_request is not None]
    requests = hours_requests_in_force(asking) if asking else {}
    for member in members:
        pack, country_known = packs[member.pk]
        if pack.country not in narrowed:
            narrowed[pack.country] = narrowing.apply(pack, house.limits)
        state = pack.known_state(member.uf)
        case, case_state = cases.get(member.pk, (0, None))
        asked = requests.get(member.pk)
        first, last_written = past.ever.get(member.pk, (None, None))
        found[member.pk] = Standing(
            house=house,
            pack=narrowed[pack.country],
            member_id=member.pk,
            country_known=country_known,
            state=state,
            zone=member_zone(member, pack=pack, organisation=organisation),
            blocked=member.blocked,
            birth_date=member.birth_date,
            opted_in=frozenset(consents.get(member.pk, ())),
            opted_out=frozenset(refusals.get(member.pk, ())),
            last_payment_at=paid.get(member.pk),
            case_id=case,
            case_state=case_state,
            holds=tuple(holds.get(case, ())),
            silenced=member.pk in silenced,
            contacts=past.contacts.get(member.pk, ()),
            last_written=last_written,
            never_contacted=first is None,
            local_holidays=holidays.of(country=pack.country, state=state, city=member.city),
            blackouts=blackouts.of(country=pack.country, state=state, city=member.city),
            preferred=preferred_hours(preferences[member.pk], pack=pack, state=state),
            requested=None if asked is None else asked.window,
        )
    return found


def _grouped(rows: Iterable[tuple[int, str]]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for key, value in rows:
        found[key].add(value)
    return found


def _opt_outs(members: list[Member]) -> dict[int, set[str]]:
    """The channels refused by each person, on any of their documents, codes or rows."""
    owners: dict[str, list[int]] = defaultdict(list)
    for member in members:
        for subject in hashes.subject_hashes(member):
            owners[subject].append(member.pk)
    marks = SuppressionMark.objects.filter(kind=MarkKind.OPT_OUT, lifted_at=None).filter(
        Q(subject_hash__among=list(owners)) | Q(member_id__among=[member.pk for member in members])
    )
    found: dict[int, set[str]] = defaultdict(set)
    for member_id, subject, channel in marks.values_list("member_id", "subject_hash", "channel"):
        for owner in {member_id, *owners.get(subject, ())}:
            found[owner].add(channel)
    return found


def _cases(member_ids: list[int], *, only: int | None) -> dict[int, tuple[int, str]]:
    """Of each member the case asked for, else the open one, else the newest: its id and state."""
    rows = Case.objects.filter(member_id__among=member_ids).order_by("opened_at", "pk")
    if only is not None:
        rows = rows.filter(pk=only)
    found: dict[int, tuple[int, str]] = {}
    for pk, member_id, state in rows.values_list("pk", "member_id", "state"):
        known = found.get(member_id)
        if known is None or known[1] == CaseState.SETTLED or state != CaseState.SETTLED:
            found[member_id] = (pk, state)
    return found


def _holds(case_ids: list[int], *, since: datetime) -> dict[int, list[tuple[datetime, OpenHold]]]:
    rows = Hold.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=since), case_id__among=case_ids, released_at=None
    ).order_by("pk")
    found: dict[int, list[tuple[datetime, OpenHold]]] = defaultdict(list)
    for hold in rows:
        opened = OpenHold(hold.reason, frozenset(hold.invoice_ids), hold.ends_at)
        found[hold.case_id].append((hold.starts_at, opened))
    return found


class _Past:
    """Past contacts, and since when each member has not answered any."""

    def __init__(self, member_ids: list[int], *, since: datetime, without_decision: int | None) -> None:
        ledger = ContactLedgerEntry.objects.filter(member_id__among=member_ids)
        if without_decision is not None:
            ledger = ledger.exclude(decision_id=without_decision)
        wrote = Q(outcome=LedgerOutcome.ANSWERED) | Q(outcome=LedgerOutcome.SENT, kind=ContactKind.REPLY)
        self.ever: Mapping[int, tuple[datetime | None, datetime | None]] = {
            row["member_id"]: (row["first"], row["last"])
            for row in ledger.order_by()
            .values("member_id")
            .annotate(first=Min("at", filter=Q(outcome=LedgerOutcome.SENT)), last=Max("at", filter=wrote))
        }
        rows = list(
            ledger.filter(at__gt=since)
            .exclude(outcome=LedgerOutcome.ANSWERED)
            .order_by("at", "pk")
            .values_list("pk", "member_id", "outcome", "refunds_id", "at", "channel", "kind", "invoice_ids")
        )
        refunded = {row[3] for row in rows if row[3] is not None}
        found: dict[int, list[PastContact]] = defaultdict(list)
        for pk, member_id, outcome, _, at, channel, kind, invoice_ids in rows:
            if outcome == LedgerOutcome.SENT:
                found[member_id].append(
                    PastContact(
                        at=at,
                        channel=channel,
                        kind=ContactKind(kind),
                        counted=pk not in refunded,
                        invoice_ids=frozenset(invoice_ids),
                    )
                )
        self.contacts = {member_id: tuple(each) for member_id, each in found.items()}


class _Holidays:
    """Local holidays of the span, by place; a place is looked up once."""

    def __init__(self, *, now: datetime, until: datetime, home: str) -> None:
        span = (now.date() - timedelta(days=1), (until + HORIZON).date() + timedelta(days=30))
        self._rows = list(
            LocalHoliday.objects.filter(date__range=span).values_list(
                "date", "country", "state", "folded_city"
            )
        )
        self._home = home
        self._known: dict[tuple[str, str | None, str], frozenset[date]] = {}

    def of(self, *, country: str, state: str | None, city: str) -> frozenset[date]:
        key = (country, state, city)
        if key not in self._known:
            self._known[key] = frozenset(self._days(country, state, fold(city)))
        return self._known[key]

    def _days(self, country: str, state: str | None, city: str) -> Iterable[date]:
        countries = {"", country} if country == self._home else {country}
        for day, where, uf, town in self._rows:
            if where in countries and (state is None or (uf in {"", state} and town in {"", city})):
                yield day


def minor_flag(born: date | None, *, today: date, adult_age: int) -> str:
    """The block of whoever is not of age yet; empty for adults and where no birth date is known."""
    if born is None:
        return ""
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return Blocked.MINOR.value if age < adult_age else ""
