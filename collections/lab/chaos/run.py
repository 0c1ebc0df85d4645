"""Rounds of chaos on one product: traffic both ways, kills, quiet, everything once more, the proof."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from commons.models import WebhookRequest
from config.env import BASE_DIR
from config.runtime.console import Console
from config.runtime.stack import Stack
from conversations.enums import Direction, MessageState, RunStatus
from conversations.models import AgentRun, Message
from lab.chaos import house, proof, quiet, scene, storm
from lab.chaos.held import Held
from lab.chaos.network import Network, acceptances
from lab.chaos.storm import Kill
from lab.chaos.traffic import Traffic

_PARTS = frozenset({"simulators", "web", "worker", "beat", "ticker"})
# Messages for each member who writes.
_SHARE = 4
# Seconds until quiet: claims and leases of the dead end after a minute and a half at most.
_PATIENCE = 420.0
# Seconds that a call to WhatsApp takes longer, so that kills find messages between call and record.
_SLOW_CALL = 0.4
# WhatsApp is silent for so long and then refuses, having sent the message or not: both leave us in doubt.
_SILENCE = 2.0
_HELD_BACK = 5.0


@dataclass(frozen=True)
class Wishes:
    """What the person who starts the run has asked for. `seconds`: how long a storm lasts."""

    seed: int
    rounds: int = 1
    messages: int = 200
    kills: int = 16
    seconds: float = 80.0
    hurry: bool = False


@dataclass
class _Memory:
    """Everything that all rounds so far have done."""

    written: list[str] = field(default_factory=list)
    queued: list[int] = field(default_factory=list)
    people: int = 0


def run(wishes: Wishes, *, out: Console) -> bool:
    """Plays the rounds and says whether every promise was kept. Raises CannotStart."""
    out.say(
        f"Seed {wishes.seed}: {wishes.rounds} round(s) of {wishes.messages} messages each way and"
        f" {wishes.kills} kills in {wishes.seconds:.0f} s."
    )
    memory = _Memory()
    with house.started(parts=_PARTS, report=out.step) as stack, Network() as network:
        scene.install()
        for number in range(wishes.rounds):
            found = _round(wishes, number, stack=stack, network=network, memory=memory, out=out)
            if found:
                out.say("\n".join(["", *(f"  - {sentence}" for sentence in found), ""]))
                out.fail(
                    f"{len(found)} promise(s) broken in round {number + 1} with seed {wishes.seed + number};"
                    f" logs in {_keep_logs(stack, seed=wishes.seed)}."
                )
                return False
    out.say("Nothing lost, nothing sent twice, no chain broken.")
    return True


def _round(
    wishes: Wishes, number: int, *, stack: Stack, network: Network, memory: _Memory, out: Console
) -> list[str]:
    seed = wishes.seed + number
    traffic = _traffic(wishes, seed=seed, network=network, memory=memory)
    ledger = proof.Ledger.read()
    kills = storm.plan(seed=seed, kills=wishes.kills, seconds=wishes.seconds)
    out.say(f"Round {number + 1} with seed {seed}: SIGKILL to {storm.in_words(kills)}.")
    _misbehave(network, messages=wishes.messages)
    traffic.begin()
    died = storm.rage(
        stack, kills, holds=lambda: Held.read().is_delicate, told=lambda kill: out.say(_obituary(kill))
    )
    traffic.finish()
    network.behave()
    memory.written += traffic.written
    memory.queued += traffic.queued
    out.say(f"{len(traffic.written)} messages written, {len(traffic.queued)} queued; waiting until quiet.")
    left = _settle(network, wishes=wishes, killed_at=died.get("worker"), out=out)
    accepted = acceptances(network.journal(kind="request"))
    found = proof.broken(
        proof.Happened(written=memory.written, queued=memory.queued, accepted=accepted, ledger=ledger)
    )
    _tell(accepted, network=network, memory=memory, out=out)
    return [f"Not quiet after {_PATIENCE:.0f} s: {', '.join(left)}.", *found] if left else found


def _traffic(wishes: Wishes, *, seed: int, network: Network, memory: _Memory) -> Traffic:
    """New people for every round: the régua's opening is said once to each."""
    writers = max(2, wishes.messages // _SHARE)
    openings = wishes.messages // 2 + 1
    people = scene.people(network, first=memory.people, count=writers + openings)
    memory.people += len(people)
    return Traffic(
        network=network,
        writers=people[:writers],
        quiet=people[writers:],
        messages=wishes.messages,
        seconds=wishes.seconds,
        seed=seed,
    )


def _obituary(kill: Kill) -> str:
    line = f"{kill.moment:5.1f} s  SIGKILL to {kill.victim}, away for {kill.away:.1f} s"
    return f"{line}; it leaves {Held.read()}" if kill.victim == "worker" else line


def _misbehave(network: Network, *, messages: int) -> None:
    """WhatsApp as on a bad day: answers late or not at all, tells twice, tells in the wrong order."""
    some, few = max(2, messages // 4), max(3, messages // 40)
    # Faults happen in the order in which they were planned. The reports that could resolve the first doubts
    # come later than the refusals that raise them.
    network.misbehave("send", "timeout_after", times=few, seconds=_SILENCE)
    network.misbehave("send", "timeout_before", times=few, seconds=_SILENCE)
    network.misbehave("send", "delay", times=some, seconds=_SLOW_CALL)
    network.misbehave("webhook", "delay", times=some, kind="status", seconds=_HELD_BACK)
    network.misbehave("webhook", "duplicate", times=some, count=2)
    network.misbehave("webhook", "reorder", times=some)


def _settle(network: Network, *, wishes: Wishes, killed_at: datetime | None, out: Console) -> list[str]:
    """Waits until quiet, does everything once more, waits again; what was left when patience ended."""
    began = time.monotonic()
    left = quiet.wait(network, patience=_PATIENCE, hurry=wishes.hurry, killed_at=killed_at)
    if left:
        return left
    out.say(f"Quiet after {time.monotonic() - began:.0f} s.")
    again = quiet.once_more(network)
    left = quiet.wait(network, patience=_PATIENCE, hurry=wishes.hurry)
    out.say(f"{again} tasks and webhooks came once more.")
    return left


def _tell(accepted: list[tuple[str, str]], *, network: Network, memory: _Memory, out: Console) -> None:
    """What there was, in sentences."""
    webhooks = network.journal(kind="webhook")
    refused = sum(entry["status"] != 200 for entry in webhooks)
    states = Counter(Message.objects.filter(direction=Direction.OUT).values_list("state", flat=True))
    ends = Counter(AgentRun.objects.values_list("status", flat=True))
    stored = Message.objects.filter(direction=Direction.IN).count()
    left = len(accepted)
    out.say(
        f"In: {len(memory.written)} written, {stored} stored; {len(webhooks)} webhooks came in"
        f" {WebhookRequest.objects.count()} stored requests, and {refused} met a dead web."
    )
    out.say(
        f"Out: {len(memory.queued)} queued and {sum(states.values()) - len(memory.queued)} more by the agent;"
        f" WhatsApp took {left}, {states[MessageState.IN_DOUBT]} are in doubt and were never sent."
    )
    out.say(
        f"Turns: {ends[RunStatus.REPLIED]} replied, {ends[RunStatus.HANDED_OVER]} handed over,"
        f" {ends[RunStatus.SUPERSEDED]} superseded, {ends[RunStatus.FAILED]} died with their worker."
    )


def _keep_logs(stack: Stack, *, seed: int) -> Path:
    """The processes' logs, out of the folder that goes with them."""
    kept = BASE_DIR / ".data" / "chaos" / str(seed)
    shutil.copytree(stack.logs, kept, dirs_exist_ok=True)
    return kept
