"""What goes both ways during a storm: members write through the network, we queue through the outbox."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connections

from commons import clock
from compliance.enums import ContactKind
from conversations.channels.base import Text
from conversations.models import Conversation
from conversations.outbox import queue
from lab.chaos import scene
from lab.chaos.network import Network
from lab.chaos.scene import Person

# What members say: it asks for answers, and neither pays nor promises anything.
_WORDS = (
    "oi",
    "bom dia",
    "tudo bem?",
    "quanto eu devo?",
    "qual é o vencimento?",
    "por que está esse valor?",
    "vocês abrem no sábado?",
    "não entendi",
    "obrigado",
    "me explica a multa",
)
# What a person of ours answers: nothing that could stop being true before it leaves.
_ANSWER = "Oi! Recebi a sua mensagem e já olho com calma."
_LONGEST_BURST = 3
# Seconds after which somebody's message should have arrived, whatever died meanwhile.
_PATIENCE = 120.0


class NoTraffic(Exception):
    """A storm without messages proves nothing; the message says why there were none."""


@dataclass
class Traffic:
    """So many messages each way within `seconds`; afterwards `written` and `queued` name every one of them.

    `writers` are written to as well, in conversations where the agent answers; each of `quiet` gets one
    opening of the régua.
    """

    network: Network
    writers: Sequence[Person]
    quiet: Sequence[Person]
    messages: int
    seconds: float
    seed: int
    # WhatsApp's names of what members wrote; ids of outbox rows.
    written: list[str] = field(default_factory=list)
    queued: list[int] = field(default_factory=list)
    _errors: list[BaseException] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        """Both directions start, each in a thread of its own."""
        for work in (self._write, self._queue):
            thread = threading.Thread(target=self._guarded, args=(work,), daemon=True, name=work.__name__)
            thread.start()
            self._threads.append(thread)

    def finish(self) -> None:
        """Waits until everything is written and queued. Raises NoTraffic, and what else went wrong."""
        for thread in self._threads:
            thread.join()
        if self._errors:
            raise self._errors[0]

    def _guarded(self, work: object) -> None:
        try:
            assert callable(work)
            work()
        except BaseException as error:  # noqa: BLE001 -- belongs to whoever waits for us
            self._errors.append(error)
        finally:
            connections.close_all()

    def _write(self) -> None:
        """Bursts of one to three messages from one person after the other."""
        draw = random.Random(f"write {self.seed}")  # noqa: S311 -- to be repeated, no secret
        pace = _Pace(self.messages, self.seconds)
        while (left := self.messages - len(self.written)) > 0:
            texts = draw.sample(_WORDS, k=min(left, draw.randint(1, _LONGEST_BURST)))
            self.written += self.network.write(draw.choice(self.writers).phone, texts)
            pace.keep(len(self.written))

    def _queue(self) -> None:
        """Every second message opens a conversation; the others go to people who write to us now."""
        draw = random.Random(f"queue {self.seed}")  # noqa: S311 -- to be repeated, no secret
        pace = _Pace(self.messages, self.seconds)
        openings = list(self.quiet)
        deadline = time.monotonic() + _PATIENCE
        while len(self.queued) < self.messages:
            conversation = self._somebody_who_wrote(draw)
            # While nobody's message has arrived yet there is nobody to answer.
            if openings and (conversation is None or len(self.queued) % 2 == 0):
                queued = _open(openings.pop())
            elif conversation is not None:
                queued = _answer(conversation)
            elif time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            else:
                raise NoTraffic(f"Nothing that members wrote arrived in {_PATIENCE:.0f} s.")
            if not queued.allowed:
                raise NoTraffic(f"The gate lets nothing through: {queued.decision.sentence}")
            self.queued += [message.pk for message in queued.messages]
            pace.keep(len(self.queued))

    def _somebody_who_wrote(self, draw: random.Random) -> Conversation | None:
        known = list(
            Conversation.objects.filter(pk__in=[person.conversation_id for person in self.writers])
            .exclude(last_inbound_at=None)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        return _conversation(draw.choice(known)) if known else None


@dataclass
class _Pace:
    """Spreads `count` things evenly over `seconds`."""

    count: int
    seconds: float
    began: float = field(default_factory=time.monotonic)

    def keep(self, done: int) -> None:
        """Sleeps until so many should be done, not at all when late."""
        time.sleep(max(0.0, self.began + self.seconds * done / self.count - time.monotonic()))


def _open(person: Person) -> queue.Queued:
    template, content, text = scene.greeting(person)
    return queue.queue(
        conversation=_conversation(person.conversation_id),
        draft=queue.Draft(
            parts=(content,),
            template=template,
            text=text,
            contact_kind=ContactKind.COLLECTION,
            author="cadence",
            case_id=person.case_id,
            invoice_ids=(person.invoice_id,),
        ),
        now=clock.now(),
    )


def _answer(conversation: Conversation) -> queue.Queued:
    return queue.queue(
        conversation=conversation,
        draft=queue.Draft(
            parts=(Text(_ANSWER),),
            contact_kind=ContactKind.REPLY,
            author="system",
            answers_inbound_at=conversation.last_inbound_at,
        ),
        now=clock.now(),
    )


def _conversation(pk: int) -> Conversation:
    return Conversation.objects.select_related("sender", "member", "contact_point__member").get(pk=pk)
