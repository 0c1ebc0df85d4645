"""The law of the journey: every edge that exists, every one that does not, and what an edge leaves behind."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection
from django_fsm import TransitionNotAllowed

from cases import machine, signals
from cases.diagram import transitions
from cases.enums import CaseState
from cases.machine import SENTENCES, TransitionRefused
from cases.models import Case, CaseEvent
from commons import history
from commons.models import HistoryEntry
from tests.cases.world import NOW, World, at, refusing
from tests.concurrency import at_once
from tests.factories.billing import InvoiceFactory

DECLARED = {
    "fall_due": ({"reminder"}, "soft"),
    "negotiate": ({"reminder", "soft"}, "negotiation"),
    "cool": ({"negotiation"}, "soft"),
    "recede": ({"soft", "negotiation"}, "reminder"),
    "escalate": ({"reminder", "soft", "negotiation"}, "escalated"),
    "hand_back_to_reminder": ({"escalated"}, "reminder"),
    "hand_back_to_soft": ({"escalated"}, "soft"),
    "hand_back_to_negotiation": ({"escalated"}, "negotiation"),
    "settle": ({"reminder", "soft", "negotiation", "escalated"}, "settled"),
    "reopen": ({"settled"}, "soft"),
}
"""The journey as it was decided: name, from where, to where."""

EDGES = [(name, source, target) for name, (sources, target) in DECLARED.items() for source in sorted(sources)]
REFUSED = [
    (name, state.value)
    for name, (sources, target) in DECLARED.items()
    for state in CaseState
    if state.value not in sources | {target}
]


@pytest.fixture
def heard() -> Iterator[list[dict[str, Any]]]:
    """What the signal said while the test ran."""
    said: list[dict[str, Any]] = []

    def listen(sender: Any, signal: Any, **fact: Any) -> None:
        said.append(fact)

    signals.case_changed.connect(listen)
    yield said
    signals.case_changed.disconnect(listen)


def apply(case: Case, transition: str, **changes: Any) -> Case:
    facts = {
        "actor": "user:7",
        "reason": "Porque sim.",
        "now": NOW + timedelta(hours=1),
        "evidence": {"message": 3},
    }
    return machine.apply(case_id=case.pk, transition=transition, **{**facts, **changes})


def test_model_declares_exactly_the_edges_that_were_decided():
    assert sorted(transitions()) == sorted(EDGES)


def test_every_transition_has_a_sentence_for_the_member_s_story():
    assert SENTENCES.keys() == {*DECLARED, "open"}


@pytest.mark.django_db
class TestApply:
    @pytest.mark.parametrize(("transition", "source", "target"), EDGES)
    def test_declared_edge_moves_the_case_and_is_recorded_once(
        self, transition: str, source: str, target: str, heard: list[dict[str, Any]]
    ):
        world = World.build()
        case = world.put(CaseState(source))
        before = CaseEvent.objects.count()
        heard.clear()

        moved = apply(case, transition)

        later = NOW + timedelta(hours=1)
        assert (moved.state, world.case.state, world.case.state_since) == (target, target, later)
        event = CaseEvent.objects.order_by("-pk")[: CaseEvent.objects.count() - before].get()
        assert (event.transition, event.source, event.target) == (transition, source, target)
        assert (event.actor, event.reason, event.evidence, event.at) == (
            "user:7",
            "Porque sim.",
            {"message": 3},
            later,
        )
        line = HistoryEntry.objects.filter(member_id=world.member.pk).latest("sequence")
        assert (line.kind, line.case_id, line.at, line.actor) == (
            f"case.{transition}",
            case.pk,
            later,
            "user:7",
        )
        assert line.sentence == f"{SENTENCES[transition]} Porque sim."
        assert line.metadata == {"source": source, "target": target}
        assert heard == [
            {
                "case_id": case.pk,
                "member_id": world.member.pk,
                "source": source,
                "target": target,
                "now": later,
            }
        ]
        assert history.first_broken_line(world.member.pk) is None

    @pytest.mark.parametrize(("transition", "source"), REFUSED)
    def test_undeclared_edge_is_refused_and_leaves_nothing(
        self, transition: str, source: str, heard: list[dict[str, Any]]
    ):
        world = World.build()
        case = world.put(CaseState(source))
        before = (world.journey(), world.story(""))
        heard.clear()

        with refusing(TransitionRefused, f"“{CaseState(source).label}”"):
            apply(case, transition)

        assert (world.case.state, world.case.state_since) == (source, NOW)
        assert (world.journey(), world.story(""), heard) == (*before, [])

    @pytest.mark.parametrize(("transition", "source", "target"), EDGES)
    def test_applied_again_it_does_nothing(self, transition: str, source: str, target: str):
        world = World.build()
        case = world.put(CaseState(source))
        apply(case, transition)
        before = (world.journey(), world.story(""), world.case.state_since)

        again = apply(case, transition, now=NOW + timedelta(hours=2))

        assert again.state == target
        assert (world.journey(), world.story(""), world.case.state_since) == before

    def test_settling_ends_the_planning_and_reopening_starts_it_again(self):
        world = World.build()
        case = world.put(CaseState.SOFT)

        apply(case, "settle")
        settled = world.case
        apply(case, "reopen", now=NOW + timedelta(hours=2))

        assert (settled.settled_at, settled.next_contact_at) == (NOW + timedelta(hours=1), None)
        assert (world.case.settled_at, world.case.next_contact_at) == (None, NOW + timedelta(hours=2))

    def test_unknown_transition_is_a_mistake_of_the_program(self):
        case = World.build().case

        with refusing(ValueError, "no transition called 'forgive'"):
            apply(case, "forgive")

    def test_state_cannot_be_written_past_the_machine(self):
        case = World.build().case

        with pytest.raises(AttributeError):
            case.state = CaseState.SETTLED
        with pytest.raises(TransitionNotAllowed):
            case.hand_back_to_soft()

    def test_buttons_offer_only_what_a_person_may_do(self):
        world = World.build()

        offered = {state.value: machine.allowed(world.put(state)) for state in CaseState}

        assert offered == {
            "reminder": ["escalate", "negotiate"],
            "soft": ["escalate", "negotiate"],
            "negotiation": ["escalate"],
            "escalated": ["hand_back_to_negotiation", "hand_back_to_reminder", "hand_back_to_soft"],
            "settled": [],
        }


@pytest.mark.django_db
class TestDatabase:
    def test_member_has_one_open_case_and_any_number_of_settled_ones(self):
        world = World.build()
        facts = {"member": world.member, "state_since": NOW, "opened_at": NOW}

        with refusing(IntegrityError, "cases_one_open_per_member"):
            Case.objects.create(**facts)
        Case.objects.create(**facts, state=CaseState.SETTLED)
        Case.objects.create(**facts, state=CaseState.SETTLED)

        assert Case.objects.filter(member=world.member).count() == 3

    def test_state_nobody_knows_is_refused(self):
        case = World.build().case

        with refusing(IntegrityError, "cases_state_is_known"):
            Case.objects.filter(pk=case.pk).update(state="forgiven")

    def test_event_can_be_neither_changed_nor_deleted(self):
        event = CaseEvent.objects.filter(case=World.build().case).latest("pk")

        for statement in ("UPDATE cases_caseevent SET actor = 'x'", "DELETE FROM cases_caseevent"):
            with refusing(ProgrammingError, "Cannot (update|delete)"):
                connection.cursor().execute(f"{statement} WHERE id = %s", [event.pk])


@pytest.mark.django_db(transaction=True)
class TestTransaction:
    def test_failing_listener_takes_state_event_and_line_back(self):
        world = World.build()
        before = (world.case.state, world.journey(), world.story(""))

        def fail(sender: Any, **_: Any) -> None:
            raise RuntimeError("not today")

        signals.case_changed.connect(fail)
        try:
            with pytest.raises(RuntimeError, match="not today"):
                apply(world.case, "negotiate")
        finally:
            signals.case_changed.disconnect(fail)

        assert (world.case.state, world.journey(), world.story("")) == before

    def test_same_transition_at_once_happens_once(self):
        world = World.build()
        case_id = world.case.pk

        def escalate() -> str:
            return machine.apply(
                case_id=case_id, transition="escalate", actor="agent", reason="", now=NOW
            ).state

        assert at_once(*[escalate] * 4) == ["escalated"] * 4
        assert world.journey() == ["open", "fall_due", "escalate"]
        assert history.first_broken_line(world.member.pk) is None

    def test_two_transitions_at_once_run_one_after_the_other(self):
        world = World.build()
        case_id = world.case.pk

        def do(transition: str) -> str:
            return machine.apply(
                case_id=case_id, transition=transition, actor="agent", reason="", now=NOW
            ).state

        negotiated, escalated = at_once(lambda: do("negotiate"), lambda: do("escalate"))

        assert escalated == "escalated"
        assert world.case.state == "escalated"
        # Escalated first, negotiation is no way out of it; second, it was negotiated before.
        if isinstance(negotiated, TransitionRefused):
            assert world.journey() == ["open", "fall_due", "escalate"]
        else:
            assert negotiated == "negotiation"
            assert world.journey() == ["open", "fall_due", "negotiate", "escalate"]

    def test_two_invoices_at_once_open_one_case(self):
        world = World.build()
        InvoiceFactory(due_date=at("2026-11-26 00:00").date(), now=NOW)  # somebody else's
        other = World.build(at("2026-11-25 00:00").date()).member

        def issue(number: str) -> int:
            return InvoiceFactory(
                member=other, number=number, due_date=at("2026-11-28 00:00").date(), now=NOW
            ).member_id

        assert at_once(lambda: issue("A-1"), lambda: issue("A-2")) == [other.pk] * 2
        case = Case.objects.get(member=other)
        assert case.case_invoices.count() == 3
        assert world.case.case_invoices.count() == 2
