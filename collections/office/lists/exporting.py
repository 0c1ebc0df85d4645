"""A list on its way out of the house: written to the log of exports first, then streamed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from django.contrib.admin.options import ModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.db.models import TextChoices
from django.http import StreamingHttpResponse

from commons import clock
from office.lists import addressing, cells, writing
from office.models import ListExport

REASON_LENGTH = 200
_PIECE = 64 * 1024


class FileFormat(TextChoices):
    CSV = "csv", "CSV, para qualquer programa"
    XLSX = "xlsx", "Excel (XLSX)"


CONTENT_TYPES = {
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ExportRefused(Exception):
    """The list does not leave like this; `str()` of it is a sentence for people."""


def is_personal(model_admin: ModelAdmin[Any]) -> bool:
    """Whether the rows say something about a person: then a reason is asked for."""
    return cells.touches_people(model_admin.model)


def begin(
    *, found: ChangeList, format: str, reason: str, user: User, now: datetime
) -> tuple[ListExport, Iterator[bytes]]:
    """The row of the log, and the file piece by piece. Raises ExportRefused.

    The log says how many rows were delivered once the last piece was taken.
    """
    if format not in FileFormat.values:
        raise ExportRefused("Escolha CSV ou Excel.")
    reason = " ".join(reason.split())[:REASON_LENGTH]
    personal = is_personal(found.model_admin)
    if personal and not reason:
        raise ExportRefused("Diga para que serve esta cópia: ela leva dados de pessoas.")
    count = addressing.rows_of(found).count()
    if format == FileFormat.XLSX and count > writing.XLSX_MAX_ROWS:
        raise ExportRefused("São mais linhas do que uma planilha do Excel comporta. Filtre mais, ou use CSV.")
    log = ListExport.objects.create(
        user=user,
        listed=addressing.label(found.model_admin),
        title=str(found.opts.verbose_name_plural)[:80],
        format=format,
        query=addressing.canonical(found.get_query_string()[1:]),
        columns=cells.titles(found),
        rows=count,
        personal=personal,
        reason=reason,
        at=now,
    )
    return log, _pieces(log, cells.rows(found))


def begin_table(
    *,
    titles: list[str],
    rows: list[list[cells.Cell]],
    name: str,
    title: str,
    format: str,
    user: User,
    now: datetime,
) -> tuple[ListExport, Iterator[bytes]]:
    """The same for a report, which is no list and says nothing about a person."""
    log = ListExport.objects.create(
        user=user,
        listed=name,
        title=title[:80],
        format=format,
        columns=titles,
        rows=len(rows),
        personal=False,
        at=now,
    )
    return log, _pieces(log, iter(rows))


def response(log: ListExport, pieces: Iterator[bytes]) -> StreamingHttpResponse:
    """The file under its name, kept by nobody on the way."""
    made = StreamingHttpResponse(pieces, content_type=CONTENT_TYPES[FileFormat(log.format)])
    made["Content-Disposition"] = f'attachment; filename="{file_name(log)}"'
    made["Cache-Control"] = "no-store"
    return made


def file_name(log: ListExport) -> str:
    return f"{log.listed.replace('.', '-')}-{clock.local(log.at):%Y-%m-%d-%H%M}.{log.format}"


def _pieces(log: ListExport, rows: Iterator[list[cells.Cell]]) -> Iterator[bytes]:
    counter = _Counted(rows)
    if log.format == FileFormat.CSV:
        yield from writing.csv_pieces(log.columns, counter)
    else:
        yield from _read(writing.xlsx_file(log.columns, counter, sheet=log.title))
    log.rows_written = counter.count
    log.finished_at = clock.now()
    log.save(update_fields=["rows_written", "finished_at"])


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece


class _Counted:
    """Rows, and how many of them were taken."""

    def __init__(self, rows: Iterator[list[cells.Cell]]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[list[cells.Cell]]:
        for row in self._rows:
            self.count += 1
            yield row
