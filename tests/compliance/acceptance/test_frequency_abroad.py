"""Acceptance tests 4 and 6: one channel a week in Colombia; two messages, three days apart, in Chile."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from compliance import services
from compliance.enums import Verdict
from compliance.models import Decision
from conversations.enums import MessageState
from conversations.models import Message
from conversations.outbox import dispatch
from lab.standing import provider_templates
from members import services as members
from members.enums import Channel
from tests.compliance.builders import at
from tests.compliance.world import JOINED, World
from tests.conversations.network import Network
from tests.conversations.world import Talk, confirmed_talk
from tests.factories.members import ContactPointFactory

BOGOTA, SANTIAGO = ZoneInfo("America/Bogota"), ZoneInfo("America/Santiago")
MONDAY, TUESDAY = at("2026-11-23 10:00", BOGOTA), at("2026-11-24 10:00", BOGOTA)
NEXT_MONDAY = at("2026-11-30 10:00", BOGOTA)


class TestColombia:
    @pytest.fixture
    def written_to(self, now: None, network: Network) -> Talk:
        """A member of Bogotá with an e-mail address, to whom WhatsApp is planned on Monday."""
        talk = confirmed_talk(country="CO", uf="11", city="Bogotá")
        network.knows(talk)
        talk.plans(now=MONDAY)
        network.tell("seed", templates=provider_templates())
        return talk

    def _agrees_to_email(self, talk: Talk) -> None:
        members.grant_consent(
            member=talk.world.member,
            channel=Channel.EMAIL,
            granted_at=JOINED,
            source="ficha",
            text_version="2026-01",
            actor="system",
            now=JOINED,
        )

    def _email(self, talk: Talk, now: Any) -> Decision:
        point, _ = type(talk.world.point).objects.get_or_create(
            member=talk.world.member,
            channel=Channel.EMAIL,
            defaults={"address": "ana@example.org", "created_at": JOINED, "state": "confirmed"},
        )
        request = talk.world.request(channel="email", contact_point_id=point.pk, template=None)
        return services.decide(request, now=now)

    def test_04_second_channel_after_a_delivery_waits_for_next_week(
        self, written_to: Talk, network: Network
    ) -> None:
        self._agrees_to_email(written_to)
        dispatch.dispatch_due(now=MONDAY)
        network.pass_on()
        assert Message.objects.get(contact_kind="collection").state == MessageState.DELIVERED

        tuesday = self._email(written_to, TUESDAY)

        assert (tuesday.verdict, tuesday.rule) == (Verdict.REFUSE, "channel_rule")
        assert tuesday.sentence == (
            "O membro já foi contatado por outro canal nesta semana; por este, a partir de 30/11/2026 10:00."
        )
        assert self._email(written_to, NEXT_MONDAY).verdict == Verdict.ALLOW

    def test_04_second_channel_is_free_when_nothing_was_delivered_on_the_first(
        self, written_to: Talk, network: Network
    ) -> None:
        self._agrees_to_email(written_to)
        network.tell("fault", point="send", action="fail", options={"code": 131026})
        dispatch.dispatch_due(now=MONDAY)
        assert Message.objects.get(contact_kind="collection").state == MessageState.FAILED

        assert self._email(written_to, TUESDAY).verdict == Verdict.ALLOW

    def test_04_channel_that_the_member_did_not_authorise_is_refused(self, written_to: Talk) -> None:
        decision = self._email(written_to, NEXT_MONDAY)

        assert (decision.verdict, decision.rule) == (Verdict.REFUSE, "no_opt_in")


@pytest.mark.django_db
class TestChile:
    @pytest.fixture
    def santiago(self) -> World:
        return World.build(country="CL", uf="RM", city="Santiago")

    def _put_off(self, world: World, now: str, **changes: Any) -> tuple[str, Any]:
        decision = services.decide(world.request(**changes), now=at(now, SANTIAGO))
        return decision.verdict, decision.until

    def test_06_second_message_waits_for_thursday_and_the_third_for_day_eight(self, santiago: World) -> None:
        santiago.contact(at("2026-11-23 10:00", SANTIAGO))

        assert self._put_off(santiago, "2026-11-25 10:00") == (
            Verdict.DEFER,
            at("2026-11-26 09:00", SANTIAGO),
        )
        santiago.contact(at("2026-11-26 09:00", SANTIAGO))
        assert self._put_off(santiago, "2026-11-28 10:00") == (
            Verdict.DEFER,
            at("2026-11-30 10:00", SANTIAGO),
        )

    def test_06_second_call_in_a_week_waits_for_day_eight(self, santiago: World) -> None:
        phone = ContactPointFactory(member=santiago.member, channel="call", state="confirmed")
        call = {"channel": "call", "contact_point_id": phone.pk, "template": None, "author": "person:4"}
        santiago.contact(at("2026-11-23 10:00", SANTIAGO), **call)

        assert self._put_off(santiago, "2026-11-27 10:00", **call) == (
            Verdict.DEFER,
            at("2026-11-30 10:00", SANTIAGO),
        )
