"""The rules that a charge must respect before the provider takes it, one violation for each it breaks."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from simulators.pix.amounts import is_amount
from simulators.pix.problems import Violation

TXID = re.compile(r"[a-zA-Z0-9]{26,35}")
REFUND_ID = re.compile(r"[a-zA-Z0-9]{1,35}")

_SCHEMA = "não respeita o schema"
_CPF = re.compile(r"\d{11}")
_CNPJ = re.compile(r"[0-9A-Z]{14}")
_FIXED_STEPS = (1, 2)
_FIXED, _PERCENT = 1, 2
_MAX_INT = 2**31 - 1

Body = Mapping[str, Any]


def cob_violations(body: Body, *, keys: frozenset[str]) -> list[Violation]:
    """Check an immediate charge as it would be after the request."""
    return [
        *_common(body, "cob", keys),
        *_expiry(body),
        *_payer(body, "cob", required=False),
        *_cob_amount(body),
    ]


def cobv_violations(body: Body, *, keys: frozenset[str], created: date) -> list[Violation]:
    """Check a charge with a due date as it would be after the request; `created` is its first day."""
    due, found = _due_date(body, created)
    return [
        *_common(body, "cobv", keys),
        *found,
        *_payer(body, "cobv", required=True),
        *_cobv_amount(body, due),
    ]


def webhook_violations(body: Body) -> list[Violation]:
    """Check the address that a webhook is to call."""
    url = body.get("webhookUrl")
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.netloc:
        return [Violation(f"Campo webhook.webhookUrl {_SCHEMA}.", "webhook.webhookUrl", url)]
    return []


def _common(body: Body, kind: str, keys: frozenset[str]) -> Iterator[Violation]:
    key = body.get("chave")
    if not isinstance(key, str) or not 1 <= len(key) <= 77:
        yield Violation(f"O campo {kind}.chave {_SCHEMA}.", f"{kind}.chave", key)
    elif key not in keys:
        reason = f"O campo {kind}.chave corresponde a uma conta que não pertence a este usuário recebedor."
        yield Violation(reason, f"{kind}.chave", key)
    prompt = body.get("solicitacaoPagador", "")
    if not isinstance(prompt, str) or len(prompt) > 140:
        yield Violation(f"O campo solicitacaoPagador {_SCHEMA}.", f"{kind}.solicitacaoPagador", prompt)
    if not _is_info(body.get("infoAdicionais", [])):
        yield Violation(f"O objeto infoAdicionais {_SCHEMA}.", f"{kind}.infoAdicionais")


def _is_info(info: object) -> bool:
    return (
        isinstance(info, list)
        and len(info) <= 50
        and all(
            isinstance(each, dict) and _is_text(each.get("nome"), 50) and _is_text(each.get("valor"), 200)
            for each in info
        )
    )


def _is_text(value: object, limit: int) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= limit


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _MAX_INT


def _expiry(body: Body) -> Iterator[Violation]:
    calendar = body.get("calendario")
    if not isinstance(calendar, dict) or not _is_int(calendar.get("expiracao", 1)):
        yield Violation(f"O objeto cob.calendario {_SCHEMA}.", "cob.calendario", calendar)
    elif calendar.get("expiracao", 1) <= 0:
        reason = "O campo cob.calendario.expiracao é igual ou menor que zero."
        yield Violation(reason, "cob.calendario.expiracao", calendar["expiracao"])


def _due_date(body: Body, created: date) -> tuple[date | None, list[Violation]]:
    calendar = body.get("calendario")
    field = "cobv.calendario"
    try:
        due = date.fromisoformat(calendar["dataDeVencimento"]) if isinstance(calendar, dict) else None
    except (KeyError, TypeError, ValueError):
        due = None
    if (
        due is None
        or not isinstance(calendar, dict)
        or not _is_int(calendar.get("validadeAposVencimento", 0))
    ):
        return due, [Violation(f"O objeto {field} {_SCHEMA}.", field, calendar)]
    found = []
    if due < created:
        reason = f"O campo {field}.dataDeVencimento é anterior à data de criação da cobrança."
        found.append(Violation(reason, f"{field}.dataDeVencimento", due))
    if calendar.get("validadeAposVencimento", 0) < 0:
        reason = f"O campo {field}.validadeAposVencimento é menor do que zero."
        found.append(Violation(reason, f"{field}.validadeAposVencimento"))
    return due, found


def _payer(body: Body, kind: str, *, required: bool) -> Iterator[Violation]:
    payer = body.get("devedor")
    if payer is None and not required:
        return
    documents = 0
    if isinstance(payer, dict):
        cpf, cnpj = payer.get("cpf"), payer.get("cnpj")
        documents = bool(isinstance(cpf, str) and _CPF.fullmatch(cpf)) + bool(
            isinstance(cnpj, str) and _CNPJ.fullmatch(cnpj)
        )
        if documents == 1 and (cpf is None or cnpj is None) and _is_text(payer.get("nome"), 200):
            return
    yield Violation(f"O objeto {kind}.devedor {_SCHEMA}.", f"{kind}.devedor")


def _cob_amount(body: Body) -> Iterator[Violation]:
    value = body.get("valor")
    field = "cob.valor"
    if not isinstance(value, dict) or not is_amount(value.get("original")):
        yield Violation(f"O campo {field}.original {_SCHEMA}.", f"{field}.original")
        return
    if value.get("modalidadeAlteracao", 0) not in (0, 1):
        yield Violation(f"O campo {field}.modalidadeAlteracao {_SCHEMA}.", f"{field}.modalidadeAlteracao")
    elif not Decimal(value["original"]) and not value.get("modalidadeAlteracao"):
        yield Violation(f"O campo {field}.original é zero.", f"{field}.original", value["original"])
    if "retirada" in value:
        yield Violation("Pix Saque e Pix Troco não são oferecidos por este PSP.", f"{field}.retirada")


def _cobv_amount(body: Body, due: date | None) -> Iterator[Violation]:
    value = body.get("valor")
    field = "cobv.valor"
    if not isinstance(value, dict) or not is_amount(value.get("original")):
        yield Violation(f"O campo {field}.original {_SCHEMA}.", f"{field}.original")
        return
    original = Decimal(value["original"])
    if not original:
        yield Violation(
            f"O campo {field}.original apresenta o valor zero.", f"{field}.original", value["original"]
        )
        return
    for name, kinds in (("multa", 2), ("juros", 8), ("abatimento", 2)):
        if name in value and not _is_rule(value[name], kinds):
            yield Violation(f"O objeto {field}.{name} {_SCHEMA}.", f"{field}.{name}")
    rebate = value.get("abatimento")
    if (
        isinstance(rebate, dict)
        and _is_rule(rebate, 2)
        and _takes_everything(rebate["modalidade"], rebate["valorPerc"], original)
    ):
        reason = f"O objeto {field}.abatimento representa um valor maior ou igual ao da cobrança original."
        yield Violation(reason, f"{field}.abatimento")
    if "desconto" in value:
        yield from _discount(value["desconto"], original, due)


def _is_rule(rule: Any, kinds: int) -> bool:
    return (
        isinstance(rule, dict)
        and _is_int(rule.get("modalidade"))
        and 1 <= rule["modalidade"] <= kinds
        and is_amount(rule.get("valorPerc"))
    )


def _takes_everything(kind: int, worth: str, original: Decimal) -> bool:
    return Decimal(worth) >= (original if kind == _FIXED else 100)


def _discount(rule: Any, original: Decimal, due: date | None) -> Iterator[Violation]:
    field = "cobv.valor.desconto"
    kind = rule.get("modalidade") if isinstance(rule, dict) else None
    if not isinstance(kind, int) or not 1 <= kind <= 6:
        yield Violation(f"O objeto {field} {_SCHEMA}.", field)
        return
    steps, worth = rule.get("descontoDataFixa"), rule.get("valorPerc")
    if kind not in _FIXED_STEPS:
        if steps is not None:
            reason = "apresenta modalidade de 3 a 6, porém descontoDataFixa está preenchido ou não nulo."
            yield Violation(f"O objeto {field} {reason}", field)
        if not is_amount(worth):
            reason = "apresenta modalidade de 3 a 6, porém valorPerc não está preenchido."
            yield Violation(f"O objeto {field} {reason}", field)
        return
    if worth is not None:
        yield Violation(
            f"O objeto {field} apresenta modalidade 1 ou 2, porém valorPerc encontra-se preenchido.", field
        )
    if not steps:
        reason = "apresenta modalidade 1 ou 2, porém o array descontoDataFixa está vazio ou nulo."
        yield Violation(f"O objeto {field} {reason}", field)
        return
    yield from _steps(steps, kind, original, due)


def _steps(steps: Any, kind: int, original: Decimal, due: date | None) -> Iterator[Violation]:
    field = "cobv.valor.desconto"
    try:
        days = [date.fromisoformat(step["data"]) for step in steps]
        worths = [step["valorPerc"] for step in steps]
    except (KeyError, TypeError, ValueError):
        days, worths = [], []
    if not 1 <= len(days) <= 3 or len(set(days)) != len(days) or not all(map(is_amount, worths)):
        yield Violation(f"O objeto {field} {_SCHEMA}.", field)
        return
    if due is not None and max(days) > due:
        yield Violation(f"O objeto {field} apresenta elemento com data posterior à de vencimento.", field)
    if any(_takes_everything(kind, worth, original) for worth in worths):
        reason = "apresenta elemento com valor maior ou igual ao da cobrança original."
        yield Violation(f"O objeto {field} {reason}", field)
