from django.db import models

from commons.append_only import append_only
from commons.crypto import EncryptedTextField
from members.enums import Channel, MarkKind
from members.models.contact_point import ContactPoint
from members.models.member import Member


class Consent(models.Model):
    """A member agreed to be written to on a channel: who asked, when, how, with which text."""

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="consents", verbose_name="membro"
    )
    channel = models.CharField("canal", max_length=10, choices=Channel)
    granted_at = models.DateTimeField("concedido em")
    source = models.CharField("como foi obtido", max_length=160)
    text_version = models.CharField("texto aceito", max_length=400)
    evidence = models.CharField("prova", max_length=200, blank=True)
    actor = models.CharField("registrado por", max_length=80)
    import_batch_id = models.BigIntegerField(null=True, editable=False)
    # An undone import takes back the consents it brought; a member's own refusal is a SuppressionMark.
    withdrawn_at = models.DateTimeField("retirado em", null=True, blank=True)
    recorded_at = models.DateTimeField("gravado em", auto_now_add=True)

    class Meta:
        verbose_name = "consentimento"
        verbose_name_plural = "consentimentos"
        indexes = [
            models.Index(fields=["member", "channel"], name="members_consent_lookup"),
            models.Index(fields=["granted_at"], name="members_consent_by_time"),
        ]
        triggers = append_only(except_columns=("withdrawn_at",))

    def __str__(self) -> str:
        return f"{self.get_channel_display()} em {self.granted_at:%d/%m/%Y}"


class SuppressionMark(models.Model):
    """An opt-out or a wrong number, found again by keyed hash after any re-import.

    `subject_hash` is the keyed hash of the person (document, else the creditor's code) or of the address.
    One declaration that is kept under several hashes has one row for each; all but the first name it in
    `repeats`, so that the book shows it once. A mark is lifted only by a later explicit opt-in, or for a number
    by the member through another channel (`lifted_at`); never by an import.
    """

    kind = models.CharField("tipo", max_length=14, choices=MarkKind)
    subject_hash = models.CharField(max_length=64, db_index=True)
    # Empty: every channel.
    channel = models.CharField("canal", max_length=10, blank=True)
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="suppressions", verbose_name="membro"
    )
    # The row of a wrong number that was marked; the hash alone finds it on any other.
    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.PROTECT, null=True, related_name="marks", verbose_name="contato"
    )
    repeats = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, related_name="copies", editable=False
    )
    at = models.DateTimeField("quando")
    source = models.CharField("como", max_length=80)
    words = EncryptedTextField("palavras do membro", blank=True)
    evidence = EncryptedTextField("prova", blank=True)
    actor = models.CharField("registrado por", max_length=80)
    lifted_at = models.DateTimeField("levantado em", null=True, blank=True)
    lifted_reason = models.CharField("por que foi levantado", max_length=200, blank=True)
    lifted_by = models.CharField("levantado por", max_length=80, blank=True)
    lifted_evidence = EncryptedTextField("prova do levantamento", blank=True)
    # When people look at a quarantined number again; nothing happens by itself on that day.
    review_on = models.DateField("rever em", null=True, blank=True)
    recorded_at = models.DateTimeField("gravado em", auto_now_add=True)

    class Meta:
        verbose_name = "opt-out ou engano"
        verbose_name_plural = "opt-outs e enganos"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lifted_at=None) | ~models.Q(lifted_reason=""),
                name="members_lifted_for_a_reason",
            )
        ]
        indexes = [
            models.Index(fields=["at"], name="members_mark_by_time", condition=models.Q(repeats=None)),
        ]
        triggers = append_only(
            except_columns=("lifted_at", "lifted_reason", "lifted_by", "lifted_evidence", "review_on")
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} em {self.at:%d/%m/%Y}"
