"""The provider's error codes as data: the same codes answer a call and come in a status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from commons.http import ProviderError
from conversations.channels.errors import Backoff, ChannelError, ContactAction, Remedy, Scope

TEMPORARY: Final = Backoff(first=timedelta(minutes=1), longest=timedelta(minutes=30), factor=4, tries=4)
_RATE: Final = Backoff(first=timedelta(seconds=5), longest=timedelta(minutes=10), factor=3, tries=8)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table."""

    remedy: Remedy
    sentence: str
    permanent: bool = True
    contact_action: ContactAction = ContactAction.NONE
    scope: Scope = Scope.MESSAGE
    backoff: Backoff | None = None


def _about(sentence: str, action: ContactAction = ContactAction.OTHER_CHANNEL) -> Rule:
    return Rule(Remedy.CONTACT, sentence, contact_action=action, scope=Scope.CONTACT)


def _account(sentence: str) -> Rule:
    return Rule(Remedy.PAUSE_ACCOUNT, sentence, scope=Scope.ACCOUNT)


def _sender(sentence: str) -> Rule:
    return Rule(Remedy.PAUSE_SENDER, sentence, scope=Scope.SENDER)


def _later(sentence: str, backoff: Backoff = TEMPORARY) -> Rule:
    return Rule(Remedy.RETRY, sentence, permanent=False, scope=Scope.SENDER, backoff=backoff)


_NOT_A_NUMBER = _about("Este número não existe.")
_NOT_OURS = _sender("O provedor de SMS não reconhece o nosso número de envio.")
_BUSY = _later("Muitos SMS em pouco tempo: aguardando.", _RATE)

RULES: Final[Mapping[int, Rule]] = {
    20003: _account("O provedor de SMS não aceitou conta e senha."),
    20429: _BUSY,
    14107: _BUSY,
    21211: _NOT_A_NUMBER,
    21214: _about("Este número não pode receber SMS."),
    21217: _NOT_A_NUMBER,
    21408: Rule(Remedy.NEVER, "A conta de SMS não pode enviar para o país deste número."),
    21606: _NOT_OURS,
    21610: _about("O membro pediu à operadora para não receber SMS nossos.", ContactAction.OPT_OUT),
    21611: _BUSY,
    21612: _about("A operadora deste número não aceita os nossos SMS."),
    21614: _about("Este número não é de celular."),
    21617: Rule(Remedy.BUG, "O SMS é longo demais."),
    21659: _NOT_OURS,
    21660: _NOT_OURS,
    30001: _BUSY,
    30002: _account("A conta de SMS está suspensa."),
    30003: _about("O celular está desligado ou fora de alcance há muito tempo."),
    30004: _about("O número bloqueou os nossos SMS."),
    30005: _about("Este número não existe ou foi desativado."),
    30006: _about("Este número é fixo, ou a operadora não entrega SMS nele."),
    30007: Rule(Remedy.NEVER, "A operadora tomou o SMS por indesejado e não o entregou."),
    30008: Rule(Remedy.NEVER, "A operadora não disse por que não entregou o SMS."),
}


def of_code(code: int | None, *, details: str = "", http_status: int | None = None) -> ChannelError:
    """The error behind a code; one we do not know is judged by the HTTP status, if there is one."""
    rule = RULES.get(code or 0)
    if rule is None and http_status is not None and http_status >= 500:
        return _uncertain(code=str(code or http_status), details=details, http_status=http_status)
    known = rule is not None
    if rule is None:
        rule = _of_status(http_status)
    return ChannelError(
        rule.sentence,
        permanent=rule.permanent,
        code=str(code or http_status or ""),
        remedy=rule.remedy,
        contact_action=rule.contact_action,
        scope=rule.scope,
        backoff=rule.backoff,
        details=details,
        http_status=http_status,
        is_known=known,
    )


def from_answer(answer: Mapping[str, Any] | None, *, http_status: int) -> ChannelError:
    """The error in an answer to our call: `{"code": 21211, "message": "…"}`."""
    code = (answer or {}).get("code")
    message = (answer or {}).get("message")
    return of_code(
        code if isinstance(code, int) else None,
        details=message if isinstance(message, str) else "",
        http_status=http_status,
    )


def from_network(failure: ProviderError) -> ChannelError:
    """A call that brought no answer: ambiguous exactly when the request had left."""
    if failure.ambiguous:
        return _uncertain(code=failure.code)
    return ChannelError(
        failure.message,
        permanent=failure.permanent,
        code=failure.code,
        remedy=Remedy.NEVER if failure.permanent else Remedy.RETRY,
        backoff=None if failure.permanent else TEMPORARY,
    )


def _of_status(http_status: int | None) -> Rule:
    match http_status:
        case 401 | 403:
            return RULES[20003]
        case 429:
            return _BUSY
        case _:
            return Rule(Remedy.NEVER, "O provedor de SMS não entregou a mensagem.")


def _uncertain(*, code: str, details: str = "", http_status: int | None = None) -> ChannelError:
    return ChannelError(
        "O provedor de SMS falhou e não disse se a mensagem saiu.",
        ambiguous=True,
        code=code,
        remedy=Remedy.RETRY,
        backoff=TEMPORARY,
        details=details,
        http_status=http_status,
    )
