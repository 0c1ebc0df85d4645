"""Requests of the API as a careful creditor would write them."""

from typing import Any

from tests.simulators.pix.world import KEY

PERSON = {"cpf": "52998224725", "nome": "Ana Souza"}
COMPANY = {"cnpj": "12ABC34501DE35", "nome": "Oficina Central"}


def cob(amount: str = "89.90", **changes: Any) -> dict[str, Any]:
    body = {"calendario": {"expiracao": 3600}, "devedor": PERSON, "valor": {"original": amount}, "chave": KEY}
    return body | changes


def cobv(amount: str = "349.90", due: str = "2026-12-10", **changes: Any) -> dict[str, Any]:
    body = {
        "calendario": {"dataDeVencimento": due, "validadeAposVencimento": 60},
        "devedor": PERSON,
        "valor": {
            "original": amount,
            "multa": {"modalidade": 2, "valorPerc": "2.00"},
            "juros": {"modalidade": 3, "valorPerc": "1.00"},
        },
        "chave": KEY,
    }
    return body | changes
