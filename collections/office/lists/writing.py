"""Tables as files that a spreadsheet opens without harm: CSV as it is made, XLSX in constant memory."""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.utils.formats import number_format

from commons import clock
from commons.money import brl
from office.lists.cells import Cell

XLSX_MAX_ROWS = 1_048_575
"""Below the line of titles."""

# What a spreadsheet takes for the beginning of a formula, in full width too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MONEY = re.compile(r"(-?)R\$ ([\d.]+),(\d{2})")
# Not allowed in XML, and never meant.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LONGEST = 32_000
_ROWS_PER_PIECE = 200


def csv_pieces(titles: list[str], rows: Iterable[list[Cell]]) -> Iterator[bytes]:
    """The file piece by piece: UTF-8 with its mark and semicolons, as Excel in Portuguese expects."""
    line = _Line()
    writer = csv.writer(line, delimiter=";", lineterminator="\r\n")
    yield b"\xef\xbb\xbf"
    writer.writerow([harmless(title) for title in titles])
    for number, row in enumerate(rows, start=1):
        writer.writerow([as_text(cell) for cell in row])
        if number % _ROWS_PER_PIECE == 0:
            yield line.taken()
    yield line.taken()


def xlsx_file(titles: list[str], rows: Iterable[list[Cell]], *, sheet: str) -> IO[bytes]:
    """The workbook in a temporary file, at its beginning. Rows go to the disk as they come."""
    import openpyxl  # noqa: PLC0415 -- heavy library, needed for this kind of file only
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 -- see above
    from openpyxl.styles import Font  # noqa: PLC0415 -- see above
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 -- see above

    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", sheet)[:31] or "Lista")
    page.freeze_panes = "A2"
    for place, title in enumerate(titles, start=1):
        page.column_dimensions[get_column_letter(place)].width = max(14, min(40, len(title) + 4))

    def cell(value: Cell) -> Any:
        kind, content = _in_workbook(value)
        made = WriteOnlyCell(page, value=content)
        if isinstance(content, str):
            # Text stays text, whatever it begins with.
            made.data_type = "s"
        if kind:
            made.number_format = kind
        return made

    heads = [cell(title) for title in titles]
    for head in heads:
        head.font = Font(bold=True)
    page.append(heads)
    for row in rows:
        page.append([cell(value) for value in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- whoever streams it closes it
    book.save(file)
    file.seek(0)
    return file


def harmless(text: str) -> str:
    """`text` as a spreadsheet reads it as text: what begins like a formula gets an apostrophe."""
    text = _CONTROL.sub(" ", text)
    if text.startswith(_FORMULA) and not _MONEY.fullmatch(text):
        return f"'{text}"
    return text


def as_text(value: Cell) -> str:
    """A cell as the page writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Sim" if value else "Não"
    if isinstance(value, datetime):
        return f"{clock.local(value):%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        return str(number_format(value, use_l10n=True, force_grouping=True))
    return str(value) if isinstance(value, int) else harmless(value)


def _in_workbook(value: Cell) -> tuple[str, Any]:
    """The number format and the content: amounts and dates as such, so that a workbook can add and sort them."""
    if isinstance(value, bool) or value is None:
        return "", as_text(value)
    if isinstance(value, datetime):
        return "dd/mm/yyyy hh:mm", clock.local(value).replace(tzinfo=None)
    if isinstance(value, date):
        return "dd/mm/yyyy", value
    if isinstance(value, Decimal):
        return "#,##0.00", value
    if isinstance(value, str):
        if amount := _MONEY.fullmatch(value):
            whole = Decimal(f"{amount[1]}{amount[2].replace('.', '')}.{amount[3]}")
            return ('"R$" #,##0.00', whole) if brl(whole) == value else ("", value)
        return "", _CONTROL.sub(" ", value)[:_LONGEST]
    return "", value


class _Line:
    """What the csv module writes to, emptied piece by piece."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def write(self, text: str) -> int:
        self._parts.append(text)
        return len(text)

    def taken(self) -> bytes:
        made = "".join(self._parts).encode()
        self._parts.clear()
        return made
