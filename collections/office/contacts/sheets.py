"""Rows as a CSV that Excel opens with its accents, or as a workbook; in little memory, however many there are."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import IO

from openpyxl import Workbook

# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ROWS_AT_ONCE = 500
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def harmless(cell: str) -> str:
    """The cell as text, whatever it begins with."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def csv_lines(header: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Pieces of the file: separated by semicolons, with the mark by which Excel knows UTF-8."""
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow(header)
    for number, row in enumerate(rows, start=1):
        writer.writerow([harmless(cell) for cell in row])
        if number % _ROWS_AT_ONCE == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def workbook(title: str, header: Iterable[str], rows: Iterable[Iterable[str]]) -> IO[bytes]:
    """The workbook in a temporary file, at its beginning; whoever takes it closes it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.append(list(header))
    for row in rows:
        sheet.append([harmless(cell) for cell in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- closed by the response that sends it
    book.save(file)
    file.seek(0)
    return file
