from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import models


class Organisation(models.Model):
    """The one creditor this deployment serves, collecting its own invoices from its own members."""

    trade_name = models.CharField("nome fantasia", max_length=120)
    legal_name = models.CharField("razão social", max_length=160)
    cnpj = models.CharField("CNPJ", max_length=14)
    sector = models.CharField("setor", max_length=20, default="other")
    original_creditor = models.BooleanField(
        "cobra as próprias faturas",
        default=True,
        help_text="O WhatsApp proíbe cobrar dívidas de terceiros: desmarcado, nada sai por ele.",
    )
    address = models.CharField("endereço", max_length=200, blank=True)
    city = models.CharField("cidade", max_length=80, blank=True)
    uf = models.CharField("UF", max_length=2, blank=True)
    site = models.URLField("site", blank=True)
    privacy_contact = models.EmailField("contato de privacidade", blank=True)
    country = models.CharField("país", max_length=2, default="BR")
    timezone = models.CharField("fuso horário", max_length=40, default="America/Sao_Paulo")
    # {"monday_to_friday": "08:00-18:00", "saturday": "08:00-12:00"}; a day not named is closed.
    support_hours = models.JSONField("horário de atendimento", default=dict)
    # Days that are not as their weekday: {"2026-12-24": "08:00-12:00", "2026-12-31": "none"}.
    hours_exceptions = models.JSONField("datas com outro horário", default=dict, blank=True)
    # What is said to whoever writes to us first, and outside the hours when a person is needed; empty: nothing,
    # and the sentence that is shipped (conversations.house_texts).
    welcome_text = models.CharField("boas-vindas", max_length=400, blank=True)
    away_text = models.CharField("fora do horário", max_length=400, blank=True)
    # Other names by which members know the creditor.
    brands = models.JSONField("marcas", default=list, blank=True)
    fine_percent = models.DecimalField("multa (%)", max_digits=5, decimal_places=2, default=Decimal("2.00"))
    interest_percent_month = models.DecimalField(
        "juros ao mês (%)", max_digits=5, decimal_places=2, default=Decimal("1.00")
    )
    interest_days = models.PositiveSmallIntegerField("dias do mês de juros", default=30)
    # What the negotiation policy allows, see cases.policy; versioned so that offers can name their source.
    negotiation_policy = models.JSONField("política de negociação", default=dict)
    policy_version = models.PositiveIntegerField("versão da política", default=1)
    pix_key = models.CharField("chave Pix", max_length=77, blank=True)

    class Meta:
        verbose_name = "organização"
        verbose_name_plural = "organização"
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="commons_one_organisation"),
            models.CheckConstraint(
                condition=models.Q(fine_percent__gte=0, fine_percent__lte=2), name="commons_fine_within_law"
            ),
            models.CheckConstraint(
                condition=models.Q(interest_percent_month__gte=0, interest_percent_month__lte=1),
                name="commons_interest_within_law",
            ),
        ]

    def __str__(self) -> str:
        return self.trade_name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def names(self) -> frozenset[str]:
        """Every name by which a member may know who writes."""
        return frozenset({self.trade_name, self.legal_name, *self.brands} - {""})

    @classmethod
    def current(cls) -> "Organisation":
        """The organisation's row. Raises DoesNotExist before the first set-up."""
        return cls.objects.get(pk=1)
