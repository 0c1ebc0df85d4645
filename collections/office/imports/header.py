"""Where the table starts, and which of its lines are not invoices."""

import re

from commons.text import fold
from office.imports.errors import ImportFileError
from office.imports.table import MAX_COLUMNS, Grid, Skipped, SourceRow, Table
from office.imports.vocabulary import recognised_fields

# Reports put a title, a period and a date above the table; more than this is not a report.
_SEARCHED_RECORDS = 40
_TOTAL = re.compile(
    r"^(sub ?)?tota(l|is)\b|^soma(torio)?\b|^registros?:|^fim do relatorio"
    r"|^(quantidade|qtde?\.?|numero) (total|de (registros|titulos|faturas))"
)
_DATE = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}\b")


def to_table(grid: Grid) -> Table:
    """The header, the rows under it and a count of everything else.

    Raises ImportFileError when nothing looks like a header, or nothing follows it.
    """
    at = find_header(grid.rows)
    header = grid.rows[at].cells
    while header and not header[-1]:
        header = header[:-1]
    if len(header) > MAX_COLUMNS:
        header = header[:MAX_COLUMNS]
    rows: list[SourceRow] = []
    blank = totals = repeated = 0
    for row in grid.rows[at + 1 :]:
        if row.is_blank:
            blank += 1
        elif _is_total(row):
            totals += 1
        elif row.cells[: len(header)] == header:
            repeated += 1
        else:
            missing = len(header) - len(row.cells)
            rows.append(SourceRow(row.line, row.cells + ("",) * missing) if missing > 0 else row)
    if not rows:
        raise ImportFileError("no_rows", "O arquivo tem cabeçalho, mas nenhuma linha com dados abaixo dele.")
    before = grid.rows[:at]
    return Table(
        kind=grid.kind,
        header=header,
        header_line=grid.rows[at].line,
        rows=tuple(rows),
        skipped=Skipped(
            preamble=sum(not row.is_blank for row in before),
            blank=blank + sum(row.is_blank for row in before),
            totals=totals,
            repeated_headers=repeated,
        ),
        encoding=grid.encoding,
        delimiter=grid.delimiter,
        sheet=grid.sheet,
    )


def find_header(rows: tuple[SourceRow, ...]) -> int:
    """The index of the header: the record that names the most fields and holds no value."""
    filled = [(index, row) for index, row in enumerate(rows) if not row.is_blank]
    if not filled:
        raise ImportFileError("empty", "O arquivo está vazio.")
    if all(sum(map(bool, row.cells)) < 2 for _, row in filled):
        raise ImportFileError(
            "not_a_table",
            "Não há colunas neste arquivo: cada linha tem um só valor. Envie um CSV separado por ponto e "
            "vírgula ou uma planilha .xlsx.",
        )
    titles = [(index, row) for index, row in filled[:_SEARCHED_RECORDS] if _may_be_titles(row)]
    if titles:
        index, row = max(titles, key=lambda item: (len(recognised_fields(item[1].cells)), -item[0]))
        if len(recognised_fields(row.cells)) >= 2:
            return index
        # Titles in words of the system's own: taken when they top the table and values follow.
        index, row = titles[0]
        width = len(row.cells)
        following = [other for at, other in filled if at > index][:5]
        if index == filled[0][0] and any(
            not _may_be_titles(other) and len(other.cells) == width for other in following
        ):
            return index
    raise ImportFileError(
        "no_header",
        "Não encontramos a linha com os títulos das colunas (nome, vencimento, valor…). "
        "Acrescente-a no topo do arquivo e reenvie.",
    )


def _may_be_titles(row: SourceRow) -> bool:
    cells = [cell for cell in row.cells if cell]
    return len(cells) >= 2 and not any(_is_value(cell) for cell in cells)


def _is_value(cell: str) -> bool:
    digits = sum(character.isdigit() for character in cell)
    return digits * 2 > len(cell) or "@" in cell


def _is_total(row: SourceRow) -> bool:
    """Starts like a sum and is due on no day, which `Total Fitness Ltda` is."""
    first = next(cell for cell in row.cells if cell)
    return bool(_TOTAL.search(fold(first))) and not any(_DATE.match(cell) for cell in row.cells)
