"""Holidays and hours, on the member's own clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from compliance.enums import RuleId
from compliance.gate.kinds import KINDS, Grace
from compliance.gate.question import Question
from compliance.gate.result import RuleResult, defers, passes, refuses
from compliance.packs.windows import Window

_DAYS_AHEAD = 8  # a window without one opening in a week has none at all


def in_grace(ask: Question) -> bool:
    """Whether the contact follows so closely on a message or payment that hours do not matter."""
    match KINDS[ask.request.kind].grace:
        case Grace.INBOUND:
            since, length = ask.request.answers_inbound_at, ask.pack.moments.reply_grace
        case Grace.PAYMENT:
            since, length = ask.request.payment_at, ask.pack.moments.receipt_grace
        case Grace.NONE:
            return False
    return since is not None and since <= ask.now <= since + length


def holiday(ask: Question) -> RuleResult:
    day = ask.today
    if in_grace(ask):
        return passes(RuleId.HOLIDAY, grace=True)
    unknown = not ask.pack.calendar.knows(day.year)
    if (
        not unknown
        and day not in ask.situation.local_holidays
        and not ask.pack.is_holiday(day, ask.situation.state)
    ):
        return passes(RuleId.HOLIDAY, date=day.isoformat())
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=ask.situation.zone)
    sentence = f"Não há calendário de feriados para {day.year}." if unknown else ""
    return defers(RuleId.HOLIDAY, midnight, sentence, date=day.isoformat(), year_unknown=unknown)


def blackout(ask: Question) -> RuleResult:
    """Days on which we start nothing there. Whoever answers or confirms a payment goes on."""
    day, asked = ask.today, ask.request
    stopping = [
        each for each in ask.situation.blackouts if each.covers(day, kind=asked.kind, segments=asked.segments)
    ]
    if not stopping:
        return passes(RuleId.BLACKOUT)
    longest = max(stopping, key=lambda each: each.last)
    after = datetime.combine(longest.last + timedelta(days=1), datetime.min.time(), tzinfo=ask.situation.zone)
    sentence = f"Período sem contato até {longest.last:%d/%m/%Y}: {longest.name}."
    return defers(RuleId.BLACKOUT, after, sentence, period=longest.name, last_day=longest.last.isoformat())


def window(ask: Question) -> RuleResult:
    if in_grace(ask):
        return passes(RuleId.WINDOW, grace=True)
    lawful = lawful_hours(ask)
    wish = _wish(ask)
    wished = lawful if wish is None else lawful & wish
    # A wish without any lawful moment would be silence; whoever wants that opts out.
    heard = wish is not None and _has_a_moment(wished, ask)
    hours = wished if heard else lawful
    inputs = {"window": str(hours), "local": ask.local.strftime("%Y-%m-%dT%H:%M")}
    if wish is not None:
        inputs["wish"] = "heard" if heard else "impossible"
    opening = _next_opening(hours, ask)
    if opening is None:
        return refuses(RuleId.WINDOW, "A política de contato não deixa nenhum horário permitido.", **inputs)
    if opening <= ask.now:
        return passes(RuleId.WINDOW, **inputs)
    if heard and _next_opening(lawful, ask) == ask.now:
        return defers(RuleId.WINDOW, opening, f"Fora do horário que o membro pediu ({hours}).", **inputs)
    place = ask.situation.state or "estado desconhecido"
    return defers(RuleId.WINDOW, opening, f"Fora do horário permitido ({place}: {hours}).", **inputs)


def lawful_hours(ask: Question) -> Window:
    """The state's hours as settings narrow them, with what the member opened where the country hears that."""
    hours = ask.pack.window(ask.situation.state)
    if ask.pack.on_request is not None and ask.situation.requested is not None:
        hours |= ask.pack.on_request & ask.situation.requested
    return hours


def _wish(ask: Question) -> Window | None:
    """The hours the member prefers for what we start; an answer does not wait for them."""
    return ask.situation.preferred if KINDS[ask.request.kind].proactive else None


def _has_a_moment(hours: Window, ask: Question) -> bool:
    """Whether anything could leave in a week: a range no longer than the guard is none."""
    return any(
        each.length > ask.pack.moments.latency_guard
        for ranges in (hours.weekday, hours.saturday, hours.sunday)
        for each in ranges
    )


def _next_opening(hours: Window, ask: Question) -> datetime | None:
    """`now` itself when it lies in a range, else the start of the next one; None when there is none.

    Each range ends early by the latency guard, so that what leaves at its end still arrives inside it.
    """
    zone = ask.situation.zone
    for ahead in range(_DAYS_AHEAD):
        day = ask.today + timedelta(days=ahead)
        for each in hours.on(day):
            start = datetime.combine(day, each.start, tzinfo=zone)
            end = datetime.combine(day, each.end, tzinfo=zone) - ask.pack.moments.latency_guard
            if ask.now < end and start < end:
                return max(start, ask.now)
    return None
