import pgtrigger
from django.conf import settings
from django.db import models

from cases.enums import PolicyKind, PolicyStatus


class PolicyVersion(models.Model):
    """One edition of a policy: a draft until a second person approves it, then live at once.

    `terms` reads as `Organisation.negotiation_policy` for negotiation, and holds `fine_percent`,
    `interest_percent_month` and `interest_days` for late charges; amounts and percentages are text. What was
    asked to be approved is not changed any more. Offers name the version of negotiation they were made from.
    """

    kind = models.CharField("política", max_length=12, choices=PolicyKind)
    number = models.PositiveIntegerField("versão")
    status = models.CharField("situação", max_length=8, choices=PolicyStatus, default=PolicyStatus.DRAFT)
    terms = models.JSONField("termos")
    note = models.CharField("o que muda e por quê", max_length=300, blank=True)
    based_on = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField("criada em")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField("aprovação pedida em", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField("no ar desde", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    retired_at = models.DateTimeField("no ar até", null=True, blank=True)

    class Meta:
        verbose_name = "versão de política"
        verbose_name_plural = "versões de política"
        ordering = ["kind", "-number"]
        permissions = [("publish_policyversion", "Pode aprovar e publicar políticas")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="cases_policy_number_once"),
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(status="live"), name="cases_one_live_policy"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="keep_terms",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.status <> 'draft' AND OLD.terms IS DISTINCT FROM NEW.terms"
                ),
            ),
            pgtrigger.Protect(
                name="keep_what_was_live",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.status <> 'draft'"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, versão {self.number}"
