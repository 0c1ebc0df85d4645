from dataclasses import replace

import pytest

from compliance.enums import ContactKind, RuleId
from compliance.gate.evaluate import evaluate
from compliance.gate.request import ContactRequest
from tests.compliance.builders import BR, NOW, before, reply, request, situation

ANSWER = reply(before(NOW, minutes=2), text="Desculpe o engano! Não vamos mais escrever para este número.")


def _failing(asked: ContactRequest, **changes: object) -> list[RuleId]:
    return [each.rule for each in evaluate(asked, situation(**changes), BR, NOW).failing]


@pytest.mark.parametrize(
    "changes",
    [
        {"contact_point_member_id": 2},
        {"contact_point_member_id": None},
        {"member_id": 2},
        {"contact_point_channel": "email"},
    ],
)
def test_contact_point_that_is_not_the_member_s_is_refused(changes: dict[str, object]) -> None:
    assert _failing(request(), **changes) == [RuleId.RECIPIENT_NOT_MEMBER]


def test_stranger_who_wrote_is_answered_and_nothing_else() -> None:
    there = {
        "member_id": None,
        "contact_point_member_id": None,
        "identity_confirmed": False,
        "case_state": None,
    }

    assert _failing(replace(ANSWER, member_id=None, contact_point_id=None), **there) == []
    assert _failing(request(member_id=None, contact_point_id=None), **there) == [RuleId.RECIPIENT_NOT_MEMBER]


def test_member_is_not_written_to_at_a_stranger_s_address() -> None:
    assert _failing(ANSWER, contact_point_member_id=None) == [RuleId.RECIPIENT_NOT_MEMBER]


@pytest.mark.parametrize("kind", [ContactKind.COLLECTION, ContactKind.COMMITMENT, ContactKind.RECEIPT])
def test_16_wrong_number_gets_nothing_that_we_start(kind: ContactKind) -> None:
    asked = request(kind=kind, payment_at=before(NOW, minutes=1))

    assert _failing(asked, contact_point_state="wrong", identity_confirmed=False) == [
        RuleId.CONTACT_POINT_WRONG
    ]


def test_16_wrong_number_is_answered_once_more_without_a_debt_word() -> None:
    assert _failing(ANSWER, contact_point_state="wrong", identity_confirmed=False) == []


def test_16_no_debt_word_ever_reaches_a_wrong_number() -> None:
    leak = reply(before(NOW, minutes=2), text="Desculpe! Era sobre uma mensalidade atrasada.")

    assert _failing(leak, contact_point_state="wrong", identity_confirmed=False) == [
        RuleId.IDENTITY_DISCLOSURE
    ]


@pytest.mark.parametrize("state", ["blocked", "invalid"])
def test_unusable_contact_point_gets_only_answers(state: str) -> None:
    assert _failing(request(), contact_point_state=state) == [RuleId.CONTACT_POINT_UNUSABLE]
    assert _failing(ANSWER, contact_point_state=state) == []


def test_contact_point_in_two_records_gets_nothing() -> None:
    assert _failing(request(), contact_point_state="shared") == [RuleId.CONTACT_POINT_SHARED]
    assert _failing(ANSWER, contact_point_state="shared") == [RuleId.CONTACT_POINT_SHARED]


@pytest.mark.parametrize("flag", ["deceased", "minor", "legal"])
def test_blocked_member_gets_only_answers(flag: str) -> None:
    receipt = request(kind=ContactKind.RECEIPT, payment_at=before(NOW, minutes=1))

    assert _failing(request(), blocked=flag) == [RuleId.BLOCKED_FLAG]
    assert _failing(receipt, blocked=flag) == [RuleId.BLOCKED_FLAG]
    assert _failing(ANSWER, blocked=flag) == []


@pytest.mark.parametrize("minutes", [None, -1])
def test_reply_to_nothing_is_refused(minutes: int | None) -> None:
    inbound = None if minutes is None else before(NOW, minutes=minutes)
    answer = request(kind=ContactKind.REPLY, author="agent", answers_inbound_at=inbound)

    assert _failing(answer) == [RuleId.REPLY_WITHOUT_INBOUND]
