from django.db.models import TextChoices


class PilotStatus(TextChoices):
    DRAFT = "draft", "Rascunho"
    RUNNING = "running", "Em andamento"
    FINISHED = "finished", "Encerrado"
