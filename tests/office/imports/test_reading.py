import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.imports.delimited import decode, guess_delimiter
from office.imports.errors import ImportFileError
from office.imports.reading import read_table
from office.imports.table import MAX_COLUMNS, MAX_FILE_BYTES, MAX_ROWS, Skipped
from tests.office.imports.books import EXPORT

SMALL = "Código;Nome;Vencimento;Valor\r\n1;José Conceição;10/11/2026;119,90\r\n"


def workbook(*rows: list[object], title: str = "Planilha1", first_sheet: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = first_sheet or title
    if first_sheet:
        sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def code_of(content: bytes) -> str:
    with pytest.raises(ImportFileError) as caught:
        read_table(content)
    assert caught.value.message.endswith(".")
    return caught.value.code


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("latin-1", "latin-1"),
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("cp850", "cp850"),
    ],
)
def test_encoding_is_recognised_and_letters_survive(encoding: str, expected: str) -> None:
    table = read_table(SMALL.encode(encoding))

    assert table.encoding == expected
    assert table.header == ("Código", "Nome", "Vencimento", "Valor")
    assert table.rows[0].cells == ("1", "José Conceição", "10/11/2026", "119,90")


def test_encoding_windows_dash_makes_it_windows() -> None:
    assert decode("Joana — Conceição".encode("cp1252")) == ("Joana — Conceição", "cp1252")


def test_encoding_damaged_unicode_is_refused() -> None:
    assert code_of(b"\xef\xbb\xbfNome;Valor\r\n\xff\xff;1") == "broken_encoding"


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_delimiter_is_recognised(delimiter: str) -> None:
    rows = [
        ["Nome", "Vencimento", "Valor"],
        ["Ana", "10/11/2026", '"119,90"'],
        ["Bia", "11/11/2026", '"1.049,90"'],
    ]
    text = "\n".join(delimiter.join(row) for row in rows)

    assert guess_delimiter(text) == delimiter
    assert read_table(text.encode()).rows[1].cells == ("Bia", "11/11/2026", "1.049,90")


def test_delimiter_decimal_commas_do_not_win_over_semicolons() -> None:
    assert guess_delimiter("A;B;C\n1,5;2,5;3,5\n1,5;2,5;3,5\n") == ";"


def test_delimiter_announced_by_excel_is_obeyed_and_lines_keep_their_numbers() -> None:
    table = read_table(b"sep=|\r\nNome|Valor\r\nAna; Bia|10,00\r\n")

    assert table.header_line == 2
    assert [(row.line, row.cells) for row in table.rows] == [(3, ("Ana; Bia", "10,00"))]


def test_lines_blank_totals_titles_and_repeated_headers_are_skipped_and_counted() -> None:
    text = (
        "Academia Boa Forma;;\r\nTítulos em aberto em 24/11/2026;;\r\n\r\n"
        "Nome;Vencimento;Valor\r\nAna;10/11/2026;10,00\r\n;;\r\n\r\nNome;Vencimento;Valor\r\n"
        "Total Fitness Ltda;11/11/2026;20,00\r\nSubtotal;;30,00\r\nTOTAL GERAL;;30,00\r\n"
    )

    table = read_table(text.encode())

    assert (table.header_line, table.header) == (4, ("Nome", "Vencimento", "Valor"))
    assert [(row.line, row.cells[0]) for row in table.rows] == [(5, "Ana"), (9, "Total Fitness Ltda")]
    assert table.skipped == Skipped(preamble=2, blank=3, totals=2, repeated_headers=1)


def test_lines_after_a_quoted_line_break_keep_the_number_an_editor_shows() -> None:
    table = read_table(b'Nome;Obs;Valor\r\nAna;"um\r\ndois";10,00\r\nBia;x;20,00\r\n')

    assert [(row.line, row.cells) for row in table.rows] == [
        (2, ("Ana", "um\r\ndois", "10,00")),
        (4, ("Bia", "x", "20,00")),
    ]


def test_lines_short_rows_are_filled_and_long_ones_kept_whole() -> None:
    table = read_table(b"Nome;Vencimento;Valor\r\nAna;10/11/2026\r\nBia;11/11/2026;10,00;sobra\r\n")

    assert [row.cells for row in table.rows] == [
        ("Ana", "10/11/2026", ""),
        ("Bia", "11/11/2026", "10,00", "sobra"),
    ]


def test_quotes_inch_marks_inside_a_cell_are_content() -> None:
    table = read_table(b'Nome;Plano;Valor\r\nAna;Tela 14";10,00\r\nBia;Tela 17";20,00\r\n')

    assert [row.cells[1] for row in table.rows] == ['Tela 14"', 'Tela 17"']


@pytest.mark.parametrize(
    "content",
    [
        b'Nome;Valor\r\n"Ana;10,00\r\nBia;20,00\r\n',
        b'Nome;Valor\r\nAna;"10,00\r\n' + b"Bia;20,00\r\n" * 30 + b'Caio;"30,00"\r\n',
    ],
    ids=["to the end", "to a later quote"],
)
def test_quotes_never_closed_are_refused_by_line(content: bytes) -> None:
    with pytest.raises(ImportFileError) as caught:
        read_table(content)

    assert caught.value.code == "unclosed_quote"
    assert caught.value.message.startswith("A linha 2 abre aspas")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (b";;;\r\n;;;\r\n", "empty"),
        (b"%PDF-1.7 ...", "pdf"),
        (b"\x89PNG\r\n\x1a\n....", "picture"),
        (b"\xff\xd8\xff\xe0....", "picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
        (b"<html><table><tr><td>Nome</td></tr></table>", "markup"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "markup"),
        (b'{"nome": "Ana"}', "json"),
        (b"OFXHEADER:100\r\n", "statement"),
        (b"Nome;Valor\x00\x00\x00", "binary"),
        (b"Querida Ana,\r\nescrevo para contar.\r\n", "not_a_table"),
        (b"1;Ana;10/11/2026;119,90\r\n2;Bia;10/11/2026;119,90\r\n", "no_header"),
        (b"Nome;Vencimento;Valor\r\n\r\n", "no_rows"),
        (b"Nome;Valor\r\n" + b"a;1\r\n" * (MAX_FILE_BYTES // 5), "too_large"),
        (b"Nome;Valor\r\n" + b"a;1\r\n" * (MAX_ROWS + 1), "too_many_rows"),
        (b"Nome;Valor\r\n" + b"a;" * (MAX_COLUMNS + 1) + b"1\r\n", "too_many_columns"),
        (b"PK\x03\x04 no archive at all", "broken_workbook"),
    ],
)
def test_file_that_is_none_gets_one_clear_sentence(content: bytes, code: str) -> None:
    assert code_of(content) == code


@given(st.binary(max_size=400))
def test_file_of_any_bytes_gives_a_table_or_that_one_error(content: bytes) -> None:
    for prefix in (b"", b"PK\x03\x04", b"Nome;Valor\r\n"):
        try:
            table = read_table(prefix + content)
        except ImportFileError:
            continue
        assert table.rows
        assert all(len(row.cells) >= len(table.header) for row in table.rows)


def test_workbook_gives_the_same_table_as_the_text_it_was_made_from() -> None:
    text = read_table(EXPORT.read_bytes())
    body: list[list[object]] = [[*row.cells] for row in text.rows]

    table = read_table(workbook([*text.header], *body))

    assert (table.kind, table.sheet, table.header) == ("xlsx", "Planilha1", text.header)
    assert [row.cells for row in table.rows] == [row.cells for row in text.rows]


def test_workbook_dates_numbers_and_codes_become_text_that_the_parsers_read() -> None:
    content = workbook(
        ["Código", "CPF", "Vencimento", "Valor", "Ativo"],
        [1001.0, 2977276939, date(2026, 11, 10), 119.89999999999999, True],
        [None, None, datetime(2026, 11, 10, 8, 30), 1049.9, None],  # noqa: DTZ001 -- a cell has no zone
        [7, 51978010002, "10/11/2026", 1200, False],
    )

    assert [row.cells for row in read_table(content).rows] == [
        ("1001", "2977276939", "2026-11-10", "119.9", "sim"),
        ("", "", "2026-11-10 08:30:00", "1049.9", ""),
        ("7", "51978010002", "10/11/2026", "1200", "não"),
    ]


def test_workbook_leading_zeros_that_the_sheet_shows_are_kept() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Código", "Nome", "Valor"])
    sheet.append([42, "Ana", 10])
    sheet["A2"].number_format = "00000"
    stream = io.BytesIO()
    book.save(stream)

    assert read_table(stream.getvalue()).rows[0].cells == ("00042", "Ana", "10")


def test_workbook_first_sheet_with_data_is_taken() -> None:
    content = workbook(["Nome", "Valor"], ["Ana", 10], title="Faturas", first_sheet="Capa")

    assert read_table(content).sheet == "Faturas"


def test_workbook_line_numbers_are_those_of_the_sheet() -> None:
    content = workbook([], ["Relatório"], [], ["Nome", "Valor"], ["Ana", 10], [], ["Bia", 20], ["Total", 30])

    table = read_table(content)

    assert table.header_line == 4
    assert [row.line for row in table.rows] == [5, 7]
    assert table.skipped == Skipped(preamble=1, blank=3, totals=1)


def test_workbook_without_any_data_is_empty() -> None:
    assert code_of(workbook()) == "empty"


def archive(write: Callable[[zipfile.ZipFile], None]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        write(made)
    return stream.getvalue()


def test_archive_that_is_no_workbook_is_refused() -> None:
    assert code_of(archive(lambda made: made.writestr("foto.jpg", b"..."))) == "not_a_workbook"


def test_archive_that_unpacks_to_too_much_is_refused() -> None:
    def write(made: zipfile.ZipFile) -> None:
        made.writestr("xl/workbook.xml", "<workbook/>")
        with made.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(210):
                part.write(b" " * 1024 * 1024)

    assert code_of(archive(write)) == "workbook_too_large"


def test_archive_whose_parts_declare_entities_is_refused() -> None:
    def write(made: zipfile.ZipFile) -> None:
        made.writestr(
            "xl/workbook.xml", '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "b">]><workbook>&a;</workbook>'
        )

    assert code_of(archive(write)) == "broken_workbook"


def test_archive_with_a_broken_part_is_refused() -> None:
    whole = workbook(["Nome", "Valor"], ["Ana", 10])

    def write(made: zipfile.ZipFile) -> None:
        with zipfile.ZipFile(io.BytesIO(whole)) as source:
            for name in source.namelist():
                content = source.read(name)
                made.writestr(name, content[: len(content) // 2] if "sheet1" in name else content)

    assert code_of(archive(write)) == "broken_workbook"
