"""A member on one screen: everything that is known, in words, masked, for the same few queries."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadence import planner
from cases.enums import HoldReason
from cases.models import Case
from cases.services import holds, promises
from commons.models import HistoryEntry
from compliance.models import Decision
from conversations.models import Note
from members import services as members
from members.enums import Channel, PreferenceSource
from members.models import ContactPoint, Member
from office import pages
from tests.cadence.world import Followed
from tests.conversations.world import NOW, Talk
from tests.factories.billing import InvoiceFactory
from tests.factories.commons import OrganisationFactory
from tests.factories.members import ContactPointFactory, MemberFactory
from tests.office.passports.contacts import not_sent

pytestmark = pytest.mark.django_db


def shown(member: Member) -> str:
    """The page as people read it."""
    fresh = Member.objects.get(pk=member.pk)
    return render_to_string("office/member_page.html", pages.member_page(fresh, now=NOW))


class TestWhatItShows:
    def test_money_is_there_line_by_line_with_its_calculation(self, talk: Talk):
        page = shown(talk.world.member)

        assert 'Hoje em aberto: <span class="tabular-nums">R$ 102,63</span>' in page
        assert "Multa, uma única vez: R$ 100,00 × 2% = R$ 2,00" in page
        assert "19 dias" in page

    def test_document_and_addresses_are_masked(self, talk: Talk):
        page = shown(talk.world.member)

        assert "***.982.247-**" in page
        assert talk.point.masked in page
        assert "52998224725" not in page
        assert talk.point.address not in page

    def test_every_contact_and_non_contact_has_its_why(self, talk: Talk):
        refused = not_sent(talk)

        page = shown(talk.world.member)

        assert reverse("admin:compliance_decision_change", args=[refused.pk]) in page
        sent = Decision.objects.exclude(pk=refused.pk).get().messages.get()
        assert reverse("inbox:why", args=[sent.pk]) in page

    def test_deals_holds_notes_and_preferences_are_there(self, talk: Talk):
        case = talk.world.case
        user = User.objects.create_user("caio", first_name="Caio")
        promises.take(case=case, on=date(2026, 11, 27), amount=Decimal("50.00"), author="agent", now=NOW)
        holds.place(case=case, reason=HoldReason.HARDSHIP, author="user:1", now=NOW)
        Note.objects.create(conversation=talk.conversation, author=user, body="ligar <depois>", at=NOW)
        members.set_preference(
            member=talk.world.member,
            source=PreferenceSource.DECLARED,
            actor="user:1",
            now=NOW,
            paydays=[5, 20],
        )

        page = shown(talk.world.member)

        assert "Promessa para 27/11/2026, R$ 50,00" in page
        assert "Momento difícil" in page
        assert "ligar &lt;depois&gt;" in page
        assert "Recebe no dia 5, 20" in page

    def test_opt_out_of_everything_is_said_for_every_channel(self, talk: Talk):
        members.opt_out(member=talk.world.member, channel="", source="balcão", actor="system", now=NOW)

        page = shown(talk.world.member)

        assert page.count("não quer mensagens") == len(Channel)
        assert "aceitou em" not in page

    def test_words_of_the_member_are_escaped(self, talk: Talk):
        talk.writes("<script>alert(1)</script>", now=NOW + timedelta(minutes=5))

        assert "<script>" not in shown(talk.world.member)

    def test_member_who_owes_nothing_reads_so_beside_the_gate_s_yes(self, db: None):
        OrganisationFactory()

        page = shown(MemberFactory())

        assert "Nada em aberto." in page
        assert "não há o que cobrar" in page
        assert "Nenhum contato. Inclua um telefone na próxima importação." in page

    def test_acts_lead_somewhere_or_say_why_not(self, talk: Talk):
        nobody = MemberFactory(document="")

        known = {button.title: button.url for button in _buttons(talk.world.member)}
        strange = {button.title: (button.url, button.hint) for button in _buttons(nobody)}

        case = reverse("admin:cases_case_change", args=[talk.world.case.pk])
        assert known["Conversar"] == reverse("inbox:conversation", args=[talk.conversation.pk])
        assert (known["Acordo"], known["Segurar"]) == (case, case)
        assert known["Exportar dossiê"] == reverse("dossier:export", args=[talk.world.member.pk])
        assert strange["Conversar"] == ("", "Ainda não há conversa com este membro.")
        assert strange["Segurar"][0] == ""


def _buttons(member: Member) -> list[pages.Button]:
    return list(pages.member_page(member, now=NOW)["buttons"])


class TestNextStep:
    def test_step_that_would_be_due_then_is_named_with_its_moment(self, now: object):
        followed = Followed.late(1, now=NOW)
        planner.plan_case(case_id=followed.case.pk, now=NOW)
        at = Case.objects.get(pk=followed.case.pk).next_contact_at

        found = pages.next_step(followed.case, now=NOW)

        assert found is not None
        assert at is not None
        assert (found.at, found.name != "") == (at, True)

    def test_case_that_is_over_has_no_next_step(self, talk: Talk):
        case = talk.world.case
        Case.objects.filter(pk=case.pk).update(next_contact_at=None)

        assert pages.next_step(Case.objects.get(pk=case.pk), now=NOW) is None


class TestCost:
    def cost(self, member: Member) -> int:
        with CaptureQueriesContext(connection) as queries:
            shown(member)
        return len(queries)

    def test_page_costs_the_same_for_more_of_everything(self, talk: Talk):
        member = talk.world.member
        not_sent(talk)
        first = self.cost(member)
        for number in range(3):
            InvoiceFactory(member=member, due_date=date(2026, 11, 6 + number), now=NOW)
            ContactPointFactory(member=member)
            not_sent(talk, at=NOW + timedelta(minutes=number), step=f"outra-{number}")
        talk.writes("um", "dois", "três", now=NOW + timedelta(minutes=9))

        assert ContactPoint.objects.filter(member=member).count() == 4
        assert self.cost(member) == first

    def test_looking_writes_nothing(self, talk: Talk):
        before = (HistoryEntry.objects.count(), Decision.objects.count())

        shown(talk.world.member)

        assert (HistoryEntry.objects.count(), Decision.objects.count()) == before


def test_page_opens_in_the_office(talk: Talk, admin_client: Client) -> None:
    page = admin_client.get(reverse("admin:members_member_change", args=[talk.world.member.pk]))

    assert page.status_code == 200
    assert "Tudo o que aconteceu" in page.content.decode()
