"""Holidays and hours, with the numbers of the acceptance list in the names."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.enums import ContactKind, RuleId, Verdict
from compliance.gate.evaluate import evaluate, next_slot
from compliance.packs.model import ContactLimits
from compliance.packs.windows import Window
from tests.compliance.builders import BR, at, reply, request, sent, situation

ACRE = ZoneInfo("America/Rio_Branco")


def _verdict(now: datetime, **changes: object) -> tuple[Verdict, datetime | None]:
    result = evaluate(request(), situation(**changes), BR, now)
    return result.verdict, result.until


def test_01_sao_paulo_saturday_14h01_is_deferred_to_monday_9h() -> None:
    assert _verdict(at("2026-11-28 14:01")) == (Verdict.DEFER, at("2026-11-30 09:00"))


def test_01_sao_paulo_saturday_before_a_holiday_monday_is_deferred_to_tuesday() -> None:
    # Monday, 2 November, is a national holiday.
    assert _verdict(at("2026-10-31 14:01")) == (Verdict.DEFER, at("2026-11-03 09:00"))


def test_01_rio_saturday_10h_is_deferred() -> None:
    assert _verdict(at("2026-11-28 10:00"), state="RJ") == (Verdict.DEFER, at("2026-11-30 09:00"))


def test_02_member_without_state_weekday_8h30_is_deferred_to_9h() -> None:
    wide = ContactLimits(window=Window.parse(weekday="08:00-20:00", saturday="08:00-14:00"))

    assert _verdict(at("2026-11-24 08:30"), state=None, limits=wide) == (
        Verdict.DEFER,
        at("2026-11-24 09:00"),
    )
    assert _verdict(at("2026-11-24 08:30"), state="SP", limits=wide) == (Verdict.ALLOW, None)


def test_03_acre_member_at_9h_of_sao_paulo_is_deferred_to_9h_of_acre() -> None:
    now = at("2026-11-24 09:00")

    verdict, until = _verdict(now, state="AC", zone=ACRE)

    assert now.astimezone(ACRE).hour == 7
    assert (verdict, until) == (Verdict.DEFER, at("2026-11-24 09:00", ACRE))


@pytest.mark.parametrize(
    ("moment", "verdict"),
    [
        ("2026-11-24 08:59", Verdict.DEFER),
        ("2026-11-24 09:00", Verdict.ALLOW),
        # The last quarter of an hour is for messages that take their time.
        ("2026-11-24 18:44", Verdict.ALLOW),
        ("2026-11-24 18:45", Verdict.DEFER),
        ("2026-11-28 12:44", Verdict.ALLOW),
        ("2026-11-28 12:45", Verdict.DEFER),
        ("2026-11-29 10:00", Verdict.DEFER),
    ],
)
def test_window_edges_hold_to_the_minute(moment: str, verdict: Verdict) -> None:
    assert _verdict(at(moment))[0] == verdict


@pytest.mark.parametrize("kind", [ContactKind.COLLECTION, ContactKind.SURVEY, ContactKind.NOTICE])
def test_every_proactive_kind_keeps_the_window(kind: ContactKind) -> None:
    result = evaluate(request(kind=kind), situation(), BR, at("2026-11-24 22:00"))

    assert (result.verdict, result.until) == (Verdict.DEFER, at("2026-11-25 09:00"))
    assert result.decisive is not None
    assert result.decisive.rule == RuleId.WINDOW


def test_lunch_split_by_a_setting_defers_to_its_end() -> None:
    lunch = ContactLimits(window=Window.parse(weekday="09:00-12:00, 13:30-19:00"))

    assert _verdict(at("2026-11-24 12:10"), limits=lunch) == (Verdict.DEFER, at("2026-11-24 13:30"))


def test_hours_the_member_asked_for_narrow_the_window() -> None:
    evening = Window.parse(weekday="18:00-22:00")

    assert _verdict(at("2026-11-24 10:00"), preferred=evening) == (Verdict.DEFER, at("2026-11-24 18:00"))
    # They never widen it.
    assert _verdict(at("2026-11-24 19:30"), preferred=evening) == (Verdict.DEFER, at("2026-11-25 18:00"))


def test_contact_outside_the_member_s_own_hours_says_so() -> None:
    wish = Window.parse(weekday="18:00-22:00")

    result = evaluate(request(), situation(preferred=wish), BR, at("2026-11-24 10:00"))

    assert result.sentence == (
        "Fora do horário que o membro pediu (seg a sex 18:00-19:00; sáb sem contato; dom sem contato)."
    )
    assert result.decisive is not None
    assert result.decisive.inputs["wish"] == "heard"


def test_contact_outside_the_law_says_that_and_not_the_wish() -> None:
    wish = Window.parse(weekday="18:00-22:00")

    result = evaluate(request(), situation(preferred=wish), BR, at("2026-11-24 21:00"))

    assert result.sentence.startswith("Fora do horário permitido (SP: seg a sex 18:00-19:00;")


@pytest.mark.parametrize(
    "wish",
    [
        Window.parse(weekday="21:00-23:00"),
        Window(),
        # Nothing leaves in the last quarter of an hour.
        Window.parse(weekday="18:50-20:00"),
    ],
)
def test_wish_without_any_lawful_moment_is_put_aside_and_noted(wish: Window) -> None:
    result = evaluate(request(), situation(preferred=wish), BR, at("2026-11-24 10:00"))

    assert result.verdict == Verdict.ALLOW
    window = next(each for each in result.results if each.rule == RuleId.WINDOW)
    assert window.inputs["wish"] == "impossible"
    assert window.inputs["window"] == "seg a sex 09:00-19:00; sáb 09:00-13:00; dom sem contato"


def test_answer_to_the_member_does_not_wait_for_the_hours_they_prefer() -> None:
    late = reply(at("2026-11-24 10:00"))
    evening = situation(preferred=Window.parse(weekday="18:00-19:00"))

    assert evaluate(late, evening, BR, at("2026-11-24 11:30")).verdict == Verdict.ALLOW


def test_holiday_defers_to_the_next_lawful_morning() -> None:
    assert _verdict(at("2026-11-20 10:00")) == (Verdict.DEFER, at("2026-11-21 09:00"))


def test_local_holiday_counts_like_any_other() -> None:
    city = frozenset({date(2026, 11, 24), date(2026, 11, 25)})

    assert _verdict(at("2026-11-24 10:00"), local_holidays=city) == (Verdict.DEFER, at("2026-11-26 09:00"))


def test_unknown_state_keeps_the_holidays_of_every_state() -> None:
    # 9 July is São Paulo's alone.
    assert _verdict(at("2026-07-09 10:00"), state=None)[0] == Verdict.DEFER
    assert _verdict(at("2026-07-09 10:00"), state="MG")[0] == Verdict.ALLOW


def test_year_without_calendar_lets_nothing_leave() -> None:
    result = evaluate(request(invoice_ids=()), situation(invoices=()), BR, at("2040-03-06 10:00"))

    assert result.verdict == Verdict.REFUSE
    assert [each.rule for each in result.failing] == [RuleId.HOLIDAY, RuleId.NO_SLOT]


def test_09_reply_at_23h10_leaves_and_a_step_ten_minutes_later_is_deferred() -> None:
    inbound = at("2026-11-24 23:10")
    answer = reply(inbound)

    assert evaluate(answer, situation(), BR, inbound + timedelta(seconds=20)).verdict == Verdict.ALLOW
    assert _verdict(inbound + timedelta(minutes=10)) == (Verdict.DEFER, at("2026-11-25 09:00"))


@pytest.mark.parametrize(
    ("minutes", "verdict"), [(0, Verdict.ALLOW), (60, Verdict.ALLOW), (61, Verdict.DEFER)]
)
def test_reply_is_free_of_hours_for_sixty_minutes(minutes: int, verdict: Verdict) -> None:
    inbound = at("2026-11-29 22:00")  # a Sunday

    result = evaluate(reply(inbound), situation(), BR, inbound + timedelta(minutes=minutes))

    assert result.verdict == verdict
    assert result.until == (None if verdict == Verdict.ALLOW else at("2026-11-30 09:00"))


@pytest.mark.parametrize(("minutes", "verdict"), [(10, Verdict.ALLOW), (11, Verdict.DEFER)])
def test_receipt_is_free_of_hours_for_ten_minutes(minutes: int, verdict: Verdict) -> None:
    paid = at("2026-11-20 23:00")  # a holiday
    thanks = request(kind=ContactKind.RECEIPT, payment_at=paid, invoice_ids=())

    result = evaluate(thanks, situation(last_payment_at=paid), BR, paid + timedelta(minutes=minutes))

    assert result.verdict == verdict


def test_deferral_finds_an_instant_that_suits_every_rule_of_time() -> None:
    # The gap ends on Friday 20 November at 18:50: past the last minute, and on a holiday.
    history = sent(at("2026-11-18 18:50"))

    assert _verdict(at("2026-11-19 10:00"), contacts=history) == (Verdict.DEFER, at("2026-11-21 09:00"))


def test_next_slot_is_now_when_nothing_stands_in_the_way() -> None:
    now = at("2026-11-24 10:00")

    assert next_slot(request(), situation(), BR, now) == now


def test_next_slot_ignores_what_time_does_not_cure() -> None:
    now = at("2026-11-24 20:00")

    assert next_slot(request(), situation(opted_in=False), BR, now) == at("2026-11-25 09:00")


def test_next_slot_under_a_policy_with_no_hour_is_none() -> None:
    closed = situation(limits=ContactLimits(window=Window()))

    assert next_slot(request(), closed, BR, at("2026-11-24 10:00")) is None


MOMENTS = st.integers(0, 700 * 24 * 60).map(
    lambda minutes: at("2026-01-01 00:00") + timedelta(minutes=minutes)
)
PLACES = st.sampled_from(
    [
        ("SP", "America/Sao_Paulo"),
        ("RJ", "America/Sao_Paulo"),
        ("AM", "America/Manaus"),
        ("AC", "America/Rio_Branco"),
        ("PE", "America/Noronha"),
        (None, "America/Sao_Paulo"),
    ]
)


@given(now=MOMENTS, place=PLACES, ages=st.lists(st.integers(0, 40 * 24), max_size=6))
def test_a_deferred_contact_may_really_leave_at_the_instant_it_was_put_off_to(
    now: datetime, place: tuple[str | None, str], ages: list[int]
) -> None:
    history = sent(*(now - timedelta(hours=age) for age in ages))
    there = situation(state=place[0], zone=ZoneInfo(place[1]), contacts=history)

    slot = next_slot(request(), there, BR, now)

    assert slot is not None
    assert slot >= now
    later = evaluate(request(), there, BR, slot)
    timed = {RuleId.HOLIDAY, RuleId.WINDOW, RuleId.MAX_PER_DAY, RuleId.MAX_MESSAGES_7D, RuleId.MIN_GAP}
    assert [each.rule for each in later.failing if each.rule in timed] == []


@given(now=MOMENTS, place=PLACES)
def test_no_contact_of_ours_ever_starts_outside_the_limit_of_its_state(
    now: datetime, place: tuple[str | None, str]
) -> None:
    there = situation(state=place[0], zone=ZoneInfo(place[1]), invoices=())
    verdict = evaluate(request(invoice_ids=()), there, BR, now).verdict
    local = now.astimezone(ZoneInfo(place[1]))
    ranges = BR.windows(place[0]).limit.on(local.date())

    if verdict == Verdict.ALLOW:
        assert any(each.start <= local.time() < each.end for each in ranges)
        assert not BR.is_holiday(local.date(), place[0])


def _wishes() -> st.SearchStrategy[Window]:
    ranges = st.lists(
        st.tuples(st.integers(0, 23), st.integers(1, 24)).filter(lambda pair: pair[0] < pair[1]), max_size=2
    )
    texts = ranges.map(
        lambda pairs: ", ".join(f"{a:02}:00-{b:02}:00" for a, b in _apart(pairs) if b < 24) or "none"
    )
    return st.builds(lambda week, sat: Window.parse(weekday=week, saturday=sat), texts, texts)


def _apart(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    first, *rest = sorted(pairs) or [(0, 24)]
    return [first, *(pair for pair in rest if pair[0] >= first[1])]


@given(now=MOMENTS, place=PLACES, wish=_wishes())
def test_no_preference_lets_leave_what_would_not_leave_without_it(
    now: datetime, place: tuple[str | None, str], wish: Window
) -> None:
    there = {"state": place[0], "zone": ZoneInfo(place[1]), "invoices": ()}
    asked = request(invoice_ids=())

    free = evaluate(asked, situation(**there), BR, now)
    narrowed = evaluate(asked, situation(**there, preferred=wish), BR, now)

    if narrowed.verdict == Verdict.ALLOW:
        assert free.verdict == Verdict.ALLOW
    # Nor does any keep somebody silent for ever.
    assert (narrowed.verdict == Verdict.REFUSE) == (free.verdict == Verdict.REFUSE)
    if narrowed.until is not None:
        assert evaluate(asked, situation(**there), BR, narrowed.until).verdict == Verdict.ALLOW
