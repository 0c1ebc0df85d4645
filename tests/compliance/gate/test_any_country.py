"""Whatever a validated setting says, in every country: slots lie inside the law, and narrowing only narrows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from compliance.enums import ContactKind
from compliance.gate.evaluate import HORIZON, next_slot
from compliance.gate.kinds import KINDS, is_capped, is_counted
from compliance.gate.situation import PastContact, Situation
from compliance.packs import narrowing
from compliance.packs.loader import load_pack
from compliance.packs.model import Bounded, ContactLimits, RulePack
from compliance.packs.windows import TimeRange, Window
from tests.compliance.builders import request, situation
from tests.compliance.packs.test_countries import COUNTRIES

START, DAYS = datetime(2026, 1, 5, tzinfo=UTC), 350
CHANNELS = ("whatsapp", "email", "call")
PROACTIVE = [kind for kind in ContactKind if KINDS[kind].proactive and kind != ContactKind.PRE_DUE]


def packs() -> st.SearchStrategy[RulePack]:
    return st.sampled_from(COUNTRIES).map(load_pack)


@st.composite
def narrower(draw: st.DrawFn, outer: tuple[TimeRange, ...]) -> tuple[TimeRange, ...]:
    """Some ranges inside `outer`, none too short to be used."""
    found = []
    for each in outer:
        first, last = each.start.hour * 2, each.end.hour * 2
        if draw(st.booleans()):
            start = draw(st.integers(first, last - 1))
            end = draw(st.integers(start + 1, last))
            found.append(TimeRange(time(start // 2, start % 2 * 30), time(end // 2, end % 2 * 30)))
    return tuple(found)


def at_most(bounded: Bounded | None) -> st.SearchStrategy[int | None]:
    if bounded is not None and bounded.hard:
        return st.none()
    return st.none() | st.integers(1, 5 if bounded is None else bounded.limit)


@st.composite
def accepted(draw: st.DrawFn, pack: RulePack) -> ContactLimits:
    """Settings that validation lets pass."""
    limit = pack.default_windows.limit
    window = Window(draw(narrower(limit.weekday)), draw(narrower(limit.saturday)))
    caps, least = pack.caps, pack.caps.min_gap_hours
    limits = ContactLimits(
        window=window if window.weekday or window.saturday else None,
        max_messages_7d=draw(at_most(caps.max_messages_7d)),
        max_calls_7d=draw(at_most(caps.max_calls_7d)),
        max_per_30d=draw(at_most(caps.max_per_30d)),
        min_gap_hours=None if least.hard else draw(st.none() | st.integers(least.limit, least.limit + 96)),
    )
    narrowing.check(pack, limits)
    return limits


@st.composite
def members(draw: st.DrawFn, pack: RulePack) -> Situation:
    """A member somewhere in the country, with what was sent to them lately."""
    state = draw(st.none() | st.sampled_from(sorted(pack.zones.states)))
    zone = pack.zones.of(state=state) or ZoneInfo(pack.zones.default)
    return situation(
        state=state, zone=zone, opted_in=True, limits=draw(accepted(pack)), contacts=tuple(draw(past()))
    )


@st.composite
def past(draw: st.DrawFn) -> list[PastContact]:
    hours = draw(st.lists(st.integers(1, 30 * 24), max_size=6))
    now = START + timedelta(days=40)
    return [
        PastContact(
            at=now - timedelta(hours=each),
            channel=draw(st.sampled_from(CHANNELS)),
            kind=draw(st.sampled_from(list(ContactKind))),
            counted=draw(st.booleans()),
        )
        for each in hours
    ]


@given(data=st.data(), pack=packs(), minutes=st.integers(0, DAYS * 24 * 60))
def test_next_slot_lies_inside_the_law_and_on_no_holiday(
    data: st.DataObject, pack: RulePack, minutes: int
) -> None:
    there = replace(data.draw(members(pack)), contacts=())
    asked = request(kind=data.draw(st.sampled_from(PROACTIVE)), channel=data.draw(st.sampled_from(CHANNELS)))
    now = START + timedelta(minutes=minutes)

    slot = next_slot(asked, there, pack, now)
    assume(slot is not None)  # a setting of Saturdays only leaves none where the state has no Saturday

    assert slot is not None
    assert now <= slot <= now + HORIZON
    local = there.local(slot)
    assert any(each.start <= local.time() < each.end for each in pack.windows(there.state).limit.on(local))
    assert not pack.is_holiday(local.date(), there.state)


@given(data=st.data(), pack=packs())
def test_whoever_writes_at_every_slot_keeps_to_every_cap(data: st.DataObject, pack: RulePack) -> None:
    there = data.draw(members(pack))
    kind = data.draw(st.sampled_from(PROACTIVE))
    channel = data.draw(st.sampled_from(CHANNELS))
    assume(is_capped(kind, pre_due_counted=pack.caps.pre_due_counted))
    now, log, fresh = START + timedelta(days=40), list(there.contacts), []
    for _ in range(6):
        slot = next_slot(request(kind=kind, channel=channel), replace(there, contacts=tuple(log)), pack, now)
        if slot is None:
            break
        fresh.append(slot)
        log.append(PastContact(at=slot, channel=channel, kind=kind))
        now = slot + timedelta(minutes=1)

    narrowed = narrowing.apply(pack, there.limits)
    counted = sorted(
        (
            each
            for each in log
            if each.counted and is_counted(each.kind, pre_due_counted=pack.caps.pre_due_counted)
        ),
        key=lambda each: each.at,
    )
    limits = {
        "messages": (pack.channels.messages, 7, narrowed.max_messages_7d),
        "calls": (pack.channels.calls, 7, narrowed.max_calls_7d),
        "month": (pack.channels.messages | pack.channels.calls | {"visit"}, 30, narrowed.max_per_30d),
    }
    for moment in fresh:
        for channels, days, most in limits.values():
            if channel in channels and most is not None:
                recent = [
                    each
                    for each in counted
                    if each.channel in channels and moment - timedelta(days=days) < each.at <= moment
                ]
                assert len(recent) <= most
        earlier = [each.at for each in counted if each.at < moment]
        if earlier:
            local, last = there.local(moment), there.local(earlier[-1])
            assert (local.date() - last.date()).days >= max(1, pack.caps.min_gap_days)
            if KINDS[kind].gap:
                assert moment - earlier[-1] >= narrowed.min_gap


@given(data=st.data(), pack=packs(), minutes=st.integers(0, DAYS * 24 * 60))
def test_narrower_settings_never_bring_a_contact_forward(
    data: st.DataObject, pack: RulePack, minutes: int
) -> None:
    loose = data.draw(members(pack))
    tight = replace(loose, limits=_tighter(loose.limits, data.draw(accepted(pack)), pack))
    asked = request(channel=data.draw(st.sampled_from(CHANNELS)))
    now = START + timedelta(minutes=minutes)

    early, late = next_slot(asked, loose, pack, now), next_slot(asked, tight, pack, now)

    assert late is None or (early is not None and early <= late)


def _tighter(one: ContactLimits, other: ContactLimits, pack: RulePack) -> ContactLimits:
    """At least as tight as both in every respect."""
    first, second = narrowing.apply(pack, one), narrowing.apply(pack, other)

    def fewer(name: str) -> int | None:
        values = [value for each in (first, second) if (value := getattr(each, name)) is not None]
        return min(values, default=None)

    windows = [each.window for each in (one, other) if each.window is not None] or [
        pack.default_windows.shipped
    ]
    window = windows[0]
    for each in windows[1:]:
        window = window & each
    return ContactLimits(
        window=window & pack.default_windows.shipped if len(windows) == 1 and one.window is None else window,
        max_messages_7d=fewer("max_messages_7d"),
        max_calls_7d=fewer("max_calls_7d"),
        max_per_30d=fewer("max_per_30d"),
        min_gap_hours=int(max(first.min_gap, second.min_gap).total_seconds() // 3600),
    )
