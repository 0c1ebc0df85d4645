"""Text files: which encoding, which delimiter, which records."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from office.imports.errors import ImportFileError
from office.imports.table import MAX_COLUMNS, MAX_ROWS, Grid, SourceRow
from office.imports.vocabulary import recognised_fields

DELIMITERS = (";", ",", "\t", "|")
# A quoted cell may hold line breaks (an address); one that holds more than these was never closed.
MAX_LINES_PER_RECORD = 10
_SAMPLE_RECORDS = 60
_PORTUGUESE = frozenset("áàâãéêíóôõúüçÁÀÂÃÉÊÍÓÔÕÚÜÇºª°–—“”‘’§")


def read_delimited(content: bytes) -> Grid:
    """The records of a text file. Raises ImportFileError for open quotes and for files that are too long."""
    text, encoding = decode(content)
    text, delimiter = _announced_delimiter(text)
    delimiter = delimiter or guess_delimiter(text)
    rows = tuple(_records(text, delimiter))
    return Grid(rows=rows, kind="csv", encoding=encoding, delimiter=delimiter)


def decode(content: bytes) -> tuple[str, str]:
    """The text of `content` and the name of its encoding.

    UTF-8 proves itself; single-byte encodings do not, so the one under which the most letters are letters of
    Portuguese wins: Windows-1252, or the code page of DOS programs that are still in use.
    """
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            try:
                return content.decode(name), name
            except UnicodeDecodeError as error:
                raise ImportFileError(
                    "broken_encoding",
                    "O arquivo começa como um texto Unicode mas está danificado. Exporte-o de novo.",
                ) from error
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if not re.search(rb"[\x80-\x9f]", content):
        return content.decode("latin-1"), "latin-1"
    candidates = [(content.decode(name, errors="replace"), name) for name in ("cp1252", "cp850")]
    return max(candidates, key=lambda candidate: sum(c in _PORTUGUESE for c in candidate[0]))


def guess_delimiter(text: str) -> str:
    """The delimiter under which most records have the same width and the header is understood best."""
    sample = "".join(line for line, _ in zip(_lines(text), range(_SAMPLE_RECORDS), strict=False))
    best, best_score = ";", (0, 0.0, 0)
    for delimiter in DELIMITERS:
        records = [r for r in csv.reader(_lines(sample), delimiter=delimiter) if any(c.strip() for c in r)]
        widths = Counter(len(record) for record in records if len(record) > 1)
        if not widths:
            continue
        width, count = widths.most_common(1)[0]
        understood = max(len(recognised_fields(record)) for record in records)
        score = (understood, count / len(records), width)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _announced_delimiter(text: str) -> tuple[str, str]:
    """Excel's own first line `sep=;`, when there is one. The line stays, blank, to keep the numbering."""
    first, line_break, rest = text.partition("\n")
    announced = first.rstrip("\r").strip('"').lower()
    if len(announced) == 5 and announced.startswith("sep=") and announced[4] in DELIMITERS:
        return line_break + rest, announced[4]
    return text, ""


def _lines(text: str) -> Iterator[str]:
    # Not str.splitlines: it also breaks at characters that are ordinary content here.
    return iter(io.StringIO(text, newline=""))


def _records(text: str, delimiter: str) -> Iterator[SourceRow]:
    consumed: list[str] = []

    def watched() -> Iterator[str]:
        for line in _lines(text):
            consumed.append(line)
            yield line

    reader = csv.reader(watched(), delimiter=delimiter)
    start = 1
    count = 0
    try:
        for cells in reader:
            if _is_unclosed(consumed, cells, delimiter):
                raise _open_quote(start)
            if any(cells):
                count += 1
            if count > MAX_ROWS + 1:
                raise too_long()
            if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
                raise too_wide(start)
            yield SourceRow(line=start, cells=tuple(clean(cell) for cell in cells[:MAX_COLUMNS]))
            start = reader.line_num + 1
            consumed.clear()
    except csv.Error as error:
        raise _open_quote(start) from error


def _is_unclosed(consumed: list[str], cells: list[str], delimiter: str) -> bool:
    if len(consumed) > MAX_LINES_PER_RECORD:
        return True
    if not cells or sum(line.count('"') for line in consumed) % 2 == 0:
        return False
    return len(consumed) > 1 or delimiter in cells[-1] or "\n" in cells[-1] or "\r" in cells[-1]


def clean(cell: str) -> str:
    """`cell` without the spaces, of any kind, that systems put around values."""
    return cell.replace("\xa0", " ").replace("\u200b", "").strip()


def too_long() -> ImportFileError:
    limit = f"{MAX_ROWS:,}".replace(",", ".")
    return ImportFileError(
        "too_many_rows",
        f"O arquivo tem mais de {limit} linhas. Divida-o em partes e importe uma de cada vez.",
    )


def too_wide(line: int) -> ImportFileError:
    return ImportFileError(
        "too_many_columns",
        f"A linha {line} tem mais de {MAX_COLUMNS} colunas. Exporte só as colunas do membro e da fatura.",
    )


def _open_quote(line: int) -> ImportFileError:
    return ImportFileError(
        "unclosed_quote",
        f"A linha {line} abre aspas que não se fecham. Corrija essa linha, ou exporte o arquivo de novo.",
    )
