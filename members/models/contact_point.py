import pghistory
from django.db import models

from commons.crypto import EncryptedTextField
from commons.text import mask_email, mask_phone
from members.enums import AliasKind, Channel, ContactPointState, IdentityState
from members.models.member import Member


@pghistory.track(exclude=["address"], model_name="ContactPointHistory")
class ContactPoint(models.Model):
    """One address of a member on one channel.

    An address belongs to one member at a time; a second claimant's row is `shared` and never written to
    until a person decides. `match_hash` joins the Brazilian variants with and without the ninth digit.
    """

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="contact_points", verbose_name="membro"
    )
    channel = models.CharField("canal", max_length=10, choices=Channel)
    # E.164 for phones, lower case for e-mail; empty where only a business-scoped id is known.
    address = EncryptedTextField("endereço", blank=True)
    address_hash = models.CharField(max_length=64, db_index=True, blank=True, editable=False)
    match_hash = models.CharField(max_length=64, db_index=True, blank=True, editable=False)
    state = models.CharField(
        "situação", max_length=12, choices=ContactPointState, default=ContactPointState.UNVERIFIED
    )
    # Since when it is in that state; empty: since it was made.
    state_since = models.DateTimeField("nessa situação desde", null=True, blank=True)
    is_mobile = models.BooleanField("celular", default=True)
    guessed = models.BooleanField("nono dígito presumido", default=False)
    preferred = models.BooleanField("preferido", default=True)
    confirmed_at = models.DateTimeField("confirmado em", null=True, blank=True)
    identity_tries = models.PositiveSmallIntegerField("tentativas de identificação", default=0)
    identity_locked_at = models.DateTimeField("travado em", null=True, blank=True)
    import_batch_id = models.BigIntegerField(null=True, editable=False)
    created_at = models.DateTimeField("criado em")
    voided_at = models.DateTimeField("anulado em", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "contato"
        verbose_name_plural = "contatos"
        constraints = [
            # A second claimant keeps its row, but as `shared`; a voided one (undone import) claims nothing.
            models.UniqueConstraint(
                fields=["channel", "address_hash"],
                condition=~models.Q(address_hash="")
                & ~models.Q(state__in=["shared", "wrong"])
                & models.Q(voided_at=None),
                name="members_one_owner_per_address",
            )
        ]

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        if not self.address:
            return "id do WhatsApp"
        return mask_email(self.address) if self.channel == Channel.EMAIL else mask_phone(self.address)

    @property
    def identity(self) -> IdentityState:
        if self.state == ContactPointState.CONFIRMED:
            return IdentityState.CONFIRMED
        return IdentityState.LOCKED if self.identity_locked_at else IdentityState.UNCONFIRMED

    @property
    def is_usable(self) -> bool:
        """Whether a message may be addressed to it at all."""
        return self.voided_at is None and self.state in {
            ContactPointState.UNVERIFIED,
            ContactPointState.CONFIRMED,
        }


class Alias(models.Model):
    """Another name one contact point goes by at a provider: a wa_id, a business-scoped user id."""

    contact_point = models.ForeignKey(ContactPoint, on_delete=models.CASCADE, related_name="aliases")
    kind = models.CharField("tipo", max_length=16, choices=AliasKind)
    value = EncryptedTextField("valor")
    value_hash = models.CharField(max_length=64, editable=False)
    learned_at = models.DateTimeField("aprendido em")

    class Meta:
        verbose_name = "identificador"
        verbose_name_plural = "identificadores"
        constraints = [models.UniqueConstraint(fields=["kind", "value_hash"], name="members_alias_unique")]

    def __str__(self) -> str:
        return self.get_kind_display()
