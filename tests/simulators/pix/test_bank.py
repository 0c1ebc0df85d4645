from decimal import Decimal

import httpx
import pytest

from billing.pix.brcode import build_dynamic, build_static
from tests.billing.pix import vectors
from tests.simulators.pix.bodies import cob
from tests.simulators.pix.world import KEY, PixWorld, new_txid


def static(amount: str | None = None, key: str = KEY) -> str:
    return build_static(
        key=key,
        merchant_name="Academia",
        merchant_city="Recife",
        amount=Decimal(amount) if amount else None,
        txid="T0172",
    )


def test_lookup_of_a_charge_shows_payee_and_amount(world: PixWorld, api: httpx.Client) -> None:
    txid = new_txid()
    code = api.put(f"/cob/{txid}", json=cob("89.90")).json()["pixCopiaECola"]

    assert world.bank("lookup", code=f" {code}\n").json() == {
        "payee": "Academia Horizonte",
        "document": "11222333000181",
        "amount": "89.90",
        "editable": False,
        "txid": txid,
        "due": None,
        "expired": False,
    }


def test_lookup_shows_the_name_the_creditor_was_given(world: PixWorld) -> None:
    world.control("seed", payee={"nome": "Provedor Veloz", "cnpj": "12ABC34501DE35"})

    shown = world.bank("lookup", code=static()).json()

    assert (shown["payee"], shown["document"]) == ("Provedor Veloz", "12ABC34501DE35")


@pytest.mark.parametrize(("amount", "editable"), [("10.00", False), (None, True)])
def test_lookup_of_a_static_code_asks_for_the_amount_only_where_it_has_none(
    world: PixWorld, amount: str | None, editable: bool
) -> None:
    shown = world.bank("lookup", code=static(amount)).json()

    assert (shown["amount"], shown["editable"], shown["txid"]) == (amount, editable, "T0172")


def test_pay_of_a_charge_settles_it_once(world: PixWorld, api: httpx.Client) -> None:
    world.set_clock("2026-11-21T15:00:00+00:00")
    txid = new_txid()
    code = api.put(f"/cob/{txid}", json=cob("89.90")).json()["pixCopiaECola"]

    paid = world.bank("pay", code=code, payer_name="Ana", payer_document="52998224725")
    again = world.bank("pay", code=code, payer_name="Ana")
    shown = world.bank("lookup", code=code)

    end_to_end_id = api.get(f"/cob/{txid}").json()["pix"][0]["endToEndId"]
    assert paid.json() == {
        "end_to_end_id": end_to_end_id,
        "amount": "89.90",
        "paid_at": "2026-11-21T15:00:00.000Z",
    }
    for refusal in (again, shown):
        assert (refusal.status_code, refusal.json()) == (409, {"error": "Esta cobrança já foi paga."})


@pytest.mark.parametrize(
    ("code", "status", "sentence"),
    [
        ("", 422, "Este código Pix é inválido ou está incompleto."),
        (vectors.STATIC_MANUAL[:-1], 422, "Este código Pix é inválido ou está incompleto."),
        (vectors.STATIC_MANUAL, 404, "Esta chave Pix não foi encontrada."),
        (vectors.DYNAMIC, 404, "Não foi possível consultar esta cobrança."),
        (vectors.RECURRENCE, 422, "Este código autoriza um Pix Automático, que este banco não oferece."),
    ],
)
def test_code_that_leads_nowhere_is_refused_in_portuguese(
    world: PixWorld, code: str, status: int, sentence: str
) -> None:
    for action in ("lookup", "pay"):
        answer = world.bank(action, code=code, amount="1.00", payer_name="Ana")

        assert (answer.status_code, answer.json()) == (status, {"error": sentence})


def test_code_of_this_provider_for_no_charge_is_refused(world: PixWorld) -> None:
    host = world.url.removeprefix("http://")
    code = build_dynamic(url=f"{host}/qr/v2/unknown", merchant_name="Academia", merchant_city="Recife")

    answer = world.bank("lookup", code=code)

    assert (answer.status_code, answer.json()) == (
        404,
        {"error": "Não foi possível consultar esta cobrança."},
    )


def test_pay_of_a_static_code_with_another_amount_is_refused(world: PixWorld) -> None:
    answer = world.bank("pay", code=static("1234.50"), amount="1.00", payer_name="Ana")

    assert answer.status_code == 422
    assert answer.json() == {"error": "O valor deste código é R$ 1.234,50 e não pode ser alterado."}


def test_pay_without_an_amount_where_one_is_needed_is_refused(world: PixWorld) -> None:
    answer = world.bank("pay", code=static(), payer_name="Ana")

    assert (answer.status_code, answer.json()) == (422, {"error": "Informe um valor maior que zero."})


def test_request_that_is_not_json_is_refused(world: PixWorld) -> None:
    answer = world.http.post(f"{world.url}/bank/pay", content=b"code=1")

    assert (answer.status_code, answer.json()) == (400, {"error": "Pedido inválido."})
