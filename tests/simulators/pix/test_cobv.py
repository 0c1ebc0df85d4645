from typing import Any

import httpx
import pytest

from tests.simulators.pix.bodies import COMPANY, cob, cobv
from tests.simulators.pix.world import PixWorld, new_txid


@pytest.fixture(autouse=True)
def noon(world: PixWorld) -> None:
    world.set_clock("2026-10-05T15:00:00+00:00")


def value(**parts: Any) -> dict[str, Any]:
    return {"valor": {"original": "100.00"} | parts}


def rule(kind: int, worth: str) -> dict[str, Any]:
    return {"modalidade": kind, "valorPerc": worth}


def test_put_of_a_charge_with_due_date_answers_the_receiver_and_an_address_of_its_kind(
    api: httpx.Client,
) -> None:
    answer = api.put(f"/cobv/{new_txid()}", json=cobv("349.90", "2026-10-07"))

    body = answer.json()
    assert answer.status_code == 201
    assert body["calendario"] == {
        "criacao": "2026-10-05T15:00:00.000Z",
        "dataDeVencimento": "2026-10-07",
        "validadeAposVencimento": 60,
    }
    assert body["recebedor"]["cnpj"] == "11222333000181"
    assert "/pix/qr/v2/cobv/" in body["location"]


def test_put_without_validity_can_be_paid_for_thirty_days(api: httpx.Client) -> None:
    body = api.put(f"/cobv/{new_txid()}", json=cobv(calendario={"dataDeVencimento": "2026-10-07"})).json()

    assert body["calendario"]["validadeAposVencimento"] == 30


@pytest.mark.parametrize(
    ("now", "amount", "components"),
    [
        ("2026-10-07T15:00:00+00:00", "349.90", {"original": "349.90"}),
        # Ten in the evening in São Paulo is already tomorrow in UTC.
        ("2026-10-08T01:00:00+00:00", "349.90", {"original": "349.90"}),
        ("2026-11-21T15:00:00+00:00", "362.13", {"original": "349.90", "multa": "6.99", "juros": "5.24"}),
    ],
)
def test_payment_of_a_charge_with_due_date_costs_what_the_day_makes_of_it(
    world: PixWorld, api: httpx.Client, now: str, amount: str, components: dict[str, str]
) -> None:
    txid = new_txid()
    code = api.put(f"/cobv/{txid}", json=cobv("349.90", "2026-10-07")).json()["pixCopiaECola"]
    world.set_clock(now)

    shown = world.bank("lookup", code=code).json()
    paid = world.bank("pay", code=code, payer_name="Ana", payer_document="52998224725").json()

    charge = api.get(f"/cobv/{txid}").json()
    assert (shown["amount"], shown["due"], shown["editable"]) == (amount, "2026-10-07", False)
    assert paid["amount"] == amount
    assert charge["status"] == "CONCLUIDA"
    assert charge["pix"][0]["componentesValor"] == {
        name: {"valor": part} for name, part in components.items()
    }
    assert charge["pix"][0]["valor"] == amount


@pytest.mark.parametrize(
    ("day", "expired"), [("2026-10-12", False), ("2026-10-13", False), ("2026-10-14", True)]
)
def test_charge_whose_last_day_is_a_holiday_can_be_paid_on_the_next(
    world: PixWorld, api: httpx.Client, day: str, expired: bool
) -> None:
    # 7 + 5 = 12 October, a holiday on a Monday.
    calendar = {"dataDeVencimento": "2026-10-07", "validadeAposVencimento": 5}
    code = api.put(f"/cobv/{new_txid()}", json=cobv(calendario=calendar)).json()["pixCopiaECola"]
    world.set_clock(f"{day}T15:00:00+00:00")

    assert world.bank("lookup", code=code).json()["expired"] is expired
    assert world.bank("pay", code=code, payer_name="Ana").status_code == (410 if expired else 200)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"calendario": {"dataDeVencimento": "2026-10-04"}}, "cobv.calendario.dataDeVencimento"),
        ({"calendario": {"dataDeVencimento": "07/10/2026"}}, "cobv.calendario"),
        ({"calendario": {}}, "cobv.calendario"),
        (
            {"calendario": {"dataDeVencimento": "2026-10-07", "validadeAposVencimento": -1}},
            "cobv.calendario.validadeAposVencimento",
        ),
        ({"devedor": None}, "cobv.devedor"),
        ({"valor": {"original": "0.00"}}, "cobv.valor.original"),
        ({"valor": {}}, "cobv.valor.original"),
        (value(multa=rule(3, "2.00")), "cobv.valor.multa"),
        (value(multa=rule(2, "2")), "cobv.valor.multa"),
        (value(juros=rule(9, "1.00")), "cobv.valor.juros"),
        (value(juros={"modalidade": 3}), "cobv.valor.juros"),
        (value(abatimento=rule(1, "100.00")), "cobv.valor.abatimento"),
        (value(abatimento=rule(2, "100.00")), "cobv.valor.abatimento"),
        (value(desconto={"modalidade": 7}), "cobv.valor.desconto"),
        (value(desconto={"modalidade": 1}), "cobv.valor.desconto"),
        (value(desconto={"modalidade": 1, "descontoDataFixa": []}), "cobv.valor.desconto"),
        (
            value(
                desconto={"modalidade": 1, "descontoDataFixa": [{"data": "2026-10-09", "valorPerc": "1.00"}]}
            ),
            "cobv.valor.desconto",
        ),
        (
            value(
                desconto={
                    "modalidade": 2,
                    "descontoDataFixa": [{"data": "2026-10-06", "valorPerc": "100.00"}],
                }
            ),
            "cobv.valor.desconto",
        ),
        (
            value(
                desconto={
                    "modalidade": 1,
                    "valorPerc": "1.00",
                    "descontoDataFixa": [{"data": "2026-10-06", "valorPerc": "1.00"}],
                }
            ),
            "cobv.valor.desconto",
        ),
        (value(desconto={"modalidade": 3}), "cobv.valor.desconto"),
        (
            value(
                desconto={
                    "modalidade": 3,
                    "valorPerc": "1.00",
                    "descontoDataFixa": [{"data": "2026-10-06", "valorPerc": "1.00"}],
                }
            ),
            "cobv.valor.desconto",
        ),
    ],
)
def test_put_that_breaks_a_rule_names_the_field_and_makes_nothing(
    api: httpx.Client, changes: dict[str, Any], field: str
) -> None:
    txid = new_txid()

    answer = api.put(f"/cobv/{txid}", json=cobv(due="2026-10-08") | changes)

    problem = answer.json()
    assert answer.status_code == 400
    assert problem["type"] == "https://pix.bcb.gov.br/api/v2/error/CobVOperacaoInvalida"
    assert [violation["propriedade"] for violation in problem["violacoes"]] == [field]
    assert api.get(f"/cobv/{txid}").status_code == 404


@pytest.mark.parametrize(
    "parts",
    [
        {"desconto": {"modalidade": 2, "descontoDataFixa": [{"data": "2026-10-08", "valorPerc": "10.00"}]}},
        {"desconto": {"modalidade": 6, "valorPerc": "0.10"}},
        {"abatimento": rule(2, "99.99")},
        {"multa": rule(1, "5.00"), "juros": rule(8, "12.00")},
    ],
)
def test_put_within_the_rules_is_taken(api: httpx.Client, parts: dict[str, Any]) -> None:
    answer = api.put(f"/cobv/{new_txid()}", json=cobv(due="2026-10-08") | value(**parts))

    assert (answer.status_code, answer.json()["valor"]) == (201, {"original": "100.00"} | parts)


def test_patch_moves_a_due_date_and_later_removes_the_charge(api: httpx.Client) -> None:
    txid = new_txid()
    api.put(f"/cobv/{txid}", json=cobv(due="2026-10-08"))

    moved = api.patch(f"/cobv/{txid}", json={"calendario": {"dataDeVencimento": "2026-10-15"}}).json()
    removed = api.patch(f"/cobv/{txid}", json={"status": "REMOVIDA_PELO_USUARIO_RECEBEDOR"}).json()

    assert (moved["revisao"], moved["calendario"]["dataDeVencimento"]) == (1, "2026-10-15")
    assert moved["calendario"]["validadeAposVencimento"] == 60
    assert (removed["revisao"], removed["status"]) == (2, "REMOVIDA_PELO_USUARIO_RECEBEDOR")
    history = [api.get(f"/cobv/{txid}", params={"revisao": n}).json() for n in (0, 1, 2)]
    assert [each["calendario"]["dataDeVencimento"] for each in history] == [
        "2026-10-08",
        "2026-10-15",
        "2026-10-15",
    ]
    assert [each["status"] for each in history] == ["ATIVA", "ATIVA", "REMOVIDA_PELO_USUARIO_RECEBEDOR"]


def test_charges_of_one_kind_are_unknown_to_the_other(api: httpx.Client) -> None:
    immediate, with_due_date = new_txid(), new_txid()
    api.put(f"/cob/{immediate}", json=cob())
    api.put(f"/cobv/{with_due_date}", json=cobv(devedor=COMPANY))
    interval = {"inicio": "2026-10-05T00:00:00Z", "fim": "2026-10-06T00:00:00Z"}

    assert api.get(f"/cobv/{immediate}").json()["type"].endswith("/CobVNaoEncontrada")
    assert api.get(f"/cob/{with_due_date}").json()["type"].endswith("/CobNaoEncontrado")
    assert [each["txid"] for each in api.get("/cob", params=interval).json()["cobs"]] == [immediate]
    assert [each["txid"] for each in api.get("/cobv", params=interval).json()["cobs"]] == [with_due_date]
