"""What is owed, how to pay it, and what the member says about it."""

from __future__ import annotations

import re

from commons.text import fold
from conversations.agent.offline import motives
from conversations.agent.offline.scene import Call, Move, Say, Scene

_MENU = "Quer o Pix, combinar um dia ou dividir?"
_PROTOCOL = re.compile(r"\bprotocolo\b")


def claim(scene: Scene) -> Move | None:
    """*Já paguei*: taken at its word as far as silence goes, never as a payment."""
    made = scene.call_of("payment_claim")
    if made is not None:
        if made.result.get("claim") == "nothing_open":
            return Say("Está tudo certo: não há nada em aberto no seu cadastro. Obrigada por avisar.")
        return Say(
            "Obrigada por avisar. A equipe vai conferir e, enquanto isso, não mando lembretes. "
            "Se tiver o comprovante, pode enviar por aqui."
        )
    if scene.reading.intent == "already_paid" and scene.reading.sure and scene.may("payment_claim"):
        return Call("payment_claim")
    return None


def disagree(scene: Scene) -> Move | None:
    if scene.call_of("dispute"):
        noted = (
            "a sua contestação, com o protocolo que você informou"
            if _PROTOCOL.search(_words(scene))
            else "a sua contestação"
        )
        return Say(
            f"Entendi, e registrei {noted}. Enquanto uma pessoa da equipe verifica, não mando lembretes. "
            "{{support.answer}}"
        )
    said = scene.reading.intent == "dispute" if scene.reading.sure else "dispute" in scene.reading.risks
    if not (said and scene.may("dispute")):
        return None
    return Call("dispute", {"reason": scene.reading.dispute})


def pay(scene: Scene) -> Move | None:
    """The Pix of today's amount; code and picture come attached."""
    if sent := scene.call_of("send_payment"):
        if sent.failed:
            return Say(
                "Não consegui gerar o Pix agora. Posso tentar de novo daqui a pouco ou chamar uma pessoa da equipe. O que prefere?"
            )
        name = f"means.{sent.result['means']}.amount"
        return Say(
            scene.fresh(
                f"Aqui está o Pix de {{{{{name}}}}}, que vale até o fim do dia. É só copiar o código da próxima "
                "mensagem e colar no app do seu banco.",
                f"Segue outra vez o Pix de {{{{{name}}}}}. O código está na próxima mensagem e vale até o fim do dia.",
            )
        )
    wants = scene.reading.sure and (
        scene.reading.intent == "payment_request"
        or (scene.reading.intent == "payment_problem" and scene.reading.method == "pix")
    )
    accepted = scene.reading.answer == "yes" and "Pix" in scene.last_us and not scene.offers(seen=True)
    if not (wants or accepted or scene.chose("menu:pix")) or not scene.confirmed:
        return None
    if not scene.owes:
        return Say("Não há nada em aberto no seu cadastro hoje, então não precisa pagar nada.")
    if "dispute" in scene.facts.get("open_escalations", []):
        return Say(
            "Como você contestou a cobrança, primeiro uma pessoa da equipe confere, e só depois eu gero o Pix. "
            "{{support.answer}}"
        )
    if not scene.may("send_payment"):
        return Say("Isso uma pessoa da equipe vê com você por aqui. {{support.answer}}")
    return Call("send_payment", {"method": "pix", "invoice_ids": _chosen(scene)})


def _chosen(scene: Scene) -> list[int]:
    """The invoices named by month or number; none named means all."""
    words = _words(scene)
    found = []
    for name, text in scene.references.items():
        if name.endswith(".description") and name.startswith("invoice."):
            month = re.search(r"\b(\d{2})/(\d{4})\b", text)
            if month and re.search(rf"\b{month[1]}/{month[2]}\b|\b{_MONTHS[int(month[1]) - 1]}\b", words):
                found.append(int(name.split(".")[1]))
    return found


_MONTHS = [
    "janeiro",
    "fevereiro",
    "marco",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
]


def explain(scene: Scene) -> Move | None:
    """Today's amount, line by line."""
    if not scene.confirmed or not (scene.reading.intent == "balance" and scene.reading.sure):
        return None
    asked = scene.call_of("get_balance")
    if asked is None:
        return Call("get_balance")
    lines = asked.result.get("open_invoices", [])
    if not lines:
        return Say("Não há nada em aberto no seu cadastro hoje.")
    listed = [
        f"{{{{invoice.{line['id']}.description}}}}: {{{{invoice.{line['id']}.total}}}}" for line in lines
    ]
    charged = scene.references.get("balance.fine", "R$ 0,00") != "R$ 0,00"
    parts = (
        "\nSão {{balance.principal}} do valor original, {{balance.fine}} de multa e {{balance.interest}} de juros."
        if charged
        else ""
    )
    return Say(
        "Hoje está assim:\n" + ";\n".join(listed) + ".\nTotal: {{balance.total}}." + parts + f"\n{_MENU}"
    )


def reason(scene: Scene) -> Move | None:
    """Why it is late, when the member tells: it has been noted, and is answered with a way forward."""
    if not scene.confirmed or not scene.owes or not motives.told(scene):
        return None
    return Say(
        scene.fresh(
            "Acontece. O valor de hoje é {{balance.total}}. " + _MENU,
            "Entendo. Posso mandar o Pix, combinar um dia ou dividir. O que ajuda mais?",
        )
    )


def discount(scene: Scene) -> Move | None:
    if not (scene.reading.intent == "discount" and scene.reading.sure and scene.confirmed and scene.owes):
        return None
    return Say(
        scene.fresh(
            "Desconto eu não consigo dar por aqui. Posso dividir, combinar outro dia ou chamar uma pessoa da equipe. O que prefere?",
            "Sobre desconto, só uma pessoa da equipe decide. Quer que eu chame?",
        )
    )


def overview(scene: Scene) -> Move | None:
    """Right after the identity is confirmed, or on a greeting: where things stand and what can be done."""
    just_confirmed = scene.call_of("confirm_identity") is not None
    # Who says again who they are means to begin.
    greeting = not scene.wishes or (scene.reading.intent == "greeting" and scene.reading.sure)
    # "Sou eu" beside the digits asks for nothing yet.
    nothing_asked = not scene.wishes or scene.reading.intent in {"affirm", "deny"} or not scene.reading.sure
    if not scene.confirmed or not (greeting or (just_confirmed and nothing_asked)):
        return None
    if not scene.owes:
        return Say(
            "Obrigada, {{member.first_name}}. Não há nada em aberto no seu cadastro. Posso ajudar em mais alguma coisa?"
        )
    if scene.references["invoices.count"] == "1":
        return Say(
            f"Obrigada, {{{{member.first_name}}}}. Há uma fatura em aberto, hoje em {{{{balance.total}}}}. {_MENU}"
        )
    return Say(
        f"Obrigada, {{{{member.first_name}}}}. Há {{{{invoices.count}}}} faturas em aberto, hoje somando {{{{balance.total}}}}. {_MENU}"
    )


def _words(scene: Scene) -> str:
    return fold(" ".join(scene.wishes))
