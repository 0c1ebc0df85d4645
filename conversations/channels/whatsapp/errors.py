"""WhatsApp's error codes as data: what each means for the message, the contact and the sender.

Logic rests on the code alone, as Meta advises; titles, HTTP statuses and sub-codes change. The sentences
are what operators read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from commons.http import ProviderError
from conversations.channels.errors import Backoff, ChannelError, ContactAction, Remedy, Scope

TEMPORARY: Final = Backoff(first=timedelta(minutes=1), longest=timedelta(minutes=15), factor=4)
_CALL_RATE: Final = Backoff(first=timedelta(minutes=5), longest=timedelta(hours=1), tries=6)
_THROUGHPUT: Final = Backoff(first=timedelta(seconds=1), longest=timedelta(seconds=60), tries=10)
_PAIR_RATE: Final = Backoff(first=timedelta(seconds=1), longest=timedelta(hours=1), factor=4, tries=6)
_MAINTENANCE: Final = Backoff(first=timedelta(minutes=1), longest=timedelta(minutes=5), tries=6)
_FLOW_THROTTLE: Final = Backoff(first=timedelta(hours=1), longest=timedelta(hours=6))
_MARKETING_FATIGUE: Final = Backoff(first=timedelta(hours=24), longest=timedelta(days=14), tries=5)
_REGISTRATION: Final = Backoff(first=timedelta(hours=72), longest=timedelta(hours=72))
_ONCE: Final = Backoff(first=timedelta(), longest=timedelta(), tries=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table. `ambiguous` holds for an answer to our call; a status says what happened."""

    remedy: Remedy
    sentence: str
    permanent: bool = False
    ambiguous: bool = False
    contact_action: ContactAction = ContactAction.NONE
    scope: Scope = Scope.MESSAGE
    backoff: Backoff | None = None


_TOKEN = Rule(
    Remedy.PAUSE_ACCOUNT,
    "O acesso ao WhatsApp expirou ou é inválido: cadastre um novo token.",
    scope=Scope.ACCOUNT,
)
_PERMISSION = Rule(
    Remedy.PAUSE_ACCOUNT, "O token do WhatsApp não tem a permissão necessária.", scope=Scope.ACCOUNT
)
_UNCERTAIN = Rule(
    Remedy.RETRY,
    "O WhatsApp falhou e não disse se a mensagem saiu.",
    ambiguous=True,
    backoff=TEMPORARY,
)
_CALLS = Rule(
    Remedy.RETRY,
    "Muitas chamadas ao WhatsApp em pouco tempo: aguardando.",
    scope=Scope.ACCOUNT,
    backoff=_CALL_RATE,
)
_PARAMETER = Rule(Remedy.BUG, "A mensagem foi montada de um jeito que o WhatsApp não aceita.", permanent=True)
_RESTRICTED = Rule(
    Remedy.PAUSE_ACCOUNT,
    "A Meta restringiu a conta por política: nada sai até uma pessoa resolver.",
    scope=Scope.ACCOUNT,
)
_NUMBER_NOT_READY = Rule(
    Remedy.PAUSE_SENDER,
    "O número remetente não está registrado ou teve o nome de exibição recusado.",
    scope=Scope.SENDER,
)
_MAINTENANCE_RULE = Rule(
    Remedy.RETRY,
    "O WhatsApp está em manutenção: nova tentativa em minutos.",
    scope=Scope.SENDER,
    backoff=_MAINTENANCE,
)
_MARKETING_API_ONLY = Rule(
    Remedy.BUG, "Mensagens de marketing estão desligadas nesta conta ou exigem outra API.", permanent=True
)
_TEMPLATE_MISMATCH = Rule(
    Remedy.SYNC_TEMPLATES, "Os dados não correspondem ao modelo aprovado na Meta.", permanent=True
)

RULES: Final[dict[int, Rule]] = {
    # Access
    0: _TOKEN,
    104: _TOKEN,
    190: _TOKEN,
    3: _PERMISSION,
    10: _PERMISSION,
    131005: _PERMISSION,
    33: Rule(
        Remedy.PAUSE_SENDER,
        "O número remetente ou o objeto pedido não existe mais no WhatsApp.",
        permanent=True,
        scope=Scope.SENDER,
    ),
    368: _RESTRICTED,
    131031: _RESTRICTED,
    131037: _NUMBER_NOT_READY,
    131045: _NUMBER_NOT_READY,
    133010: _NUMBER_NOT_READY,
    133016: Rule(
        Remedy.PAUSE_SENDER,
        "Tentativas demais de registrar o número: só depois de 72 horas.",
        scope=Scope.SENDER,
        backoff=_REGISTRATION,
    ),
    131042: Rule(
        Remedy.PAUSE_ACCOUNT,
        "Há um problema na forma de pagamento da conta do WhatsApp.",
        scope=Scope.ACCOUNT,
    ),
    # Meta's side and rates
    1: _UNCERTAIN,
    2: _UNCERTAIN,
    131000: _UNCERTAIN,
    131016: _UNCERTAIN,
    4: _CALLS,
    80007: _CALLS,
    130429: Rule(
        Remedy.RETRY,
        "O número atingiu a velocidade máxima de envio: aguardando.",
        scope=Scope.SENDER,
        backoff=_THROUGHPUT,
    ),
    131056: Rule(
        Remedy.RETRY,
        "Muitas mensagens seguidas para a mesma pessoa: aguardando.",
        scope=Scope.CONTACT,
        backoff=_PAIR_RATE,
    ),
    131057: _MAINTENANCE_RULE,
    2494100: _MAINTENANCE_RULE,
    131048: Rule(
        Remedy.PAUSE_SENDER,
        "O WhatsApp freou o número: bloqueios ou denúncias demais. Insistir piora.",
        permanent=True,
        scope=Scope.SENDER,
    ),
    # What we built
    100: _PARAMETER,
    131008: _PARAMETER,
    131009: _PARAMETER,
    131051: Rule(Remedy.BUG, "O WhatsApp não conhece esse tipo de mensagem.", permanent=True),
    131030: Rule(
        Remedy.BUG, "Número de teste: o destinatário não está na lista de autorizados.", permanent=True
    ),
    131063: _MARKETING_API_ONLY,
    131055: _MARKETING_API_ONLY,
    134100: _MARKETING_API_ONLY,
    135000: Rule(Remedy.BUG, "O WhatsApp recusou a mensagem sem dizer o motivo.", permanent=True),
    2046: Rule(Remedy.BUG, "O pedido não pode passar para essa situação.", permanent=True),
    2047: Rule(
        Remedy.BUG, "O pedido não pôde ser cancelado: há pagamento feito ou em andamento.", permanent=True
    ),
    # The recipient
    130403: Rule(
        Remedy.NEVER,
        "Este número bloqueou a pessoa no WhatsApp; desbloqueie para voltar a falar.",
        permanent=True,
        contact_action=ContactAction.UNBLOCK,
    ),
    130472: Rule(
        Remedy.NEVER,
        "A Meta não entrega marketing a esta pessoa agora (experimento da própria Meta).",
        permanent=True,
        contact_action=ContactAction.OTHER_CHANNEL,
    ),
    130497: Rule(
        Remedy.CONTACT,
        "Não é permitido enviar para o país desta pessoa.",
        permanent=True,
        contact_action=ContactAction.OTHER_CHANNEL,
    ),
    131021: Rule(Remedy.NEVER, "O destinatário é o próprio número remetente.", permanent=True),
    131026: Rule(
        Remedy.CONTACT,
        "Não foi possível entregar: o número pode não ter WhatsApp, estar desatualizado ou ter bloqueado.",
        permanent=True,
        contact_action=ContactAction.TRY_OTHER_VARIANT,
    ),
    131047: Rule(
        Remedy.TEMPLATE,
        "Passaram mais de 24 horas da última mensagem da pessoa: só um modelo aprovado pode sair.",
        permanent=True,
    ),
    131049: Rule(
        Remedy.NEVER,
        "A pessoa já recebeu marketing demais no WhatsApp: espere ao menos 24 horas.",
        permanent=True,
        contact_action=ContactAction.SPACE_OUT,
        scope=Scope.CONTACT,
        backoff=_MARKETING_FATIGUE,
    ),
    131050: Rule(
        Remedy.NEVER,
        "A pessoa parou de receber marketing desta empresa no WhatsApp.",
        permanent=True,
        contact_action=ContactAction.OPT_OUT_MARKETING,
    ),
    131062: Rule(
        Remedy.CONTACT,
        "Esse tipo de mensagem exige o telefone da pessoa.",
        permanent=True,
        contact_action=ContactAction.USE_PHONE,
    ),
    137000: Rule(
        Remedy.CONTACT,
        "A identidade da pessoa mudou no WhatsApp: confirme quem é antes de continuar.",
        permanent=True,
        contact_action=ContactAction.VERIFY_IDENTITY,
    ),
    2040: Rule(
        Remedy.NEVER,
        "Esta pessoa não pode receber mensagens de pagamento do WhatsApp.",
        permanent=True,
        contact_action=ContactAction.PLAIN_MESSAGE,
    ),
    # Files
    131052: Rule(
        Remedy.MEDIA,
        "O arquivo enviado pela pessoa não pôde ser baixado: peça para reenviar.",
        permanent=True,
        contact_action=ContactAction.ASK_TO_RESEND,
    ),
    131053: Rule(Remedy.MEDIA, "O WhatsApp não aceitou o arquivo enviado por nós.", backoff=_ONCE),
    # Templates
    131064: Rule(
        Remedy.HOLD_TEMPLATE,
        "Modelos suspensos por uso repetido da categoria errada.",
        scope=Scope.ACCOUNT,
    ),
    132000: _TEMPLATE_MISMATCH,
    132008: _TEMPLATE_MISMATCH,
    132012: _TEMPLATE_MISMATCH,
    132018: _TEMPLATE_MISMATCH,
    132001: Rule(
        Remedy.SYNC_TEMPLATES, "O modelo não existe nesse idioma ou ainda não foi aprovado.", permanent=True
    ),
    132005: Rule(Remedy.BUG, "O texto do modelo ficou longo demais com os dados.", permanent=True),
    132007: Rule(Remedy.NEVER, "O conteúdo do modelo viola uma política da Meta: reescreva.", permanent=True),
    132015: Rule(Remedy.HOLD_TEMPLATE, "O modelo está pausado por qualidade."),
    132016: Rule(Remedy.HOLD_TEMPLATE, "O modelo foi desativado por qualidade: crie outro.", permanent=True),
    132068: Rule(Remedy.NEVER, "O formulário (Flow) está bloqueado.", permanent=True),
    132069: Rule(
        Remedy.RETRY, "O formulário (Flow) está limitado: nova tentativa mais tarde.", backoff=_FLOW_THROTTLE
    ),
}

SUBCODES: Final[dict[int, Rule]] = {
    2388019: Rule(Remedy.NEVER, "A conta atingiu o limite de modelos.", permanent=True),
    2388024: Rule(Remedy.NEVER, "Já existe um modelo com esse nome nesse idioma.", permanent=True),
    2388293: Rule(Remedy.NEVER, "O modelo tem variáveis demais para o tamanho do texto.", permanent=True),
    2388299: Rule(Remedy.NEVER, "O modelo não pode começar nem terminar com uma variável.", permanent=True),
    2494100: _MAINTENANCE_RULE,
}

_REFUSED = Rule(Remedy.NEVER, "O WhatsApp recusou por um motivo que ainda não conhecemos.", permanent=True)


def classify(
    problem: Mapping[str, Any] | Sequence[Any] | None, *, http_status: int | None = None
) -> ChannelError:
    """The error behind an answer to our call (`{"error": {…}}`) or behind a status (its list of errors).

    Of several errors in a status the first known one counts. What a status reports did happen, so it is
    never ambiguous. Anything unreadable falls back to `http_status`.
    """
    if isinstance(problem, Sequence) and not isinstance(problem, (str, bytes)):
        return _from_status(problem)
    answer = problem if isinstance(problem, Mapping) else {}
    error = answer.get("error", answer)
    return _from_error(error if isinstance(error, Mapping) else {}, http_status=http_status, final=False)


def from_network(failure: ProviderError) -> ChannelError:
    """A call that brought no answer, as a `ChannelError`: ambiguous exactly when the request had left."""
    return ChannelError(
        _UNCERTAIN.sentence if failure.ambiguous else failure.message,
        permanent=failure.permanent,
        ambiguous=failure.ambiguous,
        code=failure.code,
        remedy=Remedy.BUG if failure.permanent else Remedy.RETRY,
        backoff=None if failure.permanent else TEMPORARY,
        details=failure.message,
    )


def _from_status(errors: Sequence[Any]) -> ChannelError:
    found = [
        _from_error(error, http_status=None, final=True) for error in errors if isinstance(error, Mapping)
    ]
    known = [error for error in found if error.is_known]
    return next(iter(known or found), _from_error({}, http_status=None, final=True))


def _from_error(error: Mapping[str, Any], *, http_status: int | None, final: bool) -> ChannelError:
    code, subcode = _integer(error.get("code")), _integer(error.get("error_subcode"))
    rule = _rule(code, subcode)
    known = rule is not None
    if rule is None:
        transient = error.get("is_transient") is True
        rule = _UNCERTAIN if transient else _rule_of_status(http_status)
    return ChannelError(
        rule.sentence,
        permanent=rule.permanent,
        ambiguous=rule.ambiguous and not final,
        code=str(code) if code is not None else (f"http {http_status}" if http_status else ""),
        remedy=rule.remedy,
        contact_action=rule.contact_action,
        scope=rule.scope,
        backoff=rule.backoff,
        details=_details(error),
        http_status=http_status,
        trace_id=_text(error.get("fbtrace_id")),
        is_known=known,
    )


def _rule(code: int | None, subcode: int | None) -> Rule | None:
    if subcode is not None and subcode in SUBCODES:
        return SUBCODES[subcode]
    if code is None:
        return None
    if 200 <= code <= 299:
        return _PERMISSION
    return RULES.get(code)


def _rule_of_status(http_status: int | None) -> Rule:
    """What an HTTP status alone tells, when the body brought no code we know."""
    match http_status:
        case 401:
            return _TOKEN
        case 403:
            return _PERMISSION
        case 429:
            return _CALLS
        case int() if http_status >= 500 or http_status == 408:
            return _UNCERTAIN
        case int() if http_status < 400:
            # An answer we cannot read to a call that went through.
            return _UNCERTAIN
        case _:
            return _REFUSED


def _details(error: Mapping[str, Any]) -> str:
    data = error.get("error_data")
    words = (
        error.get("title"),
        error.get("message"),
        data.get("details") if isinstance(data, Mapping) else None,
        error.get("error_user_msg"),
    )
    return " | ".join(dict.fromkeys(word for word in map(_text, words) if word))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _integer(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
        return int(value)
    return None
