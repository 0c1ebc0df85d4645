"""What an unconfirmed number hears first, through the planner, the gate and the outbox, whatever the step."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from compliance import services as compliance
from compliance.content.disclosure import debt_words
from compliance.content.folding import fold
from compliance.enums import ContactKind, RuleId, Verdict
from compliance.gate.request import ContactRequest
from conversations.models import Conversation
from conversations.outbox.recheck import Finding, look
from members.enums import ContactPointState
from members.models import ContactPoint
from office.contacts import finding
from tests.cadence.world import TODAY, Followed, house, live_plan
from tests.cases.world import NOW
from tests.conversations import deliveries
from tests.conversations.world import confirmed_talk

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def on_the_day_of(step: Any, **changes: Any) -> Followed:
    """A member for whom `step` falls on today: the invoice is due that many days before, or after."""
    return Followed.owing(TODAY - step.offset_days * DAY, **changes)


def first_words(who: Followed) -> tuple[bool, list[str], bool]:
    """Whether what leaves is neutral, the debt words in it, and whether it carries any fact to hold."""
    who.plan()
    (message,) = who.messages()
    assert message.template is not None
    assert message.decision is not None
    assert message.decision.verdict == Verdict.ALLOW
    found = [finding.excerpt for finding in debt_words(fold(message.body))]
    return message.template.neutral, found, bool(message.facts["must_hold"])


def test_every_step_greets_an_unconfirmed_number_without_a_word_of_debt() -> None:
    house()
    steps = live_plan().steps

    heard = {step.key: first_words(on_the_day_of(step, confirmed=False)) for step in steps}
    # The same day says more to who is known: there was something to keep back.
    said = {step.key: first_words(on_the_day_of(step)) for step in steps}

    assert heard == {step.key: (True, [], False) for step in steps}
    assert [key for key, (neutral, words, _) in said.items() if neutral or not words] == []


@pytest.mark.parametrize("kind", [ContactKind.COLLECTION, ContactKind.PRE_DUE, ContactKind.COMMITMENT])
def test_gate_refuses_a_debt_word_to_an_unconfirmed_number_whoever_writes_it(kind: ContactKind) -> None:
    who = Followed.late(2, confirmed=False)

    decision = compliance.decide(
        ContactRequest(
            member_id=who.member.pk,
            contact_point_id=who.point.pk,
            channel="whatsapp",
            kind=kind,
            case_id=who.case.pk,
            text="Olá! A sua fatura de R$ 119,90 venceu.",
            author="user:1",
        ),
        now=NOW,
    )

    refused = {result["rule"] for result in decision.results if result["verdict"] == Verdict.REFUSE}
    assert decision.verdict == Verdict.REFUSE
    assert RuleId.IDENTITY_DISCLOSURE in refused


def test_number_confirmed_and_silent_for_a_year_is_greeted_as_a_stranger_again() -> None:
    who = Followed.late(2)
    ContactPoint.objects.filter(pk=who.point.pk).update(confirmed_at=NOW - 366 * DAY)

    finding.doubt_inactive(now=NOW)

    assert ContactPoint.objects.get(pk=who.point.pk).state == ContactPointState.UNVERIFIED
    assert first_words(who) == (True, [], False)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Carlos Eduardo", ContactPointState.UNVERIFIED),
        ("Ana Beatriz 🌻", ContactPointState.CONFIRMED),
    ],
)
def test_line_that_shows_another_person_s_name_has_to_say_who_it_is(
    business_clock: Any, settings: Settings, name: str, expected: str
) -> None:
    business_clock(NOW)
    settings.WHATSAPP_APP_SECRET = [deliveries.SECRET]
    talk = confirmed_talk(name="Ana Souza")
    for shown in ("Ana Souza", name):
        deliveries.deliver(
            deliveries.inbound(wa_id=talk.wa_id, name=shown, text="oi, tudo bem?", at=NOW), now=NOW
        )

    assert talk.point.state == expected
    assert Conversation.objects.get().profile_name == name


def test_what_was_planned_before_the_doubt_does_not_leave_with_its_debt_words(business_clock: Any) -> None:
    business_clock(NOW)
    who = Followed.late(2)
    who.plan()
    (planned,) = who.messages()
    assert debt_words(fold(planned.body)) != []
    ContactPoint.objects.filter(pk=who.point.pk).update(confirmed_at=NOW - 366 * DAY)

    finding.doubt_inactive(now=NOW)

    planned.refresh_from_db()
    assert look(planned, now=NOW).finding == Finding.WITHHOLD
