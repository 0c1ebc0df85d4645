"""What each column means: guessed from title and values, corrected by a person, kept for next time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from commons.text import digits, fold
from office.imports import values
from office.imports.enums import Field
from office.imports.table import Table
from office.imports.vocabulary import title_scores

_SAMPLE_ROWS = 300
# A guess below this is left to the person.
THRESHOLD = 0.4
# Values alone never reach certainty.
_VALUES_ALONE = 0.55
# Titles so common for other things (the state of a member, of a contract) that values must confirm them.
_DOUBTFUL = frozenset({Field.STATUS})
# Without these there is nothing to bill and nobody to bill it to.
REQUIRED = (Field.NAME, Field.INVOICE_NUMBER, Field.DUE_DATE, Field.AMOUNT)
MEMBER_KEYS = (Field.MEMBER_EXTERNAL_ID, Field.DOCUMENT)


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Which column holds which field. `columns` maps a field to the index of its column, from 0."""

    header: tuple[str, ...]
    columns: Mapping[Field, int]
    confidence: Mapping[Field, float] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """Equal for files of one origin: the same titles in the same order, capitals and accents aside."""
        return fingerprint(self.header)

    def field_of(self, column: int) -> Field | None:
        return next((meaning for meaning, index in self.columns.items() if index == column), None)

    def cell(self, cells: tuple[str, ...], meaning: Field) -> str:
        """The cell of `meaning` in a row; empty when no column holds it."""
        index = self.columns.get(meaning)
        return cells[index] if index is not None else ""

    def problems(self) -> list[str]:
        """Sentences saying what keeps this mapping from being used; empty when it can be."""
        found = [
            f"Falta dizer qual coluna é “{need.label}”." for need in REQUIRED if need not in self.columns
        ]
        if not any(key in self.columns for key in MEMBER_KEYS):
            found.append("Falta a coluna que identifica o membro: o código dele ou o CPF/CNPJ.")
        if len(set(self.columns.values())) != len(self.columns):
            found.append("Uma mesma coluna foi escolhida para dois campos.")
        return found

    def to_json(self) -> dict[str, Any]:
        return {
            "header": list(self.header),
            "columns": {meaning.value: index for meaning, index in self.columns.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ColumnMapping:
        """Raises ValueError for data that `to_json` did not write."""
        try:
            header = tuple(str(title) for title in data["header"])
            columns = {Field(meaning): int(index) for meaning, index in data["columns"].items()}
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("not a column mapping") from error
        if any(not 0 <= index < len(header) for index in columns.values()):
            raise ValueError("a column outside the header")
        return cls(header=header, columns=columns, confidence=dict.fromkeys(columns, 1.0))


def fingerprint(header: tuple[str, ...]) -> str:
    return hashlib.sha256("\x1f".join(fold(title) for title in header).encode()).hexdigest()


def guess(table: Table) -> ColumnMapping:
    """The most likely mapping of `table`: each field in at most one column, each column one field.

    1. Each column is scored for each field: how well the title names it, how many values fit it.
    2. Pairs are taken best first while both column and field are free and the score passes `THRESHOLD`.
    3. A second column of telephones becomes `phone_2`.
    """
    scored: list[tuple[float, int, Field]] = []
    for index, title in enumerate(table.header):
        filled = [cell for cell in table.column(index, limit=_SAMPLE_ROWS) if cell]
        titles = title_scores(title)
        for meaning in Field:
            score = _score(meaning, titles, filled)
            if score >= THRESHOLD:
                scored.append((score, index, meaning))
    scored.sort(key=lambda item: (-item[0], item[1]))
    columns: dict[Field, int] = {}
    confidence: dict[Field, float] = {}
    taken: set[int] = set()
    for score, index, named in scored:
        meaning = Field.PHONE_2 if named is Field.PHONE and Field.PHONE in columns else named
        if meaning in columns or index in taken:
            continue
        columns[meaning], confidence[meaning] = index, round(score, 2)
        taken.add(index)
    ordered = sorted(columns, key=lambda meaning: columns[meaning])
    return ColumnMapping(
        header=table.header,
        columns={meaning: columns[meaning] for meaning in ordered},
        confidence={meaning: confidence[meaning] for meaning in ordered},
    )


def _score(meaning: Field, titles: dict[Field, float], filled: list[str]) -> float:
    named = titles.get(meaning, 0.0)
    if not named:
        shape = _SHAPES.get(meaning)
        # A title that names something else is believed before the values are.
        if titles or shape is None or not filled:
            return 0.0
        return _VALUES_ALONE * _share(shape, filled)
    fits = _FITS.get(meaning)
    if fits is None or not filled:
        return named * 0.9
    floor = 0.2 if meaning in _DOUBTFUL else 0.5
    return named * (floor + (1 - floor) * _share(fits, filled))


def _share(fits: Callable[[str], bool], filled: list[str]) -> float:
    return sum(map(fits, filled)) / len(filled)


def _is_date(text: str) -> bool:
    return not text.isdecimal() and not isinstance(values.parse_date(text), values.Problem)


def _is_dated(text: str) -> bool:
    return not isinstance(values.parse_date(text), values.Problem)


def _is_money(text: str) -> bool:
    return not isinstance(values.parse_money(text), values.Problem)


def _is_priced(text: str) -> bool:
    return _is_money(text) and ("," in text or "." in text)


def _is_document(text: str) -> bool:
    return len(re.sub(r"[^0-9A-Za-z]", "", text)) in {11, 14} and not isinstance(
        values.parse_document(text), values.Problem
    )


def _is_phone(text: str) -> bool:
    return (
        8 <= len(digits(text)) <= 14
        and re.fullmatch(r"[\d\s()+.\-/]+", text) is not None
        and not _is_date(text)
    )


def _is_status(text: str) -> bool:
    return not isinstance(values.parse_status(text), values.Problem)


def _is_name(text: str) -> bool:
    letters = sum(character.isalpha() or character.isspace() for character in text)
    return letters * 10 >= len(text) * 7


def _is_code(text: str) -> bool:
    return " " not in text and len(text) <= 40 and not _is_date(text)


# How a value of each field looks, where it has a look, under a title that names the field.
# A landline column fits `phone` as well as a mobile one.
_FITS: dict[Field, Callable[[str], bool]] = {
    Field.MEMBER_EXTERNAL_ID: _is_code,
    Field.NAME: _is_name,
    Field.DOCUMENT: _is_document,
    Field.PHONE: _is_phone,
    Field.PHONE_2: _is_phone,
    Field.EMAIL: lambda text: "@" in text,
    Field.CITY: _is_name,
    Field.UF: lambda text: not isinstance(values.parse_uf(text), values.Problem),
    Field.BIRTH_DATE: _is_dated,
    Field.INVOICE_NUMBER: _is_code,
    Field.DUE_DATE: _is_dated,
    Field.AMOUNT: _is_money,
    Field.STATUS: _is_status,
    Field.PAID_AT: _is_dated,
    Field.PAID_AMOUNT: _is_money,
    Field.CONSENT_AT: _is_dated,
}
# Values with a shape of their own: they may speak for a column whose title says nothing.
_SHAPES: dict[Field, Callable[[str], bool]] = {
    Field.DOCUMENT: _is_document,
    Field.EMAIL: lambda text: "@" in text,
    Field.PHONE: _is_phone,
    Field.STATUS: lambda text: len(text) > 1 and _is_status(text),
    Field.UF: lambda text: text.upper() in values.UFS,
    Field.DUE_DATE: _is_date,
    Field.AMOUNT: _is_priced,
}
