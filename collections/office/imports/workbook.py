"""XLSX files, read without trusting what they claim about their own size."""

import io
import math
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from office.imports.delimited import clean, too_long, too_wide
from office.imports.errors import ImportFileError
from office.imports.table import MAX_COLUMNS, MAX_ROWS, Grid, SourceRow

MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_PARTS = 500
# A sheet that is empty for this many rows in a row has ended, whatever its last formatted cell says.
MAX_BLANK_RUN = 2_000

_DAMAGED = (
    "A planilha está danificada e não pôde ser lida. Abra-a no Excel, salve de novo como .xlsx e reenvie."
)


def read_workbook(content: bytes) -> Grid:
    """The first sheet that holds data, dates as `2026-05-31` and numbers as plain digits with a point.

    Raises ImportFileError when the archive is not a workbook, is damaged, unpacks to more than
    `MAX_UNPACKED_BYTES`, or has no data in any visible sheet.
    """
    _refuse_hostile_archive(content)
    import openpyxl  # noqa: PLC0415 -- heavy library, needed for this kind of file only

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            book = openpyxl.load_workbook(
                io.BytesIO(content), read_only=True, data_only=True, keep_links=False
            )
            try:
                return _first_sheet_with_data(book)
            finally:
                book.close()
    except ImportFileError:
        raise
    except Exception as error:  # openpyxl raises whatever the broken part made it stumble over
        raise ImportFileError("broken_workbook", _DAMAGED) from error


def _refuse_hostile_archive(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names:
                raise ImportFileError(
                    "not_a_workbook",
                    "Este arquivo compactado não é uma planilha do Excel (.xlsx). Envie a planilha.",
                )
            # zipfile never unpacks more of a part than this size says, so the sum is a real limit.
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
                raise ImportFileError(
                    "workbook_too_large",
                    "A planilha é grande demais depois de descompactada. Divida-a em partes.",
                )
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        if b"<!DOCTYPE" in stream.read(4096):
                            raise ImportFileError("broken_workbook", _DAMAGED)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
    ) as error:
        raise ImportFileError("broken_workbook", _DAMAGED) from error


def _first_sheet_with_data(book: Any) -> Grid:
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        # Some systems write a wrong extent; without it openpyxl reads what is there.
        sheet.reset_dimensions()
        rows = tuple(_rows(sheet))
        if any(not row.is_blank for row in rows):
            return Grid(rows=rows, kind="xlsx", sheet=str(sheet.title))
    raise ImportFileError("empty", "A planilha não tem nenhuma linha preenchida.")


def _rows(sheet: Any) -> Iterator[SourceRow]:
    filled = blank_run = 0
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [_text(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if len(texts) > MAX_COLUMNS:
            raise too_wide(line)
        blank_run = 0 if texts else blank_run + 1
        filled += bool(texts)
        if filled > MAX_ROWS + 1:
            raise too_long()
        if blank_run > MAX_BLANK_RUN:
            return
        yield SourceRow(line=line, cells=tuple(texts))


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "sim" if value else "não"
    if isinstance(value, datetime):
        return (
            value.date().isoformat()
            if value.time() == time.min
            else value.isoformat(sep=" ", timespec="seconds")
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(value, str(getattr(cell, "number_format", "") or ""))
    return clean(str(value))


def _number(value: int | float, number_format: str) -> str:
    """Digits with a point; binary noise such as 119.89999999999999 goes, shown leading zeros stay."""
    if not math.isfinite(value):
        return ""
    exact = Decimal(repr(value))
    if exact != exact.to_integral_value():
        exact = round(exact, 6)
    text = f"{exact.normalize():f}"
    if re.fullmatch(r"0{2,}", number_format) and text.isdecimal():
        return text.zfill(len(number_format))
    return text
