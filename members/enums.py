from django.db.models import TextChoices


class MemberKind(TextChoices):
    PERSON = "person", "Pessoa"
    COMPANY = "company", "Empresa"


class Channel(TextChoices):
    WHATSAPP = "whatsapp", "WhatsApp"
    EMAIL = "email", "E-mail"
    SMS = "sms", "SMS"


class ContactPointState(TextChoices):
    UNVERIFIED = "unverified", "Não confirmado"
    CONFIRMED = "confirmed", "Confirmado"
    WRONG = "wrong", "De outra pessoa"
    BLOCKED = "blocked", "Bloqueado"
    SHARED = "shared", "Em dois cadastros"
    INVALID = "invalid", "Inválido"


class AliasKind(TextChoices):
    WA_ID = "wa_id", "wa_id do WhatsApp"
    USER_ID = "user_id", "Id de usuário no negócio"
    PARENT_USER_ID = "parent_user_id", "Id de usuário no grupo do negócio"


class Blocked(TextChoices):
    """Why nobody may be written to on our own initiative, whatever else is true."""

    NONE = "", "—"
    DECEASED = "deceased", "Falecimento informado"
    MINOR = "minor", "Menor de idade"
    LEGAL = "legal", "Representado por advogado"


class MarkKind(TextChoices):
    """Marks that outlive the rows they were made on: kept by keyed hash, they survive a re-import."""

    OPT_OUT = "opt_out", "Não quer mensagens"
    WRONG_NUMBER = "wrong_number", "Número de outra pessoa"


class IdentityState(TextChoices):
    UNCONFIRMED = "unconfirmed", "Não confirmada"
    CONFIRMED = "confirmed", "Confirmada"
    LOCKED = "locked", "Travada"


class PreferenceSource(TextChoices):
    """Where a preference comes from, the weakest first: a weaker one never replaces a stronger."""

    INFERRED = "inferred", "Percebida pelo histórico"
    IMPORT = "import", "Veio na importação"
    DECLARED = "declared", "Dita pelo membro"


class Reach(TextChoices):
    """How far what we sent first since the person last wrote has come. *Not reached* is no *not answering*."""

    UNTRIED = "untried", "Cedo para dizer"
    NOT_REACHED = "not_reached", "Não chega"
    UNREAD = "unread", "Chega, sem leitura"
    UNANSWERED = "unanswered", "Lê, sem resposta"
    ANSWERING = "answering", "Responde"


class HygieneProblem(TextChoices):
    """What may be wrong with how a member is reached; the order is that of the work."""

    MISSING = "missing", "Sem contato utilizável"
    INVALID = "invalid", "WhatsApp não entrega"
    BOUNCED = "bounced", "E-mail devolvido"
    SHARED = "shared", "Em dois cadastros"
    LANDLINE = "landline", "Telefone fixo"
    NOT_REACHED = "not_reached", "Nada chega"
    UNREAD = "unread", "Chega e ninguém lê"
    UNANSWERED = "unanswered", "Lê e não responde"
    UNCONFIRMED = "unconfirmed", "Sem confirmação há muito tempo"
    REVIEW = "review", "Pedido de conferência"


class HygieneState(TextChoices):
    OPEN = "open", "A corrigir"
    LATER = "later", "Olhar de novo"
    RESOLVED = "resolved", "Resolvida"
    GONE = "gone", "Resolveu-se sozinha"


class Resolution(TextChoices):
    """The one act that ends a hygiene task."""

    CORRECTED = "corrected", "Contato corrigido"
    OWNER_CHOSEN = "owner_chosen", "Dono escolhido"
    MARKED_WRONG = "marked_wrong", "É de outra pessoa"
    KEPT = "kept", "Mantido como está"
    RETIRED = "retired", "Fora de uso"


class Revealed(TextChoices):
    """What somebody saw in full."""

    DOCUMENT = "document", "CPF ou CNPJ"
    CONTACT = "contact", "Contato"


class RevealReason(TextChoices):
    """Why somebody had to see a value in full."""

    CALL = "call", "Ligar para o membro"
    IDENTITY = "identity", "Conferir quem é a pessoa"
    PAYMENT = "payment", "Conferir um pagamento ou documento"
    CORRECTION = "correction", "Corrigir o cadastro"
    AUTHORITY = "authority", "Atender a um órgão ou à Justiça"
    AUDIT = "audit", "Auditoria"
    OTHER = "other", "Outro motivo"
