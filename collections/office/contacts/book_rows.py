"""The book on its way out of the house: every line of a filter, addresses masked, some at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from commons import clock
from office.contacts import book
from office.lists import writing
from office.lists.cells import Cell
from office.lists.exporting import FileFormat
from office.lists.masking import masked
from office.models import ListExport

TITLES: Final = (
    "Quando",
    "Tipo",
    "Membro",
    "Código",
    "Canal",
    "Contato",
    "Como foi dito",
    "Palavras ou texto",
    "Prova",
    "Registrado por",
    "Situação",
    "Terminou em",
    "Por quê",
    "Por quem",
)
_PIECE = 64 * 1024


def pieces(log: ListExport, wanted: book.BookFilter) -> Iterator[bytes]:
    """The file piece by piece; when the last was taken the log says how many lines were."""
    taken = 0

    def rows() -> Iterator[list[Cell]]:
        nonlocal taken
        for line in book.every_line(wanted):
            taken += 1
            yield _cells(line)

    if log.format == FileFormat.CSV:
        yield from writing.csv_pieces(list(TITLES), rows())
    else:
        with writing.xlsx_file(list(TITLES), rows(), sheet=log.title) as file:
            while piece := file.read(_PIECE):
                yield piece
    log.rows_written, log.finished_at = taken, clock.now()
    log.save(update_fields=["rows_written", "finished_at"])


def _cells(line: book.Line) -> list[Cell]:
    return [
        clock.local(line.at),
        line.kind_label,
        line.member.name if line.member else "",
        (line.member.external_id or "") if line.member else "",
        line.channel,
        line.contact,
        masked(line.source),
        masked(line.said),
        masked(line.evidence),
        line.recorded_by,
        line.standing,
        clock.local(line.ended_at) if line.ended_at else "",
        masked(line.ended_because),
        line.ended_by,
    ]
