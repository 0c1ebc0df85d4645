"""With the first message that leaves goes, on record, the privacy notice of that instant; with no later one."""

from __future__ import annotations

from commons.history import first_broken_line
from commons.models import HistoryEntry
from conversations.first_contacts import KIND
from conversations.models import Message
from conversations.outbox import dispatch
from members.models import PrivacyNotice
from members.services.notices import publish_notice
from tests.conversations.world import NOW, Talk


def noted(talk: Talk) -> list[dict[str, object]]:
    rows = HistoryEntry.objects.filter(member_id=talk.world.member.pk, kind=KIND)
    return [entry.metadata for entry in rows]


def publish() -> PrivacyNotice:
    return publish_notice(
        version="2026-11", language="pt-BR", text="Aviso", valid_from=NOW, actor="user:1", now=NOW
    )


def test_first_message_names_the_notice_in_force(reachable: Talk, planned: Message) -> None:
    notice = publish()

    dispatch.dispatch_due(now=NOW)

    assert noted(reachable) == [{"message": planned.pk, "notice": notice.pk}]
    assert first_broken_line(reachable.world.member.pk) is None


def test_without_a_notice_that_is_what_stands_there(reachable: Talk, planned: Message) -> None:
    dispatch.dispatch_due(now=NOW)

    assert noted(reachable) == [{"message": planned.pk, "notice": None}]


def test_second_message_says_nothing_of_it(reachable: Talk, planned: Message) -> None:
    dispatch.dispatch_due(now=NOW)
    publish()
    reachable.writes("oi")
    reachable.after_debounce()

    dispatch.dispatch_due(now=NOW)

    assert len(noted(reachable)) == 1
