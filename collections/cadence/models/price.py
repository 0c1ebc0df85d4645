from django.db import models

from members.enums import Channel


class MessagePrice(models.Model):
    """What one message costs from a day on, in the organisation's currency; a later row replaces an earlier.

    `category` is the provider's (utility, marketing); empty holds for every message of the channel.
    """

    channel = models.CharField("canal", max_length=10, choices=Channel)
    category = models.CharField("categoria", max_length=16, blank=True)
    amount = models.DecimalField("preço", max_digits=10, decimal_places=4)
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
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="cadence_price_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.category}".strip()
