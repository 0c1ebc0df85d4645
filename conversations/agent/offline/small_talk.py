"""Everything around the matter: what cannot be read, who we are, thanks, other subjects, not understanding."""

from __future__ import annotations

import re

from conversations.agent.offline.scene import Call, Move, Say, Scene

_LETTER_OR_DIGIT = re.compile(r"\w")

# What a clarifying question offers, by intent.
_MEANINGS = {
    "balance": "saber o valor",
    "payment_request": "receber o Pix",
    "promise": "combinar um dia",
    "due_date_change": "combinar um dia",
    "installments": "dividir o valor",
    "pause": "pausar o plano",
    "dispute": "contestar",
    "already_paid": "avisar que já pagou",
    "human": "falar com uma pessoa",
}


def unreadable(scene: Scene) -> Move | None:
    """Stickers, emojis, recordings and pictures without words agree to nothing and mean nothing here."""
    if any(_LETTER_OR_DIGIT.search(text) for text in scene.texts):
        return None
    return Say(
        scene.fresh(
            "Não consegui entender por aqui. Pode escrever em texto, por favor?",
            "Por enquanto só entendo o que vem escrito. Pode me dizer em poucas palavras?",
            "Ainda não entendi. Escreva o que precisa, ou peça uma pessoa da equipe.",
        )
    )


def about_us(scene: Scene) -> Move | None:
    if scene.reading.intent != "scam_suspicion" or not scene.reading.sure:
        return None
    # Not every organisation has a site.
    where = " Você pode confirmar pelo nosso site: {{org.site}}." if "org.site" in scene.references else ""
    return Say(
        scene.fresh(
            f"Faz bem em conferir. Sou a assistente virtual da {{{{org.name}}}}, CNPJ {{{{org.cnpj}}}}.{where} "
            "Nunca pedimos senha nem número de cartão.",
            f"Pode verificar com calma e voltar aqui quando quiser.{where}",
        )
    )


def courtesy(scene: Scene) -> Move | None:
    intent = scene.reading.intent if scene.reading.sure else ""
    if intent == "thanks_goodbye":
        return Say(scene.fresh("Por nada. Se precisar, é só chamar.", "Imagina. Estou por aqui se precisar."))
    if intent == "offence":
        return Say(
            scene.fresh(
                "Entendo que isso incomoda. Posso ajudar agora ou chamar uma pessoa da equipe. O que prefere?",
                "Sinto muito pelo incômodo. Se quiser, uma pessoa da equipe continua daqui.",
            )
        )
    if intent == "other" and scene.confirmed:
        return Say(
            scene.fresh(
                "Sobre isso eu não consigo ajudar por aqui, só sobre as suas faturas. Quer que eu chame uma pessoa da equipe?",
                "Esse assunto fica com a equipe. Quer que eu chame alguém?",
            )
        )
    return None


def not_understood(scene: Scene) -> Move:
    """One question with the likeliest meanings; the second time a person takes over."""
    if scene.call_of("call_person"):
        return Say("Para não errar, uma pessoa da nossa equipe continua com você. {{support.answer}}")
    noted = scene.call_of("note_misunderstanding")
    if noted is None:
        return Call("note_misunderstanding")
    if noted.result.get("count", 1) > 1:
        return Call("call_person", {"reason": "not_understood", "summary": "O robô não entendeu duas vezes."})
    guesses = list(dict.fromkeys(_MEANINGS[i] for i, _ in scene.reading.top if i in _MEANINGS))[:2]
    choices = guesses + [g for g in ("receber o Pix", "combinar um dia") if g not in guesses]
    return Say(f"Não tenho certeza se entendi. Você quer {choices[0]}, {choices[1]} ou falar com uma pessoa?")
