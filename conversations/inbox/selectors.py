"""What the inbox lists: views, their counts, cards, one thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from cases.models import Promise
from commons import clock
from commons.models import Organisation
from commons.text import fold
from conversations.enums import ConversationState, Direction, Owner
from conversations.models import AgentRun, Conversation, Message, Note

PAGE = 60
THREAD = 200


@dataclass(frozen=True)
class View:
    """One of the fixed views. `condition` needs the user for what is theirs."""

    key: str
    title: str
    icon: str
    hint: str


VIEWS = (
    View(
        "people",
        "Precisa de gente",
        "person_alert",
        "Conversas que o robô passou para a equipe aparecem aqui.",
    ),
    View("mine", "Minhas", "account_circle", "O que você assumir aparece aqui."),
    View("unowned", "Sem dono", "person_off", "Precisam de gente e ninguém assumiu ainda."),
    View("agent", "Com o robô", "smart_toy", "Conversas que o robô está conduzindo."),
    View("promises", "Promessas de hoje", "event_available", "Quem prometeu pagar hoje."),
    View("all", "Todas abertas", "forum", "Toda conversa com alguma mensagem."),
    View("closed", "Encerradas", "inventory_2", "Opt-outs, enganos e conversas encerradas."),
)
DEFAULT_VIEW = "all"


def condition(key: str, *, user: AbstractBaseUser, now: datetime) -> Q:
    """The filter behind a view's key; an unknown key is the default view."""
    open_ = ~Q(state=ConversationState.CLOSED)
    # Before the first set-up there is no organisation, but there is an inbox.
    organisation = Organisation.objects.filter(pk=1).first()
    today = clock.local(now, organisation.zone if organisation else clock.SAO_PAULO).date()
    return {
        "people": open_ & (Q(state=ConversationState.WAITING_PERSON) | Q(owner=Owner.PERSON)),
        "mine": open_ & Q(operator_id=user.pk),
        "unowned": open_ & Q(state=ConversationState.WAITING_PERSON, owner=Owner.AGENT),
        "agent": open_ & Q(owner=Owner.AGENT) & ~Q(state=ConversationState.WAITING_PERSON),
        "promises": Q(
            member_id__in=Promise.objects.filter(status="open", date=today).values("case__member_id")
        ),
        "closed": Q(state=ConversationState.CLOSED),
    }.get(key, open_)


def counts(*, user: AbstractBaseUser, now: datetime) -> dict[str, int]:
    """How many conversations each view holds; one query."""
    wanted = {
        view.key: Count("pk", filter=condition(view.key, user=user, now=now) & ~Q(last_message_at=None))
        for view in VIEWS
    }
    return Conversation.objects.aggregate(**wanted)


def cards(*, key: str, search: str, user: AbstractBaseUser, now: datetime) -> QuerySet[Conversation]:
    """The list of a view: who needs a person first, then who waits longest, then the newest."""
    last = Message.objects.filter(conversation=OuterRef("pk")).exclude(state__in=["draft", "superseded"])
    found = (
        Conversation.objects.filter(condition(key, user=user, now=now))
        .exclude(last_message_at=None)
        .select_related("member", "operator", "contact_point")
        .annotate(
            preview=Subquery(last.order_by("-at", "-pk").values("body")[:1]),
            preview_direction=Subquery(last.order_by("-at", "-pk").values("direction")[:1]),
            urgency=Case(
                When(state=ConversationState.WAITING_PERSON, owner=Owner.AGENT, then=Value(0)),
                When(owner=Owner.PERSON, waiting_since__isnull=False, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            ),
        )
        .order_by("urgency", F("waiting_since").asc(nulls_last=True), "-last_message_at")
    )
    if search:
        folded = fold(search)
        found = found.filter(Q(member__folded_name__contains=folded) | Q(profile_name__icontains=search))
    return found[:PAGE]


def conversation(pk: int) -> Conversation | None:
    return (
        Conversation.objects.select_related("member", "contact_point__member", "operator", "sender")
        .filter(pk=pk)
        .first()
    )


def thread(conversation_: Conversation) -> list[Any]:
    """Messages and notes in the order they happened; each is a `Message` or a `Note`."""
    messages = (
        Message.objects.filter(conversation=conversation_)
        .exclude(state="superseded")
        .select_related("media", "template", "decision", "run")
        .prefetch_related(Prefetch("run__steps"))
        .order_by("-at", "-pk")[:THREAD]
    )
    notes = Note.objects.filter(conversation=conversation_).select_related("author")
    return sorted(chain(messages, notes), key=lambda item: (item.at, item.pk))


def window_left(conversation_: Conversation, *, now: datetime) -> timedelta | None:
    """How long free text may still be sent; None when the window is closed."""
    closes = conversation_.window_closes_at
    return closes - now if closes is not None and closes > now else None


def drafts(conversation_: Conversation) -> QuerySet[Message]:
    """What the agent had written when it was stopped."""
    return Message.objects.filter(conversation=conversation_, direction=Direction.OUT, state="draft")


def rejected_draft(conversation_: Conversation) -> AgentRun | None:
    """The newest answer of the agent that its checks held back, while a person still has to answer."""
    return (
        AgentRun.objects.filter(conversation=conversation_, status="handed_over")
        .exclude(draft="")
        .exclude(checks=[])
        .order_by("-pk")
        .first()
    )
