from django.db.models import TextChoices


class CaseState(TextChoices):
    REMINDER = "reminder", "Lembrete"
    SOFT = "soft", "Contato amigável"
    NEGOTIATION = "negotiation", "Negociação"
    ESCALATED = "escalated", "Com a equipe"
    SETTLED = "settled", "Quitado"

    @classmethod
    def open_states(cls) -> "list[CaseState]":
        return [cls.REMINDER, cls.SOFT, cls.NEGOTIATION, cls.ESCALATED]

    @classmethod
    def with_agent(cls) -> "list[CaseState]":
        """Where the agent may promise, offer and agree."""
        return [cls.REMINDER, cls.SOFT, cls.NEGOTIATION]


class HoldReason(TextChoices):
    PROMISE = "promise", "Promessa"
    AGREEMENT = "agreement", "Acordo"
    PAUSE = "pause", "Pausa"
    DISPUTE = "dispute", "Contestação"
    PAYMENT_CLAIM = "payment_claim", "Diz que já pagou"
    HARDSHIP = "hardship", "Momento difícil"
    HUMAN = "human", "Com uma pessoa"


class PromiseStatus(TextChoices):
    OPEN = "open", "Aberta"
    REPLACED = "replaced", "Substituída"
    KEPT = "kept", "Cumprida"
    BROKEN = "broken", "Quebrada"


class OfferKind(TextChoices):
    PROMISE = "promise", "Promessa"
    INSTALLMENTS = "installments", "Parcelamento"
    PAUSE = "pause", "Pausa"


class OfferStatus(TextChoices):
    OPEN = "open", "Aberta"
    ACCEPTED = "accepted", "Aceita"
    REFUSED = "refused", "Recusada"
    LAPSED = "lapsed", "Vencida"
    REPLACED = "replaced", "Substituída"


class AgreementStatus(TextChoices):
    ACCEPTED = "accepted", "Aceito"
    ACTIVE = "active", "Em dia"
    FULFILLED = "fulfilled", "Cumprido"
    BROKEN = "broken", "Quebrado"
    REPLACED = "replaced", "Substituído"
    CANCELLED = "cancelled", "Cancelado"

    @classmethod
    def holding(cls) -> "list[AgreementStatus]":
        return [cls.ACCEPTED, cls.ACTIVE]


class EscalationReason(TextChoices):
    HUMAN_REQUESTED = "human_requested", "Pediu uma pessoa"
    DISPUTE = "dispute", "Contestação"
    COMPLAINT = "complaint", "Reclamação"
    LEGAL = "legal", "Assunto jurídico"
    HARDSHIP = "hardship", "Momento difícil"
    HEALTH = "health", "Saúde"
    BEREAVEMENT = "bereavement", "Falecimento"
    VIOLENCE = "violence", "Violência"
    SELF_HARM = "self_harm", "Risco à vida"
    MINOR = "minor", "Menor de idade"
    THIRD_PARTY = "third_party", "Terceiro na conversa"
    FRAUD = "fraud", "Suspeita de fraude"
    BROKEN_PROMISES = "broken_promises", "Promessas quebradas"
    BEYOND_POLICY = "beyond_policy", "Fora da política"
    CANCELLATION = "cancellation", "Quer cancelar"
    NOT_UNDERSTOOD = "not_understood", "Não entendido"
    GUARD = "guard", "Resposta barrada"
    TECHNICAL = "technical", "Falha técnica"

    @classmethod
    def silencing_identity(cls) -> "list[EscalationReason]":
        """While one of these is open, a confirmed identity counts as unconfirmed."""
        return [
            cls.MINOR,
            cls.BEREAVEMENT,
            cls.THIRD_PARTY,
            cls.VIOLENCE,
            cls.SELF_HARM,
            cls.FRAUD,
            cls.LEGAL,
        ]


class Priority(TextChoices):
    NORMAL = "normal", "Normal"
    HIGH = "high", "Alta"
    URGENT = "urgent", "Urgente"


class ClaimStatus(TextChoices):
    PENDING = "pending", "A conferir"
    SCHEDULED = "scheduled", "Agendado"
    MISMATCH = "mismatch", "Não confere"
    DUPLICATE = "duplicate", "Repetido"
    CONFIRMED = "confirmed", "Confirmado"
    REJECTED = "rejected", "Recusado"

    @classmethod
    def waiting(cls) -> "list[ClaimStatus]":
        """Nobody has said yet whether the money came."""
        return [cls.PENDING, cls.SCHEDULED, cls.MISMATCH]


class DisputeReason(TextChoices):
    AMOUNT = "amount", "Valor"
    CANCELLED = "cancelled", "Serviço cancelado"
    DUPLICATE = "duplicate", "Cobrança repetida"
    UNKNOWN = "unknown", "Não reconhece"
    FRAUD = "fraud", "Fraude"
    OTHER = "other", "Outro"


class DelayReason(TextChoices):
    FORGOT = "forgot", "Esqueceu"
    UNEMPLOYED = "unemployed", "Sem trabalho"
    HEALTH = "health", "Saúde"
    FAMILY_HEALTH = "family_health", "Saúde na família"
    PAYMENT_PROBLEM = "payment_problem", "Problema para pagar"
    CASH_FLOW = "cash_flow", "Falta de dinheiro no momento"
    OTHER = "other", "Outro"


class PolicyKind(TextChoices):
    """What is versioned and approved beside the régua."""

    NEGOTIATION = "negotiation", "Negociação"
    LATE_CHARGES = "late_charges", "Multa e juros"


class PolicyStatus(TextChoices):
    DRAFT = "draft", "Rascunho"
    REVIEW = "review", "Espera aprovação"
    LIVE = "live", "No ar"
    RETIRED = "retired", "Anterior"
