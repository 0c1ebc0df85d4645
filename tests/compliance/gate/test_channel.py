from dataclasses import replace
from datetime import timedelta

import pytest

from compliance.enums import ContactKind, RuleId
from compliance.gate.evaluate import evaluate
from compliance.gate.request import ContactRequest, TemplateState
from compliance.packs.model import RulePack
from tests.compliance.builders import BR, NOW, at, before, reply, request, sent, situation

ONE_A_WEEK = replace(BR, channels=replace(BR.channels, one_per_week=True))


def _failing(asked: ContactRequest, pack: RulePack = BR, **changes: object) -> list[tuple[RuleId, object]]:
    return [
        (each.rule, each.inputs.get("why"))
        for each in evaluate(asked, situation(**changes), pack, NOW).failing
    ]


CLOSED = [(RuleId.CHANNEL_RULE, "service_window_closed")]


@pytest.mark.parametrize(
    ("changes", "failing"),
    [
        ({}, CLOSED),
        ({"service_window_until": NOW}, CLOSED),
        ({"service_window_until": NOW + timedelta(seconds=1)}, []),
        ({"answers_inbound_at": before(NOW, hours=24)}, CLOSED),
        ({"answers_inbound_at": before(NOW, hours=23)}, []),
    ],
)
def test_whatsapp_takes_free_text_for_a_day_after_the_member_wrote(
    changes: dict[str, object], failing: list[object]
) -> None:
    assert _failing(request(template=None, **changes)) == failing


def test_other_channels_take_free_text_at_any_time() -> None:
    assert _failing(request(template=None, channel="email"), contact_point_channel="email") == []


def test_marketing_template_needs_a_marketing_consent() -> None:
    promo = request(template=TemplateState("oferta", active=True, category="marketing"))

    assert _failing(promo) == [(RuleId.CHANNEL_RULE, "marketing_without_opt_in")]
    assert _failing(promo, opted_in_marketing=True) == []


def test_country_with_one_channel_a_week_refuses_the_second() -> None:
    monday_mail = sent(at("2026-11-21 10:00"), channel="email")

    second = _failing(request(), pack=ONE_A_WEEK, contacts=monday_mail)

    assert second == [(RuleId.CHANNEL_RULE, "one_channel_per_week")]
    assert _failing(request(), contacts=monday_mail) == []
    # Nothing was delivered on the first channel: the second is free.
    undelivered = sent(at("2026-11-21 10:00"), channel="email", counted=False)
    assert _failing(request(), pack=ONE_A_WEEK, contacts=undelivered) == []
    assert _failing(reply(before(NOW, minutes=2)), pack=ONE_A_WEEK, contacts=monday_mail) == []


def test_second_channel_is_told_from_when_it_is_free() -> None:
    history = sent(at("2026-11-20 09:30"), at("2026-11-21 10:00"), channel="email")

    (refusal,) = evaluate(request(), situation(contacts=history), ONE_A_WEEK, NOW).failing

    assert (
        refusal.sentence
        == "O membro já foi contatado por outro canal nesta semana; por este, a partir de 28/11/2026 10:00."
    )


def test_channel_that_the_country_does_not_name_is_refused_except_to_answer() -> None:
    pack = replace(BR, channels=replace(BR.channels, messages=frozenset({"email"})))

    assert _failing(request(), pack=pack) == [(RuleId.CHANNEL_RULE, "unknown_channel")]
    assert _failing(reply(before(NOW, minutes=2)), pack=pack) == []


def test_same_channel_twice_in_a_week_is_no_second_channel() -> None:
    history = sent(at("2026-11-21 10:00"))

    assert _failing(request(kind=ContactKind.COLLECTION), pack=ONE_A_WEEK, contacts=history) == []
