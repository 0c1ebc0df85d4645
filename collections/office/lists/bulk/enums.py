from django.db.models import TextChoices


class RunState(TextChoices):
    PREPARING = "preparing", "Conferindo as linhas"
    READY = "ready", "Pronta para conferir"
    RUNNING = "running", "Em andamento"
    DONE = "done", "Terminada"
    UNDOING = "undoing", "Desfazendo"
    UNDONE = "undone", "Desfeita"
    DISCARDED = "discarded", "Desistiram"

    @classmethod
    def working(cls) -> "list[RunState]":
        """A task has something left to do."""
        return [cls.PREPARING, cls.RUNNING, cls.UNDOING]


class LeftOut(TextChoices):
    """Why a row stays as it is; the words follow a number: "4 em contestação ficam de fora"."""

    NONE = "", "entram"
    GONE = "gone", "que não existem mais"
    SETTLED = "settled", "já quitados"
    DISPUTED = "disputed", "em contestação"
    HELD = "held", "já segurados pelo mesmo motivo"
    NOT_HELD = "not_held", "sem pausa que uma pessoa possa liberar"
    GRAVE = "grave", "em descanso depois de uma situação delicada"
    WITH_TEAM = "with_team", "já com a equipe"
    NOT_WITH_TEAM = "not_with_team", "que não estão com a equipe"
    SENSITIVE = "sensitive", "com assunto delicado, que se resolve um a um"
    OTHERS = "others", "assumidos por outra pessoa"
    NO_CONTACT = "no_contact", "sem contato para conferir"


class RowOutcome(TextChoices):
    PENDING = "", "a fazer"
    DONE = "done", "feita"
    SKIPPED = "skipped", "ficou como estava"
    FAILED = "failed", "não deu certo"


class RowUndone(TextChoices):
    NO = "", "vale"
    UNDONE = "undone", "desfeita"
    KEPT = "kept", "mantida"
