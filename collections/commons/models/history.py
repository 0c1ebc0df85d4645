from django.db import models

from commons import clock
from commons.append_only import append_only
from commons.crypto import EncryptedTextField


class HistoryHead(models.Model):
    """The end of one member's chain, and the lock every write about that member takes first."""

    member_id = models.BigIntegerField(primary_key=True)
    sequence = models.PositiveIntegerField(default=0)
    chain = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"membro {self.member_id}, {self.sequence} linhas"


class HistoryEntry(models.Model):
    """One line of a member's story, chained to the line before (see `commons.history`).

    `sentence` and `salt` are what erasure removes; hashes and metadata stay, so the chain still verifies.
    """

    member_id = models.BigIntegerField()
    sequence = models.PositiveIntegerField()
    kind = models.CharField("tipo", max_length=48)
    at = models.DateTimeField("quando")
    # Not auto_now_add: the chain covers it, so it must be known before the row is written.
    recorded_at = models.DateTimeField("gravado em", default=clock.real_now, editable=False)
    actor = models.CharField("quem", max_length=80)
    case_id = models.BigIntegerField(null=True)
    # Ids and codes only, never personal data.
    metadata = models.JSONField(default=dict)
    sentence = EncryptedTextField("o que aconteceu")
    salt = models.CharField(max_length=32)
    content_hash = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    chain = models.CharField(max_length=64)

    class Meta:
        verbose_name = "linha da história"
        verbose_name_plural = "história"
        ordering = ["member_id", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["member_id", "sequence"], name="commons_history_order")
        ]
        indexes = [models.Index(fields=["case_id", "sequence"], name="commons_history_case")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.kind} #{self.sequence}"
