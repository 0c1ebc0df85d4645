import pghistory
from django.core.exceptions import ValidationError
from django.db import models

from commons.models import Organisation
from commons.text import fold
from compliance.packs import narrowing
from compliance.packs.loader import UnknownCountry, load_pack
from compliance.packs.model import ContactLimits
from compliance.packs.windows import Window

_EXAMPLE = "Como 09:00-12:00, 13:30-19:00; vazio para nenhum contato."


@pghistory.track(model_name="ContactSettingsHistory")
class ContactSettings(models.Model):
    """The creditor's own limits: they move what is shipped inside what law allows, never past it.

    The hours count once `own_hours` is set; numbers left empty keep what is shipped.
    """

    own_hours = models.BooleanField("usar horário próprio", default=False)
    weekday = models.CharField("segunda a sexta", max_length=80, blank=True, help_text=_EXAMPLE)
    saturday = models.CharField("sábado", max_length=80, blank=True, help_text=_EXAMPLE)
    max_messages_7d = models.PositiveSmallIntegerField("mensagens em sete dias", null=True, blank=True)
    max_calls_7d = models.PositiveSmallIntegerField("ligações em sete dias", null=True, blank=True)
    max_per_30d = models.PositiveSmallIntegerField("contatos em trinta dias", null=True, blank=True)
    min_gap_hours = models.PositiveSmallIntegerField("horas entre contatos", null=True, blank=True)
    balance_max_age_minutes = models.PositiveSmallIntegerField(
        "idade máxima do saldo, em minutos", null=True, blank=True
    )
    version = models.PositiveIntegerField("versão", default=1, editable=False)

    class Meta:
        verbose_name = "política de contato"
        verbose_name_plural = "política de contato"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="compliance_one_contact_policy")]

    def __str__(self) -> str:
        return f"Política de contato, versão {self.version}"

    @classmethod
    def current(cls) -> "ContactSettings":
        """The row in force; the shipped values where nobody has set anything."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    @property
    def limits(self) -> ContactLimits:
        """Raises ValueError with a sentence when the hours make no sense."""
        window = Window.parse(weekday=self.weekday, saturday=self.saturday) if self.own_hours else None
        return ContactLimits(
            window=window,
            max_messages_7d=self.max_messages_7d,
            max_calls_7d=self.max_calls_7d,
            max_per_30d=self.max_per_30d,
            min_gap_hours=self.min_gap_hours,
            balance_max_age_minutes=self.balance_max_age_minutes,
        )

    def clean(self) -> None:
        """Refuses whatever would widen a limit of the organisation's country."""
        organisation = Organisation.objects.filter(pk=1).first()
        try:
            narrowing.check(load_pack(organisation.country if organisation else "BR"), self.limits)
        except narrowing.WouldWiden as error:
            raise ValidationError(error.sentences) from error
        except (UnknownCountry, ValueError) as error:
            raise ValidationError(str(error)) from error


class LocalHoliday(models.Model):
    """A municipal holiday, a bridge day: what the calendar of states does not know.

    Without a state it holds everywhere, without a city in the whole state; without a country, in the
    organisation's own.
    """

    date = models.DateField("data")
    name = models.CharField("nome", max_length=120)
    country = models.CharField("país", max_length=2, blank=True, help_text="Vazio: o país da organização.")
    state = models.CharField("UF", max_length=2, blank=True)
    city = models.CharField("cidade", max_length=80, blank=True)
    folded_city = models.CharField(max_length=80, blank=True, editable=False)

    class Meta:
        verbose_name = "feriado local"
        verbose_name_plural = "feriados locais"
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["date", "country", "state", "folded_city"], name="compliance_holiday_once"
            ),
            models.CheckConstraint(
                condition=models.Q(city="") | ~models.Q(state=""), name="compliance_holiday_city_has_a_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.date:%d/%m/%Y}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.folded_city = fold(self.city)
        super().save(*args, **kwargs)  # type: ignore[arg-type]
