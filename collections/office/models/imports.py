from __future__ import annotations

import base64
import zlib

from django.conf import settings
from django.db import models

from billing.models import Invoice
from commons.crypto import EncryptedTextField
from members.models import Member
from office.imports.enums import BatchState, Outcome, RowReason, Undone


class ImportBatch(models.Model):
    """One file on its way into the book, and the means to take it out again.

    Everything it brought carries its id (`import_batch_id` of members, contact points, consents, invoices and
    payments), and `ImportRow` says line by line what became of the file.
    """

    state = models.CharField("situação", max_length=12, choices=BatchState, default=BatchState.UPLOADED)
    file_name = models.CharField("arquivo", max_length=160)
    file_sha256 = models.CharField("impressão digital do arquivo", max_length=64, db_index=True)
    file_size = models.PositiveIntegerField("tamanho")
    # How the file was read: kind, encoding, delimiter, sheet, header line, skipped lines.
    reading = models.JSONField("leitura", default=dict)
    mapping = models.JSONField("colunas", default=dict)
    mapping_recalled = models.BooleanField("colunas lembradas de outra vez", default=False)
    # How, when and with which text these people agreed to WhatsApp; empty: nobody said.
    consent_how = models.CharField("como aceitaram", max_length=120, blank=True)
    consent_text = models.CharField("texto aceito", max_length=400, blank=True)
    consent_on = models.DateField("quando aceitaram", null=True, blank=True)
    totals = models.JSONField("números do arquivo", default=dict)
    rows_total = models.PositiveIntegerField("linhas", default=0)
    rows_done = models.PositiveIntegerField("linhas feitas", default=0)
    error = models.CharField("erro", max_length=400, blank=True)
    # What a failed batch was at, and goes on with when it is resumed.
    failed_while = models.CharField(max_length=12, choices=BatchState, blank=True, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="quem enviou"
    )
    created_at = models.DateTimeField("enviado em")
    started_at = models.DateTimeField("importado em", null=True, blank=True)
    finished_at = models.DateTimeField("terminado em", null=True, blank=True)
    reverted_at = models.DateTimeField("desfeito em", null=True, blank=True)
    reverted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="quem desfez",
    )
    revert_reason = models.CharField("por que foi desfeita", max_length=200, blank=True)
    # Real time of the last sign of life of a task: a batch at work without one is taken up again.
    beat_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "importação"
        verbose_name_plural = "importações"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=BatchState.values), name="office_import_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(rows_done__lte=models.F("rows_total")),
                name="office_import_done_within_total",
            ),
        ]

    def __str__(self) -> str:
        return f"Importação nº {self.pk}: {self.file_name}"

    @property
    def is_working(self) -> bool:
        return self.state in BatchState.working()

    @property
    def is_editable(self) -> bool:
        return self.state in BatchState.editable()

    @property
    def percent(self) -> int:
        """Of the rows of the present task, whole percents."""
        return self.rows_done * 100 // self.rows_total if self.rows_total else 0


class ImportFile(models.Model):
    """The bytes as they were sent, compressed and encrypted; gone as soon as the import has ended."""

    batch = models.OneToOneField(ImportBatch, on_delete=models.CASCADE, related_name="file")
    packed = EncryptedTextField()

    class Meta:
        verbose_name = "arquivo de importação"
        verbose_name_plural = "arquivos de importação"

    def __str__(self) -> str:
        return f"arquivo da importação nº {self.batch_id}"

    @staticmethod
    def pack(content: bytes) -> str:
        return base64.b64encode(zlib.compress(content)).decode()

    def unpack(self) -> bytes:
        return zlib.decompress(base64.b64decode(self.packed))


class ImportRow(models.Model):
    """One line of the file: what it means for the book, what became of it, and of it after an undo."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField("linha")
    outcome = models.CharField("fatura", max_length=10, choices=Outcome)
    # Set on the first line of each member only.
    member_outcome = models.CharField("membro", max_length=10, choices=Outcome, blank=True)
    reason = models.CharField("motivo", max_length=40, choices=RowReason, blank=True)
    detail = models.CharField("detalhe", max_length=240, blank=True)
    warnings = models.JSONField("avisos", default=list)
    # JSON for the screens (name, number, amount, changes) and, of refused rows, the cells as they were.
    content = EncryptedTextField("conteúdo", blank=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="import_rows")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, related_name="import_rows")
    applied_at = models.DateTimeField("feita em", null=True)
    member_undone = models.CharField("membro desfeito", max_length=10, choices=Undone, blank=True)
    invoice_undone = models.CharField("fatura desfeita", max_length=10, choices=Undone, blank=True)
    kept_because = models.CharField("por que ficou", max_length=300, blank=True)

    class Meta:
        verbose_name = "linha importada"
        verbose_name_plural = "linhas importadas"
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="office_import_line_once")]
        indexes = [
            models.Index(fields=["batch", "outcome", "line"], name="office_import_by_outcome"),
            models.Index(
                fields=["batch", "line"], name="office_import_to_do", condition=models.Q(applied_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"linha {self.line}: {self.get_outcome_display()}"


class SavedMapping(models.Model):
    """What the columns of files with this header meant last time."""

    fingerprint = models.CharField(max_length=64, unique=True)
    mapping = models.JSONField("colunas")
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="quem salvou"
    )
    saved_at = models.DateTimeField("salvo em")
    used = models.PositiveIntegerField("vezes usado", default=1)

    class Meta:
        verbose_name = "colunas salvas"
        verbose_name_plural = "colunas salvas"

    def __str__(self) -> str:
        return ", ".join(str(title) for title in self.mapping.get("header", []))[:120]
