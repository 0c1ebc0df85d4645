"""What acts at once: in the words of the member's country, and however late the network brings it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from members import selectors
from tests.conversations import deliveries
from tests.conversations.world import NOW, Talk, confirmed_talk


def stopped(talk: Talk) -> bool:
    return selectors.is_opted_out(talk.world.member, channel="whatsapp")


@pytest.mark.parametrize(
    ("country", "uf", "stops"), [("BR", "SP", True), ("MX", "DF", True), ("CO", "11", False)]
)
def test_cancelar_stops_where_it_does_not_mean_to_pay(now: None, country: str, uf: str, stops: bool) -> None:
    talk = confirmed_talk(country=country, uf=uf)

    talk.writes("cancelar")

    assert stopped(talk) == stops


@pytest.mark.parametrize("hours", [1, 13, 40])
def test_stop_that_comes_late_stops(talk: Talk, hours: int) -> None:
    late = deliveries.inbound(wa_id=talk.wa_id, text="PARAR", at=NOW - timedelta(hours=hours))

    deliveries.deliver(late, now=NOW)

    assert stopped(talk)


def test_other_words_that_come_late_are_kept_and_start_no_turn(talk: Talk) -> None:
    late = deliveries.inbound(wa_id=talk.wa_id, text="oi", at=NOW - timedelta(hours=13))

    deliveries.deliver(late, now=NOW)

    assert (stopped(talk), talk.fresh().turn_due_at) == (False, None)
