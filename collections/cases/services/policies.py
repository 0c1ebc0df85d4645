"""The life of a policy: draft, approval by a second person, live at once, and back again in one step.

The engines that make offers and compute charges read the organisation's row; publishing writes the terms
there in the same transaction that makes the version live, so the two are never told apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max

from cases import policy_terms
from cases.enums import PolicyKind, PolicyStatus
from cases.models import PolicyVersion
from commons.models import Organisation


class PolicyRefused(Exception):
    """What was asked cannot be done with this version now; the message says why, in Portuguese."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def start(*, kind: PolicyKind, user: User, now: datetime) -> PolicyVersion:
    """A new draft that reads as what is live. What was in force before any version becomes one first."""
    with transaction.atomic():
        organisation = _organisation()
        live = _live_or_first(kind, organisation, now=now)
        return PolicyVersion.objects.create(
            kind=kind,
            number=_next_number(kind),
            terms=policy_terms.in_force(kind, organisation),
            based_on=live,
            created_at=now,
            created_by=user,
        )


def edit(*, version_id: int, values: Mapping[str, Any], note: str) -> PolicyVersion:
    """Sets numbers of a draft by their keys. Raises PolicyRefused; the draft is then as it was."""
    with transaction.atomic():
        version = _locked(version_id)
        _must_be(version, PolicyStatus.DRAFT, "Esta versão não é um rascunho: comece outra para mudar.")
        version.terms = policy_terms.merged(_kind(version), version.terms, values)
        version.note = note.strip()[:300]
        _must_hold(version)
        version.save(update_fields=["terms", "note"])
    return version


def submit(*, version_id: int, user: User, now: datetime) -> PolicyVersion:
    """Asks somebody else to approve. Raises PolicyRefused with what has to change first."""
    with transaction.atomic():
        version = _locked(version_id)
        _must_be(version, PolicyStatus.DRAFT, "Só um rascunho pode ir para aprovação.")
        _must_hold(version)
        if version.terms == policy_terms.in_force(_kind(version), Organisation.current()):
            raise PolicyRefused("Este rascunho diz o mesmo que já está no ar: mude algo antes.")
        if not version.note:
            raise PolicyRefused("Diga o que muda e por quê: quem aprova precisa saber.")
        version.status = PolicyStatus.REVIEW
        version.submitted_at, version.submitted_by = now, user
        version.save(update_fields=["status", "submitted_at", "submitted_by"])
    return version


def withdraw(*, version_id: int, user: User, reason: str = "") -> PolicyVersion:
    """Back to draft: by whoever asked, or by whoever does not approve, who says why. Raises PolicyRefused."""
    with transaction.atomic():
        version = _locked(version_id)
        _must_be(version, PolicyStatus.REVIEW, "Esta versão não espera aprovação.")
        if user.pk != version.submitted_by_id and not reason.strip():
            raise PolicyRefused("Diga por que não aprova.")
        version.status = PolicyStatus.DRAFT
        version.submitted_at = version.submitted_by = None
        if reason.strip():
            version.note = f"{version.note} · Não aprovada: {reason.strip()}".strip(" ·")[:300]
        version.save(update_fields=["status", "submitted_at", "submitted_by", "note"])
    return version


def publish(*, version_id: int, user: User, now: datetime) -> PolicyVersion:
    """A second person puts it on air, at once and for everybody. Raises PolicyRefused."""
    with transaction.atomic():
        organisation = _organisation()
        version = _locked(version_id)
        _must_be(version, PolicyStatus.REVIEW, "Só uma versão que espera aprovação pode ser publicada.")
        if user.pk == version.submitted_by_id:
            raise PolicyRefused("Quem pede a aprovação não publica: peça a outra pessoa.")
        _must_hold(version)
        _go_live(version, organisation=organisation, user=user, now=now)
    return version


def roll_back(*, kind: PolicyKind, user: User, reason: str, now: datetime) -> PolicyVersion:
    """The version before the live one, on air again as a new number: it was approved once already.

    Raises PolicyRefused.
    """
    if not reason.strip():
        raise PolicyRefused("Diga por que volta.")
    with transaction.atomic():
        organisation = _organisation()
        before = (
            PolicyVersion.objects.filter(kind=kind, status=PolicyStatus.RETIRED)
            .order_by("-retired_at", "-number")
            .first()
        )
        if before is None:
            raise PolicyRefused("Não há versão anterior para voltar.")
        again = PolicyVersion(
            kind=kind,
            number=_next_number(kind),
            terms=before.terms,
            note=f"Volta à versão {before.number}: {reason.strip()}"[:300],
            based_on=before,
            created_at=now,
            created_by=user,
        )
        _must_hold(again)
        again.save()
        _go_live(again, organisation=organisation, user=user, now=now)
    return again


def discard(*, version_id: int) -> None:
    """Throws a draft away. Raises PolicyRefused for what is none any more."""
    with transaction.atomic():
        version = _locked(version_id)
        _must_be(version, PolicyStatus.DRAFT, "Só um rascunho pode ser descartado.")
        version.delete()


def _go_live(version: PolicyVersion, *, organisation: Organisation, user: User, now: datetime) -> None:
    kind = _kind(version)
    _live_or_first(kind, organisation, now=now)
    PolicyVersion.objects.filter(kind=kind, status=PolicyStatus.LIVE).update(
        status=PolicyStatus.RETIRED, retired_at=now
    )
    version.status = PolicyStatus.LIVE
    version.published_at, version.published_by = now, user
    version.save(update_fields=["status", "published_at", "published_by"])
    fields = policy_terms.apply(kind, version.terms, number=version.number, organisation=organisation)
    organisation.save(update_fields=fields)


def _live_or_first(kind: PolicyKind, organisation: Organisation, *, now: datetime) -> PolicyVersion:
    """The live version; where there is none yet, what is in force becomes it, so that one can go back to it."""
    live = PolicyVersion.objects.filter(kind=kind, status=PolicyStatus.LIVE).first()
    if live is not None:
        return live
    return PolicyVersion.objects.create(
        kind=kind,
        number=organisation.policy_version if kind == PolicyKind.NEGOTIATION else 1,
        status=PolicyStatus.LIVE,
        terms=policy_terms.in_force(kind, organisation),
        note="Como estava no cadastro da organização.",
        created_at=now,
    )


def _organisation() -> Organisation:
    """The organisation's row, locked: whoever changes a policy goes one after the other."""
    return Organisation.objects.select_for_update().get(pk=1)


def _locked(version_id: int) -> PolicyVersion:
    return PolicyVersion.objects.select_for_update().get(pk=version_id)


def _next_number(kind: PolicyKind) -> int:
    return (PolicyVersion.objects.filter(kind=kind).aggregate(last=Max("number"))["last"] or 0) + 1


def _kind(version: PolicyVersion) -> PolicyKind:
    return PolicyKind(version.kind)


def _must_be(version: PolicyVersion, status: PolicyStatus, sentence: str) -> None:
    if version.status != status:
        raise PolicyRefused(sentence)


def _must_hold(version: PolicyVersion) -> None:
    if found := policy_terms.problems(_kind(version), version.terms):
        raise PolicyRefused(*found)
