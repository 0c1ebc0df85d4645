from django.db.models import TextChoices


class VersionStatus(TextChoices):
    DRAFT = "draft", "Rascunho"
    REVIEW = "review", "Aguarda aprovação"
    LIVE = "live", "No ar"
    RETIRED = "retired", "Encerrada"


class StepOutcome(TextChoices):
    SENT = "sent", "Enviado"
    LEFT_ALONE = "left_alone", "Grupo de controle: sem contato"
    SKIPPED = "skipped", "Passou da vez"
    AWAITING = "awaiting", "Espera uma pessoa"
    DISMISSED = "dismissed", "Dispensado por uma pessoa"


class Trigger(TextChoices):
    """What arms a step: a day of the schedule, or something the member did."""

    DAY = "day", "Um dia contado do vencimento"
    READ = "read", "Leu e não respondeu"
    REPLIED = "replied", "Respondeu e a conversa parou"
    CODE_EXPIRED = "code_expired", "O código de pagamento venceu"
    LINK_OPENED = "link_opened", "Abriu o link e não pagou"


class Timing(TextChoices):
    """When on its day a step goes out."""

    SPREAD = "spread", "Espalhada pela manhã"
    FIXED = "fixed", "Em hora fixa"
    BEST = "best", "Na hora em que o membro costuma responder"


class StepState(TextChoices):
    """The state of the case a step belongs to; a later one moves the case there when it goes out."""

    REMINDER = "reminder", "Lembrete"
    SOFT = "soft", "Contato amigável"
    NEGOTIATION = "negotiation", "Negociação"


class StopWhen(TextChoices):
    """What makes a step unnecessary in its cycle, beside payment and holds, which always do."""

    REPLIED = "replied", "o membro respondeu neste ciclo"
    OPEN_OFFER = "open_offer", "há uma oferta esperando resposta"
    PARTLY_PAID = "partly_paid", "pagou uma parte neste ciclo"


class Dismissal(TextChoices):
    PENDING = "pending", "Espera uma pessoa"
    SENT = "sent", "Enviado"
    DISMISSED = "dismissed", "Dispensado"
    LAPSED = "lapsed", "Perdeu o sentido"


class RehearsalStatus(TextChoices):
    WAITING = "waiting", "Na fila"
    RUNNING = "running", "Ensaiando"
    DONE = "done", "Pronto"
    FAILED = "failed", "Falhou"
