"""One line through everything that happened with a member: what was sent, what was not, what else came to pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from commons.models import HistoryEntry
from compliance import wording
from compliance.enums import Verdict
from compliance.models import Decision
from conversations.enums import MessageState
from conversations.models import Message
from conversations.templatetags.inbox import tick_icon, tick_text, who

PAGE = 60
_INSTANT = timedelta(microseconds=1)
# Told by the message itself, with its state of now.
_TOLD_BY_MESSAGES = "message."


class Show(StrEnum):
    """What of the story is asked for."""

    ALL = "tudo"
    CONTACTS = "contatos"
    NOT_SENT = "nao-enviados"
    EVENTS = "acontecimentos"

    @property
    def label(self) -> str:
        return {
            Show.ALL: "Tudo",
            Show.CONTACTS: "Mensagens",
            Show.NOT_SENT: "Não enviadas",
            Show.EVENTS: "Acontecimentos",
        }[self]


@dataclass(frozen=True, slots=True)
class Moment:
    """One line: `tone` is a class of colours, `icon` a Material symbol that never stands without `title`.

    `times` says how often in a row the same thing was not sent for the same reason; `since` is the first time.
    """

    at: datetime
    tone: str
    icon: str
    title: str
    text: str
    actor: str
    why: str = ""
    times: int = 1
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A page of the line, the newest first; `older` is where the next page begins, None at the end."""

    moments: list[Moment]
    older: datetime | None


def timeline(
    member_id: int, *, show: Show = Show.ALL, before: datetime | None = None, limit: int = PAGE
) -> Line:
    """What happened before that instant; three queries at most, however much there is.

    Each source gives its newest `limit` rows. The page ends where the first of them breaks off, so that it has no
    holes; what happened at that very instant comes on the next page, whole.
    """
    sources = []
    if show in {Show.ALL, Show.CONTACTS}:
        sources.append(_rows(_messages(member_id), before=before, limit=limit))
    if show in {Show.ALL, Show.NOT_SENT}:
        sources.append(_rows(_not_sent(member_id), before=before, limit=limit))
    if show in {Show.ALL, Show.EVENTS}:
        sources.append(_rows(_events(member_id), before=before, limit=limit))
    found = sorted(chain.from_iterable(sources), key=lambda row: row[0], reverse=True)
    reach = max((rows[-1][0] for rows in sources if len(rows) == limit), default=None)
    if reach is None:
        return Line(_collapsed(row for _, row in found), None)
    newer = [row for at, row in found if at > reach]
    if newer:
        return Line(_collapsed(newer), reach + _INSTANT)
    # More at one instant than a page holds: it is shown as far as it was read.
    return Line(_collapsed(row for at, row in found if at == reach), reach)


def _rows(found: QuerySet[Any], *, before: datetime | None, limit: int) -> list[tuple[datetime, Any]]:
    earlier = found if before is None else found.filter(at__lt=before)
    return [(row.at, row) for row in earlier[:limit]]


def _messages(member_id: int) -> QuerySet[Message]:
    return (
        Message.objects.filter(conversation__member_id=member_id)
        .exclude(state__in=[MessageState.DRAFT, MessageState.SUPERSEDED])
        .select_related("conversation__sender")
        .order_by("-at", "-pk")
    )


def _not_sent(member_id: int) -> QuerySet[Decision]:
    return Decision.objects.filter(member_id=member_id).exclude(verdict=Verdict.ALLOW).order_by("-at", "-pk")


def _events(member_id: int) -> QuerySet[HistoryEntry]:
    return (
        HistoryEntry.objects.filter(member_id=member_id)
        .exclude(kind__startswith=_TOLD_BY_MESSAGES)
        .order_by("-at", "-sequence")
    )


def _collapsed(rows: Iterable[Any]) -> list[Moment]:
    """Moments, with what was not sent several times in a row for one reason as one line."""
    moments: list[Moment] = []
    last: Decision | None = None
    for row in rows:
        if isinstance(row, Decision):
            if last is not None and _same(last, row):
                newest = moments[-1]
                moments[-1] = _again(newest, row)
                continue
            last = row
            moments.append(_of_decision(row))
        else:
            last = None
            moments.append(_of_message(row) if isinstance(row, Message) else _of_event(row))
    return moments


def _same(one: Decision, other: Decision) -> bool:
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("rule", "verdict", "step_key", "kind", "channel", "author")
    )


def _again(newest: Moment, older: Decision) -> Moment:
    return Moment(
        at=newest.at,
        tone=newest.tone,
        icon=newest.icon,
        title=newest.title,
        text=newest.text,
        actor=newest.actor,
        why=newest.why,
        times=newest.times + 1,
        since=older.at,
    )


def _of_message(message: Message) -> Moment:
    if message.is_inbound:
        return Moment(message.at, "in", "call_received", "Membro escreveu", message.body, "Membro")
    failed = message.state in {MessageState.FAILED, MessageState.WITHHELD, MessageState.IN_DOUBT}
    words = tick_text(message)
    return Moment(
        at=message.at,
        tone="refuse" if failed else "out",
        icon=tick_icon(message) or "send",
        title=f"Mensagem {words}",
        text=f"{message.body}\n{message.failure}".strip(),
        actor=who(message.author),
        why=reverse("inbox:why", args=[message.pk]) if message.decision_id else "",
    )


def _of_decision(decision: Decision) -> Moment:
    step = f", etapa {decision.step_key}" if decision.step_key else ""
    return Moment(
        at=decision.at,
        tone=decision.verdict,
        icon=wording.verdict_icon(decision.verdict),
        title=f"{decision.get_verdict_display()}: {decision.get_kind_display().lower()}{step}",
        text=decision.sentence,
        actor=who(decision.author.replace("person:", "user:")),
        why=reverse("admin:compliance_decision_change", args=[decision.pk]),
    )


def _of_event(entry: HistoryEntry) -> Moment:
    return Moment(entry.at, "event", "circle", "", entry.sentence, who(entry.actor))
