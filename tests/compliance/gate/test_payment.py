from datetime import timedelta

import pytest

from compliance.enums import ContactKind, RuleId, Verdict
from compliance.gate.evaluate import evaluate
from compliance.gate.request import ContactRequest
from compliance.packs.model import ContactLimits
from tests.compliance.builders import BR, NOW, before, reply, request, situation


def _failing(asked: ContactRequest, **changes: object) -> list[RuleId]:
    return [each.rule for each in evaluate(asked, situation(**changes), BR, NOW).failing]


def test_10_payment_between_planning_and_sending_refuses() -> None:
    planned = evaluate(request(), situation(), BR, NOW)
    sending = evaluate(
        request(), situation(last_payment_at=NOW + timedelta(seconds=30)), BR, NOW + timedelta(minutes=1)
    )

    assert planned.verdict == Verdict.ALLOW
    assert (sending.verdict, sending.failing[0].rule) == (Verdict.REFUSE, RuleId.RECENT_PAYMENT)


@pytest.mark.parametrize(("minutes", "failing"), [(59, [RuleId.RECENT_PAYMENT]), (60, [])])
@pytest.mark.parametrize("kind", [ContactKind.COLLECTION, ContactKind.COMMITMENT, ContactKind.NOTICE])
def test_payment_of_the_last_hour_stops_what_asks_for_money(
    kind: ContactKind, minutes: int, failing: list[RuleId]
) -> None:
    assert _failing(request(kind=kind), last_payment_at=before(NOW, minutes=minutes)) == failing


def test_payment_of_the_last_hour_does_not_stop_an_answer() -> None:
    assert _failing(reply(before(NOW, minutes=2)), last_payment_at=before(NOW, minutes=1)) == []


@pytest.mark.parametrize(("minutes", "verdict"), [(60, Verdict.ALLOW), (61, Verdict.DEFER)])
def test_stale_balance_waits_for_a_new_reading(minutes: int, verdict: Verdict) -> None:
    result = evaluate(request(), situation(balance_as_of=before(NOW, minutes=minutes)), BR, NOW)

    assert (result.verdict, result.until) == (
        verdict,
        None if verdict == Verdict.ALLOW else NOW + timedelta(minutes=15),
    )


def test_stale_balance_near_the_end_of_the_day_waits_for_the_morning() -> None:
    evening = NOW.replace(hour=18, minute=40)

    result = evaluate(request(), situation(balance_as_of=before(evening, hours=5)), BR, evening)

    assert result.until == (NOW + timedelta(days=1)).replace(hour=9)


def test_setting_may_ask_for_a_fresher_balance() -> None:
    strict = ContactLimits(balance_max_age_minutes=5)

    assert _failing(request(), balance_as_of=before(NOW, minutes=6), limits=strict) == [RuleId.BALANCE_STALE]


def test_receipt_of_nothing_is_refused() -> None:
    assert _failing(request(kind=ContactKind.RECEIPT, invoice_ids=())) == [RuleId.RECEIPT_WITHOUT_PAYMENT]
