"""Days on which we start nothing, as the gate reads them."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from compliance.enums import BlackoutStops, ContactKind, RuleId, Verdict
from compliance.gate.evaluate import evaluate
from compliance.gate.situation import BlackoutDays
from tests.compliance.builders import BR, INVOICE, at, reply, request, situation

FLOOD = BlackoutDays(
    name="Enchente", first=date(2026, 11, 24), last=date(2026, 11, 26), stops=BlackoutStops.BOTH.kinds
)


def test_contact_waits_for_the_first_lawful_moment_after_the_last_day() -> None:
    result = evaluate(request(), situation(blackouts=(FLOOD,)), BR, at("2026-11-24 10:00"))

    assert (result.verdict, result.until) == (Verdict.DEFER, at("2026-11-27 09:00"))
    assert result.sentence == "Período sem contato até 26/11/2026: Enchente."
    assert result.decisive is not None
    assert (result.decisive.rule, dict(result.decisive.inputs)) == (
        RuleId.BLACKOUT,
        {"period": "Enchente", "last_day": "2026-11-26"},
    )


@pytest.mark.parametrize(
    ("moment", "verdict"),
    [
        ("2026-11-23 18:00", Verdict.ALLOW),
        ("2026-11-24 09:00", Verdict.DEFER),
        ("2026-11-26 18:00", Verdict.DEFER),
        ("2026-11-27 09:00", Verdict.ALLOW),
    ],
)
def test_both_its_first_and_its_last_day_count(moment: str, verdict: Verdict) -> None:
    assert evaluate(request(), situation(blackouts=(FLOOD,)), BR, at(moment)).verdict == verdict


def test_days_are_those_of_the_member_s_own_clock() -> None:
    # At one in the morning of São Paulo it is still the eve in Acre.
    acre = situation(
        state="AC",
        zone=ZoneInfo("America/Rio_Branco"),
        blackouts=(BlackoutDays("Luto", date(2026, 11, 25), date(2026, 11, 25), BlackoutStops.BOTH.kinds),),
    )

    rules = {each.rule for each in evaluate(request(), acre, BR, at("2026-11-25 01:00")).failing}

    assert rules == {RuleId.WINDOW}


@pytest.mark.parametrize(
    ("stops", "stopped"),
    [
        (
            BlackoutStops.COLLECTION,
            {ContactKind.COLLECTION, ContactKind.COMMITMENT, ContactKind.NOTICE, ContactKind.SURVEY},
        ),
        (BlackoutStops.PRE_DUE, {ContactKind.PRE_DUE}),
        (
            BlackoutStops.BOTH,
            {
                ContactKind.COLLECTION,
                ContactKind.COMMITMENT,
                ContactKind.NOTICE,
                ContactKind.SURVEY,
                ContactKind.PRE_DUE,
            },
        ),
    ],
)
def test_only_what_it_says_is_stopped(stops: BlackoutStops, stopped: set[ContactKind]) -> None:
    days = BlackoutDays("Férias", date(2026, 11, 24), date(2026, 11, 24), stops.kinds)
    now = at("2026-11-24 10:00")

    found = {
        kind
        for kind in ContactKind
        if RuleId.BLACKOUT
        in {each.rule for each in evaluate(request(kind=kind), situation(blackouts=(days,)), BR, now).failing}
    }

    assert found == stopped


def test_who_wrote_is_answered() -> None:
    now = at("2026-11-24 11:30")

    answer = reply(at("2026-11-24 10:00"))

    assert evaluate(answer, situation(blackouts=(FLOOD,)), BR, now).verdict == Verdict.ALLOW


def test_period_of_a_segment_is_for_those_in_it() -> None:
    students = BlackoutDays("Provas", FLOOD.first, FLOOD.last, FLOOD.stops, segment="alunos")
    there, now = situation(blackouts=(students,)), at("2026-11-24 10:00")

    assert evaluate(request(segments=("alunos",)), there, BR, now).verdict == Verdict.DEFER
    assert evaluate(request(segments=("outros",)), there, BR, now).verdict == Verdict.ALLOW


def test_period_that_ends_before_a_holiday_waits_for_that_too() -> None:
    # 20 November is a holiday, 21 a Saturday.
    days = BlackoutDays("Luto", date(2026, 11, 18), date(2026, 11, 19), FLOOD.stops)

    result = evaluate(
        request(), situation(blackouts=(days,), invoices=(INVOICE,)), BR, at("2026-11-18 10:00")
    )

    assert result.until == at("2026-11-21 09:00")
