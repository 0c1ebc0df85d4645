"""The one way a case changes state: lock, look again, transition, save, record — in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django_fsm import TransitionNotAllowed, can_proceed

from cases import selectors, signals
from cases.enums import CaseState
from cases.models import Case, CaseEvent
from commons import history

# What each transition is called in the member's story.
SENTENCES = {
    "open": "Caso aberto.",
    "fall_due": "Passou do vencimento: contato amigável.",
    "negotiate": "Alternativas oferecidas: em negociação.",
    "cool": "A negociação esfriou: volta ao contato amigável.",
    "recede": "Nada mais em atraso: volta a lembrete.",
    "escalate": "Passou para a equipe.",
    "hand_back_to_reminder": "A equipe devolveu ao robô: lembrete.",
    "hand_back_to_soft": "A equipe devolveu ao robô: contato amigável.",
    "hand_back_to_negotiation": "A equipe devolveu ao robô: negociação.",
    "settle": "Tudo pago: caso quitado.",
    "reopen": "Há valor em aberto outra vez: caso reaberto.",
}


class TransitionRefused(Exception):
    """The case's state does not allow what was asked; the message says so in Portuguese."""


def apply(
    *,
    case_id: int,
    transition: str,
    actor: str,
    reason: str,
    now: datetime,
    evidence: dict[str, Any] | None = None,
) -> Case:
    """Runs `transition` on the case and records it.

    A transition that would leave the case where it already is does nothing. Raises TransitionRefused when
    the state does not allow it.
    """
    case = Case.objects.only("member_id").get(pk=case_id)
    with history.member_transaction(case.member_id):
        case = Case.objects.select_for_update().get(pk=case_id)
        if case.state == target_of(transition):
            return case
        method = getattr(case, transition)
        if not can_proceed(method):
            raise TransitionRefused(
                f"O caso está em “{CaseState(case.state).label}” e não permite isso agora."
            )
        source = case.state
        try:
            method()
        except TransitionNotAllowed as error:  # pragma: no cover -- can_proceed looked under the same lock
            raise TransitionRefused(str(error)) from error
        case.state_since = now
        fields = ["state", "state_since"]
        if transition == "settle":
            case.settled_at = now
            case.next_contact_at = None
            fields += ["settled_at", "next_contact_at"]
        elif transition == "reopen":
            case.settled_at = None
            fields.append("settled_at")
        case.save(update_fields=fields)
        record(
            case=case,
            transition=transition,
            source=source,
            actor=actor,
            reason=reason,
            now=now,
            evidence=evidence,
        )
    return case


def cool_if_idle(*, case_id: int, reason: str, now: datetime) -> None:
    """A negotiation with nothing left on the table goes back to friendly contact."""
    case = Case.objects.get(pk=case_id)
    if (
        case.state == CaseState.NEGOTIATION
        and not selectors.open_offers(case, now=now).exists()
        and selectors.agreement_in_force(case) is None
    ):
        apply(case_id=case_id, transition="cool", actor="system", reason=reason, now=now)


def record(
    *,
    case: Case,
    transition: str,
    source: str,
    actor: str,
    reason: str,
    now: datetime,
    evidence: dict[str, Any] | None = None,
) -> None:
    """The event row, the line of the member's story, and the signal. Inside the caller's transaction."""
    CaseEvent.objects.create(
        case=case,
        transition=transition,
        source=source,
        target=case.state,
        actor=actor,
        reason=reason,
        evidence=evidence or {},
        at=now,
    )
    history.append(
        member_id=case.member_id,
        case_id=case.pk,
        kind=f"case.{transition}",
        sentence=f"{SENTENCES[transition]} {reason}".strip(),
        at=now,
        actor=actor,
        source=source,
        target=case.state,
    )
    signals.case_changed.send(
        sender=Case, case_id=case.pk, member_id=case.member_id, source=source, target=case.state, now=now
    )


def target_of(transition: str) -> str:
    """The state a declared transition leads to."""
    for known in Case._meta.get_field("state").get_all_transitions(Case):
        if known.name == transition:
            return str(known.target)
    raise ValueError(f"no transition called {transition!r}")


def allowed(case: Case) -> list[str]:
    """The transitions the state allows now, for screens; `settle` and the clock's own are never a button."""
    automatic = {"settle", "fall_due", "recede", "reopen", "cool"}
    return sorted(
        t.name
        for t in case.get_available_state_transitions()  # type: ignore[attr-defined]
        if t.name not in automatic
    )
