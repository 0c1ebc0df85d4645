"""Passports on screen: in words, linked from every message, filterable, and only for who may see them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commons import clock
from commons.models import HistoryEntry
from compliance.enums import SwitchScope
from compliance.models import ContactLedgerEntry, Decision
from compliance.services import set_switch
from conversations.models import Message
from members import services as members
from members.enums import Channel
from tests.conversations.world import NOW, Talk
from tests.office.dossier.conftest import person
from tests.office.passports.contacts import not_sent

pytestmark = pytest.mark.django_db

SEES = ("members.view_member", "compliance.view_decision", "conversations.view_conversation")


@pytest.fixture
def helena(now: object) -> Client:
    return person("helena", *SEES, "members.view_member")


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def gate_page(talk: Talk) -> str:
    return reverse("passports:can_write", args=[talk.world.member.pk])


def line_page(talk: Talk) -> str:
    return reverse("passports:timeline", args=[talk.world.member.pk])


class TestPassport:
    def test_passport_names_every_rule_in_order_with_what_it_looked_at(self, helena: Client, talk: Talk):
        refused = not_sent(talk)

        page = text(helena, reverse("admin:compliance_decision_change", args=[refused.pk]))

        places = [
            page.index(title)
            for title in (
                "Chaves de segurança",
                "Consentimento para o canal",
                "Horário permitido",
                "Contatos no dia",
            )
        ]
        assert places == sorted(places)
        assert "1 de 1" in page
        assert "max_per_day" not in page
        assert "Nada saiu com esta decisão" in page

    def test_verdict_is_a_word_and_an_icon_never_colour_alone(self, helena: Client, talk: Talk):
        page = text(helena, reverse("admin:compliance_decision_change", args=[not_sent(talk).pk]))

        assert page.count('aria-hidden="true">check_circle</span>Passou') > 20
        assert 'aria-hidden="true">schedule</span>Adiou' in page

    def test_passport_shows_what_left_by_it_and_the_last_look(self, helena: Client, talk: Talk):
        message = Message.objects.order_by("pk")[0]
        first = message.decision
        revision = not_sent(talk)
        copy = Decision.objects.get(pk=revision.pk)
        copy.pk, copy.revises = None, first
        copy.save(force_insert=True)

        page = text(helena, reverse("admin:compliance_decision_change", args=[first.pk]))

        assert reverse("inbox:why", args=[message.pk]) in page
        assert reverse("admin:compliance_decision_change", args=[copy.pk]) in page

    def test_message_in_the_inbox_opens_its_passport_in_words(self, helena: Client, talk: Talk):
        message = Message.objects.order_by("pk")[0]

        page = text(helena, reverse("inbox:why", args=[message.pk]))

        assert "Horário permitido" in page
        assert reverse("admin:compliance_decision_change", args=[message.decision_id]) in page
        assert line_page(talk) in page


class TestList:
    def found(self, client: Client, **query: Any) -> list[int]:
        page = client.get(reverse("admin:compliance_decision_changelist"), query)
        assert page.status_code == 200
        return [row.pk for row in page.context["cl"].result_list]

    def test_list_is_filtered_by_rule_verdict_step_period_and_member(self, helena: Client, talk: Talk):
        allowed = Decision.objects.get()
        refused = not_sent(talk, at=NOW + timedelta(days=0, hours=1))

        assert set(self.found(helena)) == {allowed.pk, refused.pk}
        assert self.found(helena, rule=refused.rule) == [refused.pk]
        assert self.found(helena, rule="hold") == []
        assert self.found(helena, verdict__exact="allow") == [allowed.pk]
        assert self.found(helena, etapa="depois-7") == [refused.pk]
        assert self.found(helena, etapa="depois-2") == []
        assert set(self.found(helena, at_from="24/11/2026", at_to="24/11/2026")) == {allowed.pk, refused.pk}
        assert self.found(helena, at_from="25/11/2026") == []
        assert set(self.found(helena, member__id__exact=talk.world.member.pk)) == {allowed.pk, refused.pk}
        assert self.found(helena, member__id__exact=talk.world.member.pk + 1) == []


class TestTimelinePage:
    def test_page_holds_contacts_and_non_contacts_with_their_passports(self, helena: Client, talk: Talk):
        refused = not_sent(talk)

        page = text(helena, line_page(talk))

        assert reverse("admin:compliance_decision_change", args=[refused.pk]) in page
        assert "Membro escreveu" in page

    def test_view_and_place_come_from_the_address_and_nonsense_is_harmless(self, helena: Client, talk: Talk):
        not_sent(talk)

        assert "Membro escreveu" not in text(helena, line_page(talk) + "?ver=nao-enviados")
        assert "Nada por aqui" in text(helena, line_page(talk) + "?antes=2020-01-01T00:00:00%2B00:00")
        for nonsense in ("?ver=%00&antes=ontem", "?antes=2026-11-24", "?antes=9999999"):
            assert "Membro escreveu" in text(helena, line_page(talk) + nonsense)

    def test_page_costs_the_same_queries_for_more(self, helena: Client, talk: Talk):
        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                text(helena, line_page(talk))
            return len(queries)

        cost()
        first = cost()
        for minutes in (1, 2, 3):
            not_sent(talk, at=NOW + timedelta(minutes=minutes))
        talk.writes("oi", "tudo bem?", now=NOW + timedelta(minutes=9))

        assert cost() == first

    @pytest.mark.parametrize("missing", SEES)
    def test_role_without_any_of_the_permissions_sees_nothing(self, missing: str, talk: Talk):
        client = person("caio", *(each for each in SEES if each != missing))

        assert client.get(line_page(talk)).status_code == 403


class TestCanWrite:
    def test_every_channel_and_kind_is_answered(self, helena: Client, talk: Talk):
        gates = helena.get(gate_page(talk)).context["gates"]

        assert [each.channel for each in gates.channels] == list(Channel)
        assert [len(each.kinds) for each in gates.channels] == [7, 7, 7]

    def test_put_off_contact_says_until_when_and_that_only_time_cures_it(self, helena: Client, talk: Talk):
        gates = helena.get(gate_page(talk)).context["gates"]

        collection = gates.channels[0].kinds[0]
        assert (collection.kind, collection.verdict, collection.only_time) == ("collection", "defer", True)
        assert collection.obstacles[0].title == "Contatos no dia"
        assert collection.slot is not None
        assert collection.slot > NOW

    def test_refused_contact_says_what_would_have_to_change(self, helena: Client, talk: Talk):
        members.opt_out(
            member=talk.world.member, channel=Channel.WHATSAPP, source="balcão", actor="system", now=NOW
        )

        page = text(helena, gate_page(talk))

        assert "Só o próprio membro desfaz o pedido" in page
        assert "se o resto mudar" in page

    def test_member_who_waits_for_an_answer_may_be_answered(self, helena: Client, talk: Talk):
        clock.move(to=NOW + timedelta(minutes=2), frozen=True)

        gates = helena.get(gate_page(talk)).context["gates"]

        answers = {gate.kind.value: gate.verdict for gate in gates.channels[0].kinds}
        assert answers["reply"] == "allow"
        assert {gate.kind.value: gate.verdict for gate in gates.channels[1].kinds}["reply"] == "refuse"

    def test_thrown_switch_is_shown_with_its_reason(self, helena: Client, talk: Talk):
        set_switch(
            scope=SwitchScope.STEP,
            key="depois-7",
            stopped=True,
            reason="Texto em revisão.",
            author="user:1",
            now=NOW,
        )

        assert "Texto em revisão." in text(helena, gate_page(talk))

    def test_looking_leaves_only_the_line_that_somebody_looked(self, helena: Client, talk: Talk):
        before = (Decision.objects.count(), ContactLedgerEntry.objects.count(), Message.objects.count())
        lines = HistoryEntry.objects.count()

        helena.get(gate_page(talk))
        helena.get(gate_page(talk))

        assert (
            Decision.objects.count(),
            ContactLedgerEntry.objects.count(),
            Message.objects.count(),
        ) == before
        (entry,) = HistoryEntry.objects.order_by("pk")[lines:]
        assert (entry.kind, entry.sentence) == ("member.gates_viewed", "Consultou se pode escrever agora.")
        assert entry.actor.startswith("user:")

    def test_page_costs_the_same_queries_for_more(self, helena: Client, talk: Talk):
        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                helena.get(gate_page(talk))
            return len(queries)

        cost()
        first = cost()
        talk.writes("oi", "tudo bem?", now=NOW + timedelta(minutes=9))

        assert cost() == first

    @pytest.mark.parametrize("missing", SEES[:2])
    def test_role_without_the_permissions_sees_nothing_and_leaves_nothing(self, missing: str, talk: Talk):
        lines = HistoryEntry.objects.count()
        client = person("caio", *(each for each in SEES if each != missing))

        assert client.get(gate_page(talk)).status_code == 403
        assert HistoryEntry.objects.count() == lines
