from django.db import models

from commons.append_only import append_only
from compliance.models import Decision
from conversations.enums import Direction, MessageKind, MessageState
from conversations.models.conversation import Conversation
from conversations.models.run import AgentRun
from conversations.models.template import MessageTemplate


class Message(models.Model):
    """One message, in or out. The outbound rows are the outbox.

    An outbound row that may leave has a decision that allows it: the pair (`decision`, `decision_verdict`)
    references the decision's own row and the verdict can only be `allow`, so the database refuses any other.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="messages")
    direction = models.CharField("direção", max_length=3, choices=Direction)
    kind = models.CharField("tipo", max_length=14, choices=MessageKind, default=MessageKind.TEXT)
    body = models.TextField("texto", blank=True)
    # Channel-neutral content (conversations.channels.base) for what leaves; details for what arrived.
    content = models.JSONField("conteúdo", default=dict, blank=True)
    # "member", "agent", "cadence", "system" or "user:<id>"
    author = models.CharField("autor", max_length=80)
    state = models.CharField("situação", max_length=12, choices=MessageState)
    contact_kind = models.CharField("natureza", max_length=12, blank=True)
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, related_name="messages", verbose_name="decisão"
    )
    decision_verdict = models.CharField(max_length=8, null=True, editable=False)
    case_id = models.BigIntegerField("caso", null=True)
    # Facts the text was rendered from and what the dispatcher compares again: see conversations.outbox.
    facts = models.JSONField(default=dict, blank=True)
    epoch = models.PositiveIntegerField(default=0)
    run = models.ForeignKey(AgentRun, on_delete=models.SET_NULL, null=True, related_name="messages")
    template = models.ForeignKey(
        MessageTemplate, on_delete=models.PROTECT, null=True, related_name="messages"
    )
    reply_to = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="replies")
    # Several messages rendered as one reply share its first message's id here and keep their order.
    part_of = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="parts")
    provider_id = models.CharField("id no provedor", max_length=200, null=True, blank=True)
    at = models.DateTimeField("quando")
    send_at = models.DateTimeField("enviar em", null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Written right before the provider is called: a claim that died without it never left and goes back.
    called_at = models.DateTimeField(null=True, blank=True)
    retry_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField("enviada em", null=True, blank=True)
    delivered_at = models.DateTimeField("entregue em", null=True, blank=True)
    read_at = models.DateTimeField("lida em", null=True, blank=True)
    answered_at = models.DateTimeField("respondida em", null=True, blank=True)
    failure_code = models.CharField("código da falha", max_length=20, blank=True)
    failure = models.CharField("falha", max_length=200, blank=True)
    pricing = models.JSONField("tarifa", default=dict, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "mensagem"
        verbose_name_plural = "mensagens"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "provider_id"],
                condition=~models.Q(provider_id=None),
                name="conversations_message_once",
            ),
            models.CheckConstraint(
                condition=models.Q(direction="in")
                | models.Q(state__in=["draft", "superseded", "cancelled"])
                | models.Q(decision__isnull=False),
                name="conversations_nothing_leaves_undecided",
            ),
            models.CheckConstraint(
                # Said twice on purpose: a comparison with NULL is not false, and a check only stops what is.
                condition=models.Q(decision=None, decision_verdict=None)
                | models.Q(decision__isnull=False, decision_verdict__isnull=False, decision_verdict="allow"),
                name="conversations_only_allowed_leaves",
            ),
        ]
        indexes = [
            models.Index(
                fields=["send_at"], name="conversations_outbox", condition=models.Q(state="planned")
            ),
            models.Index(
                fields=["claimed_until"], name="conversations_claimed", condition=models.Q(state="claimed")
            ),
            models.Index(fields=["provider_id"], name="conversations_by_provider"),
            models.Index(fields=["conversation", "at"], name="conversations_thread"),
            models.Index(fields=["at", "id"], name="conversations_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()} {self.pk}"

    @property
    def is_inbound(self) -> bool:
        return self.direction == Direction.IN


class MessageStatus(models.Model):
    """What the provider told about a message, as it arrived: in any order, more than once."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="statuses")
    status = models.CharField(max_length=12)
    at = models.DateTimeField()
    details = models.JSONField(default=dict, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers = append_only()
        constraints = [
            models.UniqueConstraint(fields=["message", "status", "at"], name="conversations_status_once")
        ]

    def __str__(self) -> str:
        return self.status


class Media(models.Model):
    """A picture, document or recording that arrived or leaves; the bytes lie outside the database."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="media")
    provider_id = models.CharField(max_length=80, blank=True)
    mime_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    file_name = models.CharField(max_length=160, blank=True)
    size = models.PositiveIntegerField(default=0)
    # Below DATA_DIR/media; empty until downloaded.
    path = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.file_name or self.mime_type
