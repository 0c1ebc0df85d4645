"""Why it is late, when the member tells it by themselves: one word each, noted before anything is answered."""

from __future__ import annotations

from conversations.agent.offline.scene import Call, Move, Scene

_TOOL = "note_delay_reason"
# Reasons that are intents of their own as well.
_INTENTS = frozenset({"forgot", "payment_problem"})


def note(scene: Scene) -> Move | None:
    """The first reason of this turn that has not been noted yet."""
    if not scene.may(_TOOL) or not scene.owes:
        return None
    noted = {call.arguments.get("reason") for call in scene.done if call.tool == _TOOL}
    left = next((reason for reason in told(scene) if reason not in noted), None)
    return None if left is None else Call(_TOOL, {"reason": left})


def told(scene: Scene) -> list[str]:
    """The reasons in the member's words, in a fixed order."""
    reading = scene.reading
    found = set(reading.delays)
    if reading.sure and reading.intent in _INTENTS:
        found.add(reading.intent)
    return sorted(found)
