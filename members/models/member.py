from zoneinfo import ZoneInfo

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from commons.crypto import EncryptedTextField
from commons.text import fold, mask_document
from members.enums import Blocked, MemberKind

# Whole-country default; compliance.packs knows the zone of each Brazilian state.
DEFAULT_TIMEZONE = "America/Sao_Paulo"


@pghistory.track(exclude=["document", "notes"], model_name="MemberHistory")
class Member(models.Model):
    """A person or company that owes. Identified by the creditor's own code or by the document."""

    kind = models.CharField("tipo", max_length=10, choices=MemberKind, default=MemberKind.PERSON)
    external_id = models.CharField("código no sistema", max_length=60, null=True, blank=True, unique=True)
    name = models.CharField("nome", max_length=160)
    folded_name = models.CharField(max_length=160, editable=False)
    document = EncryptedTextField("CPF/CNPJ", blank=True)
    document_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    birth_date = models.DateField("nascimento", null=True, blank=True)
    language = models.CharField("idioma", max_length=5, default="pt-BR")
    city = models.CharField("cidade", max_length=80, blank=True)
    uf = models.CharField("UF", max_length=2, blank=True)
    country = models.CharField("país", max_length=2, default="BR")
    timezone = models.CharField("fuso horário", max_length=40, blank=True)
    product = models.CharField("plano", max_length=80, blank=True)
    tags = models.JSONField("etiquetas", default=list, blank=True)
    blocked = models.CharField("bloqueio", max_length=10, choices=Blocked, default=Blocked.NONE, blank=True)
    notes = EncryptedTextField("anotações", blank=True)
    import_batch_id = models.BigIntegerField("lote de importação", null=True, editable=False)
    created_at = models.DateTimeField("criado em")
    voided_at = models.DateTimeField("anulado em", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "membro"
        verbose_name_plural = "membros"
        permissions = [("reveal_member", "Pode ver CPF e contatos por inteiro, dizendo por quê")]
        ordering = ["folded_name"]
        indexes = [
            models.Index(fields=["folded_name"], name="members_by_name"),
            # Any part of a name, as people search.
            GinIndex(fields=["folded_name"], opclasses=["gin_trgm_ops"], name="members_by_part_of_name"),
            models.Index(fields=["import_batch_id"], name="members_by_batch"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.folded_name = fold(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def first_name(self) -> str:
        """What a message calls the member: the first word for a person, the whole name for a company."""
        return self.name if self.kind == MemberKind.COMPANY else self.name.split()[0].capitalize()

    @property
    def masked_document(self) -> str:
        return mask_document(self.document)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone or DEFAULT_TIMEZONE)
