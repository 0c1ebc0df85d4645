from django.db.models import TextChoices


class Direction(TextChoices):
    IN = "in", "Recebida"
    OUT = "out", "Enviada"


class Owner(TextChoices):
    AGENT = "agent", "Robô"
    PERSON = "person", "Pessoa"


class ConversationState(TextChoices):
    OPEN = "open", "Aberta"
    WAITING_PERSON = "waiting_person", "Precisa de gente"
    SNOOZED = "snoozed", "Adiada"
    CLOSED = "closed", "Encerrada"


class MessageState(TextChoices):
    RECEIVED = "received", "Recebida"
    DRAFT = "draft", "Rascunho"
    PLANNED = "planned", "Na fila"
    CLAIMED = "claimed", "Enviando"
    ACCEPTED = "accepted", "Aceita para envio"
    SENT = "sent", "Enviada"
    DELIVERED = "delivered", "Entregue"
    READ = "read", "Lida"
    FAILED = "failed", "Falhou"
    IN_DOUBT = "in_doubt", "Sem confirmação"
    WITHHELD = "withheld", "Segurada na última checagem"
    SUPERSEDED = "superseded", "Substituída"
    CANCELLED = "cancelled", "Cancelada"

    @classmethod
    def waiting(cls) -> "list[MessageState]":
        """Still to leave."""
        return [cls.PLANNED, cls.CLAIMED]

    @classmethod
    def gone(cls) -> "list[MessageState]":
        """Left us, as far as we know."""
        return [cls.ACCEPTED, cls.SENT, cls.DELIVERED, cls.READ]


# How far a message got; a status that says less than what is known changes nothing.
RANK = {
    MessageState.CLAIMED: 0,
    MessageState.IN_DOUBT: 0,
    MessageState.ACCEPTED: 1,
    MessageState.SENT: 2,
    MessageState.DELIVERED: 3,
    MessageState.READ: 4,
}


class MessageKind(TextChoices):
    TEXT = "text", "Texto"
    BUTTONS = "buttons", "Botões"
    LIST = "list", "Lista"
    TEMPLATE = "template", "Modelo"
    IMAGE = "image", "Imagem"
    DOCUMENT = "document", "Documento"
    AUDIO = "audio", "Áudio"
    VIDEO = "video", "Vídeo"
    STICKER = "sticker", "Figurinha"
    LOCATION = "location", "Localização"
    CONTACTS = "contacts", "Contato"
    REACTION = "reaction", "Reação"
    BUTTON_REPLY = "button_reply", "Botão tocado"
    LIST_REPLY = "list_reply", "Opção escolhida"
    SYSTEM = "system", "Aviso do WhatsApp"
    ORDER = "order", "Pedido de pagamento"
    UNKNOWN = "unknown", "Desconhecida"


class TemplateStatus(TextChoices):
    DRAFT = "DRAFT", "Rascunho"
    PENDING = "PENDING", "Em análise"
    APPROVED = "APPROVED", "Aprovado"
    REJECTED = "REJECTED", "Recusado"
    PAUSED = "PAUSED", "Pausado"
    DISABLED = "DISABLED", "Desativado"
    DISCARDED = "DISCARDED", "Descartado"


class AlarmKind(TextChoices):
    """Why a template needs somebody."""

    STOPPED = "stopped", "Parou de sair"
    REJECTED = "rejected", "Recusado pelo WhatsApp"
    CATEGORY = "category", "Mudou de categoria e de preço"
    QUALITY = "quality", "Perdeu qualidade"


class RunStatus(TextChoices):
    RUNNING = "running", "Em andamento"
    REPLIED = "replied", "Respondeu"
    SUPERSEDED = "superseded", "Descartada"
    HANDED_OVER = "handed_over", "Passou a uma pessoa"
    SILENT = "silent", "Sem resposta devida"
    FAILED = "failed", "Falhou"
