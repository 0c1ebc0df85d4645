from django.db import models

from commons.append_only import append_only
from compliance.enums import SwitchScope


class Switch(models.Model):
    """One throw of a kill switch: the newest row of a scope and key says how it stands.

    A stop with an end is over by itself at that instant.
    """

    scope = models.CharField("alcance", max_length=8, choices=SwitchScope)
    # As `SwitchScope` says; empty for everything and for the agent.
    key = models.CharField("o quê", max_length=60, blank=True)
    stopped = models.BooleanField("parado")
    reason = models.CharField("motivo", max_length=200)
    ends_at = models.DateTimeField("até", null=True, blank=True)
    author = models.CharField("quem", max_length=80)
    at = models.DateTimeField("quando")
    recorded_at = models.DateTimeField("gravado em", auto_now_add=True)

    class Meta:
        verbose_name = "chave de segurança"
        verbose_name_plural = "chaves de segurança"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scope__in=[SwitchScope.ALL, SwitchScope.AGENT], key="")
                | (~models.Q(scope__in=[SwitchScope.ALL, SwitchScope.AGENT]) & ~models.Q(key="")),
                name="compliance_switch_names_its_key",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="compliance_switch_has_a_reason"),
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(stopped=True, ends_at__gt=models.F("at")),
                name="compliance_switch_only_a_stop_ends",
            ),
        ]
        indexes = [models.Index(fields=["scope", "key", "-id"], name="compliance_switch_newest")]
        triggers = append_only()

    def __str__(self) -> str:
        what = f"{self.get_scope_display()} {self.key}".strip()
        return f"{what}: {'parado' if self.stopped else 'ligado'}"
