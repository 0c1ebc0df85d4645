from django.db.models import TextChoices


class InvoiceStatus(TextChoices):
    OPEN = "open", "Em aberto"
    PAID = "paid", "Paga"
    CANCELLED = "cancelled", "Cancelada"
    VOIDED = "voided", "Anulada"

    # What still asks for money.
    @classmethod
    def collectable(cls) -> "list[InvoiceStatus]":
        return [cls.OPEN]


class Method(TextChoices):
    PIX = "pix", "Pix"
    BOLETO = "boleto", "Boleto"
    CARD = "card", "Cartão"
    CASH = "cash", "No balcão"
    OTHER = "other", "Outro"


class Component(TextChoices):
    PRINCIPAL = "principal", "Principal"
    FINE = "fine", "Multa"
    INTEREST = "interest", "Juros"


class EntryKind(TextChoices):
    CHARGE = "charge", "Cobrança"
    PAYMENT = "payment", "Pagamento"
    REVERSAL = "reversal", "Estorno"
    CANCELLATION = "cancellation", "Cancelamento"
    VOID = "void", "Anulação"
    DISCOUNT = "discount", "Desconto"


class PaymentSource(TextChoices):
    WEBHOOK = "webhook", "Aviso do provedor"
    SWEEP = "sweep", "Varredura no provedor"
    IMPORT = "import", "Importação"
    PERSON = "person", "Baixa manual"


class MeansStatus(TextChoices):
    ACTIVE = "active", "Ativo"
    EXPIRED = "expired", "Vencido"
    REPLACED = "replaced", "Substituído"
    PAID = "paid", "Pago"
    FAILED = "failed", "Não emitido"
