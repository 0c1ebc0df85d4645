from django.db import models

from commons.append_only import append_only


class SettingsArea(models.TextChoices):
    """A card of the settings page: what belongs together and is changed on one form."""

    IDENTITY = "identity", "Identidade"
    BRANDS = "brands", "Marcas"
    HOURS = "hours", "Horário de atendimento"
    TEXTS = "texts", "Textos da casa"
    GOALS = "goals", "Metas"


class SettingsChange(models.Model):
    """One change of the organisation's settings: who, when, what it was and what it is. Never changed."""

    area = models.CharField("parte", max_length=10, choices=SettingsArea)
    before = models.JSONField("antes", default=dict)
    after = models.JSONField("depois", default=dict)
    actor = models.CharField("quem", max_length=80)
    at = models.DateTimeField("quando")
    recorded_at = models.DateTimeField("gravado em", auto_now_add=True)

    class Meta:
        verbose_name = "mudança de configuração"
        verbose_name_plural = "mudanças de configuração"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["area", "-at", "-id"], name="office_settings_story")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_area_display()} em {self.at:%d/%m/%Y}"


class GoalKind(models.TextChoices):
    DEFAULT_RATE = "default_rate", "Inadimplência (%)"
    ON_TIME = "on_time", "Pagas em dia (%)"
    MANUAL_HOURS = "manual_hours", "Horas de trabalho manual por mês"


class Goal(models.Model):
    """What the organisation wants to reach, and by when; the newest row of a kind is the goal that stands."""

    kind = models.CharField("meta", max_length=14, choices=GoalKind)
    value = models.DecimalField("valor", max_digits=8, decimal_places=2)
    by = models.DateField("até")
    actor = models.CharField("quem", max_length=80)
    at = models.DateTimeField("quando")

    class Meta:
        verbose_name = "meta"
        verbose_name_plural = "metas"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(value__gte=0), name="office_goal_not_negative")
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.value} até {self.by:%d/%m/%Y}"


class CostKind(models.TextChoices):
    PEOPLE = "people", "Pessoas, por mês"
    TOOL = "tool", "Ferramenta e servidores, por mês"


class MonthlyCost(models.Model):
    """What collecting costs each month from a day on, in the organisation's currency; a later row replaces it."""

    kind = models.CharField("custo", max_length=8, choices=CostKind)
    amount = models.DecimalField("valor por mês", max_digits=12, decimal_places=2)
    valid_from = models.DateField("vale desde")
    source = models.CharField("de onde veio", max_length=160)
    actor = models.CharField("quem", max_length=80)
    at = models.DateTimeField("quando")

    class Meta:
        verbose_name = "custo mensal"
        verbose_name_plural = "custos mensais"
        ordering = ["kind", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "valid_from"], name="office_one_cost_a_day"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="office_cost_not_negative"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} desde {self.valid_from:%d/%m/%Y}"
