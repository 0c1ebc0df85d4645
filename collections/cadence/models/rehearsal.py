from django.conf import settings
from django.db import models

from cadence.enums import RehearsalStatus
from cadence.models.cadence import CadenceVersion


class Rehearsal(models.Model):
    """What a version would do with the real book over the next days, beside what the live one would do.

    `summary` is what the page shows; the contacts behind every figure are `RehearsedContact` rows, kept for
    the newest rehearsals only.
    """

    version = models.ForeignKey(
        CadenceVersion, on_delete=models.CASCADE, related_name="rehearsals", verbose_name="versão"
    )
    live_version = models.ForeignKey(
        CadenceVersion, on_delete=models.CASCADE, null=True, related_name="+", verbose_name="comparada com"
    )
    # How the version read when it was rehearsed: an edit afterwards asks for another rehearsal.
    fingerprint = models.CharField(max_length=64)
    days = models.PositiveSmallIntegerField("dias")
    status = models.CharField(
        "situação", max_length=8, choices=RehearsalStatus, default=RehearsalStatus.WAITING
    )
    starts_at = models.DateTimeField("a partir de")
    cases = models.PositiveIntegerField("casos", default=0)
    chunks = models.PositiveIntegerField(default=0)
    summary = models.JSONField(default=dict)
    error = models.CharField("erro", max_length=200, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, verbose_name="pedido por"
    )
    # Machine time: how long it took.
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "ensaio"
        verbose_name_plural = "ensaios"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"ensaio de {self.version}"


class RehearsalChunk(models.Model):
    """A part of the book, rehearsed by one task; unique, so that a task that runs twice counts once."""

    rehearsal = models.ForeignKey(Rehearsal, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    member_ids = models.JSONField()
    result = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rehearsal", "number"], name="cadence_chunk_once")]

    def __str__(self) -> str:
        return f"parte {self.number} do ensaio {self.rehearsal_id}"


class RehearsedContact(models.Model):
    """One attempt in a rehearsal: when, which step, what the gate said. `is_live`: of the version on air."""

    rehearsal = models.ForeignKey(Rehearsal, on_delete=models.CASCADE, related_name="contacts")
    is_live = models.BooleanField()
    member_id = models.BigIntegerField()
    step_key = models.CharField(max_length=40)
    at = models.DateTimeField()
    channel = models.CharField(max_length=10)
    # allow, defer, refuse, or awaiting (a person), no_text, no_address
    outcome = models.CharField(max_length=10)
    rule = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["rehearsal", "is_live", "outcome"], name="cadence_rehearsed")]

    def __str__(self) -> str:
        return f"{self.step_key} em {self.at}"
