"""A file as rows of text, before anybody says what its columns mean."""

from dataclasses import dataclass, field

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 100


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One record of the file. `line` is what a text editor or the spreadsheet shows beside it, from 1."""

    line: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        return not any(self.cells)


@dataclass(frozen=True, slots=True)
class Grid:
    """All records of a file in order, blank ones included, and how they were read."""

    rows: tuple[SourceRow, ...]
    kind: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Lines that carry no invoice, counted so that every line of the file is accounted for."""

    preamble: int = 0
    blank: int = 0
    totals: int = 0
    repeated_headers: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """The header and the rows under it. Cells are trimmed; a row is never shorter than the header."""

    kind: str
    header: tuple[str, ...]
    header_line: int
    rows: tuple[SourceRow, ...]
    skipped: Skipped = field(default_factory=Skipped)
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""

    def column(self, index: int, *, limit: int | None = None) -> list[str]:
        """The cells of one column, top to bottom; at most `limit` rows."""
        return [row.cells[index] for row in self.rows[:limit]]
