from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.providers.pix_api.payloads import (
    CobPayload,
    CobRequest,
    CobvRequest,
    Debtor,
    ReceivedPix,
    amount_text,
    load,
)
from commons.http import ProviderError

ANA = Debtor("52998224725", "Ana Souza")
PIX = {"endToEndId": "E1", "valor": "110.00", "horario": "2026-11-21T12:00:00Z"}


def test_cob_request_is_written_as_the_api_wants_it() -> None:
    request = CobRequest(amount=Decimal("123.4"), key="k", expires_in=3600, debtor=ANA, prompt="x" * 150)

    assert request.body() == {
        "calendario": {"expiracao": 3600},
        "devedor": {"cpf": "52998224725", "nome": "Ana Souza"},
        "valor": {"original": "123.40"},
        "chave": "k",
        "solicitacaoPagador": "x" * 140,
    }


def test_cob_request_without_debtor_and_prompt_does_not_mention_them() -> None:
    request = CobRequest(amount=Decimal("1.00"), key="k", expires_in=60)

    assert request.body() == {"calendario": {"expiracao": 60}, "valor": {"original": "1.00"}, "chave": "k"}


@pytest.mark.parametrize(
    ("fine", "interest", "value"),
    [
        (
            "2",
            "1",
            {
                "original": "349.90",
                "multa": {"modalidade": 2, "valorPerc": "2.00"},
                "juros": {"modalidade": 3, "valorPerc": "1.00"},
            },
        ),
        ("0", "0", {"original": "349.90"}),
    ],
)
def test_cobv_request_mentions_only_charges_that_there_are(
    fine: str, interest: str, value: dict[str, object]
) -> None:
    request = CobvRequest(
        amount=Decimal("349.90"),
        key="k",
        due_on=date(2026, 12, 10),
        valid_days=60,
        debtor=Debtor("12ABC34501DE35", "N" * 250),
        fine_percent=Decimal(fine),
        interest_percent_month=Decimal(interest),
    )

    assert request.body() == {
        "calendario": {"dataDeVencimento": "2026-12-10", "validadeAposVencimento": 60},
        "devedor": {"cnpj": "12ABC34501DE35", "nome": "N" * 200},
        "valor": value,
        "chave": "k",
    }


@given(st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2))
def test_amount_survives_the_way_out_and_back(amount: Decimal) -> None:
    assert ReceivedPix.model_validate(PIX | {"valor": amount_text(amount)}).amount == amount


@pytest.mark.parametrize(
    ("written", "amount"),
    [(b'"110.00"', "110.00"), (b'"110.5"', "110.50"), (b"110.10", "110.10"), (b"110", "110.00")],
)
def test_amount_is_read_exactly_however_it_is_written(written: bytes, amount: str) -> None:
    body = b'{"endToEndId": "E1", "horario": "2026-11-21T12:00:00Z", "valor": ' + written + b"}"

    assert ReceivedPix.model_validate(load(body)).amount == Decimal(amount)


@pytest.mark.parametrize("written", ["110,00", "1.005", True, None, "", [], "NaN"])
def test_amount_that_is_none_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="valor"):
        ReceivedPix.model_validate(PIX | {"valor": written})


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2020-09-09T20:15:00.358Z", datetime(2020, 9, 9, 20, 15, 0, 358000, UTC)),
        ("2026-11-21T09:00:00-03:00", datetime(2026, 11, 21, 12, tzinfo=UTC)),
        ("2026-11-21T12:00:00", datetime(2026, 11, 21, 12, tzinfo=UTC)),
    ],
)
def test_instant_is_read_with_its_zone_and_as_utc_without(written: str, instant: datetime) -> None:
    assert ReceivedPix.model_validate(PIX | {"horario": written}).at == instant


@pytest.mark.parametrize("field", ["horario", "valor"])
def test_error_of_a_payload_does_not_repeat_what_was_in_it(field: str) -> None:
    with pytest.raises(ValueError, match=field) as refusal:
        ReceivedPix.model_validate(PIX | {field: "segredo-do-pagador"})

    assert "segredo-do-pagador" not in str(refusal.value)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"nope"])
def test_load_of_something_that_is_not_json_is_a_permanent_error(content: bytes) -> None:
    with pytest.raises(ProviderError) as refusal:
        load(content)

    assert refusal.value.permanent


def test_charge_is_read_from_location_objects_and_from_bare_locations() -> None:
    body = {
        "txid": "t",
        "status": "ATIVA",
        "valor": {"original": "1.00"},
        "calendario": {"criacao": "2026-11-21T12:00:00Z", "expiracao": 60},
    }

    with_object = CobPayload.model_validate(body | {"loc": {"location": "a.example/1"}})
    with_text = CobPayload.model_validate(body | {"location": "a.example/2"})
    with_none = CobPayload.model_validate(body)

    assert (with_object.location, with_text.location, with_none.location) == (
        "a.example/1",
        "a.example/2",
        "",
    )
