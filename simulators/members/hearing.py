"""What a person understands of the messages that arrived since they last looked."""

from dataclasses import dataclass
from enum import StrEnum

from simulators.store import Document

_PIX_CODE = "000201"
_IS_IT_YOU = "Sou eu"
_WHICH_DAY = ("que dia", "que outro dia", "algum dia até", "me diga um dia")


class Kind(StrEnum):
    """In the order in which one wins over another when a burst holds several."""

    CODE = "code"
    GREETING = "greeting"
    NOTICE = "notice"
    OFFER = "offer"
    IDENTITY = "identity"
    WHICH_DAY = "which_day"
    QUESTION = "question"
    STATEMENT = "statement"

    @property
    def is_contact(self) -> bool:
        """Whether the business wrote first: a question who is there, or a word about money."""
        return self in {Kind.GREETING, Kind.NOTICE}


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What it comes to. `code` is a Pix code, `buttons` the titles that can be pressed."""

    kind: Kind
    code: str = ""
    buttons: tuple[str, ...] = ()


def hear(messages: list[Document]) -> Heard:
    """Return what the messages of a burst come to, the weightiest of them; there is at least one."""
    order = list(Kind)
    return min((_one(message) for message in messages), key=lambda heard: order.index(heard.kind))


def _one(message: Document) -> Heard:
    content = message["content"]
    text = str(content.get("text", ""))
    pressed = content.get("buttons", [])
    code = next((button["code"] for button in pressed if button["code"].startswith(_PIX_CODE)), "")
    if text.startswith(_PIX_CODE):
        code = text.strip()
    replies = tuple(str(button["title"]) for button in pressed if button["kind"] == "reply")
    return Heard(kind=_kind(text, code=code, replies=replies, message=message), code=code, buttons=replies)


def _kind(text: str, *, code: str, replies: tuple[str, ...], message: Document) -> Kind:
    if code:
        return Kind.CODE
    if _IS_IT_YOU in replies:
        return Kind.GREETING
    if message.get("template"):
        # Thanks and news come without anything to press; what asks for money never does.
        return Kind.NOTICE if replies else Kind.STATEMENT
    lowered = text.lower()
    if any(title.startswith("Sim") for title in replies) or "responda sim" in lowered:
        return Kind.OFFER
    if "cpf" in lowered and "?" in text:
        return Kind.IDENTITY
    if any(words in lowered for words in _WHICH_DAY):
        return Kind.WHICH_DAY
    return Kind.QUESTION if "?" in text else Kind.STATEMENT
