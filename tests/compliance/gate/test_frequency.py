from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.enums import ContactKind, RuleId, Verdict
from compliance.gate.evaluate import evaluate, next_slot
from compliance.gate.request import ContactRequest
from compliance.gate.situation import InvoiceState, PastContact
from compliance.packs.model import Bounded, ContactLimits
from tests.compliance.builders import BR, NOW, SAO_PAULO, at, before, request, sent, situation

COUNTED = [ContactKind.COLLECTION, ContactKind.COMMITMENT, ContactKind.SURVEY]
FREE = [ContactKind.REPLY, ContactKind.RECEIPT, ContactKind.NOTICE, ContactKind.PRE_DUE]


def _failing(asked: ContactRequest, **changes: object) -> list[RuleId]:
    return [each.rule for each in evaluate(asked, situation(**changes), BR, NOW).failing]


@pytest.mark.parametrize("kind", COUNTED)
@pytest.mark.parametrize("channel", ["whatsapp", "email", "sms"])
def test_one_contact_a_day_over_all_channels(kind: ContactKind, channel: str) -> None:
    history = sent(at("2026-11-24 09:05"), kind=kind, channel=channel)

    result = evaluate(request(), situation(contacts=history), BR, NOW)

    assert [each.rule for each in result.failing] == [RuleId.MAX_PER_DAY, RuleId.MIN_GAP]
    assert (result.verdict, result.until) == (Verdict.DEFER, at("2026-11-26 09:05"))


@pytest.mark.parametrize("kind", FREE)
def test_what_does_not_count_holds_nothing_back(kind: ContactKind) -> None:
    history = sent(at("2026-11-24 09:05"), kind=kind)

    assert _failing(request(), contacts=history) == []


def test_refunded_contact_holds_nothing_back() -> None:
    assert _failing(request(), contacts=sent(at("2026-11-24 09:05"), counted=False)) == []


def test_day_is_the_member_s_own() -> None:
    # 23:30 of the day before in São Paulo is half past midnight of today in Noronha.
    history = sent(at("2026-11-23 23:30"), kind=ContactKind.COMMITMENT)
    asked = request(kind=ContactKind.COMMITMENT)
    noronha = situation(state="PE", zone=ZoneInfo("America/Noronha"), contacts=history)

    assert [each.rule for each in evaluate(asked, noronha, BR, NOW).failing] == [RuleId.MAX_PER_DAY]
    assert [each.rule for each in evaluate(asked, situation(contacts=history), BR, NOW).failing] == []


@pytest.mark.parametrize(("hours", "failing"), [(47.99, [RuleId.MIN_GAP]), (48, [])])
def test_gap_of_48_hours_to_the_second(hours: float, failing: list[RuleId]) -> None:
    assert _failing(request(), contacts=sent(before(NOW, hours=hours))) == failing


def test_fourth_message_in_seven_days_waits_for_the_first_to_fall_out() -> None:
    history = sent(at("2026-11-18 10:30"), at("2026-11-20 10:30"), at("2026-11-22 09:30"))

    result = evaluate(request(), situation(contacts=history), BR, NOW)

    assert [each.rule for each in result.failing] == [RuleId.MAX_MESSAGES_7D]
    assert result.until == at("2026-11-25 10:30")


def test_contact_exactly_seven_days_old_no_longer_counts() -> None:
    history = sent(before(NOW, days=7), before(NOW, days=5), before(NOW, days=3))

    assert _failing(request(), contacts=history) == []


def test_third_deferral_by_the_weekly_cap_drops_the_step() -> None:
    history = sent(before(NOW, days=6), before(NOW, days=5), before(NOW, days=3))

    verdicts = [
        evaluate(request(deferrals=count), situation(contacts=history), BR, NOW).verdict
        for count in (0, 1, 2)
    ]

    assert verdicts == [Verdict.DEFER, Verdict.DEFER, Verdict.REFUSE]


def test_ninth_contact_in_thirty_days_is_deferred() -> None:
    history = sent(*(before(NOW, days=days) for days in (29, 26, 23, 20, 17, 14, 11, 8)))

    result = evaluate(request(), situation(contacts=history), BR, NOW)

    assert [each.rule for each in result.failing] == [RuleId.MAX_PER_30D]
    assert result.until == NOW + timedelta(days=1)


def test_calls_have_a_cap_of_their_own() -> None:
    history = sent(before(NOW, days=6), before(NOW, days=4), channel="call")

    call = evaluate(
        request(channel="call", template=None),
        situation(contacts=history, contact_point_channel="call"),
        BR,
        NOW,
    )

    assert [each.rule for each in call.failing] == [RuleId.MAX_CALLS_7D]
    assert _failing(request(), contacts=history) == []


def test_setting_of_no_calls_refuses_them() -> None:
    calls = situation(contact_point_channel="call", limits=ContactLimits(max_calls_7d=0))

    result = evaluate(request(channel="call", template=None), calls, BR, NOW)

    assert [(each.rule, each.verdict) for each in result.failing] == [(RuleId.MAX_CALLS_7D, Verdict.REFUSE)]


def test_country_without_a_weekly_limit_of_calls_counts_them_with_the_rest() -> None:
    pack = replace(BR, caps=replace(BR.caps, max_calls_7d=None))
    week = situation(
        contacts=sent(before(NOW, days=6), before(NOW, days=4), before(NOW, days=3), channel="call"),
        contact_point_channel="call",
    )
    asked = request(channel="call", template=None)

    assert [each.rule for each in evaluate(asked, week, pack, NOW).failing] == []
    narrowed = replace(week, limits=ContactLimits(max_calls_7d=2))
    assert [each.rule for each in evaluate(asked, narrowed, pack, NOW).failing] == [RuleId.MAX_CALLS_7D]


THREE_DAYS = replace(
    BR, caps=replace(BR.caps, min_gap_days=3, min_gap_hours=Bounded(shipped=0, limit=0, hard=True))
)


@pytest.mark.parametrize("kind", COUNTED)
@pytest.mark.parametrize(
    ("last", "until"),
    [
        ("2026-11-22 23:30", "2026-11-25 09:00"),
        ("2026-11-22 00:10", "2026-11-25 09:00"),
        ("2026-11-21 23:59", None),
    ],
)
def test_gap_in_days_counts_dates_and_holds_for_whatever_is_capped(
    kind: ContactKind, last: str, until: str | None
) -> None:
    result = evaluate(request(kind=kind), situation(contacts=sent(at(last))), THREE_DAYS, NOW)

    assert result.until == (None if until is None else at(until))
    assert [each.rule for each in result.failing] == ([] if until is None else [RuleId.MIN_GAP])


def test_eve_and_morning_of_a_promise_may_lie_a_day_apart() -> None:
    eve = sent(before(NOW, hours=20), kind=ContactKind.COMMITMENT)

    assert _failing(request(kind=ContactKind.COMMITMENT), contacts=eve) == []
    assert _failing(request(), contacts=eve) == [RuleId.MIN_GAP]


@pytest.mark.parametrize("kind", [ContactKind.NOTICE, ContactKind.PRE_DUE])
def test_what_has_no_caps_is_not_held_back_by_past_contacts(kind: ContactKind) -> None:
    due = InvoiceState(id=7, due_on=date(2026, 11, 26), original_due_on=date(2026, 11, 26))

    assert _failing(request(kind=kind), contacts=sent(at("2026-11-24 09:05")), invoices=(due,)) == []


def _reminder(due_on: date, *reminded: datetime) -> list[RuleId]:
    invoice = InvoiceState(id=7, due_on=due_on, original_due_on=due_on)
    history = sent(*reminded, kind=ContactKind.PRE_DUE, invoice_ids=frozenset({7}))
    return _failing(request(kind=ContactKind.PRE_DUE), invoices=(invoice,), contacts=history)


def test_pre_due_reminder_goes_once_before_the_due_day() -> None:
    due_on = date(2026, 11, 26)

    assert _reminder(due_on) == []
    assert _reminder(due_on, at("2026-11-21 10:00")) == [RuleId.PRE_DUE_CAP]


def test_pre_due_reminder_goes_once_more_on_the_due_day() -> None:
    due_on = date(2026, 11, 24)

    assert _reminder(due_on, at("2026-11-21 10:00")) == []
    assert _reminder(due_on, at("2026-11-21 10:00"), at("2026-11-24 09:00")) == [RuleId.PRE_DUE_CAP]


def test_pre_due_reminder_after_the_due_day_is_refused() -> None:
    assert _reminder(date(2026, 11, 23)) == [RuleId.PRE_DUE_CAP]


def test_pre_due_reminder_of_another_invoice_does_not_count() -> None:
    due = InvoiceState(id=7, due_on=date(2026, 11, 26), original_due_on=date(2026, 11, 26))
    other = sent(at("2026-11-21 10:00"), kind=ContactKind.PRE_DUE, invoice_ids=frozenset({8}))

    assert _failing(request(kind=ContactKind.PRE_DUE), invoices=(due,), contacts=other) == []


@given(
    ages=st.lists(st.integers(1, 30 * 24 * 60), max_size=10),
    kinds=st.lists(st.sampled_from(list(ContactKind)), min_size=10, max_size=10),
)
def test_greedy_contacts_never_break_a_cap(ages: list[int], kinds: list[ContactKind]) -> None:
    """Sending as soon as the gate allows keeps to every cap, whatever came before."""
    now = datetime(2026, 3, 2, 9, 0, tzinfo=SAO_PAULO)
    log = [
        PastContact(at=now - timedelta(minutes=age), channel="whatsapp", kind=kind)
        for age, kind in zip(ages, kinds, strict=False)
    ]
    fresh: list[datetime] = []
    for _ in range(8):
        slot = next_slot(request(), situation(contacts=tuple(log)), BR, now)
        assert slot is not None
        fresh.append(slot)
        log.append(PastContact(at=slot, channel="whatsapp", kind=ContactKind.COLLECTION))
        now = slot + timedelta(minutes=1)

    counted = sorted(each.at for each in log if each.kind in COUNTED)
    for moment in fresh:
        week = [each for each in counted if moment - timedelta(days=7) < each <= moment]
        month = [each for each in counted if moment - timedelta(days=30) < each <= moment]
        earlier = [each for each in counted if each < moment]
        assert (len(week) <= 3, len(month) <= 8) == (True, True)
        assert not earlier or moment - earlier[-1] >= timedelta(hours=48)
