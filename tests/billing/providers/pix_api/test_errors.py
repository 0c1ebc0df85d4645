import json

import httpx
import pytest

from billing.providers.pix_api.errors import error_from

BASE = "https://pix.bcb.gov.br/api/v2/error/"


def answer(status: int, body: object) -> httpx.Response:
    return httpx.Response(status, content=body if isinstance(body, bytes) else json.dumps(body).encode())


@pytest.mark.parametrize(
    ("status", "body", "code", "message", "permanent", "ambiguous"),
    [
        (
            404,
            {"type": BASE + "CobNaoEncontrado"},
            "CobNaoEncontrado",
            "O banco não encontrou a cobrança.",
            True,
            False,
        ),
        (
            403,
            {"type": BASE + "AcessoNegado"},
            "AcessoNegado",
            "O banco negou o acesso. Confira as permissões da credencial Pix.",
            True,
            False,
        ),
        (
            400,
            {"type": BASE + "NovoErro"},
            "NovoErro",
            "O banco recusou o pedido: há um dado inválido.",
            True,
            False,
        ),
        (401, {"type": "about:blank"}, "about:blank", "O banco recusou a credencial Pix.", True, False),
        (418, {}, "418", "O banco respondeu com o erro 418.", True, False),
        (429, {}, "429", "O banco pediu para esperar: houve consultas demais.", False, False),
        (408, b"", "408", "O banco respondeu com o erro 408.", False, False),
        (500, b"<html>", "500", "O banco respondeu com o erro 500.", False, True),
        (503, [], "503", "O serviço Pix do banco está indisponível no momento.", False, True),
        (504, {"type": None}, "504", "O banco demorou demais para responder.", False, True),
    ],
)
def test_error_from_an_answer_says_what_it_means(
    status: int, body: object, code: str, message: str, permanent: bool, ambiguous: bool
) -> None:
    error = error_from(answer(status, body))

    assert (error.status, error.code, error.message) == (status, code, message)
    assert (error.permanent, error.ambiguous) == (permanent, ambiguous)


def test_error_names_the_first_refused_fields_and_never_their_values() -> None:
    violations = [
        {"razao": "CPF 52998224725", "propriedade": f"campo{n}", "valor": "52998224725"} for n in range(7)
    ]
    body = {"type": BASE + "CobOperacaoInvalida", "violacoes": [*violations, "x", {"propriedade": None}]}

    error = error_from(answer(400, body))

    assert error.message == (
        "O banco não aceitou a cobrança. Campos recusados: campo0, campo1, campo2, campo3, campo4."
    )
    assert "52998224725" not in str(error)


@pytest.mark.parametrize("violations", ["x", {}, [None], [{"razao": "x"}]])
def test_error_with_unreadable_violations_is_still_an_error(violations: object) -> None:
    body = {"type": BASE + "PixDevolucaoInvalida", "violacoes": violations}

    assert error_from(answer(400, body)).message == "O banco não aceitou a devolução."
