from datetime import timedelta

import pytest

from compliance.enums import ContactKind, RuleId
from compliance.gate.evaluate import evaluate
from compliance.gate.request import ContactRequest
from tests.compliance.builders import BR, NOW, before, reply, request, sent, situation

ALL = frozenset({""})
HERE = frozenset({"whatsapp"})


def _failing(asked: ContactRequest, **changes: object) -> list[RuleId]:
    return [each.rule for each in evaluate(asked, situation(**changes), BR, NOW).failing]


@pytest.mark.parametrize("opted_out", [ALL, HERE])
@pytest.mark.parametrize("kind", [ContactKind.COLLECTION, ContactKind.COMMITMENT, ContactKind.SURVEY])
def test_13_after_an_opt_out_nothing_that_we_start_leaves(
    opted_out: frozenset[str], kind: ContactKind
) -> None:
    assert _failing(request(kind=kind), opted_out=opted_out) == [RuleId.OPTED_OUT]


def test_opt_out_of_one_channel_leaves_the_others() -> None:
    assert _failing(request(channel="email"), contact_point_channel="email", opted_out=HERE) == []
    assert _failing(request(channel="email"), contact_point_channel="email", opted_out=ALL) == [
        RuleId.OPTED_OUT
    ]


def test_after_an_opt_out_the_member_is_still_answered() -> None:
    assert _failing(reply(before(NOW, minutes=2)), opted_out=ALL) == []


def test_after_an_opt_out_a_payment_is_confirmed_once() -> None:
    paid = before(NOW, minutes=5)
    thanks = request(kind=ContactKind.RECEIPT, payment_at=paid, invoice_ids=())
    said = sent(before(NOW, minutes=3), kind=ContactKind.RECEIPT)

    assert _failing(thanks, opted_out=ALL) == []
    assert _failing(thanks, opted_out=ALL, contacts=said) == [RuleId.RECEIPT_REPEATED]
    # What was said about an earlier payment is not about this one.
    assert _failing(thanks, opted_out=ALL, contacts=sent(before(NOW, days=3), kind=ContactKind.RECEIPT)) == []
    assert _failing(thanks, contacts=said) == []


@pytest.mark.parametrize(
    ("channel", "failing"), [("whatsapp", [RuleId.OPTED_OUT]), ("email", []), ("post", [])]
)
def test_notice_after_an_opt_out_goes_by_mail_only(channel: str, failing: list[RuleId]) -> None:
    asked = request(kind=ContactKind.NOTICE, channel=channel)

    assert _failing(asked, opted_out=ALL, contact_point_channel=channel) == failing


@pytest.mark.parametrize(
    ("channel", "failing"), [("whatsapp", [RuleId.NO_OPT_IN]), ("email", []), ("sms", [])]
)
def test_whatsapp_needs_a_consent_and_other_channels_do_not(channel: str, failing: list[RuleId]) -> None:
    assert _failing(request(channel=channel), contact_point_channel=channel, opted_in=False) == failing


def test_answers_need_no_consent() -> None:
    assert _failing(reply(before(NOW, minutes=2)), opted_in=False) == []


def test_receipt_needs_a_consent_unless_the_member_is_writing() -> None:
    thanks = request(kind=ContactKind.RECEIPT, payment_at=before(NOW, minutes=5), invoice_ids=())
    talking = request(
        kind=ContactKind.RECEIPT,
        payment_at=before(NOW, minutes=5),
        invoice_ids=(),
        service_window_until=NOW + timedelta(hours=3),
    )

    assert _failing(thanks, opted_in=False) == [RuleId.NO_OPT_IN]
    assert _failing(talking, opted_in=False) == []
