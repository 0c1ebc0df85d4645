from datetime import date, datetime, timedelta

import pytest

from cases.enums import HoldReason
from compliance.enums import ContactKind, RuleId, Verdict
from compliance.gate.evaluate import evaluate
from compliance.gate.request import ContactRequest
from compliance.gate.situation import InvoiceState, OpenHold
from tests.compliance.builders import BR, INVOICE, NOW, at, before, reply, request, sent, situation


def _failing(asked: ContactRequest, **changes: object) -> list[RuleId]:
    return [each.rule for each in evaluate(asked, situation(**changes), BR, NOW).failing]


def _receipt() -> ContactRequest:
    return request(kind=ContactKind.RECEIPT, payment_at=before(NOW, minutes=5), invoice_ids=())


STOPPED_BY = {
    ContactKind.COLLECTION: set(HoldReason),
    ContactKind.PRE_DUE: set(HoldReason),
    ContactKind.COMMITMENT: set(HoldReason) - {HoldReason.PROMISE, HoldReason.AGREEMENT},
    ContactKind.REPLY: set(),
    ContactKind.RECEIPT: set(),
    ContactKind.NOTICE: set(HoldReason) - {HoldReason.PROMISE},
    ContactKind.SURVEY: set(HoldReason),
}


@pytest.mark.parametrize("reason", HoldReason)
@pytest.mark.parametrize("kind", ContactKind)
def test_hold_stops_the_kinds_of_its_row(kind: ContactKind, reason: HoldReason) -> None:
    coming = InvoiceState(id=7, due_on=date(2026, 11, 26), original_due_on=date(2026, 11, 26))
    asked = request(kind=kind, answers_inbound_at=before(NOW, minutes=5), payment_at=before(NOW, minutes=5))

    failing = _failing(asked, holds=(OpenHold(reason.value),), invoices=(coming,))

    assert failing == ([RuleId.HOLD] if reason in STOPPED_BY[kind] else [])


@pytest.mark.parametrize(
    ("named", "covered", "failing"),
    [
        ((7,), {7}, [RuleId.HOLD]),
        ((7,), {8}, []),
        ((7, 8), {8}, [RuleId.HOLD]),
        ((7,), set(), [RuleId.HOLD]),
        ((), {8}, [RuleId.HOLD]),
    ],
)
def test_hold_stops_a_contact_about_any_invoice_it_covers(
    named: tuple[int, ...], covered: set[int], failing: list[RuleId]
) -> None:
    hold = OpenHold("dispute", frozenset(covered))
    other = InvoiceState(id=8, due_on=date(2026, 10, 5), original_due_on=date(2026, 10, 5))

    assert _failing(request(invoice_ids=named), holds=(hold,), invoices=(INVOICE, other)) == failing


def test_hold_that_has_ended_stops_nothing() -> None:
    assert _failing(request(), holds=(OpenHold("pause", ends_at=NOW),)) == []
    assert _failing(request(), holds=(OpenHold("pause", ends_at=NOW + timedelta(seconds=1)),)) == [
        RuleId.HOLD
    ]


def test_hold_says_its_reasons_and_its_end() -> None:
    holds = (
        OpenHold("promise", ends_at=at("2026-11-27 23:59")),
        OpenHold("pause", ends_at=at("2026-12-24 00:00")),
    )

    result = evaluate(request(), situation(holds=holds), BR, NOW)

    assert result.sentence == "A cobrança está segurada até 24/12/2026 00:00: pausa, promessa."
    assert result.failing[0].inputs == {
        "reasons": ["pause", "promise"],
        "ends_at": "2026-12-24T00:00:00-03:00",
    }


@pytest.mark.parametrize(
    ("kind", "failing"),
    [
        (ContactKind.COLLECTION, [RuleId.CASE_SETTLED]),
        (ContactKind.COMMITMENT, [RuleId.CASE_SETTLED]),
        (ContactKind.NOTICE, [RuleId.CASE_SETTLED]),
        (ContactKind.SURVEY, []),
    ],
)
def test_settled_case_gets_what_its_row_allows(kind: ContactKind, failing: list[RuleId]) -> None:
    assert _failing(request(kind=kind), case_state="settled") == failing


def test_settled_case_is_answered_and_thanked_once() -> None:
    said = sent(before(NOW, minutes=2), kind=ContactKind.RECEIPT)

    assert _failing(reply(before(NOW, minutes=2)), case_state="settled") == []
    assert _failing(_receipt(), case_state="settled") == []
    assert _failing(_receipt(), case_state="settled", contacts=said) == [RuleId.RECEIPT_REPEATED]


@pytest.mark.parametrize(
    "invoices", [(), (InvoiceState(7, date(2026, 11, 5), date(2026, 11, 5), is_open=False),)]
)
def test_contact_about_an_invoice_that_is_not_open_is_refused(invoices: tuple[InvoiceState, ...]) -> None:
    assert _failing(request(), invoices=invoices) == [RuleId.INVOICE_NOT_OPEN]


@pytest.mark.parametrize(("days", "verdict"), [(1825, Verdict.ALLOW), (1826, Verdict.REFUSE)])
def test_18_debt_is_collected_up_to_1825_days(days: int, verdict: Verdict) -> None:
    due_on = NOW.date() - timedelta(days=days)
    # A date the member was granted later does not make the debt younger.
    old = InvoiceState(id=7, due_on=date(2026, 11, 5), original_due_on=due_on)

    result = evaluate(request(), situation(invoices=(old,)), BR, NOW)

    assert result.verdict == verdict
    assert [each.rule for each in result.failing] == (
        [] if verdict == Verdict.ALLOW else [RuleId.DEBT_PRESCRIBED]
    )


def test_member_is_answered_about_an_old_debt() -> None:
    old = InvoiceState(id=7, due_on=date(2019, 1, 5), original_due_on=date(2019, 1, 5))

    assert _failing(reply(before(NOW, minutes=2)), invoices=(old,)) == []


@pytest.mark.parametrize(
    ("unanswered", "since", "failing"),
    [
        (11, before(NOW, days=119), []),
        (12, before(NOW, days=60), [RuleId.HARD_STOP_UNANSWERED]),
        (2, before(NOW, days=120), [RuleId.HARD_STOP_UNANSWERED]),
        (0, None, []),
    ],
)
def test_long_silence_ends_automation(unanswered: int, since: datetime | None, failing: list[RuleId]) -> None:
    assert _failing(request(), unanswered=unanswered, silent_since=since) == failing


def test_long_silence_does_not_stop_a_person() -> None:
    assert _failing(request(author="person:9"), unanswered=30, silent_since=before(NOW, days=200)) == []
