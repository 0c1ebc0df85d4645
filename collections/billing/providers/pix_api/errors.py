"""Problems of the API Pix (`application/problem+json`, RFC 7807) as `ProviderError`."""

import json
from typing import Any

import httpx

from commons.http import ProviderError

# By the last part of the problem's `type`; the API declares new ones backward compatible.
_SENTENCES = {
    "RequisicaoInvalida": "O banco recusou o pedido: há um dado inválido.",
    "AcessoNegado": "O banco negou o acesso. Confira as permissões da credencial Pix.",
    "NaoEncontrado": "O banco não encontrou o que foi pedido.",
    "PermanentementeRemovido": "O banco removeu isto de forma permanente.",
    "ErroInternoDoServidor": "O banco teve um erro interno.",
    "ServicoIndisponivel": "O serviço Pix do banco está indisponível no momento.",
    "IndisponibilidadePorTempoEsgotado": "O banco demorou demais para responder.",
    "CobNaoEncontrado": "O banco não encontrou a cobrança.",
    "CobOperacaoInvalida": "O banco não aceitou a cobrança.",
    "CobConsultaInvalida": "O banco não aceitou a consulta de cobranças.",
    "CobVNaoEncontrada": "O banco não encontrou a cobrança com vencimento.",
    "CobVOperacaoInvalida": "O banco não aceitou a cobrança com vencimento.",
    "CobVConsultaInvalida": "O banco não aceitou a consulta de cobranças com vencimento.",
    "PixNaoEncontrado": "O banco não encontrou o Pix.",
    "PixConsultaInvalida": "O banco não aceitou a consulta de Pix recebidos.",
    "PixDevolucaoNaoEncontrada": "O banco não encontrou a devolução.",
    "PixDevolucaoInvalida": "O banco não aceitou a devolução.",
    "WebhookNaoEncontrado": "Nenhum aviso de pagamento está configurado para a chave.",
    "WebhookOperacaoInvalida": "O banco não aceitou o endereço dos avisos de pagamento.",
}
_BY_STATUS = {
    400: _SENTENCES["RequisicaoInvalida"],
    401: "O banco recusou a credencial Pix.",
    403: _SENTENCES["AcessoNegado"],
    404: _SENTENCES["NaoEncontrado"],
    410: _SENTENCES["PermanentementeRemovido"],
    429: "O banco pediu para esperar: houve consultas demais.",
    503: _SENTENCES["ServicoIndisponivel"],
    504: _SENTENCES["IndisponibilidadePorTempoEsgotado"],
}
_TEMPORARY = {408, 425, 429}
_MAX_FIELDS = 5
NOT_FOUND = 404


class PixApiError(ProviderError):
    """A refusal by the provider. `status` is the HTTP status, `code` the problem's type, or the status."""

    def __init__(self, message: str, *, status: int, code: str, permanent: bool, ambiguous: bool) -> None:
        super().__init__(message, permanent=permanent, ambiguous=ambiguous, code=code)
        self.status = status


def error_from(response: httpx.Response) -> PixApiError:
    """What a response outside 2xx means. Names of refused fields are told, their values never are."""
    problem = _problem(response)
    status = response.status_code
    code = str(problem.get("type") or "").rstrip("/").rpartition("/")[2] or str(status)
    message = _SENTENCES.get(code) or _BY_STATUS.get(status) or f"O banco respondeu com o erro {status}."
    if fields := _refused_fields(problem):
        message = f"{message} Campos recusados: {', '.join(fields)}."
    server_fault = status >= httpx.codes.INTERNAL_SERVER_ERROR
    return PixApiError(
        message,
        status=status,
        code=code,
        permanent=not server_fault and status not in _TEMPORARY,
        ambiguous=server_fault,
    )


def _problem(response: httpx.Response) -> dict[str, Any]:
    try:
        body = json.loads(response.content)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _refused_fields(problem: dict[str, Any]) -> list[str]:
    violations = problem.get("violacoes")
    if not isinstance(violations, list):
        return []
    named = [str(each.get("propriedade") or "") for each in violations if isinstance(each, dict)]
    return [name for name in named if name][:_MAX_FIELDS]
