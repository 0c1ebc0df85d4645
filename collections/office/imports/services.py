"""The verbs of an import: received, answered, previewed, started, resumed, undone."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q

from commons import clock
from office.imports import previewing, reverting, running
from office.imports.enums import BatchState, Outcome, Undone
from office.imports.errors import ImportFileError
from office.imports.mapping import ColumnMapping, fingerprint, guess
from office.imports.reading import read_table
from office.imports.table import Table
from office.models import ImportBatch, ImportFile, ImportRow, SavedMapping

# Each task works this long and then makes way; well below the time limit of a task.
SECONDS_PER_TASK = 90.0
# Real time without a sign of life after which a batch at work is taken up again.
SILENCE = timedelta(minutes=6)
# Business time for which a file that nobody imported waits, and for which refused rows can be downloaded.
KEPT_UNUSED = timedelta(days=30)
KEPT_REFUSED = timedelta(days=90)
_BROKEN = "Algo inesperado interrompeu o trabalho. Nada se perdeu: o que já foi gravado está listado abaixo."

log = logging.getLogger(__name__)


class NotNowError(Exception):
    """The batch is in a state that does not allow this; `str()` of it is a sentence for people."""


def create_batch(*, content: bytes, file_name: str, author: User, now: datetime) -> ImportBatch:
    """Receives a file: reads it, recalls or guesses its columns, keeps the bytes. Writes nothing to the book.

    Raises ImportFileError when it is not a file that can be imported; then nothing is kept.
    """
    table = read_table(content)
    saved = SavedMapping.objects.filter(fingerprint=fingerprint(table.header)).first()
    mapping = ColumnMapping.from_json(saved.mapping) if saved else guess(table)
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            file_name=file_name[-160:],
            file_sha256=hashlib.sha256(content).hexdigest(),
            file_size=len(content),
            reading=_reading(table),
            mapping=mapping.to_json(),
            mapping_recalled=saved is not None,
            author=author,
            created_at=now,
        )
        ImportFile.objects.create(batch=batch, packed=ImportFile.pack(content))
    return batch


def answer(
    *,
    batch_id: int,
    mapping: ColumnMapping,
    consent_how: str,
    consent_text: str,
    consent_on: date | None,
    author: User,
    now: datetime,
) -> ImportBatch:
    """The columns as a person confirmed them, kept for the next file of this origin, and the consent.

    The preview follows in the background. Raises NotNowError once the import has begun, ValueError for a
    mapping with `problems()`.
    """
    if problems := mapping.problems():
        raise ValueError(" ".join(problems))
    with _locked(batch_id, BatchState.editable(), "As colunas já não podem mudar") as batch:
        batch.mapping = mapping.to_json()
        batch.consent_how, batch.consent_text, batch.consent_on = consent_how, consent_text, consent_on
        batch.state = BatchState.PREVIEWING
        batch.rows_done = 0
        batch.beat_at = clock.real_now()
        batch.save()
        saved, created = SavedMapping.objects.get_or_create(
            fingerprint=mapping.fingerprint,
            defaults={"mapping": mapping.to_json(), "saved_by": author, "saved_at": now},
        )
        if not created:
            saved.mapping, saved.saved_by, saved.saved_at = mapping.to_json(), author, now
            saved.used = F("used") + 1
            saved.save()
    return batch


def start(*, batch_id: int, now: datetime) -> ImportBatch:
    """The person pressed the button: from here on the book changes. Raises NotNowError."""
    with _locked(batch_id, [BatchState.PREVIEWED], "Só um arquivo conferido pode ser importado") as batch:
        batch.state = BatchState.RUNNING
        batch.started_at = now
        batch.beat_at = clock.real_now()
        batch.save(update_fields=["state", "started_at", "beat_at"])
    return batch


def resume(*, batch_id: int) -> ImportBatch:
    """Goes on after an error with what was under way. Raises NotNowError."""
    with _locked(batch_id, [BatchState.FAILED], "Esta importação não parou com erro") as batch:
        batch.state = batch.failed_while
        batch.error = ""
        batch.beat_at = clock.real_now()
        batch.save(update_fields=["state", "error", "beat_at"])
    return batch


def request_revert(*, batch_id: int, reason: str, by: User) -> ImportBatch:
    """Undoes the import in the background. Also after one that stopped half-way. Raises NotNowError."""
    allowed = [BatchState.DONE, BatchState.FAILED]
    with _locked(batch_id, allowed, "Só uma importação terminada pode ser desfeita") as batch:
        if batch.started_at is None:
            raise NotNowError("Nada foi importado: não há o que desfazer.")
        applied = batch.rows.filter(member__isnull=False)
        batch.state = BatchState.REVERTING
        batch.revert_reason, batch.reverted_by = reason, by
        batch.error = ""
        batch.rows_total = applied.count()
        batch.rows_done = applied.exclude(member_undone=Undone.NO).count()
        batch.beat_at = clock.real_now()
        batch.save()
    return batch


def discard(*, batch_id: int) -> None:
    """Forgets a file that was never imported: its bytes, its rows, the batch itself. Raises NotNowError."""
    allowed = [*BatchState.editable(), BatchState.FAILED]
    with _locked(batch_id, allowed, "Esta importação já começou e fica no histórico") as batch:
        if batch.started_at is not None:
            raise NotNowError("Esta importação já começou e fica no histórico.")
        batch.rows.all().delete()
        batch.delete()


# --- In the background ------------------------------------------------------------------------------------


def work(*, batch_id: int, now: datetime, seconds: float | None = None) -> bool:
    """Does what the batch's state asks for, for a while; True when there is nothing more to do.

    Safe to call at any time, twice, and by two workers at once. An unexpected error becomes the state
    `failed`: what was committed stays, and `resume` or `request_revert` go on from there.
    """
    budget = SECONDS_PER_TASK if seconds is None else seconds
    doing: dict[str, Callable[[], bool]] = {
        BatchState.PREVIEWING: lambda: bool(previewing.preview(batch_id=batch_id, now=now)),
        BatchState.RUNNING: lambda: running.run(batch_id=batch_id, now=now, seconds=budget),
        BatchState.REVERTING: lambda: reverting.revert(batch_id=batch_id, now=now, seconds=budget),
    }
    state = ImportBatch.objects.values_list("state", flat=True).get(pk=batch_id)
    if state not in doing:
        return True
    try:
        return doing[state]()
    except ImportFileError as error:
        _fail(batch_id, state, error.message)
    except Exception as error:  # noqa: BLE001 -- a failed import is a state that people see, not a lost task
        # The class only: the text of a database error quotes the row.
        log.error("import %s failed while %s: %s", batch_id, state, type(error).__name__)
        _fail(batch_id, state, _BROKEN)
    return True


def abandoned(*, real_now: datetime) -> list[int]:
    """Batches at work that nobody has worked on for a while: their task was lost."""
    silent = Q(beat_at__lt=real_now - SILENCE) | Q(beat_at=None)
    batches = ImportBatch.objects.filter(silent, state__in=BatchState.working())
    return list(batches.order_by("pk").values_list("pk", flat=True))


def forget_old(*, now: datetime) -> None:
    """Personal data that served its purpose: files nobody imported, and refused rows as they came.

    What a refused row was refused for stays, its cells go.
    """
    never = ImportBatch.objects.filter(created_at__lt=now - KEPT_UNUSED, started_at=None)
    for batch_id in never.exclude(state__in=BatchState.working()).values_list("pk", flat=True):
        discard(batch_id=batch_id)
    old = ImportRow.objects.filter(batch__finished_at__lt=now - KEPT_REFUSED, outcome=Outcome.REJECTED)
    old.exclude(content="").update(content="", detail="")


def _fail(batch_id: int, state: str, message: str) -> None:
    ImportBatch.objects.filter(pk=batch_id, state=state).update(
        state=BatchState.FAILED, failed_while=state, error=message
    )


def _reading(table: Table) -> dict[str, object]:
    return {
        "kind": table.kind,
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "sheet": table.sheet,
        "header_line": table.header_line,
        "rows": len(table.rows),
        "skipped": asdict(table.skipped),
    }


@contextmanager
def _locked(batch_id: int, states: Collection[str], refusal: str) -> Iterator[ImportBatch]:
    """The batch, its row locked, in one of `states`; raises NotNowError with `refusal` otherwise."""
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
        if batch.state not in states:
            raise NotNowError(f"{refusal} (situação: {batch.get_state_display().lower()}).")
        yield batch
