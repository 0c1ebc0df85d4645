"""The score of a contact point: what makes it better, what worse, and what no good sign makes up for."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.enums import Channel, ContactPointState, Reach
from members.rules import SILENT_AFTER
from members.scoring import ContactFacts, Traffic, grade, score
from tests.cases.world import NOW

State = ContactPointState
instants = st.none() | st.integers(0, 800).map(lambda days: NOW - timedelta(days=days))


@st.composite
def traffics(draw: Any) -> Traffic:
    contacts = draw(st.integers(0, 8))
    delivered = draw(st.integers(0, contacts))
    return Traffic(
        contacts=contacts,
        delivered=delivered,
        read=draw(st.integers(0, delivered)),
        heard_at=draw(instants),
        delivered_at=draw(instants),
        failed_at=draw(instants),
    )


facts = st.builds(
    ContactFacts,
    channel=st.sampled_from(Channel.values),
    state=st.sampled_from(State.values),
    is_mobile=st.booleans(),
    guessed=st.booleans(),
    traffic=traffics(),
)
LATELY = Traffic(heard_at=NOW - timedelta(days=3))


@pytest.mark.parametrize(
    ("known", "expected", "word"),
    [
        (ContactFacts(Channel.WHATSAPP, State.CONFIRMED, traffic=LATELY), 100, "bom"),
        (ContactFacts(Channel.WHATSAPP, State.CONFIRMED), 60, "regular"),
        (ContactFacts(Channel.WHATSAPP, State.UNVERIFIED), 35, "fraco"),
        (ContactFacts(Channel.WHATSAPP, State.UNVERIFIED, is_mobile=False), 15, "fraco"),
        (ContactFacts(Channel.EMAIL, State.UNVERIFIED, is_mobile=False), 35, "fraco"),
        (ContactFacts(Channel.WHATSAPP, State.UNVERIFIED, guessed=True), 30, "fraco"),
        (ContactFacts(Channel.WHATSAPP, State.UNVERIFIED, traffic=Traffic(contacts=3)), 5, "fraco"),
        (ContactFacts(Channel.WHATSAPP, State.UNVERIFIED, traffic=Traffic(failed_at=NOW)), 10, "fraco"),
        (ContactFacts(Channel.WHATSAPP, State.SHARED, traffic=LATELY), 10, "fraco"),
        (ContactFacts(Channel.WHATSAPP, State.WRONG, traffic=LATELY), 0, "fraco"),
    ],
)
def test_known_cases(known: ContactFacts, expected: int, word: str) -> None:
    assert (score(known, now=NOW), grade(score(known, now=NOW))) == (expected, word)


@given(facts)
def test_score_is_a_share_of_a_hundred(known: ContactFacts) -> None:
    assert 0 <= score(known, now=NOW) <= 100


@given(facts)
def test_confirmed_is_never_worse_than_not_confirmed(known: ContactFacts) -> None:
    confirmed, unverified = (replace(known, state=state) for state in (State.CONFIRMED, State.UNVERIFIED))

    assert score(confirmed, now=NOW) >= score(unverified, now=NOW)


@given(facts)
def test_hearing_from_somebody_today_is_never_worse(known: ContactFacts) -> None:
    spoken = replace(known, traffic=Traffic(heard_at=NOW, delivered_at=NOW))

    assert score(spoken, now=NOW) >= score(known, now=NOW)


@pytest.mark.parametrize(
    ("traffic", "expected"),
    [
        (Traffic(), Reach.UNTRIED),
        (Traffic(contacts=SILENT_AFTER - 1), Reach.UNTRIED),
        (Traffic(contacts=SILENT_AFTER), Reach.NOT_REACHED),
        (Traffic(contacts=SILENT_AFTER, delivered=1), Reach.UNREAD),
        (Traffic(contacts=SILENT_AFTER, delivered=1, read=1), Reach.UNANSWERED),
        (Traffic(contacts=SILENT_AFTER - 1, heard_at=NOW), Reach.ANSWERING),
        (Traffic(contacts=SILENT_AFTER, heard_at=NOW - timedelta(days=200)), Reach.NOT_REACHED),
    ],
)
def test_not_reached_is_something_else_than_not_answering(traffic: Traffic, expected: Reach) -> None:
    assert traffic.reach == expected


@pytest.mark.parametrize(
    ("traffic", "expected"),
    [
        (Traffic(failed_at=NOW), True),
        (Traffic(failed_at=NOW, delivered_at=NOW - timedelta(days=1)), True),
        (Traffic(failed_at=NOW - timedelta(days=1), delivered_at=NOW), False),
        (Traffic(failed_at=NOW - timedelta(days=1), heard_at=NOW), False),
        (Traffic(), False),
    ],
)
def test_refusal_holds_until_something_arrives_or_somebody_writes(traffic: Traffic, expected: bool) -> None:
    assert traffic.is_refused is expected
