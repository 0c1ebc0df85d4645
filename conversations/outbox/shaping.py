"""What is said, in the shape the conversation's channel can carry.

The agent and people write for a chat: buttons, lists, codes in messages of their own. By e-mail the parts of one
contact are one letter, by SMS each is plain words.
"""

from __future__ import annotations

from collections.abc import Sequence

from conversations.channels.base import (
    Audio,
    Buttons,
    Content,
    Document,
    Image,
    LinkButton,
    ListMenu,
    Mail,
    PixOrder,
    Reaction,
    Text,
    from_payload,
    visible_text,
)
from conversations.enums import Direction
from conversations.models import Conversation, Message
from members.enums import Channel

_PERSON = "user:"


def shaped(parts: Sequence[Content], *, conversation: Conversation, author: str) -> list[Content]:
    """The parts as they leave. What words cannot carry, a picture or a sound, is left out."""
    match conversation.sender.channel:
        case Channel.EMAIL:
            return _letter(parts, conversation=conversation, author=author)
        case Channel.SMS:
            return [part if isinstance(part, Text) else Text(words) for part, words in _worded(parts)]
        case _:
            return list(parts)


def _letter(parts: Sequence[Content], *, conversation: Conversation, author: str) -> list[Content]:
    if all(isinstance(part, Mail) for part in parts):
        return list(parts)
    body = "\n\n".join(words for _, words in _worded(parts))
    automatic = not author.startswith(_PERSON)
    return [Mail(subject=_subject(conversation), body=body, automatic=automatic)]


def _subject(conversation: Conversation) -> str:
    """Of our own last letter: the member's words are never repeated, they may say more than a subject should."""
    written = (
        Message.objects.filter(
            conversation=conversation, direction=Direction.OUT, content__type="mail", decision__isnull=False
        )
        .order_by("-pk")
        .first()
    )
    if written is not None:
        content = from_payload(written.content)
        if isinstance(content, Mail):
            return f"Re: {content.subject.removeprefix('Re: ')}"
    return f"Sua conversa com {conversation.sender.name}"


def _worded(parts: Sequence[Content]) -> list[tuple[Content, str]]:
    found = [(part, _words(part)) for part in parts]
    return [(part, words) for part, words in found if words]


def _words(content: Content) -> str:
    match content:
        case Text():
            return content.body
        case Mail():
            return content.body
        case Buttons():
            titles = " / ".join(button.title for button in content.buttons)
            return _joined(content.header, content.body, content.footer, f"Responda: {titles}")
        case ListMenu():
            titles = " / ".join(row.title for section in content.sections for row in section.rows)
            return _joined(content.header, content.body, content.footer, f"Responda: {titles}")
        case LinkButton():
            return _joined(content.header, content.body, f"{content.label}: {content.url}")
        case PixOrder():
            return _joined(content.body, content.footer)
        case Image() | Document() | Audio() | Reaction():
            return ""
        case _:
            return visible_text(content)


def _joined(*lines: object) -> str:
    return "\n".join(line for line in lines if isinstance(line, str) and line)
