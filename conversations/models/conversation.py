from django.conf import settings
from django.db import models

from commons.crypto import EncryptedTextField
from conversations.enums import ConversationState, Owner
from members.enums import Channel
from members.models import ContactPoint, Member


class Sender(models.Model):
    """One of the organisation's own numbers or addresses, as the provider knows it.

    `provider_id`: of a WhatsApp number its id at the provider, of an e-mail the address people see, of an SMS the
    number in E.164, a short code or the id of a pool of numbers.
    """

    channel = models.CharField("canal", max_length=10, choices=Channel, default=Channel.WHATSAPP)
    provider_id = models.CharField("id, e-mail ou número", max_length=254, unique=True)
    display_phone = models.CharField("número", max_length=24, blank=True)
    name = models.CharField("nome exibido", max_length=80)
    active = models.BooleanField("ativo", default=True)
    paused_reason = models.CharField("por que parou", max_length=200, blank=True)
    quality = models.CharField("qualidade", max_length=10, default="UNKNOWN")
    # The provider's limit of people written to in 24 hours; empty where there is none or none is known.
    daily_limit = models.PositiveIntegerField("limite de pessoas em 24 h", null=True, blank=True)

    class Meta:
        verbose_name = "número de envio"
        verbose_name_plural = "números de envio"

    def __str__(self) -> str:
        return f"{self.name} {self.display_phone}".strip()


class Conversation(models.Model):
    """What is said with one contact point (or one stranger) through one sender.

    `epoch` rises with every human act; a reply of the agent commits only in the epoch its turn started from.
    `turn_due_at` (business time) says when the agent answers what arrived; `lease_until` (real time) names
    the one runner that does.
    """

    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="conversations")
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="conversations", verbose_name="membro"
    )
    contact_point = models.ForeignKey(
        ContactPoint,
        on_delete=models.PROTECT,
        null=True,
        related_name="conversations",
        verbose_name="contato",
    )
    # Keyed hash of the stranger's provider id, where no contact point is known.
    stranger_hash = models.CharField(max_length=64, blank=True)
    # How an answer reaches a stranger: their phone (E.164), or the business-scoped id of one who hides it.
    stranger_address = EncryptedTextField(blank=True)
    profile_name = models.CharField("nome no perfil", max_length=120, blank=True)
    owner = models.CharField("com quem está", max_length=8, choices=Owner, default=Owner.AGENT)
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, verbose_name="operador"
    )
    taken_at = models.DateTimeField("assumida em", null=True, blank=True)
    state = models.CharField(
        "situação", max_length=16, choices=ConversationState, default=ConversationState.OPEN
    )
    epoch = models.PositiveIntegerField(default=0)
    language = models.CharField("idioma", max_length=5, default="pt-BR")
    last_inbound_at = models.DateTimeField("última recebida em", null=True, blank=True)
    last_message_at = models.DateTimeField("última mensagem em", null=True, blank=True)
    # The oldest inbound message nobody answered; the waiting time people see.
    waiting_since = models.DateTimeField("esperando desde", null=True, blank=True)
    window_closes_at = models.DateTimeField("janela fecha em", null=True, blank=True)
    turn_first_at = models.DateTimeField(null=True, blank=True)
    turn_due_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.CharField(max_length=32, blank=True)
    misunderstandings = models.PositiveSmallIntegerField(default=0)
    snoozed_until = models.DateTimeField("adiada até", null=True, blank=True)
    unread = models.PositiveIntegerField("não lidas", default=0)
    # Rises with every change people may see; what the live stream carries.
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField("criada em")

    class Meta:
        verbose_name = "conversa"
        verbose_name_plural = "conversas"
        ordering = ["-last_message_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "contact_point"],
                condition=~models.Q(contact_point=None),
                name="conversations_one_per_contact_point",
            ),
            models.UniqueConstraint(
                fields=["sender", "stranger_hash"],
                condition=~models.Q(stranger_hash=""),
                name="conversations_one_per_stranger",
            ),
        ]
        indexes = [
            models.Index(
                fields=["turn_due_at"], name="conversations_turns", condition=~models.Q(turn_due_at=None)
            ),
            models.Index(fields=["state", "owner"], name="conversations_views"),
        ]

    def __str__(self) -> str:
        return str(self.member) if self.member_id else (self.profile_name or "Contato desconhecido")

    @property
    def holder(self) -> str:
        """Who of ours has it, by first name; nobody in particular when it was answered from the telephone."""
        return "equipe" if self.operator is None else self.operator.first_name or self.operator.get_username()

    @property
    def is_free(self) -> bool:
        """Whether anybody may take it: the agent has it, or a person of ours whom we do not know."""
        return self.owner == Owner.AGENT or self.operator_id is None


class Note(models.Model):
    """A private note of an operator: never leaves the house."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    body = models.TextField("nota")
    at = models.DateTimeField("quando")

    class Meta:
        verbose_name = "nota"
        verbose_name_plural = "notas"

    def __str__(self) -> str:
        return f"nota de {self.author}"
