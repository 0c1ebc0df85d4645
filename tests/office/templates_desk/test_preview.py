"""A text as a member would get it: their values, what is missing, and which text they would get instead."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing import selectors as billing
from cadence.texts import composition
from commons.models import Organisation
from commons.money import brl
from conversations.models import MessageTemplate
from office.templates_desk.preview import Missing, Piece, as_member, pieces, preview, typical_preview
from tests.cadence.world import Followed
from tests.cases.world import NOW
from tests.factories.members import MemberFactory
from tests.office.templates_desk.conftest import ADDRESS


def named(name: str, language: str = "pt_BR") -> MessageTemplate:
    return MessageTemplate.objects.get(name=name, language=language)


def read(found: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in found)


def test_text_is_cut_at_its_variables():
    assert pieces("Oi, {{nome}}: {{valor}}.", {"nome": "Ana"}) == (
        Piece("words", "Oi, "),
        Piece("value", "Ana"),
        Piece("words", ": "),
        Piece("missing", "⟨valor⟩"),
        Piece("words", "."),
    )


def test_member_s_values_stand_in_the_text(late: Followed, text: MessageTemplate):
    seen = as_member(late.member, text, now=NOW)

    balance = billing.balance(late.member.pk, on=NOW.date())
    found = preview(text, seen.values, organisation=Organisation.current())
    assert f"Hoje o total é {brl(balance.total)} ({composition(balance)})." in read(found.body)
    assert read(found.body).startswith(
        "Oi, Ana, aqui é a assistente virtual da Academia Exemplo (CNPJ 11.222"
    )
    # The house has not written down a number of its own yet.
    assert found.missing == (
        Missing("link_conversa", "endereço curto que abre a conversa no WhatsApp", "SMS"),
        Missing("canal_pessoa", "onde falar com uma pessoa", "SMS"),
    )


def test_what_nobody_knows_of_this_member_is_named(late: Followed):
    text = named("installment_eve_v1")

    seen = as_member(late.member, text, now=NOW)

    missing = {each.name for each in preview(text, seen.values, organisation=None).missing}
    assert missing >= {"data", "parcela"}


def test_variable_that_does_not_exist_is_said_to():
    text = MessageTemplate(body="Oi, {{plano}}.")

    assert preview(text, {}, organisation=None).missing == (
        Missing("plano", "variável que não existe", "WhatsApp"),
    )


def test_member_gets_the_text_for_their_delay(late: Followed, text: MessageTemplate):
    seen = as_member(late.member, text, now=NOW)

    assert (seen.chosen, seen.is_confirmed) == (named("late_1_7_first_v1"), True)
    assert seen.reason.startswith("Nesta etapa sairia “late_1_7_first_v1”")


def test_text_that_would_go_out_is_said_to(late: Followed):
    seen = as_member(late.member, named("due_day_v1"), now=NOW)

    assert seen.reason == "É este o texto que o membro receberia nesta etapa."


def test_unconfirmed_member_would_get_no_word_of_money(texts: None, text: MessageTemplate):
    who = Followed.late(3, confirmed=False)

    seen = as_member(who.member, text, now=NOW)

    assert (seen.chosen, seen.is_confirmed) == (named("identify_v1"), False)
    assert "ainda não disse quem é" in seen.reason


def test_stage_without_an_approved_text_says_that_nothing_would_leave(late: Followed, text: MessageTemplate):
    MessageTemplate.objects.filter(stage="late_1_7").update(status="PAUSED")

    assert as_member(late.member, text, now=NOW).reason.startswith("Nesta etapa não sairia nada")


def test_spanish_speaking_member_would_get_spanish(texts: None, text: MessageTemplate):
    who = Followed.late(3, language="es")

    assert as_member(who.member, text, now=NOW).chosen == named("late_1_7_first_v1", "es")


def test_member_without_contact_or_debt_can_be_looked_at(texts: None, text: MessageTemplate):
    seen = as_member(MemberFactory(name="Rui Sá"), text, now=NOW)

    assert seen.values["nome"] == "Rui"
    assert "faturas" in {each.name for each in preview(text, seen.values, organisation=None).missing}


def test_looking_writes_nothing(late: Followed, text: MessageTemplate):
    with CaptureQueriesContext(connection) as queries:
        as_member(late.member, text, now=NOW)

    assert [q["sql"] for q in queries if not q["sql"].lstrip().startswith("SELECT")] == []


def test_typical_values_fill_everything(text: MessageTemplate):
    found = typical_preview(text, organisation=Organisation.current())

    assert (found.missing, found.sms_parts) == ((), 2)
    assert found.email_identification == (
        f"Academia Exemplo\nAcademia Exemplo Ltda, CNPJ 11.222.333/0001-81\n{ADDRESS}"
    )
    assert "responda SAIR" in found.email_closing


@pytest.mark.parametrize(("missing", "lacks"), [({"address": ""}, "endereço"), ({"cnpj": ""}, "CNPJ")])
def test_identification_that_the_law_asks_for_is_missed(
    text: MessageTemplate, missing: dict[str, str], lacks: str
):
    Organisation.objects.update(**missing)

    found = typical_preview(text, organisation=Organisation.current())

    assert (found.email_identification, found.email_lacks) == ("", lacks)
