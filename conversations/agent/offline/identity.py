"""Before anything about money: who is writing."""

from __future__ import annotations

from conversations.agent.offline.scene import Call, Move, Say, Scene
from conversations.nlu.identity import read_identity


def confirm(scene: Scene) -> Move | None:
    """Asks, checks and counts; answers nothing about the reason of the contact until it is the member."""
    if scene.confirmed:
        return None
    if not scene.facts["known_contact"]:
        return _stranger(scene)
    tried = scene.call_of("confirm_identity")
    if scene.facts["identity"] == "locked":
        return _locked(scene)
    if tried is not None:
        return Say(
            scene.fresh(
                "Não conferiu com o cadastro. Pode mandar de novo o seu primeiro nome e os três últimos números do CPF?",
                "Ainda não conferiu. Confira, por favor, o primeiro nome e os três últimos números do seu CPF.",
            )
        )
    name, digits = _answer(scene)
    if digits and name and scene.may("confirm_identity"):
        return Call("confirm_identity", {"first_name": name, "cpf_last_three": digits})
    return _ask(scene, name=name, digits=digits)


def _answer(scene: Scene) -> tuple[str | None, str | None]:
    """Name and digits of this turn; a name said a little earlier still counts, digits never do."""
    found = read_identity(" ".join(scene.texts))
    name = found.first_name
    if name is None:
        for text in reversed([t for who, t in scene.history[-8:] if who == "member"]):
            name = read_identity(text).first_name
            if name:
                break
    return name, found.digits


def _ask(scene: Scene, *, name: str | None, digits: str | None) -> Say:
    if digits and not name:
        return Say("Obrigada. E qual é o seu primeiro nome?")
    if name and not digits:
        return Say(
            scene.fresh(
                "Obrigada. Para eu ter certeza de que é você, quais são os três últimos números do seu CPF?",
                "Falta só uma coisa: os três últimos números do seu CPF.",
                "Sem os três últimos números do CPF eu não consigo continuar. Prefere falar com uma pessoa da equipe?",
            )
        )
    return Say(
        scene.fresh(
            "Oi, sou a assistente virtual da {{org.name}}. Para falar com segurança, me diga o seu primeiro nome "
            "e os três últimos números do seu CPF?",
            "Para continuar, preciso do seu primeiro nome e dos três últimos números do CPF. Pode mandar?",
            "Só consigo seguir com o primeiro nome e os três últimos números do CPF. Se preferir, chamo uma pessoa da equipe.",
        )
    )


def _locked(scene: Scene) -> Move:
    if scene.call_of("call_person") is None and not _already_with_people(scene):
        return Call(
            "call_person", {"reason": "not_understood", "summary": "Não conseguiu confirmar a identidade."}
        )
    return Say(
        scene.fresh(
            "Por segurança, daqui em diante uma pessoa da equipe continua com você. {{support.answer}}",
            "Uma pessoa da equipe precisa confirmar o seu cadastro antes de seguirmos. {{support.answer}}",
            "A equipe já foi avisada e confirma o cadastro com você. {{support.answer}}",
        )
    )


def _already_with_people(scene: Scene) -> bool:
    return "pessoa da equipe" in scene.last_us


def _stranger(scene: Scene) -> Move:
    return Say(
        scene.fresh(
            "Oi, aqui é a assistente virtual da {{org.name}}. Não encontrei este número no nosso cadastro. "
            "Uma pessoa da equipe pode ajudar. {{support.answer}}",
            "Ainda não encontrei este número no cadastro da {{org.name}}. {{support.answer}}",
        )
    )
