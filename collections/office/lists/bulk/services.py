"""The verbs of an act on many rows: prepared, started, undone, given up."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from commons import clock
from members.services.tags import canonical_tag
from office.lists.bulk import running
from office.lists.bulk.acts import Act
from office.lists.bulk.enums import LeftOut, RowOutcome, RowUndone, RunState
from office.lists.bulk.registry import ACTS
from office.models import BulkRow, BulkRun

REASON_LENGTH = 200
MAX_ROWS = 200_000
# The longest a person may hold in bulk: what is held longer is forgotten.
LONGEST_HOLD = timedelta(days=180)
# So few are done while the person waits; the rest in the background.
PREPARED_AT_ONCE = 300
DONE_AT_ONCE = 15
# Real time without a sign of life after which a run at work is taken up again.
SILENCE = timedelta(minutes=6)


class BulkRefused(Exception):
    """What was asked is not done, and nothing changed; `str()` of it is a sentence for people."""


def act_of(run: BulkRun) -> Act:
    return ACTS[run.action]


def prepare(*, act: Act, ids: Collection[int], author: User, now: datetime) -> BulkRun:
    """Keeps the selection and looks at each of its rows; a large one is looked at in the background.

    Nothing changes for any member. Raises BulkRefused for none or too many rows.
    """
    chosen = list(dict.fromkeys(ids))
    if not chosen:
        raise BulkRefused("Escolha ao menos uma linha.")
    if len(chosen) > MAX_ROWS:
        raise BulkRefused("São linhas demais de uma vez. Filtre mais e repita.")
    run = BulkRun.objects.create(
        action=act.key,
        listed=act.listed,
        selection=chosen,
        author=author,
        created_at=now,
        rows_total=len(chosen),
        beat_at=clock.real_now(),
    )
    if len(chosen) <= PREPARED_AT_ONCE:
        running.work(run_id=run.pk, now=now, seconds=float("inf"))
        run.refresh_from_db()
    return run


def start(
    *, run_id: int, reason: str, now: datetime, ends_at: datetime | None = None, tag: str = ""
) -> BulkRun:
    """The person pressed the button: from here on members are acted on. Raises BulkRefused."""
    reason = " ".join(reason.split())[:REASON_LENGTH]
    with _locked(run_id, [RunState.READY], "Esta ação já começou.") as run:
        act = act_of(run)
        if not reason:
            raise BulkRefused("Diga por quê: o motivo fica na história de cada membro.")
        if act.needs_end and not (ends_at and now < ends_at <= now + LONGEST_HOLD):
            raise BulkRefused(f"Escolha uma data de hoje até daqui a {LONGEST_HOLD.days} dias.")
        try:
            run.tag = canonical_tag(tag) if act.needs_tag else ""
        except ValueError as error:
            raise BulkRefused(str(error)) from error
        taking_part = run.rows.filter(left_out=LeftOut.NONE).count()
        if not taking_part:
            raise BulkRefused("Nenhuma das linhas escolhidas pode entrar.")
        run.state, run.reason, run.started_at = RunState.RUNNING, reason, now
        run.ends_at = ends_at if act.needs_end else None
        run.rows_total, run.rows_done, run.beat_at = taking_part, 0, clock.real_now()
        run.save()
    return run


def request_undo(*, run_id: int, reason: str, by: User, now: datetime) -> BulkRun:
    """Takes back what the act made, where nobody changed it since. Raises BulkRefused."""
    reason = " ".join(reason.split())[:REASON_LENGTH]
    with _locked(run_id, [RunState.DONE], "Só uma ação terminada pode ser desfeita.") as run:
        if act_of(run).undo_button is None:
            raise BulkRefused("Esta ação não tem volta automática: desfaça caso a caso.")
        if not reason:
            raise BulkRefused("Diga por que esta ação será desfeita.")
        run.state, run.undo_reason, run.undone_by, run.undone_at = RunState.UNDOING, reason, by, now
        run.rows_total = run.rows.filter(outcome=RowOutcome.DONE, undone=RowUndone.NO).count()
        run.rows_done, run.beat_at = 0, clock.real_now()
        run.save()
    return run


def discard(*, run_id: int) -> None:
    """Gives up an act that was only looked at. Raises BulkRefused."""
    with _locked(run_id, [RunState.READY, RunState.PREPARING], "Esta ação já começou.") as run:
        BulkRow.objects.filter(run=run).delete()
        run.state, run.selection = RunState.DISCARDED, []
        run.save(update_fields=["state", "selection"])


def abandoned(*, real_now: datetime) -> list[int]:
    """Runs at work that nobody has worked on for a while: their task was lost."""
    silent = BulkRun.objects.filter(state__in=RunState.working(), beat_at__lt=real_now - SILENCE)
    return list(silent.order_by("pk").values_list("pk", flat=True))


@contextmanager
def _locked(run_id: int, allowed: list[RunState], refusal: str) -> Iterator[BulkRun]:
    with transaction.atomic():
        run = BulkRun.objects.select_for_update().get(pk=run_id)
        if run.state not in allowed:
            raise BulkRefused(refusal)
        yield run
