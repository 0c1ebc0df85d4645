from django.db import models

from members.enums import Channel


class MessagePrice(models.Model):
    """What messages cost from a day on, in the organisation's currency; a later row replaces an earlier.

    By the thousand, so that an amount is money like any other: one message costs fractions of a cent.

    `category` is the provider's (utility, marketing); empty holds for every message of the channel.
    """

    channel = models.CharField("canal", max_length=10, choices=Channel)
    category = models.CharField("categoria", max_length=16, blank=True)
    per_thousand = models.DecimalField("preço de mil mensagens", max_digits=12, decimal_places=2)
    valid_from = models.DateField("vale desde")
    source = models.CharField("de onde veio", max_length=160)

    class Meta:
        verbose_name = "preço de mensagem"
        verbose_name_plural = "preços de mensagem"
        ordering = ["channel", "category", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "category", "valid_from"], name="cadence_one_price_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(per_thousand__gte=0), name="cadence_price_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.category}".strip()
