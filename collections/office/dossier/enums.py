from django.db.models import TextChoices


class Mode(TextChoices):
    """How much of the person a dossier shows."""

    MASKED = "masked", "Dados pessoais mascarados"
    FULL = "full", "Dados pessoais completos"
    # For the member themself: everything about them, nothing of other people's, no private note of the staff.
    SUBJECT = "subject", "Para o próprio membro"

    @property
    def shows_identity(self) -> bool:
        """Whether document, birth date and addresses are written in full."""
        return self != Mode.MASKED
