"""Acts on cases: hold and release, stop the robot, hand over to the team and back."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from cases import selectors
from cases.enums import CaseState, EscalationReason, HoldReason, Priority
from cases.models import Case, Escalation, Hold
from cases.services import concerns, holds
from commons import clock
from office.lists.bulk.acts import Act, Judged, Made, NothingToDo, Wish, tell
from office.lists.bulk.enums import LeftOut

# After these the régua rests for some days, whatever becomes of the escalation: nobody lifts that in bulk.
_GRAVE = {
    EscalationReason.HARDSHIP,
    EscalationReason.HEALTH,
    EscalationReason.BEREAVEMENT,
    EscalationReason.VIOLENCE,
    EscalationReason.SELF_HARM,
}
_ONE_BY_ONE = {*_GRAVE, *EscalationReason.silencing_identity(), EscalationReason.DISPUTE}


@dataclass(slots=True)
class _Facts:
    """What the acts ask about one case: its state, the reasons of its holds, its open escalations."""

    case: Case
    holds: list[Hold] = field(default_factory=list)
    escalations: list[Escalation] = field(default_factory=list)
    grave_since: datetime | None = None

    @property
    def reasons(self) -> set[str]:
        return {hold.reason for hold in self.holds}

    def hold(self, reason: HoldReason) -> Hold | None:
        return next((hold for hold in self.holds if hold.reason == reason), None)


class CaseAct(Act):
    """Judges from the facts of each case; three queries for any number of them."""

    listed = "cases.case"
    permission = "cases.change_case"

    def judge(self, ids: Collection[int], *, user_id: int, now: datetime) -> dict[int, Judged]:
        return {
            facts.case.pk: Judged(facts.case.member_id, self.left_out(facts, user_id=user_id))
            for facts in _facts(ids, now=now)
        }

    @abstractmethod
    def left_out(self, facts: _Facts, *, user_id: int) -> LeftOut:
        """Why this case stays as it is; `LeftOut.NONE` when it is acted on."""


def _facts(ids: Collection[int], *, now: datetime) -> list[_Facts]:
    found = {case.pk: _Facts(case) for case in Case.objects.filter(pk__in=ids)}
    in_force = Hold.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=now), case__in=ids, released_at=None, starts_at__lte=now
    )
    for hold in in_force:
        found[hold.case_id].holds.append(hold)
    for escalation in Escalation.objects.filter(case__in=ids).order_by("raised_at"):
        facts = found[escalation.case_id]
        if escalation.resolved_at is None:
            facts.escalations.append(escalation)
        if escalation.reason in _GRAVE:
            facts.grave_since = escalation.raised_at
    return list(found.values())


class HoldCases(CaseAct):
    key = "hold"
    title = "Segurar a régua"
    future = ("{n} caso será segurado", "{n} casos serão segurados")
    button = ("Segurar {n} caso", "Segurar {n} casos")
    undo_button = ("Liberar {n} caso que esta ação segurou", "Liberar {n} casos que esta ação segurou")
    needs_end = True
    reason = HoldReason.HARDSHIP
    said = "Régua segurada"

    def left_out(self, facts: _Facts, *, user_id: int) -> LeftOut:
        if facts.case.state == CaseState.SETTLED:
            return LeftOut.SETTLED
        if HoldReason.DISPUTE in facts.reasons:
            return LeftOut.DISPUTED
        return LeftOut.HELD if self.reason in facts.reasons else LeftOut.NONE

    def do(self, wish: Wish) -> Made:
        case = Case.objects.get(pk=wish.object_id)
        hold = holds.place(
            case=case,
            reason=self.reason,
            author=wish.actor,
            now=wish.now,
            ends_at=wish.ends_at,
            note=wish.reason[:200],
        )
        until = f" até {clock.local(wish.ends_at):%d/%m/%Y}" if wish.ends_at else ""
        tell(wish, f"{self.said}{until}", case_id=case.pk)
        return Made(f"{self.said.lower()}{until}", hold.pk)

    def undo(self, wish: Wish, *, made_id: int | None) -> bool:
        hold = Hold.objects.select_related("case").filter(pk=made_id or 0, released_at=None).first()
        # A hold that somebody made longer since, or that an escalation needs, is no longer this act's own.
        if hold is None or hold.ends_at != wish.ends_at or self._is_needed(hold):
            return False
        holds.release(case=hold.case, reason=self.reason, author=wish.actor, now=wish.now)
        tell(wish, "Régua liberada", kind="bulk.undone", case_id=hold.case_id)
        return True

    def _is_needed(self, hold: Hold) -> bool:
        return Escalation.objects.filter(
            case=hold.case_id, reason__in=_GRAVE, raised_at__gte=hold.starts_at
        ).exists()


class StopAutomation(HoldCases):
    """The person's own hold: nothing automatic leaves until somebody hands the case back."""

    key = "stop"
    title = "Parar o robô até alguém devolver"
    future = ("O robô vai parar em {n} caso", "O robô vai parar em {n} casos")
    button = ("Parar o robô em {n} caso", "Parar o robô em {n} casos")
    undo_button = ("Soltar o robô em {n} caso", "Soltar o robô em {n} casos")
    needs_end = False
    reason = HoldReason.HUMAN
    said = "Robô parado"

    def _is_needed(self, hold: Hold) -> bool:
        return selectors.open_escalations(hold.case).exists()


class ReleaseHolds(CaseAct):
    key = "release"
    title = "Liberar a régua"
    future = ("{n} caso volta à régua", "{n} casos voltam à régua")
    button = ("Liberar {n} caso", "Liberar {n} casos")

    def left_out(self, facts: _Facts, *, user_id: int) -> LeftOut:
        if facts.case.state == CaseState.SETTLED:
            return LeftOut.SETTLED
        hold = facts.hold(HoldReason.HARDSHIP)
        if hold is None:
            return LeftOut.NOT_HELD
        rests = facts.grave_since is not None and facts.grave_since >= hold.starts_at
        return LeftOut.GRAVE if rests else LeftOut.NONE

    def do(self, wish: Wish) -> Made:
        case = Case.objects.get(pk=wish.object_id)
        if not holds.release(case=case, reason=HoldReason.HARDSHIP, author=wish.actor, now=wish.now):
            raise NothingToDo("a pausa já tinha acabado")
        tell(wish, "Régua liberada", case_id=case.pk)
        return Made("régua liberada")


class EscalateCases(CaseAct):
    key = "escalate"
    title = "Passar para a equipe"
    future = ("{n} caso passa para a equipe", "{n} casos passam para a equipe")
    button = ("Passar {n} caso para a equipe", "Passar {n} casos para a equipe")
    undo_button = ("Devolver {n} caso ao robô", "Devolver {n} casos ao robô")

    def left_out(self, facts: _Facts, *, user_id: int) -> LeftOut:
        if facts.case.state == CaseState.SETTLED:
            return LeftOut.SETTLED
        with_team = facts.case.state == CaseState.ESCALATED or facts.escalations
        return LeftOut.WITH_TEAM if with_team else LeftOut.NONE

    def do(self, wish: Wish) -> Made:
        case = Case.objects.get(pk=wish.object_id)
        escalation = concerns.escalate(
            case=case,
            reason=EscalationReason.HUMAN_REQUESTED,
            raised_by=wish.actor,
            now=wish.now,
            summary=wish.reason,
        )
        tell(wish, "Caso passado para a equipe", case_id=case.pk)
        return Made("com a equipe", escalation.pk)

    def undo(self, wish: Wish, *, made_id: int | None) -> bool:
        escalation = Escalation.objects.select_related("case").filter(pk=made_id or 0).first()
        if escalation is None or escalation.resolved_at is not None or escalation.owner_id:
            return False
        concerns.resolve(escalation=escalation, user_id=wish.user_id, was_useful=None, now=wish.now)
        tell(wish, "Caso devolvido ao robô", kind="bulk.undone", case_id=escalation.case_id)
        return True


class HandBackCases(CaseAct):
    key = "hand_back"
    title = "Resolver e devolver ao robô"
    future = ("{n} caso volta ao robô", "{n} casos voltam ao robô")
    button = ("Devolver {n} caso ao robô", "Devolver {n} casos ao robô")

    def left_out(self, facts: _Facts, *, user_id: int) -> LeftOut:
        if facts.case.state == CaseState.SETTLED:
            return LeftOut.SETTLED
        if facts.case.state != CaseState.ESCALATED and HoldReason.HUMAN not in facts.reasons:
            return LeftOut.NOT_WITH_TEAM
        if any(each.reason in _ONE_BY_ONE or each.priority == Priority.URGENT for each in facts.escalations):
            return LeftOut.SENSITIVE
        others = any(each.owner_id not in {None, user_id} for each in facts.escalations)
        return LeftOut.OTHERS if others else LeftOut.NONE

    def do(self, wish: Wish) -> Made:
        case = Case.objects.get(pk=wish.object_id)
        for escalation in selectors.open_escalations(case):
            concerns.resolve(escalation=escalation, user_id=wish.user_id, was_useful=None, now=wish.now)
        concerns.hand_back(case=case, actor=wish.actor, now=wish.now)
        tell(wish, "Caso devolvido ao robô", case_id=case.pk)
        return Made("com o robô")
