"""What stops everything else: grave situations, other people, a wish to stop or for a person, tricks."""

from __future__ import annotations

from commons.text import fold
from conversations.agent.offline import motives
from conversations.agent.offline.scene import Call, Move, Say, Scene
from conversations.nlu.optout import OptOut

# What is said, by kind; one short humane sentence and no word about money.
_GRAVE: dict[str, str] = {
    "self_harm": (
        "Sinto muito que você esteja passando por isso. Você não precisa passar por isso só. "
        "Se puder, ligue agora para o CVV, no {{helpline.life}}: é de graça e atende a qualquer hora. "
        "Uma pessoa da nossa equipe também vai falar com você."
    ),
    "violence": (
        "Sinto muito. Sua segurança vem primeiro: a Central de Atendimento à Mulher atende no {{helpline.women}}, "
        "a qualquer hora. Não vou mandar mais mensagens; uma pessoa da equipe vê com você um jeito seguro de conversar."
    ),
    "bereavement": "Sinto muito pela perda. Não precisa resolver nada agora. Uma pessoa da equipe vai cuidar disso com calma.",
    "minor": "Obrigada por avisar. Esta conversa é só com o titular do cadastro, então encerro por aqui. Um abraço.",
    "legal": "Entendi. Vou passar para a pessoa responsável da equipe, que responde por aqui. {{support.answer}}",
    "complaint": (
        "Entendo, e você tem todo o direito de reclamar. Uma pessoa da equipe vai acompanhar de perto. {{support.answer}}"
    ),
    "fraud": (
        "Entendi, vamos verificar com cuidado. Uma pessoa da equipe vai olhar o cadastro. {{support.answer}}"
    ),
    "health": "Sinto muito, espero que melhore logo. Uma pessoa da equipe vê com você o melhor caminho, sem pressa.",
    "hardship": "Sinto muito por esse momento. Uma pessoa da equipe vai ver com você o que dá para fazer, com calma.",
}
# Where the situation is also why the payment is late.
_TELLS_WHY = frozenset({"health", "hardship"})
_ORDER = (
    "self_harm",
    "violence",
    "minor",
    "bereavement",
    "legal",
    "fraud",
    "complaint",
    "health",
    "hardship",
)
_STOP_QUESTION = "Quer que eu pare de enviar mensagens por aqui? Responda sim e eu paro."
_TRICK_INTENTS = {"injection", "third_party_data"}


def grave(scene: Scene) -> Move | None:
    kind = next((k for k in _ORDER if k in scene.reading.risks), None)
    if kind is None:
        return None
    if scene.call_of("flag_risk") is None and scene.may("flag_risk"):
        return Call("flag_risk", {"kind": kind})
    if kind in _TELLS_WHY and (noted := motives.note(scene)):
        return noted
    return Say(_GRAVE[kind])


def not_the_member(scene: Scene) -> Move | None:
    if scene.call_of("wrong_person"):
        return Say("Desculpe o engano, e obrigada por avisar. Não vamos mais escrever para este número.")
    if "third_party" in scene.reading.risks:
        if scene.call_of("flag_risk") is None:
            return Call("flag_risk", {"kind": "third_party"})
        return Say(
            scene.fresh(
                "Obrigada por responder. Este assunto eu só posso tratar com a própria pessoa titular. "
                "Pode pedir para ela falar com a {{org.name}}?",
                "Agradeço a ajuda, mas preciso falar com a própria pessoa titular. Ela pode escrever por aqui quando quiser.",
            )
        )
    if "wrong_person" in scene.reading.risks or (_is(scene, "wrong_person") and not scene.confirmed):
        return Call("wrong_person")
    return None


def enough(scene: Scene) -> Move | None:
    """A wish to stop that is not plain: one question. A yes to it, or plain words, stop."""
    if scene.call_of("opt_out"):
        return Say("Pronto, não vamos mais enviar mensagens por aqui. Se precisar, é só chamar.")
    outcome = scene.reading.optout.outcome
    asked = fold(_STOP_QUESTION[:40]) in fold(scene.last_us)
    if outcome == OptOut.HARD or (asked and scene.reading.answer == "yes"):
        return Call("opt_out", {"every_channel": str(scene.reading.optout.scope) == "all"})
    if outcome == OptOut.ASK and not asked and not scene.offers(seen=True):
        return Say(_STOP_QUESTION)
    return None


def simple_words(scene: Scene) -> Move | None:
    """Who cannot read us, or says not to understand, gets a person and no agreement with a machine."""
    if "not_understood" not in scene.reading.risks:
        return None
    if scene.call_of("call_person") is None:
        return Call(
            "call_person", {"reason": "not_understood", "summary": "Tem dificuldade para ler ou entender."}
        )
    return Say("Sem problema. Uma pessoa da equipe explica tudo com calma. {{support.answer}}")


def person_wanted(scene: Scene) -> Move | None:
    if scene.reading.asks_if_bot:
        return Say(
            "Sou uma assistente virtual da {{org.name}}. Se preferir, chamo uma pessoa da equipe. O que ajuda mais?"
        )
    wanted = "human_requested" in scene.reading.risks or _is(scene, "human") or scene.chose("menu:person")
    if not wanted:
        return None
    if scene.call_of("call_person") is None:
        return Call(
            "call_person", {"reason": "human_requested", "summary": "Pediu para falar com uma pessoa."}
        )
    return Say("Claro, vou chamar uma pessoa da nossa equipe. {{support.answer}}")


def wants_out(scene: Scene) -> Move | None:
    """Ending the contract is a person's conversation; it is no opt-out and no pause."""
    if not _is(scene, "cancel") or not scene.confirmed:
        return None
    if scene.call_of("call_person") is None:
        return Call("call_person", {"reason": "cancellation", "summary": "Quer cancelar o plano."})
    return Say("Entendi. O cancelamento uma pessoa da equipe faz com você por aqui. {{support.answer}}")


def tricks(scene: Scene) -> Move | None:
    if scene.reading.intent not in _TRICK_INTENTS or not scene.reading.sure:
        return None
    if scene.reading.intent == "injection" and scene.call_of("flag_risk") is None:
        return Call("flag_risk", {"kind": "security"})
    if scene.reading.intent == "third_party_data":
        return Say("Só posso falar do seu próprio cadastro; de outra pessoa, não. Posso ajudar com o seu?")
    return Say(
        scene.fresh(
            "Isso eu não consigo fazer. Posso ajudar com o seu cadastro na {{org.name}}, ou chamar uma pessoa da equipe.",
            "Não posso seguir esse pedido. Se quiser, continuo ajudando com o seu cadastro por aqui.",
        )
    )


def _is(scene: Scene, intent: str) -> bool:
    return scene.reading.intent == intent and scene.reading.sure
