"""Errors of the API: `application/problem+json` with a type, and for refused requests the violations."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

TYPE_BASE = "https://pix.bcb.gov.br/api/v2/error/"

_TITLES = {
    "RequisicaoInvalida": "Requisição inválida.",
    "AcessoNegado": "Acesso negado.",
    "NaoEncontrado": "Não encontrado.",
    "ErroInternoDoServidor": "Erro interno do servidor.",
    "ServicoIndisponivel": "Serviço indisponível.",
    "IndisponibilidadePorTempoEsgotado": "Indisponibilidade por tempo esgotado.",
}


@dataclass(frozen=True)
class Violation:
    """One rule that a request breaks."""

    reason: str
    field: str
    value: object = None

    def document(self) -> dict[str, str]:
        """Return it as the API writes it."""
        shown = {} if self.value is None else {"valor": str(self.value)}
        return {"razao": self.reason, "propriedade": self.field} | shown


class Problem(Exception):
    """An error answer. `kind` is the last part of the type, such as `CobNaoEncontrado`."""

    def __init__(
        self, status: int, kind: str, detail: str, violations: list[Violation] | None = None
    ) -> None:
        """Describe what went wrong in Portuguese, as the API does."""
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.detail = detail
        self.violations = violations or []

    def document(self) -> dict[str, Any]:
        """Return the body of the answer."""
        body: dict[str, Any] = {
            "type": f"{TYPE_BASE}{self.kind}",
            "title": _TITLES.get(self.kind, self.detail),
            "status": self.status,
            "detail": self.detail,
            "correlationId": str(uuid4()),
        }
        if self.violations:
            body["violacoes"] = [violation.document() for violation in self.violations]
        return body


def problem_response(problem: Problem) -> Response:
    """Answer with the problem."""
    return JSONResponse(problem.document(), problem.status, media_type="application/problem+json")


async def answer_problem(_request: Request, error: Exception) -> Response:
    """Handle a `Problem` raised in a route."""
    assert isinstance(error, Problem)  # registered for this class only
    return problem_response(error)


def unauthorized() -> Response:
    """Answer a call whose token is missing, unknown or expired; the API has no type for it."""
    body = {
        "type": "about:blank",
        "title": "Não autorizado",
        "status": 401,
        "detail": "Token ausente, inválido ou expirado.",
    }
    return JSONResponse(
        body, 401, media_type="application/problem+json", headers={"WWW-Authenticate": "Bearer"}
    )
