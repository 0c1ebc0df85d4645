from conversations.models.conversation import Conversation, Note, Sender
from conversations.models.event import ChannelEvent
from conversations.models.link import LinkOpening
from conversations.models.message import Media, Message, MessageStatus
from conversations.models.run import AgentRun, AgentStep
from conversations.models.template import MessageTemplate, TemplateAlarm, TemplateEvent

__all__ = [
    "AgentRun",
    "AgentStep",
    "ChannelEvent",
    "Conversation",
    "LinkOpening",
    "Media",
    "Message",
    "MessageStatus",
    "MessageTemplate",
    "Note",
    "Sender",
    "TemplateAlarm",
    "TemplateEvent",
]
