from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from commons.append_only import append_only
from commons.crypto import EncryptedTextField


class SavedFilter(models.Model):
    """A filter of one list under a name of its own, kept by one person and shown to all when shared.

    `listed` is the model of the list ("cases.case"); `query` its query string, encrypted because people search
    for names.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters", verbose_name="dono"
    )
    listed = models.CharField("lista", max_length=80)
    name = models.CharField("nome", max_length=60)
    query = EncryptedTextField("filtro")
    shared = models.BooleanField("da equipe", default=False)
    created_at = models.DateTimeField("criado em")

    class Meta:
        verbose_name = "filtro salvo"
        verbose_name_plural = "filtros salvos"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint("owner", "listed", Lower("name"), name="office_filter_name_once"),
        ]
        indexes = [models.Index(fields=["listed"], name="office_filter_by_list")]

    def __str__(self) -> str:
        return self.name


class DefaultFilter(models.Model):
    """The filter one person's list opens with: their own or one of the team's."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    listed = models.CharField("lista", max_length=80)
    filter = models.ForeignKey(SavedFilter, on_delete=models.CASCADE, related_name="defaults")

    class Meta:
        verbose_name = "filtro inicial"
        verbose_name_plural = "filtros iniciais"
        constraints = [
            models.UniqueConstraint(fields=["user", "listed"], name="office_one_default_filter"),
        ]

    def __str__(self) -> str:
        return f"{self.listed}: {self.filter}"


class ListExport(models.Model):
    """That somebody took a list out of the house: who, which rows, how many, and why.

    Written before the first byte leaves; only how far it came is added later. `rows_written` empty: it broke
    off, and nobody knows how much of it arrived.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="quem"
    )
    listed = models.CharField("lista", max_length=80)
    title = models.CharField("o que é", max_length=80)
    format = models.CharField("formato", max_length=4)
    query = EncryptedTextField("filtro", blank=True)
    columns = models.JSONField("colunas", default=list)
    rows = models.PositiveIntegerField("linhas do filtro")
    personal = models.BooleanField("com dados pessoais")
    reason = models.CharField("motivo", max_length=200, blank=True)
    at = models.DateTimeField("quando")
    rows_written = models.PositiveIntegerField("linhas entregues", null=True)
    finished_at = models.DateTimeField("terminou em", null=True)

    class Meta:
        verbose_name = "exportação de lista"
        verbose_name_plural = "exportações de listas"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(personal=False) | ~models.Q(reason=""),
                name="office_personal_export_has_reason",
            ),
        ]
        triggers = append_only(except_columns=("rows_written", "finished_at"))

    def __str__(self) -> str:
        return f"{self.title} em {self.format}, {self.rows} linhas"
