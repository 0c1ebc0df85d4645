"""Links out of e-mail and SMS: who may use one, what counts as opening it, and what follows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cadence.enums import Trigger
from cadence.loading import _signals
from commons import clock
from conversations import ways_in
from conversations.models import LinkOpening, Sender
from conversations.ways_in import Purpose
from members import selectors
from members import services as members
from members.enums import Channel, ContactPointState
from members.models import ContactPoint
from tests.conversations.post import ANA_MAIL
from tests.conversations.world import NOW, Talk

pytestmark = pytest.mark.django_db

CHAT = "https://wa.me/551140000480?text=Oi%21%20Vim%20pelo%20link%20da%20mensagem."


@pytest.fixture
def point(talk: Talk) -> ContactPoint:
    Sender.objects.update(display_phone="+55 11 4000-0480")
    return members.add_contact_point(
        member=talk.world.member, channel=Channel.EMAIL, address=ANA_MAIL, now=NOW, actor="system"
    )


def path_of(link: str) -> str:
    return link[link.index("/l/") :]


def opened(client: Client, point: ContactPoint, method: str = "get", **headers: str) -> Any:
    return getattr(client, method)(path_of(ways_in.talk_link(point, now=NOW)), headers=headers)


class TestTalk:
    def test_link_leads_into_whatsapp_and_is_noted(self, client: Client, point: ContactPoint):
        answer = opened(client, point)

        assert (answer.status_code, answer["Location"], answer["Referrer-Policy"]) == (
            302,
            CHAT,
            "no-referrer",
        )
        assert list(LinkOpening.objects.values_list("member", "contact_point", "at")) == [
            (point.member_id, point.pk, NOW)
        ]

    def test_opening_arms_what_waits_for_it(self, client: Client, point: ContactPoint):
        opened(client, point)

        assert _signals([point.member_id], now=NOW, inbound={}) == {
            point.member_id: {Trigger.LINK_OPENED: NOW}
        }

    def test_one_touch_that_asks_twice_is_one_opening(self, client: Client, point: ContactPoint):
        opened(client, point)
        opened(client, point)
        clock.move(to=NOW + timedelta(minutes=2), frozen=True)
        opened(client, point)

        assert LinkOpening.objects.count() == 2

    @pytest.mark.parametrize(
        ("method", "headers"),
        [
            ("head", {}),
            ("get", {"Purpose": "prefetch"}),
            ("get", {"Sec-Purpose": "prefetch;prerender"}),
            ("get", {"X-Moz": "prefetch"}),
            ("get", {"User-Agent": "WhatsApp/2.23.20"}),
            ("get", {"User-Agent": "facebookexternalhit/1.1"}),
            ("get", {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}),
            ("get", {"Sec-Fetch-Mode": "no-cors"}),
        ],
    )
    def test_machine_that_looks_ahead_opens_nothing(
        self, client: Client, point: ContactPoint, method: str, headers: dict[str, str]
    ):
        answer = opened(client, point, method, **headers)

        assert (answer.status_code, LinkOpening.objects.exists()) == (302, False)

    @pytest.mark.parametrize("state", [ContactPointState.WRONG, ContactPointState.INVALID])
    def test_address_that_is_not_the_members_tells_nothing_about_the_member(
        self, client: Client, point: ContactPoint, state: ContactPointState
    ):
        ContactPoint.objects.filter(pk=point.pk).update(state=state)

        assert (opened(client, point).status_code, LinkOpening.objects.exists()) == (302, False)

    @pytest.mark.parametrize("token", ["x", "AAAAKgnF3x0pQ2d", "ção", "%00", "A" * 500])
    def test_garbled_link_gets_a_plain_page(self, client: Client, point: ContactPoint, token: str):
        answer = client.get(f"/l/{token}/")

        assert (answer.status_code, "Este link não vale mais" in answer.content.decode()) == (404, True)

    def test_old_link_gets_it_too(self, client: Client, point: ContactPoint):
        clock.move(to=NOW + ways_in.GOOD_FOR + timedelta(days=1), frozen=True)

        assert opened(client, point).status_code == 404

    def test_link_to_stop_opens_no_conversation(self, client: Client, point: ContactPoint):
        token = ways_in.make_token(point.pk, Purpose.STOP, now=NOW)

        assert client.get(f"/l/{token}/").status_code == 404

    def test_without_a_number_of_ours_there_is_nowhere_to_go(self, client: Client, point: ContactPoint):
        Sender.objects.update(display_phone="")

        assert opened(client, point).status_code == 404


class TestStop:
    def test_looking_asks_and_stops_nothing(self, client: Client, point: ContactPoint):
        answer = client.get(path_of(ways_in.stop_link(point, now=NOW)))

        assert (answer.status_code, "Parar de receber?" in answer.content.decode()) == (200, True)
        assert selectors.opted_out_channels(point.member) == set()

    def test_mail_program_stops_in_one_click(self, client: Client, point: ContactPoint):
        strict = Client(enforce_csrf_checks=True)

        answer = strict.post(path_of(ways_in.stop_link(point, now=NOW)), {"List-Unsubscribe": "One-Click"})

        assert (answer.status_code, selectors.opted_out_channels(point.member)) == (200, {Channel.EMAIL})

    def test_link_into_the_conversation_stops_nothing(self, client: Client, point: ContactPoint):
        token = ways_in.make_token(point.pk, Purpose.TALK, now=NOW)

        assert client.post(f"/l/parar/{token}/").status_code == 404
        assert selectors.opted_out_channels(point.member) == set()


def test_link_is_short_and_the_same_all_day(point: ContactPoint):
    link = ways_in.talk_link(point, now=NOW)

    assert link == ways_in.talk_link(point, now=NOW + timedelta(hours=3))
    assert len(path_of(link)) == 24
