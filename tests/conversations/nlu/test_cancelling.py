"""Where "cancelar" means to pay: what the words say by country."""

from __future__ import annotations

from datetime import date

import pytest

from conversations.nlu.corpus import Intent
from conversations.nlu.optout import OptOut
from conversations.nlu.reading import Reading, read
from conversations.nlu.risk import Reason

PAYS = ["CO", "PE", "CL", "AR"]


def heard(text: str, country: str) -> Reading:
    return read([text], today=date(2026, 11, 24), country=country)


@pytest.mark.parametrize("country", PAYS)
@pytest.mark.parametrize(
    "text",
    [
        "ya cancelé",
        "Ya cancelé la factura",
        "ya la cancelé ayer",
        "ya cancelamos",
        "cancelé ayer por nequi",
        "ya hice la cancelación de la factura",
        "ya consigné",
        "ya pagué",
    ],
)
def test_member_who_cancelled_has_paid(country: str, text: str) -> None:
    reading = heard(text, country)

    assert (reading.intent, reading.sure, reading.optout.outcome) == (
        Intent.ALREADY_PAID,
        True,
        OptOut.NONE,
    )
    assert Reason.DISPUTE not in reading.reasons


@pytest.mark.parametrize(
    "text",
    ["ya cancelé el servicio", "ya me di de baja", "ya cancelé mi plan en mayo", "cancelé la suscripción"],
)
def test_member_who_cancelled_the_service_disputes(text: str) -> None:
    reading = heard(text, "CO")

    assert Reason.ALREADY_PAID not in reading.reasons
    assert reading.intent is not Intent.ALREADY_PAID


@pytest.mark.parametrize(
    "text", ["todavía no pagué", "aún no la cancelé", "puedo cancelar mañana en efectivo?"]
)
def test_member_who_has_still_to_pay_claims_nothing(text: str) -> None:
    assert Reason.ALREADY_PAID not in heard(text, "CO").reasons


@pytest.mark.parametrize("country", ["BR", "MX"])
def test_elsewhere_the_model_keeps_its_reading(country: str) -> None:
    assert heard("ya cancelé la factura", country).intent is heard("ya cancelé la factura", "BR").intent
