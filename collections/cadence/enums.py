from django.db.models import TextChoices


class VersionStatus(TextChoices):
    DRAFT = "draft", "Rascunho"
    LIVE = "live", "No ar"
    RETIRED = "retired", "Encerrada"


class StepOutcome(TextChoices):
    SENT = "sent", "Enviado"
    LEFT_ALONE = "left_alone", "Grupo de controle: sem contato"
    SKIPPED = "skipped", "Passou da vez"
