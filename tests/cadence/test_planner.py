"""One contact at its time for each member, decided by the gate, never twice: whatever failed before."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from billing.models import Invoice
from cadence import planner, plans, tasks
from cadence.enums import StepOutcome, VersionStatus
from cadence.models import CadenceVersion, StepRun
from cases import tasks as calendar
from cases.enums import CaseState, HoldReason
from cases.services import holds
from commons.models import HistoryEntry
from conversations.enums import MessageState
from conversations.models import Conversation, Message, MessageTemplate, Sender
from conversations.outbox import dispatch
from experiments.assignment import services as pilots
from experiments.assignment.models import Assignment
from members import services as members
from members.enums import Channel, ContactPointState
from tests.cadence.world import TODAY, Followed, house
from tests.cases.world import NOW, at
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db

SENT, SKIPPED, LEFT_ALONE = StepOutcome.SENT.value, StepOutcome.SKIPPED.value, StepOutcome.LEFT_ALONE.value
DAY = timedelta(days=1)


def ago(days: int) -> date:
    return TODAY - days * DAY


class TestContact:
    def test_due_step_becomes_a_message_with_its_passport_and_a_run(self):
        who = Followed.late(2)

        again = who.plan()

        (message,) = who.messages()
        run = StepRun.objects.get()
        assert who.runs() == [("depois-2", ago(2), SENT)]
        assert (run.message_id, run.decision, run.at) == (message.pk, message.decision, NOW)
        assert (message.state, message.contact_kind, message.author) == (
            MessageState.PLANNED,
            "collection",
            "cadence",
        )
        assert message.body.splitlines()[:-1] == [
            f"Oi, {who.member.first_name}, aqui é a assistente virtual da Academia Exemplo (CNPJ 11.222.333/0001-81).",
            "",
            "Pode ter passado batido: ainda não vimos o pagamento de Mensalidade (vencimento 22/11/2026). Hoje o total é R$ 122,32"
            " (R$ 119,90, mais R$ 2,39 de multa e R$ 0,03 de juros). Posso enviar o Pix?",
        ]
        assert again == who.morning(ago(2) + 7 * DAY)

    @pytest.mark.parametrize(("days", "stage"), [(3, "pre_due"), (0, "due_day")])
    def test_reminder_is_of_its_own_kind(self, days: int, stage: str):
        who = Followed.owing(TODAY + days * DAY)

        who.plan()

        (message,) = who.messages()
        assert message.template is not None
        assert (message.contact_kind, message.template.stage) == ("pre_due", stage)

    def test_late_invoices_are_one_message_with_one_total(self):
        who = Followed.owing(date(2026, 10, 5), date(2026, 11, 5))

        who.plan()

        (message,) = who.messages()
        assert message.body.startswith(
            f"Oi, {who.member.first_name}, aqui é a assistente virtual da Academia Exemplo.\n\n"
            "Sobre Mensalidade (vencimento 05/10/2026) e Mensalidade (vencimento 05/11/2026): hoje o total é R$ 247,32"
            " (R$ 239,80, mais R$ 4,78 de multa e R$ 2,74 de juros)."
        )
        assert message.decision is not None
        assert sorted(message.decision.request["invoices"]) == sorted(
            Invoice.objects.filter(member=who.member).values_list("pk", flat=True)
        )
        assert who.runs() == [
            ("depois-2", date(2026, 10, 5), SKIPPED),
            ("depois-7", date(2026, 10, 5), SKIPPED),
            ("depois-15", date(2026, 10, 5), SENT),
        ]

    @pytest.mark.parametrize(
        ("confirmed", "stage", "state"),
        [(True, "negotiation", CaseState.NEGOTIATION), (False, "identify", CaseState.SOFT)],
    )
    def test_who_is_not_confirmed_hears_no_word_of_money_and_gets_no_offer(
        self, confirmed: bool, stage: str, state: CaseState
    ):
        who = Followed.late(15, confirmed=confirmed)

        who.plan()

        (message,) = who.messages()
        assert message.template is not None
        assert (message.template.stage, who.case.state) == (stage, state)
        assert ("R$" in message.body, "fatura" in message.body.lower()) == (confirmed, False)
        assert who.runs()[-1] == ("depois-15", ago(15), SENT)

    def test_negotiation_opens_only_with_the_step_that_says_so(self):
        who = Followed.late(7)

        who.plan()

        assert who.case.state == CaseState.SOFT


class TestNeverTwice:
    def test_planned_again_it_does_nothing(self):
        who = Followed.late(7)
        first = who.plan()

        assert who.plan(NOW + timedelta(minutes=1)) == first
        assert (len(who.messages()), len(who.runs()), len(who.decisions())) == (1, 2, 1)

    def test_database_refuses_a_second_run_of_a_step_in_its_cycle(self):
        who = Followed.late(2)
        who.plan()
        run = StepRun.objects.get()
        facts = {"case": who.case, "version": run.version, "outcome": SENT, "at": NOW}

        with pytest.raises(IntegrityError, match="cadence_step_never_twice"), transaction.atomic():
            StepRun.objects.create(step_key=run.step_key, due_cycle=run.due_cycle, **facts)
        with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
            run.delete()
        with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
            StepRun.objects.filter(pk=run.pk).update(step_key="depois-7")

    def test_step_whose_message_was_withheld_at_the_last_look_is_done_anew(self):
        who = Followed.late(2)
        who.plan()
        tomorrow = NOW + DAY
        dispatch.dispatch_due(now=tomorrow)  # the amount of yesterday is not today's
        woken = who.case.next_contact_at

        who.plan(tomorrow)

        assert woken == tomorrow
        withheld, fresh = who.messages()
        assert (withheld.state, fresh.state) == (MessageState.WITHHELD, MessageState.PLANNED)
        assert ("R$ 122,32" in withheld.body, "R$ 122,36" in fresh.body) == (True, True)
        assert who.runs() == [("depois-2", ago(2), SENT)]
        assert StepRun.objects.get().message_id == fresh.pk
        who.plan(tomorrow + timedelta(minutes=1))
        assert len(who.messages()) == 2


class TestQuiet:
    def test_while_somebody_talks_with_us_the_regua_is_silent(self):
        who = Followed.late(2)
        who.hears(NOW - timedelta(hours=1))

        again = who.plan()

        assert (again, who.messages(), who.runs()) == (NOW + timedelta(hours=23), [], [])
        who.plan(NOW + timedelta(hours=23))
        assert len(who.messages()) == 1

    def test_settled_case_is_left_alone(self):
        who = Followed.late(2)
        Invoice.objects.filter(member=who.member).update(status="paid")
        case = who.case
        type(case).objects.filter(pk=case.pk).update(state=CaseState.SETTLED, next_contact_at=None)

        assert (who.plan(), who.messages()) == (None, [])

    def test_case_without_a_step_to_come_sleeps_for_good(self):
        who = Followed.late(15)
        who.plan()

        assert (who.case.next_contact_at, who.plan(NOW + 3 * DAY)) == (None, None)

    def test_without_a_live_regua_it_looks_again_tomorrow(self):
        who = Followed.late(2)
        CadenceVersion.objects.update(status=VersionStatus.RETIRED)

        assert (who.plan(), who.messages()) == (NOW + DAY, [])


class TestGate:
    def test_refusal_is_a_decision_and_the_step_stays_to_be_done(self):
        who = Followed.late(2)
        members.opt_out(member=who.member, channel=Channel.WHATSAPP, source="SAIR", actor="member", now=NOW)

        again = who.plan()

        assert (again, who.decisions(), who.runs(), who.messages()) == (
            NOW + 7 * DAY,
            [("refuse", "opted_out")],
            [],
            [],
        )

    def test_held_case_is_asked_about_again_and_written_to_when_it_is_free(self):
        who = Followed.late(2)
        holds.place(
            case=who.case,
            reason=HoldReason.HARDSHIP,
            author="agent",
            now=NOW,
            ends_at=NOW + timedelta(hours=20),
        )

        again = who.plan()

        assert (again, who.decisions()) == (NOW + timedelta(hours=20), [("refuse", "hold")])
        who.plan(NOW + DAY)
        assert (len(who.messages()), who.runs()) == (1, [("depois-2", ago(2), SENT)])

    def test_deferral_moves_the_next_look_to_the_instant_it_names(self):
        who = Followed.late(2)

        again = who.plan(at("2026-11-24 20:30"))

        assert (again, who.runs()) == (who.morning(TODAY + DAY), [])
        assert [verdict for verdict, _ in who.decisions()] == ["defer"]
        who.plan(again)
        assert who.runs() == [("depois-2", ago(2), SENT)]

    def test_gap_between_two_contacts_defers_the_second(self):
        who = Followed.late(14)
        who.plan()

        again = who.plan(NOW + DAY)  # the step of the fifteenth day

        assert again == NOW + 2 * DAY
        assert who.decisions() == [("allow", ""), ("defer", "min_gap")]
        who.plan(NOW + 2 * DAY)
        assert [run[0] for run in who.runs() if run[2] == SENT] == ["depois-7", "depois-15"]

    def test_reminder_of_one_invoice_is_not_held_back_by_the_contact_about_another(self):
        who = Followed.owing(ago(7), TODAY)
        who.plan()

        who.plan(NOW + timedelta(hours=1))

        assert [message.contact_kind for message in who.messages()] == ["collection", "pre_due"]


class TestNobodyToWriteTo:
    def why(self, who: Followed) -> str:
        return (
            HistoryEntry.objects.filter(member_id=who.member.pk, kind="cadence.not_contacted")
            .latest("pk")
            .sentence
        )

    def test_member_without_a_usable_contact_point(self):
        who = Followed.late(2)
        members.set_contact_point_state(
            point=who.point, state=ContactPointState.INVALID, reason="x", actor="user:1", now=NOW
        )

        assert (who.plan(), who.messages()) == (NOW + 7 * DAY, [])
        assert self.why(who) == "Sem contato: não há contato utilizável."

    def test_house_without_a_number(self):
        who = Followed.late(2)
        Sender.objects.update(active=False)

        assert (who.plan(), who.messages()) == (NOW + DAY, [])
        assert self.why(who) == "Sem contato: não há número de envio ativo."

    def test_step_without_an_approved_template(self):
        who = Followed.late(2)
        MessageTemplate.objects.filter(stage="late_1_7").update(status="REJECTED")

        assert (who.plan(), who.messages()) == (NOW + DAY, [])
        assert self.why(who) == "Sem contato: não há modelo aprovado para “late_1_7”."

    def test_template_that_asks_for_what_nobody_knows(self):
        who = Followed.late(2)
        MessageTemplate.objects.filter(stage="late_1_7").update(body="Oi, {{nome}}, até {{prazo_final}}.")

        assert (who.plan(), who.messages()) == (NOW + DAY, [])
        assert (
            self.why(who) == "Sem contato: o modelo pede o que não sabemos (late_1_7_first_v1: prazo_final)."
        )


class TestPilot:
    @pytest.fixture
    def _half(self) -> None:
        """Every second member is left alone."""
        house()
        pilot = pilots.create(
            name="Metade",
            holdout_percent=Decimal("50.00"),
            segment={},
            horizon_days=30,
            author_id=None,
            now=NOW,
        )
        pilots.start(pilot_id=pilot.pk, now=NOW)

    @pytest.mark.usefixtures("_half")
    def test_those_left_alone_get_the_run_and_no_message(self):
        everybody = [Followed.late(2) for _ in range(6)]

        for who in everybody:
            who.plan()

        arms = {each.member_id: each.arm.leaves_alone for each in Assignment.objects.select_related("arm")}
        assert sorted(arms.values()) == [False, False, False, True, True, True]
        for who in everybody:
            alone = arms[who.member.pk]
            assert who.runs() == [("depois-2", ago(2), LEFT_ALONE if alone else SENT)]
            assert (len(who.messages()), len(who.decisions())) == ((0, 0) if alone else (1, 1))
            assert who.case.next_contact_at == who.morning(ago(2) + 7 * DAY)

    @pytest.mark.usefixtures("_half")
    def test_arm_is_drawn_before_the_contact_and_kept(self):
        who = Followed.late(2)
        who.plan()

        assignment = Assignment.objects.get()
        assert (assignment.case_id, assignment.at, assignment.traits) == (
            who.case.pk,
            NOW,
            {
                "kind": "person",
                "uf": "SP",
                "product": "",
                "overdue": True,
                "days_late": 2,
                "amount": "122.32",
            },
        )
        outcome = who.runs()[0][2]
        who.plan(at("2026-11-30 10:00"))
        assert Assignment.objects.get() == assignment
        assert [run[2] for run in who.runs()] == [outcome] * 2

    @pytest.mark.usefixtures("_half")
    def test_refused_contact_was_assigned_all_the_same(self):
        who = Followed.late(2)
        members.opt_out(member=who.member, channel="", source="SAIR", actor="member", now=NOW)

        who.plan()

        assert Assignment.objects.get().member_id == who.member.pk

    @pytest.mark.usefixtures("_half")
    def test_reminder_of_something_not_late_is_no_matter_of_the_pilot(self):
        who = Followed.owing(TODAY)

        who.plan()

        assert (Assignment.objects.count(), len(who.messages())) == (0, 1)


class TestDowntime:
    def test_after_twenty_days_each_member_hears_once_and_of_today(self, business_clock):
        start = NOW - 20 * DAY
        book = {
            7: Followed.owing(ago(7), now=start),  # three steps of it missed
            13: Followed.owing(ago(13), now=start),
            25: Followed.owing(ago(25), now=start),
            2: Followed.owing(ago(2), now=NOW),
        }
        business_clock(NOW)

        calendar.follow_calendar()
        for _ in range(3):
            tasks.plan()

        assert [len(who.messages()) for who in book.values()] == [1, 1, 1, 1]
        assert {days: [run[0] for run in who.runs() if run[2] == SENT] for days, who in book.items()} == {
            7: ["depois-7"],
            13: ["depois-7"],
            25: ["depois-15"],
            2: ["depois-2"],
        }
        assert {days: [run[0] for run in who.runs() if run[2] == SKIPPED] for days, who in book.items()} == {
            7: ["depois-2"],
            13: ["depois-2"],
            25: ["depois-2", "depois-7"],
            2: [],
        }


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_planners_write_once(self):
        who = Followed.late(7)

        assert at_once(who.plan, who.plan)[0] is not None

        assert (len(who.messages()), len(who.runs())) == (1, 2)

    def test_case_that_cannot_be_planned_waits_an_hour_and_stops_nobody(self, business_clock, caplog):
        book = [Followed.late(2), Followed.late(2, timezone="Marte/Olimpo"), Followed.late(2)]
        business_clock(NOW)

        tasks.plan()

        assert [len(who.messages()) for who in book] == [1, 0, 1]
        broken = book[1]
        assert (broken.case.next_contact_at, broken.runs()) == (NOW + timedelta(hours=1), [])
        assert [record.getMessage() for record in caplog.records if record.name == "cadence.planner"] == [
            f"planning failed: case={broken.case.pk}"
        ]
        type(broken.member).objects.update(timezone="")
        business_clock(NOW + timedelta(hours=1))
        tasks.plan()
        assert [len(who.messages()) for who in book] == [1, 1, 1]


class TestBatches:
    def test_more_than_one_batch_is_planned_by_tasks_that_follow_each_other(
        self, business_clock, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(planner, "BATCH", 2)
        book = [Followed.late(2) for _ in range(5)]
        business_clock(NOW)

        tasks.plan()

        assert [len(who.messages()) for who in book] == [1] * 5

    def test_case_that_is_still_due_when_planned_waits_an_hour(
        self, business_clock, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(planner, "BATCH", 1)
        monkeypatch.setattr(planner, "plan_case", lambda **_: None)
        book = [Followed.late(2), Followed.late(2)]
        business_clock(NOW)

        tasks.plan()

        assert [who.case.next_contact_at for who in book] == [NOW + timedelta(hours=1)] * 2


def test_batch_takes_those_who_wait_longest():
    first, second = (
        Followed.late(2, now=NOW - timedelta(hours=2)),
        Followed.late(2, now=NOW - timedelta(hours=1)),
    )
    Followed.owing(TODAY + 4 * DAY, now=NOW + timedelta(hours=1))

    found = [planner.cases_to_plan(now=NOW, limit=limit) for limit in (1, 10)]

    assert found == [[first.case.pk], [first.case.pk, second.case.pk]]
    assert Conversation.objects.count() == Message.objects.count() == 0
    assert plans.live_version() is not None
