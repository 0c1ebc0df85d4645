import re
from typing import Any

import httpx
import pytest

from billing.pix.brcode import build_static
from simulators.pix.receipts import new_id
from simulators.pix.times import read
from tests.simulators.pix.bodies import PERSON, cob
from tests.simulators.pix.world import KEY, PixWorld, new_txid

TODAY = {"inicio": "2026-11-21T00:00:00Z", "fim": "2026-11-22T00:00:00Z"}


@pytest.fixture(autouse=True)
def noon(world: PixWorld) -> None:
    world.set_clock("2026-11-21T15:00:00+00:00")


@pytest.fixture
def paid(world: PixWorld, api: httpx.Client) -> str:
    """The end-to-end id of a Pix of R$ 89,90."""
    txid = new_txid()
    api.put(f"/cob/{txid}", json=cob("89.90"))
    return str(world.control("pay", txid=txid)["end_to_end_id"])


def static_code(txid: str) -> str:
    return build_static(key=KEY, merchant_name="Academia", merchant_city="Recife", txid=txid)


def kind_of(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).rpartition("/")[2]


def test_new_id_has_the_bank_the_minute_and_thirty_two_characters() -> None:
    found = new_id("E", "99999004", read("2026-11-21T15:04:00-03:00"))

    assert re.fullmatch(r"E99999004202611211804[0-9A-Za-z]{11}", found)


def test_pix_of_a_charge_is_told_in_full(world: PixWorld, api: httpx.Client) -> None:
    txid = new_txid()
    api.put(f"/cob/{txid}", json=cob("89.90"))
    end_to_end_id = world.control(
        "pay", txid=txid, payer_name="Bia", payer_document=PERSON["cpf"], message="obrigada"
    )["end_to_end_id"]

    assert api.get(f"/pix/{end_to_end_id}").json() == {
        "endToEndId": end_to_end_id,
        "txid": txid,
        "valor": "89.90",
        "componentesValor": {"original": {"valor": "89.90"}},
        "chave": KEY,
        "horario": "2026-11-21T15:00:00.000Z",
        "infoPagador": "obrigada",
        "pagador": {"cpf": PERSON["cpf"], "nome": "Bia"},
    }


def test_pix_unknown_is_a_problem(api: httpx.Client) -> None:
    answer = api.get("/pix/E9999900420261121150400000000000")

    assert (answer.status_code, kind_of(answer)) == (404, "PixNaoEncontrado")


def test_static_code_is_paid_as_often_as_somebody_wants(world: PixWorld, api: httpx.Client) -> None:
    code = static_code("T0172")

    first = world.bank("pay", code=code, amount="10.00", payer_name="Ana").json()
    second = world.bank("pay", code=code, amount="12.50", payer_name="Ana").json()

    found = api.get("/pix", params=TODAY | {"txid": "T0172"}).json()["pix"]
    assert [pix["endToEndId"] for pix in found] == [first["end_to_end_id"], second["end_to_end_id"]]
    assert [pix["valor"] for pix in found] == ["10.00", "12.50"]


def test_list_finds_pix_by_time_payer_txid_and_refund(world: PixWorld, api: httpx.Client) -> None:
    def pay(**order: Any) -> str:
        return str(world.control("pay", **order)["end_to_end_id"])

    bare = pay(key=KEY, amount="1.00", at="2026-11-21T08:00:00-03:00")
    static = pay(code=static_code("T1"), amount="2.00", payer_name="Ana", payer_document=PERSON["cpf"])
    company = pay(code=static_code("T2"), amount="3.00", payer_name="Loja", payer_document="12ABC34501DE35")
    api.put(f"/pix/{static}/devolucao/d1", json={"valor": "0.50"})

    def ids(**query: Any) -> list[str]:
        return [pix["endToEndId"] for pix in api.get("/pix", params=TODAY | query).json()["pix"]]

    assert ids() == [bare, static, company]
    assert ids(fim="2026-11-21T12:00:00Z") == [bare]
    assert (ids(txIdPresente="true"), ids(txIdPresente="false")) == ([static, company], [bare])
    assert ids(devolucaoPresente="true") == [static]
    assert (ids(cpf=PERSON["cpf"]), ids(cnpj="12ABC34501DE35")) == ([static], [company])
    assert ids(**{"paginacao.itensPorPagina": 2, "paginacao.paginaAtual": 1}) == [company]


def test_list_backwards_in_time_is_refused(api: httpx.Client) -> None:
    answer = api.get("/pix", params={"inicio": TODAY["fim"], "fim": TODAY["inicio"]})

    assert (answer.status_code, kind_of(answer)) == (400, "PixConsultaInvalida")


def test_refund_is_first_processing_then_done(api: httpx.Client, paid: str) -> None:
    ordered = api.put(f"/pix/{paid}/devolucao/volta1", json={"valor": "9.90", "descricao": "duplicado"})

    settled = api.get(f"/pix/{paid}/devolucao/volta1").json()
    assert (ordered.status_code, ordered.json()["status"]) == (201, "EM_PROCESSAMENTO")
    assert (settled["status"], settled["valor"], settled["natureza"]) == ("DEVOLVIDO", "9.90", "ORIGINAL")
    assert settled["horario"]["liquidacao"] == "2026-11-21T15:00:00.000Z"
    assert api.get(f"/pix/{paid}").json()["devolucoes"] == [settled]


def test_refund_that_fails_says_why_and_leaves_the_money_to_refund(
    world: PixWorld, api: httpx.Client, paid: str
) -> None:
    world.control("fail", point="refund")

    api.put(f"/pix/{paid}/devolucao/volta1", json={"valor": "89.90"})
    again = api.put(f"/pix/{paid}/devolucao/volta2", json={"valor": "89.90"})

    failed = api.get(f"/pix/{paid}/devolucao/volta1").json()
    assert (failed["status"], failed["motivo"]) == (
        "NAO_REALIZADO",
        "Saldo insuficiente na conta do recebedor.",
    )
    assert again.status_code == 201


@pytest.mark.parametrize(
    ("refund_id", "body", "field"),
    [
        ("novo", {"valor": "80.01"}, "devolucao.valor"),
        ("novo", {"valor": "0.00"}, "devolucao.valor"),
        ("novo", {"valor": 1}, "devolucao.valor"),
        ("novo", {"valor": "1.00", "natureza": "MED_FRAUDE"}, "devolucao.natureza"),
        ("usado", {"valor": "9.90"}, "id"),
        ("com-traco", {"valor": "1.00"}, "id"),
    ],
)
def test_refund_against_the_rules_is_refused(
    api: httpx.Client, paid: str, refund_id: str, body: dict[str, Any], field: str
) -> None:
    api.put(f"/pix/{paid}/devolucao/usado", json={"valor": "9.90"})

    answer = api.put(f"/pix/{paid}/devolucao/{refund_id}", json=body)

    assert (answer.status_code, kind_of(answer)) == (400, "PixDevolucaoInvalida")
    assert answer.json()["violacoes"][0]["propriedade"] == field


@pytest.mark.parametrize(
    ("now", "status"), [("2027-02-19T15:00:00+00:00", 201), ("2027-02-19T15:00:01+00:00", 400)]
)
def test_refund_is_possible_for_ninety_days(
    world: PixWorld, api: httpx.Client, paid: str, now: str, status: int
) -> None:
    world.set_clock(now)

    assert api.put(f"/pix/{paid}/devolucao/volta", json={"valor": "1.00"}).status_code == status


def test_refund_of_something_unknown_is_a_problem(api: httpx.Client, paid: str) -> None:
    assert kind_of(api.get(f"/pix/{paid}/devolucao/nenhuma")) == "PixDevolucaoNaoEncontrada"
    assert kind_of(api.put("/pix/E9999900420261121150400000000000/devolucao/a", json={"valor": "1.00"})) == (
        "PixNaoEncontrado"
    )


def test_med_takes_the_rest_of_the_money_without_being_asked(
    world: PixWorld, api: httpx.Client, paid: str
) -> None:
    api.put(f"/pix/{paid}/devolucao/volta1", json={"valor": "9.90"})

    taken = world.control("med", end_to_end_id=paid)

    assert (taken["valor"], taken["natureza"], taken["status"]) == ("80.00", "MED_FRAUDE", "DEVOLVIDO")
    assert len(api.get(f"/pix/{paid}").json()["devolucoes"]) == 2


@pytest.mark.parametrize(
    ("order", "status", "sentence"),
    [
        ({"txid": "x"}, 404, "Esta cobrança não existe."),
        ({"key": "outra", "amount": "1.00"}, 404, "Esta chave Pix não foi encontrada."),
        ({"key": KEY}, 422, "Informe um valor maior que zero."),
        ({"key": KEY, "amount": "0"}, 422, "Informe um valor maior que zero."),
        ({"key": KEY, "amount": "1.001"}, 422, "O valor informado não é válido."),
        ({"key": KEY, "amount": "um"}, 422, "O valor informado não é válido."),
        ({"key": KEY, "amount": "NaN"}, 422, "O valor informado não é válido."),
        ({"key": KEY, "amount": "1.00", "at": "ontem"}, 400, "at: Invalid isoformat string: 'ontem'"),
        ({}, 400, "txid, code or key is missing"),
    ],
)
def test_payment_that_cannot_be_is_refused(
    world: PixWorld, order: dict[str, str], status: int, sentence: str
) -> None:
    answer = world.try_control("pay", **order)

    assert (answer.status_code, answer.json()) == (status, {"error": sentence})


def test_payment_with_an_end_to_end_id_of_before_is_refused(world: PixWorld, paid: str) -> None:
    answer = world.try_control("pay", key=KEY, amount="1.00", end_to_end_id=paid)

    assert (answer.status_code, answer.json()) == (409, {"error": "Este Pix já foi feito."})


def test_payment_by_force_goes_where_a_careful_bank_would_not(world: PixWorld, api: httpx.Client) -> None:
    txid = new_txid()
    api.put(f"/cob/{txid}", json=cob("89.90"))
    api.patch(f"/cob/{txid}", json={"status": "REMOVIDA_PELO_USUARIO_RECEBEDOR"})

    world.control("pay", txid=txid, amount="50.00", force=True)
    world.control("pay", txid=txid, force=True)

    charge = api.get(f"/cob/{txid}").json()
    assert (charge["status"], [pix["valor"] for pix in charge["pix"]]) == ("CONCLUIDA", ["50.00", "89.90"])


def test_payment_of_a_fixed_charge_with_another_amount_is_refused(world: PixWorld, api: httpx.Client) -> None:
    fixed, free = new_txid(), new_txid()
    api.put(f"/cob/{fixed}", json=cob("89.90"))
    api.put(f"/cob/{free}", json=cob(valor={"original": "89.90", "modalidadeAlteracao": 1}))

    refused = world.try_control("pay", txid=fixed, amount="50.00")
    taken = world.control("pay", txid=free, amount="50.00")

    assert refused.json() == {"error": "O valor desta cobrança é R$ 89,90 e não pode ser alterado."}
    assert taken["amount"] == "50.00"
