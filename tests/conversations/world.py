"""One member and our conversation with them, as the product itself would have written it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cadence.defaults import ensure_defaults
from commons import clock
from compliance.enums import ContactKind
from conversations import templates, threads
from conversations.channels.base import Content
from conversations.enums import Direction
from conversations.models import Conversation, Message, MessageTemplate, Sender
from conversations.outbox import queue
from conversations.turns import runner
from members import services as members
from members.enums import Channel
from members.models import ContactPoint
from tests.compliance import builders
from tests.compliance.world import World
from tests.conversations import deliveries
from tests.factories.commons import OrganisationFactory
from tests.factories.members import ContactPointFactory, MemberFactory

NOW = builders.NOW
"""Ten in the morning of a Tuesday in São Paulo: inside every window, while people answer."""

HOURS = {"monday_to_friday": "08:00-18:00", "saturday": "08:00-12:00"}


@dataclass
class Talk:
    """A member of São Paulo, nineteen days late with one invoice, and the conversation with their number."""

    world: World
    sender: Sender
    conversation: Conversation

    @property
    def point(self) -> ContactPoint:
        return ContactPoint.objects.select_related("member").get(pk=self.world.point.pk)

    @property
    def wa_id(self) -> str:
        return self.world.point.address.removeprefix("+")

    def writes(self, *texts: str, now: datetime = NOW, **more: Any) -> list[Message]:
        """The member writes; what arrived is processed. Returns the new rows."""
        before = self._newest()
        updates = [deliveries.inbound(wa_id=self.wa_id, text=text, at=now, **more) for text in texts]
        deliveries.deliver(*updates, now=now)
        return self._after(before)

    def taps(self, title: str, choice: str, *, now: datetime = NOW) -> Message:
        before = self._newest()
        deliveries.deliver(deliveries.tap(title, choice, wa_id=self.wa_id, at=now), now=now)
        return self._after(before)[0]

    def answer(self, *, now: datetime) -> list[Message]:
        """Lets the agent take its turn at `now`; the rows it queued."""
        clock.move(to=now, frozen=True)
        before = self._newest()
        runner.run_turn(conversation_id=self.conversation.pk, now=now)
        return [row for row in self._after(before) if row.direction == Direction.OUT]

    def after_debounce(self, now: datetime = NOW) -> list[Message]:
        return self.answer(now=now + timedelta(seconds=6))

    def plans(
        self,
        *parts: Content,
        kind: ContactKind = ContactKind.COLLECTION,
        author: str = "cadence",
        now: datetime = NOW,
        **more: Any,
    ) -> list[Message]:
        """A contact of ours that the gate allowed, in the outbox; the neutral opening unless `parts` says more."""
        template = None if parts else opening_template()
        if template is not None:
            values = {"organizacao": "Academia Exemplo", "nome": self.world.member.first_name}
            content, more["text"] = templates.render(template, values)
            parts = (content,)
        queued = queue.queue(
            conversation=self.fresh(),
            draft=queue.Draft(
                parts=parts,
                template=template,
                contact_kind=kind,
                author=author,
                case_id=self.world.case.pk,
                invoice_ids=(self.world.invoice.pk,),
                **more,
            ),
            now=now,
        )
        assert queued.allowed, queued.decision.sentence
        return queued.messages

    def fresh(self) -> Conversation:
        return Conversation.objects.select_related(
            "sender", "contact_point__member", "member", "operator"
        ).get(pk=self.conversation.pk)

    def _newest(self) -> int:
        return Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def _after(self, pk: int) -> list[Message]:
        return list(Message.objects.filter(conversation=self.conversation, pk__gt=pk).order_by("pk"))


def opening_template() -> MessageTemplate:
    """The neutral opening, approved."""
    ensure_defaults(now=NOW)
    MessageTemplate.objects.update(status="APPROVED")
    return MessageTemplate.objects.get(stage="identify", language="pt_BR")


def confirmed_talk(**member: Any) -> Talk:
    """With a member whose identity is confirmed."""
    world = World.build(**member)
    return _talk(world)


def unconfirmed_talk(**member: Any) -> Talk:
    """With a member who has not said yet who they are."""
    talk = confirmed_talk(**member)
    members.doubt_identity(point=talk.point, reason="teste", now=builders.at("2026-11-20 10:00"))
    return talk


def another_talk(talk: Talk) -> Talk:
    """One more member with a conversation through the same number of ours."""
    return _talk(World.build(), sender=talk.sender)


def bare_point(address: str) -> ContactPoint:
    """A contact point of a member who owes nothing."""
    OrganisationFactory(support_hours=HOURS)
    point: ContactPoint = ContactPointFactory(
        member=MemberFactory(), address=address, channel=Channel.WHATSAPP
    )
    return point


def make_sender() -> Sender:
    return Sender.objects.get_or_create(
        provider_id=deliveries.NUMBER, defaults={"name": "Academia Exemplo", "quality": "GREEN"}
    )[0]


def _talk(world: World, *, sender: Sender | None = None) -> Talk:
    OrganisationFactory(support_hours=HOURS).__class__.objects.filter(pk=1).update(support_hours=HOURS)
    sender = sender or make_sender()
    point = ContactPoint.objects.select_related("member").get(pk=world.point.pk)
    return Talk(world, sender, threads.with_contact_point(point=point, sender=sender, now=NOW))
