from typing import Any

import httpx
import pytest

from simulators.pix.brcode import read
from tests.simulators.pix.bodies import COMPANY, PERSON, cob, cobv
from tests.simulators.pix.world import KEY, PixWorld, new_txid

TODAY = {"inicio": "2026-11-21T00:00:00Z", "fim": "2026-11-22T00:00:00Z"}


@pytest.fixture(autouse=True)
def noon(world: PixWorld) -> None:
    world.set_clock("2026-11-21T15:00:00+00:00")


def kind_of(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).rpartition("/")[2]


def reasons(answer: httpx.Response) -> list[str]:
    return [violation["propriedade"] for violation in answer.json().get("violacoes", [])]


def test_put_of_a_new_charge_answers_it_active_with_its_code(api: httpx.Client) -> None:
    txid = new_txid()

    answer = api.put(f"/cob/{txid}", json=cob(solicitacaoPagador="Mensalidade"))

    body = answer.json()
    assert answer.status_code == 201
    assert (body["txid"], body["status"], body["revisao"]) == (txid, "ATIVA", 0)
    assert body["calendario"] == {"criacao": "2026-11-21T15:00:00.000Z", "expiracao": 3600}
    assert (body["valor"], body["devedor"], body["chave"]) == ({"original": "89.90"}, PERSON, KEY)
    assert body["solicitacaoPagador"] == "Mensalidade"
    assert read(body["pixCopiaECola"]).url == body["loc"]["location"] == body["location"]
    assert body["loc"]["txid"] == txid


def test_post_lets_the_provider_name_the_charge_and_makes_another_each_time(api: httpx.Client) -> None:
    first, second = (api.post("/cob", json=cob()) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["txid"] != second.json()["txid"]
    assert api.get(f"/cob/{first.json()['txid']}").json() == first.json()


def test_put_of_the_same_charge_again_changes_nothing(api: httpx.Client) -> None:
    txid = new_txid()

    first = api.put(f"/cob/{txid}", json=cob())
    second = api.put(f"/cob/{txid}", json=cob())

    assert (second.status_code, second.json()) == (201, first.json())


def test_put_with_other_content_revises_an_active_charge(api: httpx.Client) -> None:
    txid = new_txid()
    first = api.put(f"/cob/{txid}", json=cob("89.90")).json()

    second = api.put(f"/cob/{txid}", json=cob("99.90")).json()

    assert (second["revisao"], second["valor"], second["location"]) == (
        1,
        {"original": "99.90"},
        first["location"],
    )
    assert api.get(f"/cob/{txid}", params={"revisao": 0}).json()["valor"] == {"original": "89.90"}


def test_put_with_other_content_after_payment_is_refused_but_the_same_is_repeated(
    world: PixWorld, api: httpx.Client
) -> None:
    txid = new_txid()
    api.put(f"/cob/{txid}", json=cob("89.90"))
    world.control("pay", txid=txid)

    other = api.put(f"/cob/{txid}", json=cob("99.90"))
    same = api.put(f"/cob/{txid}", json=cob("89.90"))

    assert (other.status_code, kind_of(other), reasons(other)) == (400, "CobOperacaoInvalida", ["cob.status"])
    assert (same.status_code, same.json()["status"]) == (201, "CONCLUIDA")


def test_put_with_the_txid_of_a_charge_with_due_date_is_refused(api: httpx.Client) -> None:
    txid = new_txid()
    api.put(f"/cobv/{txid}", json=cobv())

    answer = api.put(f"/cob/{txid}", json=cob())

    assert (answer.status_code, reasons(answer)) == (400, ["cob.txid"])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"calendario": {"expiracao": 0}}, "cob.calendario.expiracao"),
        ({"calendario": {"expiracao": "3600"}}, "cob.calendario"),
        ({"calendario": None}, "cob.calendario"),
        ({"valor": {"original": "0.00"}}, "cob.valor.original"),
        ({"valor": {"original": "1.0"}}, "cob.valor.original"),
        ({"valor": {"original": 1.25}}, "cob.valor.original"),
        ({"valor": {"original": "12345678901.00"}}, "cob.valor.original"),
        ({"valor": {"original": "1.00", "modalidadeAlteracao": 2}}, "cob.valor.modalidadeAlteracao"),
        ({"valor": {"original": "1.00", "retirada": {"saque": {}}}}, "cob.valor.retirada"),
        ({"devedor": {"cpf": "529.982.247-25", "nome": "Ana"}}, "cob.devedor"),
        ({"devedor": {"cpf": "52998224725"}}, "cob.devedor"),
        ({"devedor": PERSON | COMPANY}, "cob.devedor"),
        ({"chave": "outra@chave.example"}, "cob.chave"),
        ({"chave": None}, "cob.chave"),
        ({"solicitacaoPagador": "x" * 141}, "cob.solicitacaoPagador"),
        ({"infoAdicionais": [{"nome": "n"}]}, "cob.infoAdicionais"),
        ({"loc": {"id": 99}}, "cob.loc.id"),
        ({"loc": {"id": "1"}}, "cob.loc"),
    ],
)
def test_put_that_breaks_a_rule_names_the_field_and_makes_nothing(
    api: httpx.Client, changes: dict[str, Any], field: str
) -> None:
    txid = new_txid()

    answer = api.put(f"/cob/{txid}", json=cob(**changes))

    assert (answer.status_code, kind_of(answer), reasons(answer)) == (400, "CobOperacaoInvalida", [field])
    assert api.get(f"/cob/{txid}").status_code == 404


@pytest.mark.parametrize("txid", ["short", "x" * 36, "a" * 25 + "-"])
def test_put_with_a_malformed_txid_is_refused(api: httpx.Client, txid: str) -> None:
    answer = api.put(f"/cob/{txid}", json=cob())

    assert (answer.status_code, reasons(answer)) == (400, ["cob.txid"])


def test_put_whose_body_is_not_json_is_refused(api: httpx.Client) -> None:
    answer = api.put(f"/cob/{new_txid()}", content=b"valor=1")

    assert (answer.status_code, kind_of(answer)) == (400, "RequisicaoInvalida")


def test_patch_revises_only_what_it_names(api: httpx.Client) -> None:
    txid = new_txid()
    api.put(f"/cob/{txid}", json=cob("89.90", infoAdicionais=[{"nome": "Turma", "valor": "B"}]))

    body = api.patch(f"/cob/{txid}", json={"valor": {"original": "79.90"}}).json()

    assert (body["revisao"], body["valor"], body["devedor"]) == (1, {"original": "79.90"}, PERSON)
    assert body["infoAdicionais"] == [{"nome": "Turma", "valor": "B"}]


def test_patch_removes_a_charge_for_good(world: PixWorld, api: httpx.Client) -> None:
    txid = new_txid()
    code = api.put(f"/cob/{txid}", json=cob()).json()["pixCopiaECola"]

    removed = api.patch(f"/cob/{txid}", json={"status": "REMOVIDA_PELO_USUARIO_RECEBEDOR"})
    again = api.patch(f"/cob/{txid}", json={"status": "REMOVIDA_PELO_USUARIO_RECEBEDOR"})
    payment = world.bank("pay", code=code, payer_name="Ana")

    assert (removed.status_code, removed.json()["status"]) == (200, "REMOVIDA_PELO_USUARIO_RECEBEDOR")
    assert (again.status_code, reasons(again)) == (400, ["cob.status"])
    assert (payment.status_code, payment.json()) == (
        410,
        {"error": "Esta cobrança foi cancelada por quem a emitiu."},
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "REMOVIDA_PELO_USUARIO_RECEBEDOR", "valor": {"original": "1.00"}},
        {"status": "CONCLUIDA"},
    ],
)
def test_patch_of_the_status_takes_nothing_but_a_removal_alone(
    api: httpx.Client, changes: dict[str, Any]
) -> None:
    txid = new_txid()
    api.put(f"/cob/{txid}", json=cob())

    answer = api.patch(f"/cob/{txid}", json=changes)

    assert (answer.status_code, reasons(answer)) == (400, ["cob.status"])
    assert api.get(f"/cob/{txid}").json()["status"] == "ATIVA"


def test_get_of_an_unknown_charge_or_revision_is_a_problem(api: httpx.Client) -> None:
    txid = new_txid()
    unknown = api.get(f"/cob/{txid}")
    api.put(f"/cob/{txid}", json=cob())

    revision = api.get(f"/cob/{txid}", params={"revisao": 3})

    assert (unknown.status_code, kind_of(unknown)) == (404, "CobNaoEncontrado")
    assert (revision.status_code, kind_of(revision)) == (400, "CobConsultaInvalida")


def test_charge_keeps_its_status_after_it_expired_but_takes_no_money(
    world: PixWorld, api: httpx.Client
) -> None:
    txid = new_txid()
    code = api.put(f"/cob/{txid}", json=cob()).json()["pixCopiaECola"]

    world.set_clock("2026-11-21T15:59:59+00:00")
    in_time = world.bank("lookup", code=code).json()["expired"]
    world.set_clock("2026-11-21T16:00:00+00:00")
    payment = world.bank("pay", code=code, payer_name="Ana")

    assert in_time is False
    assert world.bank("lookup", code=code).json()["expired"] is True
    assert (payment.status_code, payment.json()) == (
        410,
        {"error": "Este código expirou. Peça um novo a quem cobra."},
    )
    assert api.get(f"/cob/{txid}").json()["status"] == "ATIVA"


def test_list_gives_the_charges_of_the_interval_that_fit_page_by_page(
    world: PixWorld, api: httpx.Client
) -> None:
    early, late, company = new_txid(), new_txid(), new_txid()
    api.put(f"/cob/{early}", json=cob())
    world.set_clock("2026-11-21T16:00:00+00:00")
    api.put(f"/cob/{late}", json=cob())
    api.put(f"/cob/{company}", json=cob(devedor=COMPANY))
    world.control("pay", txid=late)

    def txids(**query: Any) -> list[str]:
        return [each["txid"] for each in api.get("/cob", params=TODAY | query).json()["cobs"]]

    assert txids() == [early, late, company]
    assert txids(fim="2026-11-21T15:30:00Z") == [early]
    assert txids(status="CONCLUIDA") == [late]
    assert txids(cnpj=COMPANY["cnpj"]) == [company]
    assert txids(cpf=PERSON["cpf"]) == [early, late]
    assert txids(locationPresente="false") == []
    assert txids(**{"paginacao.itensPorPagina": 2, "paginacao.paginaAtual": 1}) == [company]
    paging = api.get("/cob", params=TODAY | {"paginacao.itensPorPagina": 2}).json()["parametros"]["paginacao"]
    assert paging == {
        "paginaAtual": 0,
        "itensPorPagina": 2,
        "quantidadeDePaginas": 2,
        "quantidadeTotalDeItens": 3,
    }


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"inicio": "2026-11-22T00:00:00Z", "fim": "2026-11-21T00:00:00Z"}, "fim"),
        (TODAY | {"cpf": "52998224725", "cnpj": "11222333000181"}, "cpf"),
    ],
)
def test_list_with_a_senseless_query_is_refused(api: httpx.Client, query: dict[str, str], field: str) -> None:
    answer = api.get("/cob", params=query)

    assert (answer.status_code, kind_of(answer), reasons(answer)) == (400, "CobConsultaInvalida", [field])


def test_charge_and_its_address_survive_a_restart(world: PixWorld, api: httpx.Client) -> None:
    txid = new_txid()
    made = api.put(f"/cob/{txid}", json=cob()).json()

    world.restart()

    assert api.get(f"/cob/{txid}").json() == made
    assert world.bank("lookup", code=made["pixCopiaECola"]).json()["txid"] == txid
