"""What a dossier holds, what it hides from whom, and what making one leaves behind."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.enums import HoldReason
from cases.services import holds
from commons import clock
from commons.history import append
from commons.models import HistoryEntry
from compliance.enums import ContactKind
from compliance.models import Decision
from conversations.channels.base import Text
from conversations.models import Message, MessageStatus, Note
from conversations.outbox import queue
from members import services as members
from members.enums import Channel, ContactPointState
from members.models import ContactPoint, Member
from office.dossier import services, signing
from office.dossier.collecting import Dossier
from office.dossier.enums import Mode
from office.dossier.verify_dossier import verify_json
from tests.conversations.world import NOW, Talk
from tests.factories.billing import InvoiceFactory
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db

CPF, SPOKEN_CPF, PHONE = "52998224725", "529.982.247-25", "98888-7777"


def export(talk: Talk, mode: Mode = Mode.MASKED, reason: str = "Auditoria", actor: str = "system") -> Dossier:
    return services.export(
        member_id=talk.world.member.pk, mode=mode, reason=reason, actor=actor, now=clock.now()
    )


def section(dossier: Dossier, name: str) -> list[dict[str, Any]]:
    return dossier.sections[name]


def refuse(talk: Talk) -> Decision:
    """A second contact on the same day, which the gate puts off."""
    queued = queue.queue(
        conversation=talk.fresh(),
        draft=queue.Draft(
            parts=[Text("Olá")],
            contact_kind=ContactKind.COLLECTION,
            author="cadence",
            case_id=talk.world.case.pk,
            invoice_ids=(talk.world.invoice.pk,),
        ),
        now=clock.now(),
    )
    assert not queued.allowed
    return queued.decision


class TestWhatItHolds:
    def test_dossier_verifies_with_this_deployment_s_key(self, talk: Talk):
        report = verify_json(export(talk).json, key=signing.public_key())

        assert (report.problems, report.trusted) == ([], True)

    def test_every_message_is_there_with_its_text_and_its_way(self, talk: Talk):
        rows = Message.objects.order_by("at", "pk")
        MessageStatus.objects.create(
            message=rows[0], status="failed", at=NOW + timedelta(seconds=9), details={"code": 131026}
        )

        told = section(export(talk, Mode.FULL), "messages")

        assert [(each["id"], each["direction"], each["text"]) for each in told] == [
            (row.pk, row.direction, row.body) for row in rows
        ]
        assert [each["channel"] for each in told] == ["whatsapp"] * len(told)
        assert told[0]["template"]["name"] == rows[0].template.name
        assert told[0]["planned_at"] == "2026-11-24T13:00:00.000000+00:00"
        assert told[0]["failed_at"] == "2026-11-24T13:00:09.000000+00:00"

    def test_refused_contacts_are_there_with_every_rule_they_met(self, talk: Talk):
        refused = refuse(talk)

        told = section(export(talk), "decisions")

        assert [each["id"] for each in told] == list(
            Decision.objects.order_by("at", "pk").values_list("pk", flat=True)
        )
        (mine,) = [each for each in told if each["id"] == refused.pk]
        assert (mine["verdict"], mine["rule"], mine["messages"]) == (refused.verdict, refused.rule, [])
        assert mine["results"] == refused.results
        assert len(mine["results"]) > 30
        words = {each["rule"]: each["title"] for each in section(export(talk), "rules")}
        assert {result["rule"] for result in refused.results} <= set(words)
        assert words["max_per_day"] == "Contatos no dia"

    def test_decision_names_the_messages_it_let_leave(self, talk: Talk):
        first = Message.objects.order_by("pk")[0]

        told = {each["id"]: each["messages"] for each in section(export(talk), "decisions")}

        assert told[first.decision_id] == [first.pk]

    def test_balance_is_there_with_its_calculation(self, talk: Talk):
        (told,) = section(export(talk), "balance")

        assert (told["as_of"], told["total"]) == ("2026-11-24", "102.63")
        assert told["lines"][0]["memo"][-1] == "Total: R$ 102,63"

    def test_member_without_anything_still_has_a_whole_dossier(self, talk: Talk):
        nobody = MemberFactory(document="")

        dossier = services.export(
            member_id=nobody.pk, mode=Mode.MASKED, reason="Auditoria", actor="system", now=NOW
        )

        assert verify_json(dossier.json).problems == []
        assert [len(section(dossier, name)) for name in ("messages", "decisions", "history")] == [0, 0, 1]


class TestRecord:
    def test_export_is_a_line_of_the_history_with_who_and_why(self, talk: Talk):
        user = User.objects.create_user("marina", first_name="Marina", last_name="Reis")

        dossier = export(talk, reason="  Procon:   protocolo 77 ", actor=f"user:{user.pk}")

        entry = HistoryEntry.objects.order_by("-pk")[0]
        assert (entry.kind, entry.actor, entry.sentence) == (
            "dossier.exported",
            f"user:{user.pk}",
            "Dossiê exportado (dados pessoais mascarados). Motivo: Procon: protocolo 77",
        )
        assert entry.metadata == {"dossier": dossier.id, "mode": "masked"}
        (asked,) = section(dossier, "export")
        assert (asked["requested_by_name"], asked["reason"]) == ("Marina Reis", "Procon: protocolo 77")
        assert section(dossier, "history")[-1]["kind"] == "dossier.exported"

    def test_export_without_a_reason_is_refused_and_leaves_nothing(self, talk: Talk):
        before = HistoryEntry.objects.count()

        with pytest.raises(services.ReasonMissing):
            export(talk, reason="  ")

        assert HistoryEntry.objects.count() == before

    def test_two_exports_are_two_dossiers(self, talk: Talk):
        assert export(talk).id != export(talk).id


class TestMasking:
    def test_masked_dossier_shows_no_document_telephone_or_e_mail(self, talk: Talk):
        members.opt_out(
            member=talk.world.member,
            channel=Channel.EMAIL,
            source="balcão",
            actor="system",
            now=NOW,
            words="me escreva em ana@exemplo.com.br",
        )

        text = export(talk).json.decode()

        for secret in (CPF, SPOKEN_CPF, PHONE, talk.point.address, talk.wa_id, "ana@exemplo"):
            assert secret not in text
        assert "***.982.247-**" in text

    def test_full_dossier_shows_them(self, talk: Talk):
        text = export(talk, Mode.FULL).json.decode()

        assert [secret in text for secret in (CPF, SPOKEN_CPF, talk.point.address)] == [True, True, True]

    def test_history_line_that_names_a_telephone_is_withheld_and_the_chain_still_verifies(self, talk: Talk):
        append(
            member_id=talk.world.member.pk,
            kind="member.changed",
            sentence="Ligar no (11) 98888-7777.",
            at=NOW,
            actor="system",
        )

        masked, full = export(talk), export(talk, Mode.FULL)

        (line,) = [each for each in section(masked, "history") if each["kind"] == "member.changed"]
        assert (line["words"], line["sentence"], line["salt"]) == ("withheld", None, None)
        (line,) = [each for each in section(full, "history") if each["kind"] == "member.changed"]
        assert (line["words"], line["sentence"]) == ("kept", "Ligar no (11) 98888-7777.")
        assert [verify_json(each.json).problems for each in (masked, full)] == [[], []]

    def test_creditor_s_own_number_is_nobody_s_secret(self, talk: Talk):
        append(
            member_id=talk.world.member.pk,
            kind="member.changed",
            sentence="CNPJ 11.222.333/0001-81.",
            at=NOW,
            actor="system",
        )

        (line,) = [each for each in section(export(talk), "history") if each["kind"] == "member.changed"]

        assert line["sentence"] == "CNPJ 11.222.333/0001-81."


class TestSubject:
    """§13.24 of the compliance reference: the export for the member holds evidence, chats and scores."""

    def subject(self, talk: Talk) -> Dossier:
        return services.subject_export(talk.world.member.pk, actor="user:1", now=clock.now())

    def test_it_holds_evidence_chats_and_what_was_computed(self, answered: Talk):
        refused = refuse(answered)

        dossier = self.subject(answered)

        assert refused.pk in [each["id"] for each in section(dossier, "decisions")]
        assert [each["text"] for each in section(dossier, "messages") if each["direction"] == "in"] == [
            "meu cpf é 529.982.247-25 e o fone (11) 98888-7777"
        ]
        (turn,) = section(dossier, "robot_turns")
        assert (turn["instructions"], turn["status"]) != ("", "")
        assert section(dossier, "scores") == []
        assert section(dossier, "member")[0]["document"] == CPF
        assert verify_json(dossier.json, key=signing.public_key()).problems == []

    def test_private_notes_of_the_staff_are_nowhere(self, talk: Talk):
        user = User.objects.create_user("caio", first_name="Caio")
        Note.objects.create(conversation=talk.conversation, author=user, body="achei que ele mente", at=NOW)
        Member.objects.filter(pk=talk.world.member.pk).update(notes="cliente difícil")

        for mode in Mode:
            text = export(talk, mode).json.decode()
            assert ("mente" in text, "difícil" in text) == (False, False)

    def test_words_of_another_person_are_not_given_to_the_member(self, talk: Talk):
        talk.writes("aqui é a Bia, esse número é meu", now=NOW + timedelta(minutes=5))
        ContactPoint.objects.filter(pk=talk.point.pk).update(state=ContactPointState.WRONG)

        told = [each for each in section(self.subject(talk), "messages") if each["direction"] == "in"]

        assert {(each["text"], each["withheld"]) for each in told} == {(None, "other_person")}
        court = json.dumps(section(export(talk, Mode.FULL), "messages"), ensure_ascii=False)
        assert "aqui é a Bia" in court

    def test_words_said_with_a_wrong_number_are_not_given_to_the_member(self, talk: Talk):
        members.mark_wrong_number(
            point=talk.point, source="mensagem", actor="system", now=NOW, words="sou a Bia"
        )

        (subject,), (court,) = (
            section(dossier, "suppressions") for dossier in (self.subject(talk), export(talk, Mode.FULL))
        )

        assert (subject["kind"], subject["words"], court["words"]) == ("wrong_number", None, "sou a Bia")

    def test_nobody_of_the_staff_is_named(self, talk: Talk):
        user = User.objects.create_user("caio", first_name="Caio", last_name="Prado")
        holds.place(case=talk.world.case, reason=HoldReason.HARDSHIP, author=f"user:{user.pk}", now=NOW)

        dossier = self.subject(talk)

        assert [each["author"] for each in section(dossier, "holds")] == ["staff"]
        assert "Prado" not in dossier.json.decode()

    def test_export_for_the_member_is_recorded_as_one(self, talk: Talk):
        self.subject(talk)

        entry = HistoryEntry.objects.order_by("-pk")[0]
        assert entry.sentence == (
            "Dossiê exportado (para o próprio membro). Motivo: Pedido do próprio membro (LGPD, art. 18)"
        )


def cost(talk: Talk) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        export(talk)
    return len(queries)


def test_dossier_costs_the_same_queries_however_much_there_is(answered: Talk):
    talk = answered
    first = cost(talk)
    for number in range(3):
        InvoiceFactory(member=talk.world.member, due_date=date(2026, 12, 5 + number), now=NOW)
        talk.writes(f"oi {number}", now=NOW + timedelta(minutes=10 + number))
    talk.answer(now=NOW + timedelta(minutes=14))
    refuse(talk)

    assert cost(talk) == first
