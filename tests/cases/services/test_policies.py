"""A policy is drafted by one, approved by another, live at once where offers and charges are made, and taken back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction

from billing.selectors import late_charge_terms
from cases.enums import PolicyKind, PolicyStatus
from cases.models import PolicyVersion
from cases.policy import NegotiationPolicy
from cases.services import policies
from cases.services.policies import PolicyRefused
from commons.models import Organisation
from tests.cases.world import NOW
from tests.factories.commons import OrganisationFactory

pytestmark = pytest.mark.django_db

NEGOTIATION, CHARGES = PolicyKind.NEGOTIATION, PolicyKind.LATE_CHARGES


@pytest.fixture
def ana() -> User:
    OrganisationFactory(
        negotiation_policy={"installments": {"max": 2}, "discount": {"max": "0"}}, policy_version=7
    )
    return User.objects.create_user("ana")


@pytest.fixture
def bia() -> User:
    return User.objects.create_user("bia")


def drafted(user: User, kind: PolicyKind = NEGOTIATION, **values: Any) -> PolicyVersion:
    made = policies.start(kind=kind, user=user, now=NOW)
    return policies.edit(version_id=made.pk, values=values, note="porque sim")


def live(user: User, other: User, kind: PolicyKind = NEGOTIATION, **values: Any) -> PolicyVersion:
    made = drafted(user, kind, **values)
    policies.submit(version_id=made.pk, user=user, now=NOW)
    return policies.publish(version_id=made.pk, user=other, now=NOW)


def test_first_draft_keeps_what_was_in_force_as_a_version_to_go_back_to(ana: User) -> None:
    draft = policies.start(kind=NEGOTIATION, user=ana, now=NOW)

    first = PolicyVersion.objects.get(status=PolicyStatus.LIVE)
    assert (first.number, draft.number, draft.based_on) == (7, 8, first)
    assert first.terms["installments"] == {"max": 2, "min_amount": "40.00", "first_within_days": 5}
    assert draft.terms == first.terms


def test_approved_negotiation_is_what_offers_are_made_from(ana: User, bia: User) -> None:
    version = live(ana, bia, installments_max=6, promise_max_days_ahead=20)

    policy = NegotiationPolicy.current()
    assert (policy.version, policy.installments_max, policy.promise_max_days) == (8, 6, 20)
    assert (version.published_by, version.published_at) == (bia, NOW)
    # What the policy does not number stays.
    assert Organisation.current().negotiation_policy["discount"] == {"max": "0"}


def test_approved_charges_are_what_is_computed(ana: User, bia: User) -> None:
    live(ana, bia, CHARGES, fine_percent=Decimal("1.50"), interest_percent_month=Decimal("0.50"))

    terms = late_charge_terms(Organisation.current())
    assert (terms.fine_percent, terms.interest_percent_month, terms.interest_days) == (
        Decimal("1.50"),
        Decimal("0.50"),
        30,
    )


def test_draft_changes_nothing_yet(ana: User) -> None:
    drafted(ana, installments_max=6)

    assert NegotiationPolicy.current().installments_max == 2


def test_who_asks_does_not_approve(ana: User) -> None:
    made = drafted(ana, installments_max=6)
    policies.submit(version_id=made.pk, user=ana, now=NOW)

    with pytest.raises(PolicyRefused, match="peça a outra pessoa"):
        policies.publish(version_id=made.pk, user=ana, now=NOW)
    assert NegotiationPolicy.current().installments_max == 2


def test_draft_is_not_published_without_being_asked_for(ana: User, bia: User) -> None:
    made = drafted(ana, installments_max=6)

    with pytest.raises(PolicyRefused):
        policies.publish(version_id=made.pk, user=bia, now=NOW)


@pytest.mark.parametrize(
    ("kind", "values", "sentence"),
    [
        (CHARGES, {"fine_percent": "2.01"}, "A multa de um contrato de consumo não pode passar de 2%."),
        (
            CHARGES,
            {"interest_percent_month": "1.01"},
            "Os juros de um contrato de consumo não podem passar de 1% ao mês.",
        ),
        (CHARGES, {"interest_days": 29}, "Os juros de um contrato de consumo não podem passar de 1% ao mês."),
        (CHARGES, {"fine_percent": "-1"}, "Multa e juros não podem ser negativos."),
        (CHARGES, {"interest_days": 60}, "Dias do mês de juros: fica entre 28 e 31."),
        (NEGOTIATION, {"installments_max": 0}, "Parcelas, no máximo: fica entre 1 e 24."),
        (
            NEGOTIATION,
            {"installments_min_amount": "0"},
            "Menor parcela (R$): fica entre R$ 1,00 e R$ 100.000,00.",
        ),
        (NEGOTIATION, {"pause_min_days": 90}, "A pausa mínima é maior que a máxima."),
    ],
)
def test_beyond_the_law_or_sense_is_refused_in_a_sentence(
    kind: PolicyKind, values: dict[str, Any], sentence: str, ana: User
) -> None:
    made = policies.start(kind=kind, user=ana, now=NOW)

    with pytest.raises(PolicyRefused) as refused:
        policies.edit(version_id=made.pk, values=values, note="")

    assert refused.value.sentences == (sentence,)
    assert PolicyVersion.objects.get(pk=made.pk).terms == made.terms


def test_same_terms_and_terms_without_a_reason_are_not_asked_for(ana: User) -> None:
    same = drafted(ana)
    silent = policies.start(kind=CHARGES, user=ana, now=NOW)
    policies.edit(version_id=silent.pk, values={"fine_percent": 1}, note="")

    with pytest.raises(PolicyRefused, match="diz o mesmo"):
        policies.submit(version_id=same.pk, user=ana, now=NOW)
    with pytest.raises(PolicyRefused, match="por quê"):
        policies.submit(version_id=silent.pk, user=ana, now=NOW)


def test_refusal_by_another_says_why_and_gives_the_draft_back(ana: User, bia: User) -> None:
    made = drafted(ana, installments_max=6)
    policies.submit(version_id=made.pk, user=ana, now=NOW)

    with pytest.raises(PolicyRefused, match="por que não aprova"):
        policies.withdraw(version_id=made.pk, user=bia)
    back = policies.withdraw(version_id=made.pk, user=bia, reason="parcela demais")

    assert (back.status, back.note) == (PolicyStatus.DRAFT, "porque sim · Não aprovada: parcela demais")


def test_going_back_is_one_step_and_a_new_number(ana: User, bia: User) -> None:
    live(ana, bia, installments_max=6)

    again = policies.roll_back(kind=NEGOTIATION, user=ana, reason="reclamações", now=NOW)

    assert (again.number, again.note) == (9, "Volta à versão 7: reclamações")
    assert (NegotiationPolicy.current().version, NegotiationPolicy.current().installments_max) == (9, 2)
    assert list(PolicyVersion.objects.filter(status=PolicyStatus.LIVE)) == [again]


def test_going_back_needs_a_reason_and_somewhere_to_go(ana: User) -> None:
    with pytest.raises(PolicyRefused, match="Diga por que"):
        policies.roll_back(kind=NEGOTIATION, user=ana, reason=" ", now=NOW)
    with pytest.raises(PolicyRefused, match="Não há versão anterior"):
        policies.roll_back(kind=NEGOTIATION, user=ana, reason="sim", now=NOW)


def test_policies_of_one_kind_leave_the_other_alone(ana: User, bia: User) -> None:
    live(ana, bia, CHARGES, fine_percent=1)

    assert (NegotiationPolicy.current().version, Organisation.current().fine_percent) == (7, Decimal("1.00"))


def test_database_keeps_terms_that_were_asked_for_or_live(ana: User, bia: User) -> None:
    version = live(ana, bia, installments_max=6)

    for act in (lambda: PolicyVersion.objects.filter(pk=version.pk).update(terms={}), version.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_draft_is_thrown_away_and_nothing_else_is(ana: User, bia: User) -> None:
    policies.discard(version_id=drafted(ana, installments_max=4).pk)
    version = live(ana, bia, installments_max=6)

    with pytest.raises(PolicyRefused):
        policies.discard(version_id=version.pk)
