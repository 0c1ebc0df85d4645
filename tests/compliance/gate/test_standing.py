from datetime import timedelta

import pytest

from compliance.enums import ContactKind, RuleId, SwitchScope, Verdict
from compliance.gate.evaluate import evaluate
from compliance.gate.request import ContactRequest, TemplateState
from compliance.gate.situation import StoppedSwitch
from tests.compliance.builders import BR, NOW, before, reply, request, situation

PERSON = reply(before(NOW, minutes=5), author="person:9")


def _failing(asked: ContactRequest, **changes: object) -> list[RuleId]:
    return [each.rule for each in evaluate(asked, situation(**changes), BR, NOW).failing]


@pytest.mark.parametrize("kind", [kind for kind in ContactKind if kind != ContactKind.PRE_DUE])
def test_switch_for_everything_stops_every_kind(kind: ContactKind) -> None:
    asked = request(kind=kind, answers_inbound_at=before(NOW, minutes=5), payment_at=before(NOW, minutes=5))
    there = situation(switches=(StoppedSwitch(SwitchScope.ALL),))

    assert [each.rule for each in evaluate(asked, there, BR, NOW).failing] == [RuleId.KILL_SWITCH]


@pytest.mark.parametrize(
    ("switch", "stopped", "free"),
    [
        (StoppedSwitch(SwitchScope.STEP, "soft-2"), request(), request(step_key="soft-3")),
        (StoppedSwitch(SwitchScope.CHANNEL, "whatsapp"), request(), None),
        (
            StoppedSwitch(SwitchScope.SEGMENT, "vip"),
            request(segments=("novos", "vip")),
            request(segments=("novos",)),
        ),
        (StoppedSwitch(SwitchScope.AGENT), reply(before(NOW, minutes=5)), PERSON),
        (StoppedSwitch(SwitchScope.STATE, "BR-SP"), request(), None),
        (StoppedSwitch(SwitchScope.STATE, "BR-RS"), None, request()),
        # Another country has a state of the same name.
        (StoppedSwitch(SwitchScope.STATE, "AR-SP"), None, request()),
        (StoppedSwitch(SwitchScope.SENDER, "3"), request(sender_key="3"), request(sender_key="4")),
    ],
)
def test_switch_stops_what_it_names_and_nothing_else(
    switch: StoppedSwitch, stopped: ContactRequest | None, free: ContactRequest | None
) -> None:
    if stopped is not None:
        assert _failing(stopped, switches=(switch,)) == [RuleId.KILL_SWITCH]
    if free is not None:
        assert _failing(free, switches=(switch,)) == []


def test_switch_says_why_it_was_thrown() -> None:
    switch = StoppedSwitch(SwitchScope.ALL, reason="Revisão dos textos.")

    result = evaluate(request(), situation(switches=(switch,)), BR, NOW)

    assert result.sentence == "Os envios estão desligados por uma chave de segurança. Revisão dos textos."


def test_country_without_rules_gets_nothing() -> None:
    assert _failing(request(), country_known=False) == [RuleId.COUNTRY_UNKNOWN]


def test_inactive_sender_refuses() -> None:
    assert _failing(request(sender_active=False)) == [RuleId.SENDER_INACTIVE]


def test_paused_template_refuses() -> None:
    assert _failing(request(template=TemplateState("lembrete", active=False))) == [RuleId.TEMPLATE_INACTIVE]


@pytest.mark.parametrize(
    ("channel", "failing"), [("whatsapp", [RuleId.NOT_ORIGINAL_CREDITOR]), ("email", [])]
)
def test_whatsapp_is_for_original_creditors_only(channel: str, failing: list[RuleId]) -> None:
    asked = request(channel=channel)

    assert _failing(asked, original_creditor=False, contact_point_channel=channel) == failing


def test_every_failing_rule_is_recorded_and_the_first_refusal_decides() -> None:
    night = NOW.replace(hour=22)
    there = situation(opted_in=False, blocked="deceased", switches=(StoppedSwitch(SwitchScope.ALL),))

    result = evaluate(request(sender_active=False), there, BR, night)

    assert [each.rule for each in result.failing] == [
        RuleId.KILL_SWITCH,
        RuleId.SENDER_INACTIVE,
        RuleId.NO_OPT_IN,
        RuleId.BLOCKED_FLAG,
        RuleId.WINDOW,
    ]
    assert (result.verdict, result.until) == (Verdict.REFUSE, None)
    assert result.decisive == result.failing[0]


def test_allowed_contact_names_every_rule_it_passed() -> None:
    result = evaluate(request(), situation(), BR, NOW)

    assert (result.verdict, result.until, result.decisive) == (Verdict.ALLOW, None, None)
    assert (result.sentence, result.pack_version) == ("Pode sair agora.", BR.version)
    assert [each.rule for each in result.results] == [
        RuleId.KILL_SWITCH,
        RuleId.COUNTRY_UNKNOWN,
        RuleId.SENDER_INACTIVE,
        RuleId.TEMPLATE_INACTIVE,
        RuleId.NOT_ORIGINAL_CREDITOR,
        RuleId.RECIPIENT_NOT_MEMBER,
        RuleId.CONTACT_POINT_WRONG,
        RuleId.CONTACT_POINT_UNUSABLE,
        RuleId.CONTACT_POINT_SHARED,
        RuleId.REPLY_WITHOUT_INBOUND,
        RuleId.OPTED_OUT,
        RuleId.NO_OPT_IN,
        RuleId.BLOCKED_FLAG,
        RuleId.CASE_SETTLED,
        RuleId.INVOICE_NOT_OPEN,
        RuleId.HOLD,
        RuleId.DEBT_PRESCRIBED,
        RuleId.HARD_STOP_UNANSWERED,
        RuleId.RECENT_PAYMENT,
        RuleId.BALANCE_STALE,
        RuleId.RECEIPT_WITHOUT_PAYMENT,
        RuleId.RECEIPT_REPEATED,
        RuleId.HOLIDAY,
        RuleId.BLACKOUT,
        RuleId.WINDOW,
        RuleId.MAX_PER_DAY,
        RuleId.MAX_MESSAGES_7D,
        RuleId.MAX_CALLS_7D,
        RuleId.MAX_PER_30D,
        RuleId.PRE_DUE_CAP,
        RuleId.MIN_GAP,
        RuleId.CHANNEL_RULE,
        RuleId.BOT_DISCLOSURE,
        RuleId.CREDITOR_IDENTIFICATION,
        RuleId.CHARGES_UNLAWFUL,
        RuleId.AMOUNT_BREAKDOWN,
        RuleId.IDENTITY_DISCLOSURE,
    ]


def test_stop_with_an_end_is_over_at_that_instant_and_says_until_when() -> None:
    end = NOW + timedelta(hours=2)
    there = situation(switches=(StoppedSwitch(SwitchScope.ALL, reason="Revisão.", ends_at=end),))

    stopped = evaluate(request(), there, BR, NOW).failing[0]
    assert stopped.inputs["ends_at"] == end.isoformat()
    assert stopped.sentence == (
        "Os envios estão desligados por uma chave de segurança. Revisão. Até 24/11/2026 12:00."
    )
    assert evaluate(request(), there, BR, end).verdict == Verdict.ALLOW


def test_of_several_stops_the_one_that_lasts_longest_decides() -> None:
    hour = StoppedSwitch(SwitchScope.ALL, ends_at=NOW + timedelta(hours=1))
    day = StoppedSwitch(SwitchScope.CHANNEL, "whatsapp", ends_at=NOW + timedelta(days=1))
    open_end = StoppedSwitch(SwitchScope.STEP, "soft-2")

    def ends_at(*switches: StoppedSwitch) -> object:
        return evaluate(request(), situation(switches=switches), BR, NOW).failing[0].inputs["ends_at"]

    assert ends_at(hour, day) == (NOW + timedelta(days=1)).isoformat()
    assert ends_at(hour, open_end, day) is None


def test_member_of_whom_no_state_is_known_is_not_written_to_first() -> None:
    somewhere = {"state": None, "switches": (StoppedSwitch(SwitchScope.STATE, "BR-RS"),)}

    assert _failing(request(), **somewhere) == [RuleId.KILL_SWITCH]
    assert _failing(reply(before(NOW, minutes=5)), **somewhere) == []
