"""What a switch stops, by the names that people know, and everything that may be chosen to be stopped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cadence.models import Segment, Step
from compliance.enums import SwitchScope
from compliance.models import Switch
from conversations.models import Sender
from members.enums import Channel
from office.stopping import places


@dataclass(frozen=True, slots=True)
class Choice:
    """One kind of thing that can be stopped; no options where there is only one of it."""

    scope: SwitchScope
    title: str
    hint: str
    button: str
    options: list[tuple[str, str]]

    @property
    def needs_key(self) -> bool:
        return self.scope not in {SwitchScope.ALL, SwitchScope.AGENT}


def choices() -> list[Choice]:
    """In the order of how much they stop; what nobody has yet is left out."""
    found = [
        Choice(
            SwitchScope.ALL,
            "Tudo",
            "Nenhuma mensagem sai: nem cobrança, nem resposta, nem de pessoas.",
            "Parar tudo agora",
            [],
        ),
        Choice(
            SwitchScope.AGENT,
            "O robô",
            "O robô não responde; pessoas e a régua continuam.",
            "Parar o robô agora",
            [],
        ),
        Choice(
            SwitchScope.STEP,
            "Uma etapa da régua",
            "Só esta etapa deixa de sair.",
            "Parar a etapa",
            _options(SwitchScope.STEP),
        ),
        Choice(
            SwitchScope.CHANNEL,
            "Um canal",
            "Nada sai por este canal.",
            "Parar o canal",
            _options(SwitchScope.CHANNEL),
        ),
        Choice(
            SwitchScope.SENDER,
            "Um número de envio",
            "Nada sai deste número.",
            "Parar o número",
            _options(SwitchScope.SENDER),
        ),
        Choice(
            SwitchScope.SEGMENT,
            "Um segmento",
            "A régua não escreve a quem está nele.",
            "Parar o segmento",
            _options(SwitchScope.SEGMENT),
        ),
        Choice(
            SwitchScope.STATE,
            "Um estado",
            "Nada sai para quem mora nele.",
            "Parar o estado",
            _options(SwitchScope.STATE),
        ),
    ]
    return [each for each in found if each.options or not each.needs_key]


def labels(switches: Iterable[Switch]) -> dict[tuple[str, str], str]:
    """Of each scope and key among `switches`, what it stops: `Etapa: Lembrete`. A query for each scope at most."""
    keys = {(each.scope, each.key) for each in switches}
    names = {scope: dict(_options(SwitchScope(scope))) for scope in {scope for scope, key in keys if key}}
    return {
        (scope, key): f"{_WORDS[scope]}: {names[scope].get(key, key)}" if key else _WORDS[scope]
        for scope, key in keys
    }


_WORDS = {
    SwitchScope.ALL.value: "Tudo",
    SwitchScope.AGENT.value: "O robô",
    SwitchScope.STEP.value: "Etapa",
    SwitchScope.CHANNEL.value: "Canal",
    SwitchScope.SENDER.value: "Número de envio",
    SwitchScope.SEGMENT.value: "Segmento",
    SwitchScope.STATE.value: "Estado",
}


def _options(scope: SwitchScope) -> list[tuple[str, str]]:
    match scope:
        case SwitchScope.STEP:
            steps = Step.objects.order_by("key", "-version__number").distinct("key")
            return list(steps.values_list("key", "name"))
        case SwitchScope.CHANNEL:
            return [(channel.value, str(channel.label)) for channel in Channel]
        case SwitchScope.SENDER:
            return [(str(sender.pk), str(sender)) for sender in Sender.objects.order_by("channel", "pk")]
        case SwitchScope.SEGMENT:
            return list(Segment.objects.filter(archived_at=None).values_list("key", "name"))
        case SwitchScope.STATE:
            return places.states()
        case _:
            return []
