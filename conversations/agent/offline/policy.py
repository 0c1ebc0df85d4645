"""The dialogue policy: skills in order, the first that has something to do decides the next move."""

from __future__ import annotations

from collections.abc import Callable

from conversations.agent.offline import deals, delicate, identity, money, motives, small_talk
from conversations.agent.offline.scene import Call, Move, Say, Scene

Skill = Callable[[Scene], Move | None]

# Safety first, then who it is, then what was asked, then what to say when nothing was understood.
SKILLS: tuple[Skill, ...] = (
    small_talk.unreadable,
    delicate.grave,
    delicate.not_the_member,
    delicate.enough,
    delicate.simple_words,
    delicate.person_wanted,
    small_talk.about_us,
    delicate.tricks,
    identity.confirm,
    motives.note,
    deals.answer_offer,
    money.claim,
    money.disagree,
    deals.promise,
    deals.installments,
    deals.pause,
    money.pay,
    money.explain,
    money.reason,
    delicate.wants_out,
    money.discount,
    small_talk.courtesy,
    money.overview,
    small_talk.not_understood,
)


def decide(scene: Scene) -> Move:
    """The next move.

    A reply that was refused once by the checks is not tried again: a person is called. One that only says what
    was said before is said again as that: who asks twice wants the answer twice.
    """
    if scene.correction and not scene.only_repeats:
        if scene.call_of("call_person") is None:
            return Call(
                "call_person", {"reason": "not_understood", "summary": "A resposta do robô foi barrada."}
            )
        return Say("Vou pedir para uma pessoa da equipe continuar com você por aqui.")
    for skill in SKILLS:
        move = skill(scene)
        if isinstance(move, Say) and scene.only_repeats:
            return Say(f"Repetindo: {move.text}")
        if move is not None:
            return move
    raise AssertionError("the last skill always answers")
