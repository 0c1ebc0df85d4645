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
