"""From the bytes a person sent to a table, or one sentence that says why not."""

from office.imports.delimited import read_delimited
from office.imports.errors import ImportFileError
from office.imports.header import to_table
from office.imports.table import MAX_FILE_BYTES, Table
from office.imports.workbook import read_workbook

# What people send instead, known by its first bytes.
_FOREIGN: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "pdf", "Este arquivo é um PDF. Exporte a lista do seu sistema como CSV ou planilha .xlsx."),
    (b"\x89PNG", "picture", "Este arquivo é uma imagem. Envie a lista como CSV ou planilha .xlsx."),
    (b"\xff\xd8\xff", "picture", "Este arquivo é uma imagem. Envie a lista como CSV ou planilha .xlsx."),
    (b"GIF8", "picture", "Este arquivo é uma imagem. Envie a lista como CSV ou planilha .xlsx."),
    (
        b"\xd0\xcf\x11\xe0",
        "old_excel",
        "Este arquivo é do Excel antigo (.xls) ou tem senha. Abra-o e salve como .xlsx, sem senha.",
    ),
    (b"Rar!", "archive", "Este arquivo está compactado. Envie o CSV ou a planilha que está dentro dele."),
    (
        b"7z\xbc\xaf",
        "archive",
        "Este arquivo está compactado. Envie o CSV ou a planilha que está dentro dele.",
    ),
    (b"\x1f\x8b", "archive", "Este arquivo está compactado. Envie o CSV ou a planilha que está dentro dele."),
    (b"OFXHEADER", "statement", "Este arquivo é um extrato bancário (OFX), não uma lista de faturas."),
)
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<head", b"<style", b"<meta", b"<div", b"<ofx")


def read_table(content: bytes) -> Table:
    """The table inside `content`, a CSV of any usual kind or an XLSX. Raises ImportFileError."""
    if not content.strip():
        raise ImportFileError("empty", "O arquivo está vazio.")
    if len(content) > MAX_FILE_BYTES:
        raise ImportFileError(
            "too_large",
            f"O arquivo passa de {MAX_FILE_BYTES // 1024 // 1024} MB. Divida-o em partes menores.",
        )
    _refuse_foreign(content)
    return to_table(read_workbook(content) if content.startswith(b"PK\x03\x04") else read_delimited(content))


def _refuse_foreign(content: bytes) -> None:
    for signature, code, message in _FOREIGN:
        if content.startswith(signature):
            raise ImportFileError(code, message)
    start = content[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(_MARKUP):
        raise ImportFileError(
            "markup",
            "Este arquivo é uma página da internet ou um XML, mesmo que o nome termine em .xls. "
            "Abra-o no Excel e salve como .xlsx.",
        )
    if start.startswith((b"{", b"[{")):
        raise ImportFileError("json", "Este arquivo é JSON. Exporte a lista como CSV ou planilha .xlsx.")
    if not content.startswith((b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04")) and _is_binary(content[:65_536]):
        raise ImportFileError(
            "binary", "Este arquivo não é um texto nem uma planilha. Envie um CSV ou uma planilha .xlsx."
        )


def _is_binary(sample: bytes) -> bool:
    controls = sum(byte < 32 and byte not in b"\t\n\r\x0b\x0c\x1a" for byte in sample)
    return 0 in sample or controls * 100 > len(sample)
