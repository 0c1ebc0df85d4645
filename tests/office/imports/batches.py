"""Imports made the way a person makes them: sent, answered, previewed, started."""

from datetime import UTC, date, datetime

from django.contrib.auth.models import User

from office.imports import services
from office.imports.enums import BatchState
from office.imports.mapping import ColumnMapping
from office.models import ImportBatch

# The afternoon of 24/11/2026 in São Paulo.
NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
HOW, TEXT, ON = "Ficha de matrícula", "Aceito receber avisos por WhatsApp.", date(2026, 1, 15)


def author() -> User:
    return User.objects.get_or_create(username="financeiro", defaults={"is_staff": True})[0]


def sent(content: bytes, *, consent: bool = False, now: datetime = NOW) -> ImportBatch:
    """A previewed import of `content` with the guessed columns."""
    batch = services.create_batch(content=content, file_name="carteira.csv", author=author(), now=now)
    services.answer(
        batch_id=batch.pk,
        mapping=ColumnMapping.from_json(batch.mapping),
        consent_how=HOW if consent else "",
        consent_text=TEXT if consent else "",
        consent_on=ON if consent else None,
        author=author(),
        now=now,
    )
    return worked(batch, now=now)


def imported(content: bytes, *, consent: bool = False, now: datetime = NOW) -> ImportBatch:
    batch = sent(content, consent=consent, now=now)
    services.start(batch_id=batch.pk, now=now)
    return worked(batch, now=now)


def undone(batch: ImportBatch, *, now: datetime = NOW) -> ImportBatch:
    services.request_revert(batch_id=batch.pk, reason="Arquivo errado", by=author())
    return worked(batch, now=now)


def worked(batch: ImportBatch, *, now: datetime = NOW) -> ImportBatch:
    """The batch after its task has come to an end."""
    while not services.work(batch_id=batch.pk, now=now):
        pass
    batch.refresh_from_db()
    assert batch.state != BatchState.FAILED, batch.error
    return batch
