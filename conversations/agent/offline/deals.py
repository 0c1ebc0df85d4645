"""Promises, installments, pauses: a proposal first, then a plain yes to it."""

from __future__ import annotations

import re
from typing import Any

from commons.text import fold
from conversations.agent.offline.scene import Call, Move, Say, Scene
from conversations.nlu.dates import DateKind

_ASK_DAY = "Que dia fica bom para você? Pode ser até {{policy.last_promise_date}}."
_ASK_COUNT = "Em quantas parcelas? Posso dividir em até {{policy.max_installments}} parcelas, de pelo menos {{policy.min_installment}} cada."
_NOTHING_OWED = "Não há nada em aberto no seu cadastro hoje, então não precisa combinar nada."
_WITH_TEAM = "Isso uma pessoa da equipe combina com você por aqui. {{support.answer}}"

# What a refusal by the policy reads as, by its code.
_REFUSALS = {
    "date_past": "Esse dia já passou. Que outro dia fica bom, até {{policy.last_promise_date}}?",
    "date_too_far": "Por aqui eu consigo combinar até {{policy.last_promise_date}}. Algum dia até lá funciona para você?",
    "too_many_parts": (
        "Tantas assim eu não consigo: são até {{policy.max_installments}} parcelas, de pelo menos "
        "{{policy.min_installment}} cada. Quantas parcelas ficam bem para você?"
    ),
    "too_few_parts": "Esse valor não dá para dividir por aqui. Prefere o Pix ou combinar um dia?",
    "first_too_late": "A primeira parcela precisa ser até {{policy.last_first_installment}}. Pode ser?",
    "pause_length": "A pausa pode ser de {{policy.pause_min_days}} a {{policy.pause_max_days}} dias. Quantos dias você quer?",
    "pause_too_many_open": (
        "Não consigo pausar com mais de {{policy.pause_max_invoices}} faturas em aberto. "
        "Quer ver um jeito de acertar, ou prefere falar com uma pessoa da equipe?"
    ),
    "agreement_in_force": "Você já tem um acordo em andamento. Quer que uma pessoa da equipe veja isso com você?",
}
_AGAIN = re.compile(r"\b(?:de novo|novamente|outra vez|outro acordo|renegoci\w*|refazer)\b")
_FEWEST_PARTS = 2
# A limit explained once; who asks for more all the same wants what only a person can decide.
_LIMITS = frozenset(
    {
        "date_too_far",
        "too_many_parts",
        "too_few_parts",
        "first_too_late",
        "pause_length",
        "pause_too_many_open",
    }
)
_TO_A_PERSON = {"too_many_broken": "broken_promises", "second_agreement": "beyond_policy"}


def answer_offer(scene: Scene) -> Move | None:
    """A yes or a no to what is on the table."""
    if accepted := scene.call_of("accept_offer"):
        return _accepted(accepted)
    if scene.call_of("refuse_offer"):
        return Say("Tudo bem. O que funciona melhor para você: o Pix agora, outro dia ou dividir?")
    tapped = scene.chose("offer:")
    if tapped:
        _, number, wish = tapped.split(":")
        return Call("accept_offer" if wish == "yes" else "refuse_offer", {"offer_id": int(number)})
    offers = scene.offers(seen=True)
    if not offers or any(call.tool != "note_delay_reason" for call in scene.done):
        return None
    offer = offers[-1]
    plain = scene.reading.intent in {"affirm", "deny"} or not scene.reading.sure
    if scene.reading.answer == "yes" and plain:
        return Call("accept_offer", {"offer_id": offer["id"]})
    if scene.reading.answer == "no" and plain and not _names_other_terms(scene):
        return Call("refuse_offer", {"offer_id": offer["id"]})
    if not _names_other_terms(scene) and not scene.reading.sure:
        return Say("Só para eu anotar certo: posso confirmar? Responda sim ou não.")
    return None


def _names_other_terms(scene: Scene) -> bool:
    reading = scene.reading
    return reading.date.date is not None or reading.installments is not None or reading.days is not None


def _accepted(call: Call) -> Move:
    if call.failed:
        return Say("Quero anotar certo. Você confirma? Responda sim ou não.")
    kind = call.result["accepted"]
    if kind == "promise":
        return Say(
            "Combinado, anotei o pagamento para {{promise.date}}. Se quiser pagar antes, é só pedir o Pix."
        )
    if kind == "installments":
        return Say(
            "Combinado. O acordo é de {{agreement.total}}; a primeira parcela é de {{agreement.part.1.amount}}, em "
            "{{agreement.part.1.due}}. Quer o Pix dela agora?"
        )
    return Say(
        "Combinado, o plano fica pausado. Enquanto isso não mando lembretes. Se mudar de ideia, é só chamar."
    )


def promise(scene: Scene) -> Move | None:
    """A day to pay: read back whole and confirmed before it counts."""
    if made := scene.call_of("propose_promise"):
        return _refused(scene, made) or _read_back(scene, offer=f"offer.{made.result['offer']}")
    reading = scene.reading
    asked = _ASK_DAY[:20] in scene.last_us or "funciona para você" in scene.last_us
    likely = reading.intent in {"promise", "due_date_change"}
    about_day = likely and reading.sure
    named = reading.date.date is not None and reading.date.kind in {DateKind.DATE, DateKind.RANGE}
    # A day was named: it is only read back for a yes, so a likely wish is enough.
    wanted = about_day or (named and (asked or likely))
    answered = (asked and named) or (about_day and reading.date.kind == DateKind.VAGUE)
    if (reading.installments is not None or not wanted) and not answered:
        return None
    if not scene.may("propose_promise"):
        return _cannot_agree(scene)
    if not named:
        return Say(
            scene.fresh(
                _ASK_DAY, "Sem problema. Me diga um dia, até {{policy.last_promise_date}}, e eu anoto."
            )
        )
    assert reading.date.date is not None
    on, amount = reading.date.date, reading.money
    if _in_parts(scene):
        on, amount = reading.parts[0].date, reading.parts[0].amount
    arguments: dict[str, Any] = {"date": on.isoformat()}
    if amount is not None:
        arguments["amount"] = str(amount)
    return Call("propose_promise", arguments)


def _in_parts(scene: Scene) -> bool:
    """Several days, the first with its amount: that one is promised, the rest follows it."""
    parts = scene.reading.parts
    return len(parts) > 1 and parts[0].amount is not None


def _read_back(scene: Scene, *, offer: str) -> Say:
    """Day and amount as they would be written down, and a question that a yes answers."""
    what = f"{{{{{offer}.amount}}}}" if f"{offer}.amount" in scene.references else "o pagamento"
    rest = " O restante a gente combina depois desse." if _in_parts(scene) else ""
    return Say(f"Posso anotar {what} para {{{{{offer}.date}}}}?{rest} Responda sim e eu anoto.")


def installments(scene: Scene) -> Move | None:
    if made := scene.call_of("propose_installments"):
        if refused := _refused(scene, made):
            return refused
        name = f"offer.{made.result['offer']}"
        parts = range(1, made.result["parts"] + 1)
        lines = [f"{{{{{name}.part.{n}.amount}}}} em {{{{{name}.part.{n}.due}}}}" for n in parts]
        listed = ";\n".join(lines)
        return Say(
            f"Dá para dividir {{{{{name}.total}}}} em {{{{{name}.count}}}} parcelas:\n{listed}.\nPosso fechar assim? Responda sim ou não."
        )
    reading = scene.reading
    asked = "uantas parcelas" in scene.last_us
    wants = (reading.intent == "installments" and reading.sure) or reading.installments is not None
    if not wants and not (asked and reading.number is not None):
        return None
    if not scene.may("propose_installments"):
        return _cannot_agree(scene)
    count = reading.installments or (reading.number if asked else None)
    if count is None and _AGAIN.search(fold(" ".join(scene.wishes))):
        # Whether there may be another agreement is the policy's to say, whatever the number of parts.
        count = _FEWEST_PARTS
    if count is None:
        return Say(
            scene.fresh(_ASK_COUNT, "Me diga só o número de parcelas, até {{policy.max_installments}}.")
        )
    arguments: dict[str, Any] = {"count": count}
    if reading.date.date is not None and reading.date.kind == DateKind.DATE:
        arguments["first_date"] = reading.date.date.isoformat()
    return Call("propose_installments", arguments)


def pause(scene: Scene) -> Move | None:
    if made := scene.call_of("propose_pause"):
        if refused := _refused(scene, made):
            return refused
        name = f"offer.{made.result['offer']}"
        return Say(
            f"Posso pausar o plano por {{{{{name}.days}}}} dias, com volta em {{{{{name}.returns_on}}}}. Confirma? Responda sim ou não."
        )
    reading = scene.reading
    asked = "Quantos dias você quer" in scene.last_us
    if not (reading.intent == "pause" and reading.sure) and not (asked and reading.days):
        return None
    if not scene.may("propose_pause"):
        return Say(_WITH_TEAM)
    shortest = int(scene.references["policy.pause_min_days"])
    return Call("propose_pause", {"days": reading.days or shortest})


def _cannot_agree(scene: Scene) -> Move | None:
    """Why nothing can be agreed on here and now; None before we know who writes."""
    if scene.owes:
        return Say(_WITH_TEAM)
    return Say(_NOTHING_OWED) if scene.confirmed else None


def _refused(scene: Scene, call: Call) -> Move | None:
    """What to do when the policy said no: explain the limit, or bring a person."""
    if call.failed:
        return Say(_WITH_TEAM)
    code = call.result.get("refused")
    if code is None:
        return None
    explained = code in _LIMITS and scene.said(_REFUSALS[code])
    if reason := "beyond_policy" if explained else _TO_A_PERSON.get(code):
        if scene.call_of("call_person") is None:
            return Call("call_person", {"reason": reason, "summary": str(call.result.get("why", ""))})
        return Say("Para isso uma pessoa da equipe precisa combinar com você. {{support.answer}}")
    return Say(_REFUSALS.get(code, _WITH_TEAM))
