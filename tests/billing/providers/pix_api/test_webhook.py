import json
import logging
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.providers.pix_api.webhook import parse_webhook
from commons.http import ProviderError
from commons.money import ZERO

REFUND = {
    "id": "123ABC",
    "rtrId": "Dxxxxxxxx202009091221kkkkkkkkkkk",
    "valor": "10.00",
    "horario": {"solicitacao": "2020-09-09T20:15:00.358Z"},
    "status": "EM_PROCESSAMENTO",
}
PIX = {
    "endToEndId": "E12345678202009091221kkkkkkkkkkk",
    "txid": "c3e0e7a4e7f1469a9f782d3d4999343c",
    "chave": "2aa96c40-d85f-4b98-b29f-d158a1c45f7f",
    "valor": "110.00",
    "horario": "2020-09-09T20:15:00.358Z",
    "infoPagador": "0123456789",
}
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def body(*pix: Any, **more: Any) -> bytes:
    return json.dumps({"pix": list(pix)} | more).encode()


def test_parse_of_the_usual_call_reads_every_field() -> None:
    parts = {"original": {"valor": "100.00"}, "multa": {"valor": "2.00"}, "juros": {"valor": "8.00"}}
    payer = {"cpf": "52998224725", "nome": "Bia"}

    (pix,) = parse_webhook(body(PIX | {"componentesValor": parts, "devolucoes": [REFUND], "pagador": payer}))

    assert (pix.end_to_end_id, pix.txid, pix.amount) == (PIX["endToEndId"], PIX["txid"], Decimal("110.00"))
    assert (pix.at, pix.message) == (datetime(2020, 9, 9, 20, 15, 0, 358000, UTC), "0123456789")
    assert pix.components is not None
    assert (pix.components.original, pix.components.fine, pix.components.interest) == (
        Decimal("100.00"),
        Decimal("2.00"),
        Decimal("8.00"),
    )
    assert (pix.components.rebate, pix.components.discount) == (ZERO, ZERO)
    assert pix.payer is not None
    assert (pix.payer.document, pix.payer.name) == ("52998224725", "Bia")
    assert [(refund.refund_id, refund.amount, refund.status) for refund in pix.refunds] == [
        ("123ABC", Decimal("10.00"), "EM_PROCESSAMENTO")
    ]


@pytest.mark.parametrize("refunds", [REFUND, [REFUND]])
def test_parse_takes_refunds_as_one_object_or_as_a_list(refunds: Any) -> None:
    (pix,) = parse_webhook(body(PIX | {"devolucoes": refunds}))

    assert [refund.refund_id for refund in pix.refunds] == ["123ABC"]


@pytest.mark.parametrize("nothing", [None, []])
def test_parse_takes_no_refunds_in_either_way(nothing: Any) -> None:
    (pix,) = parse_webhook(body(PIX | {"devolucoes": nothing}))

    assert pix.refunds == ()


def test_parse_of_a_settled_refund_knows_when() -> None:
    settled = REFUND | {"status": "DEVOLVIDO", "horario": {"liquidacao": "2020-09-09T20:16:00Z"}}

    (pix,) = parse_webhook(body(PIX | {"devolucoes": [settled]}))

    assert pix.refunds[0].settled_at == datetime(2020, 9, 9, 20, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "extra",
    [
        {"campoNovo": {"a": [1]}},
        {"gnExtras": {"pagador": {"nome": "x"}}},
        {"componentesValor": {}},
        {"componentesValor": {"saque": {"valor": "1.00"}}},
        {"componentesValor": "100.00"},
        {"pagador": {"cnpj": "11222333000181"}},
        {"pagador": "Bia"},
    ],
)
def test_parse_does_not_mind_what_it_does_not_know(extra: dict[str, Any]) -> None:
    (pix,) = parse_webhook(body(PIX | extra))

    assert (pix.end_to_end_id, pix.components, pix.payer) == (PIX["endToEndId"], None, None)


def test_parse_without_txid_says_none() -> None:
    (pix,) = parse_webhook(body({name: value for name, value in PIX.items() if name != "txid"}))

    assert pix.txid is None


def test_parse_keeps_the_order_of_many() -> None:
    ids = [f"E{n}" for n in range(30)]

    assert [pix.end_to_end_id for pix in parse_webhook(body(*(PIX | {"endToEndId": e} for e in ids)))] == ids


def test_parse_of_one_pix_without_its_list_reads_it() -> None:
    (pix,) = parse_webhook(json.dumps({"pix": PIX}).encode())

    assert pix.end_to_end_id == PIX["endToEndId"]


def test_parse_leaves_out_what_it_cannot_read_and_logs_fields_only(caplog: pytest.LogCaptureFixture) -> None:
    broken = PIX | {"valor": "dez reais", "infoPagador": "segredo"}

    with caplog.at_level(logging.WARNING):
        found = parse_webhook(body(broken, PIX, "pix", None))

    assert [pix.end_to_end_id for pix in found] == [PIX["endToEndId"]]
    assert caplog.messages[0] == "pix webhook item left out, unreadable: valor"
    assert len(caplog.messages) == 3
    assert [word for word in ("dez reais", "segredo") if word in caplog.text] == []


@pytest.mark.parametrize(
    "content", [{}, {"evento": "teste_webhook"}, {"pix": None}, {"pix": "x"}, {"pix": []}]
)
def test_parse_of_another_kind_of_event_gives_nothing(content: dict[str, Any]) -> None:
    assert parse_webhook(json.dumps(content).encode()) == []


@pytest.mark.parametrize("content", [b"", b"pix", b"[]", b'"pix"', b"\x80"])
def test_parse_of_something_that_is_no_event_is_a_permanent_error(content: bytes) -> None:
    with pytest.raises(ProviderError) as refusal:
        parse_webhook(content)

    assert refusal.value.permanent


@given(st.lists(json_values, max_size=4))
def test_parse_of_any_list_reads_or_leaves_out_and_never_fails(items: list[Any]) -> None:
    assert len(parse_webhook(body(*items, PIX))) >= 1


@given(st.dictionaries(st.sampled_from([*PIX, "devolucoes", "componentesValor", "pagador"]), json_values))
def test_parse_of_a_damaged_pix_reads_or_leaves_out_and_never_fails(damage: dict[str, Any]) -> None:
    assert len(parse_webhook(body(PIX | damage))) <= 1


@given(st.binary(max_size=60))
def test_parse_of_any_bytes_answers_nothing_or_refuses(content: bytes) -> None:
    try:
        found = parse_webhook(content)
    except ProviderError:
        return
    assert found == []
