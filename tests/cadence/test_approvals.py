"""Steps that only a person sends: asked once, sent or dismissed by name, never past the gate."""

from datetime import timedelta

import pytest

from cadence import approvals, contact
from cadence.approvals import CannotSend
from cadence.enums import Dismissal, StepOutcome
from cadence.models import StepApproval, StepRun
from cases.enums import CaseState
from commons.models import HistoryEntry
from conversations.enums import MessageState
from conversations.models import Message
from conversations.outbox import dispatch
from members import services as members
from members.enums import Channel
from tests.cadence import editing
from tests.cadence.world import TODAY, Followed
from tests.cases.world import NOW, World, at, refusing
from tests.concurrency import at_once
from tests.factories.billing import InvoiceFactory

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
DUE = TODAY - 40 * DAY
SIGNER = "Marina Alves, do financeiro"
NOTHING_OPEN = "as faturas já não estão em aberto"


@pytest.fixture
def marina():
    return editing.person("marina")


@pytest.fixture
def who() -> Followed:
    return letter_due()


def letter_due(days: int = 40) -> Followed:
    """A member whose next step is the letter of the 35th day."""
    editing.add(
        editing.live(),
        "depois-35",
        name="Carta formal",
        offset_days=35,
        stage="late_31_60",
        state="negotiation",
        needs_person=True,
        signer=SIGNER,
    )
    return Followed.late(days)


def asked(who: Followed) -> StepApproval:
    who.plan()
    return StepApproval.objects.get(case=who.case)


def told(who: Followed) -> list[tuple[str, str, str]]:
    lines = HistoryEntry.objects.filter(member_id=who.member.pk, kind__startswith="cadence.approval")
    return list(lines.order_by("sequence").values_list("kind", "actor", "sentence"))


def letters(who: Followed) -> list[Message]:
    """What people sent; thanks for a payment go by themselves."""
    return [message for message in who.messages() if message.author.startswith("user:")]


def statuses() -> list[str]:
    return list(StepApproval.objects.order_by("pk").values_list("status", flat=True))


class TestAsked:
    def test_planner_asks_a_person_and_sends_nothing(self, who: Followed):
        again = who.plan()

        approval = StepApproval.objects.get()
        assert (
            approval.case,
            approval.step_key,
            approval.due_cycle,
            approval.status,
            approval.created_at,
        ) == (
            who.case,
            "depois-35",
            DUE,
            Dismissal.PENDING,
            NOW,
        )
        assert (who.messages(), who.decisions(), again) == ([], [], None)
        assert who.runs()[-1] == ("depois-35", DUE, StepOutcome.AWAITING)
        assert told(who) == [
            ("cadence.approval_asked", "cadence", "Etapa “Carta formal” espera que uma pessoa a envie.")
        ]

    def test_once_in_its_cycle_however_often_it_is_planned(self, who: Followed):
        who.plan()
        who.plan(NOW + 3 * DAY)

        assert (StepApproval.objects.count(), len(told(who))) == (1, 1)

    def test_again_in_the_cycle_of_another_invoice(self, who: Followed):
        who.plan()
        InvoiceFactory(member=who.member, amount="119.90", due_date=DUE - 10 * DAY, now=NOW)
        who.plan(NOW + DAY)

        assert list(StepApproval.objects.order_by("pk").values_list("due_cycle", flat=True)) == [
            DUE,
            DUE - 10 * DAY,
        ]

    def test_nobody_is_asked_to_send_what_the_gate_refuses(self, who: Followed):
        members.opt_out(member=who.member, channel=Channel.WHATSAPP, source="SAIR", actor="member", now=NOW)

        again = who.plan()

        assert (again, StepApproval.objects.count(), who.decisions()) == (NOW + 7 * DAY, 0, [])

    def test_what_the_gate_only_puts_off_is_asked_for_already(self, who: Followed):
        who.plan(at("2026-11-24 21:00"))

        assert statuses() == [Dismissal.PENDING]


class TestPrepared:
    def test_person_sees_what_would_leave(self, who: Followed, marina):
        ready = approvals.prepare(asked(who), user=marina, now=NOW)

        assert isinstance(ready, contact.Prepared)
        assert (ready.draft.author, ready.draft.step_key, ready.is_neutral) == (
            f"user:{marina.pk}",
            "depois-35",
            False,
        )
        assert f"Escrevo por {SIGNER}, que assina esta mensagem." in ready.said.text

    def test_with_nothing_open_there_is_nothing_to_see(self, who: Followed, marina):
        approval = asked(who)
        pay(who, "123.88")

        assert approvals.prepare(approval, user=marina, now=NOW) == contact.NotReady(NOTHING_OPEN)


def pay(who: Followed, amount: str) -> None:
    """Money for the oldest first."""
    World(who.member, []).pay(amount)


class TestSent:
    def test_it_leaves_through_the_gate_in_the_name_of_who_sends_it(self, who: Followed, marina):
        approval = asked(who)

        sent = approvals.send(approval_id=approval.pk, user=marina, now=NOW)

        (message,) = who.messages()
        run = StepRun.objects.get(step_key="depois-35")
        assert (message.author, message.state, message.contact_kind) == (
            f"user:{marina.pk}",
            MessageState.PLANNED,
            "collection",
        )
        assert (sent.status, sent.decided_by, sent.decided_at, sent.message_id) == (
            Dismissal.SENT,
            marina,
            NOW,
            message.pk,
        )
        assert (run.outcome, run.decision, run.message_id) == (
            StepOutcome.SENT,
            message.decision,
            message.pk,
        )
        assert who.decisions() == [("allow", "")]

    def test_step_of_the_negotiation_opens_it_when_it_leaves_and_not_before(self, who: Followed, marina):
        approval = asked(who)
        before = who.case.state

        approvals.send(approval_id=approval.pk, user=marina, now=NOW)

        assert (before, who.case.state) == (CaseState.SOFT, CaseState.NEGOTIATION)

    @pytest.mark.parametrize(
        ("when", "verdict", "rule"),
        [(NOW, "refuse", "opted_out"), (at("2026-11-24 21:00"), "defer", "window")],
    )
    def test_what_the_gate_does_not_allow_stays_pending_with_the_decision_written(
        self, who: Followed, marina, when, verdict: str, rule: str
    ):
        approval = asked(who)
        if rule == "opted_out":
            members.opt_out(member=who.member, channel="", source="SAIR", actor="member", now=NOW)

        with pytest.raises(CannotSend) as refused:
            approvals.send(approval_id=approval.pk, user=marina, now=when)

        (decision,) = who.decisions()
        assert (decision, statuses(), who.messages()) == ((verdict, rule), [Dismissal.PENDING], [])
        assert len(str(refused.value)) > 10
        assert who.runs()[-1][2] == StepOutcome.AWAITING

    def test_settled_meanwhile_it_is_not_sent(self, who: Followed, marina):
        approval = asked(who)
        pay(who, "123.88")

        with pytest.raises(CannotSend, match=NOTHING_OPEN):
            approvals.send(approval_id=approval.pk, user=marina, now=NOW)

        assert (who.case.state, letters(who)) == (CaseState.SETTLED, [])

    def test_partly_paid_meanwhile_it_is_about_what_is_left(self, marina):
        who = letter_due()
        InvoiceFactory(member=who.member, amount="50.00", due_date=DUE + 3 * DAY, now=NOW)
        approval = asked(who)
        pay(who, "123.88")

        approvals.send(approval_id=approval.pk, user=marina, now=NOW + timedelta(hours=2))

        (message,) = letters(who)
        assert message.decision is not None
        assert len(message.decision.request["invoices"]) == 1 < len(approval.invoice_ids)

    def test_second_click_changes_nothing(self, who: Followed, marina):
        approval = asked(who)
        approvals.send(approval_id=approval.pk, user=marina, now=NOW)

        with refusing(CannotSend, "Já foi decidido: enviado."):
            approvals.send(approval_id=approval.pk, user=editing.person("joana"), now=NOW)

        assert (len(who.messages()), StepApproval.objects.get().decided_by) == (1, marina)

    def test_withheld_at_the_last_look_it_waits_for_a_person_again(self, who: Followed, marina):
        approval = asked(who)
        approvals.send(approval_id=approval.pk, user=marina, now=NOW)
        tomorrow = NOW + DAY
        dispatch.dispatch_due(now=tomorrow)  # the amount of yesterday is not today's
        withheld = [message.state for message in who.messages()]

        who.plan(tomorrow)

        approval.refresh_from_db()
        assert (withheld, approval.status, approval.decided_by) == (
            [MessageState.WITHHELD],
            Dismissal.PENDING,
            None,
        )
        approvals.send(approval_id=approval.pk, user=marina, now=tomorrow)
        assert [message.state for message in who.messages()][1:] == [MessageState.PLANNED]


class TestDismissed:
    def test_person_decides_against_it_and_says_why(self, who: Followed, marina):
        approval = asked(who)

        approvals.dismiss(approval_id=approval.pk, user=marina, reason=" Já combinou por telefone. ", now=NOW)

        approval.refresh_from_db()
        assert (approval.status, approval.reason, approval.decided_by) == (
            Dismissal.DISMISSED,
            "Já combinou por telefone.",
            marina,
        )
        assert who.runs()[-1] == ("depois-35", DUE, StepOutcome.DISMISSED)
        assert told(who)[-1] == (
            "cadence.approval_dismissed",
            f"user:{marina.pk}",
            "Etapa “depois-35” dispensada: Já combinou por telefone.",
        )

    def test_it_is_not_asked_for_again(self, who: Followed, marina):
        approvals.dismiss(approval_id=asked(who).pk, user=marina, reason="Combinado.", now=NOW)

        who.plan(NOW + 2 * DAY)

        assert (statuses(), who.messages()) == ([Dismissal.DISMISSED], [])

    def test_without_a_reason_nothing_is_decided(self, who: Followed, marina):
        approval = asked(who)

        with pytest.raises(ValueError, match="Diga por que não envia"):
            approvals.dismiss(approval_id=approval.pk, user=marina, reason="  ", now=NOW)

        assert statuses() == [Dismissal.PENDING]

    def test_what_was_dismissed_is_not_sent(self, who: Followed, marina):
        approval = asked(who)
        approvals.dismiss(approval_id=approval.pk, user=marina, reason="Combinado.", now=NOW)

        with refusing(CannotSend, "Já foi decidido: dispensado."):
            approvals.send(approval_id=approval.pk, user=marina, now=NOW)


def test_those_of_settled_cases_lapse_and_the_story_says_so(marina):
    settled, open_, decided = letter_due(), Followed.late(40), Followed.late(40)
    for each in (settled, open_, decided):
        asked(each)
    approvals.dismiss(
        approval_id=StepApproval.objects.get(case=decided.case).pk, user=marina, reason="Combinado.", now=NOW
    )
    for each in (settled, decided):
        pay(each, "123.88")

    counts = [approvals.lapse(now=NOW + DAY) for _ in range(2)]

    assert counts == [1, 0]
    assert statuses() == [Dismissal.LAPSED, Dismissal.PENDING, Dismissal.DISMISSED]
    assert told(settled)[-1] == (
        "cadence.approval_lapsed",
        "cadence",
        "Etapa “depois-35” não precisa mais de uma pessoa: não há nada em aberto.",
    )


@pytest.mark.django_db(transaction=True)
def test_two_people_who_send_at_once_send_once():
    approval = asked(letter_due())
    people = [editing.person("marina"), editing.person("joana")]

    done = at_once(
        *(lambda user=user: approvals.send(approval_id=approval.pk, user=user, now=NOW) for user in people)
    )

    assert sorted(type(each).__name__ for each in done) == ["CannotSend", "StepApproval"]
    assert Message.objects.count() == 1
