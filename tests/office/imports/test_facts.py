"""The export that management systems write, against the facts an import must find in it."""

import json
from dataclasses import asdict
from typing import Any

import pytest

from office.imports.mapping import guess
from office.imports.plan import ConsentTerms, EmptyBook, ImportPlan
from office.imports.planning import plan_import
from office.imports.reading import read_table
from office.imports.table import Skipped
from tests.office.imports.books import AS_OF, EXPORT


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(EXPORT.with_suffix(".facts.json").read_text())
    return found


@pytest.fixture(scope="module")
def plan() -> ImportPlan:
    table = read_table(EXPORT.read_bytes())
    return plan_import(table=table, mapping=guess(table), book=EmptyBook(), terms=None, as_of=AS_OF)


def test_export_planned_on_an_empty_book_matches_every_fact(plan: ImportPlan, facts: dict[str, Any]) -> None:
    totals = asdict(plan.totals)
    totals["open_total"] = str(totals["open_total"])

    assert facts.pop("as_of") == AS_OF.isoformat()
    assert {name: totals[name] for name in facts} == facts


def test_export_rejected_rows_carry_their_line_and_their_reason(plan: ImportPlan) -> None:
    assert [(refused.line, refused.sentence) for refused in plan.rejected] == [
        (32, "Data que não existe ou não se entende (Vencimento: 31/02/2026)."),
        (62, "Data que não existe ou não se entende (Vencimento: 2026-13-01)."),
        (92, "Valor zero ou negativo (Valor: 0,00)."),
        (123, "Valor zero ou negativo (Valor: -50,00)."),
        (153, "Valor que não se entende (Valor: abc)."),
        (183, "Sem número da fatura."),
        (264, "O mesmo número de fatura já apareceu com outros dados (na linha 204)."),
    ]
    assert plan.duplicate_lines == (284,)


def test_export_every_line_is_accounted_for(plan: ImportPlan) -> None:
    table = read_table(EXPORT.read_bytes())
    lines = EXPORT.read_bytes().count(b"\n")

    assert table.skipped == Skipped(blank=23, totals=1)
    assert len(plan.invoices) + len(plan.rejected) + len(plan.duplicate_lines) == len(table.rows)
    assert 1 + len(table.rows) + table.skipped.blank + table.skipped.totals == lines


def test_export_without_consent_terms_leaves_every_member_without_consent(plan: ImportPlan) -> None:
    table = read_table(EXPORT.read_bytes())
    terms = ConsentTerms(how="Ficha de matrícula", text="Aceito receber avisos por WhatsApp.", on=AS_OF)
    agreed = plan_import(table=table, mapping=guess(table), book=EmptyBook(), terms=terms, as_of=AS_OF)

    assert plan.totals.members_without_consent == 300
    assert agreed.totals.members_without_consent == 0


def test_export_six_styles_of_one_phone_column_become_one_form(plan: ImportPlan) -> None:
    by_code = {member.external_id: [phone.e164 for phone in member.phones] for member in plan.members}

    assert [by_code[code] for code in ("1000", "1001", "1002", "1003", "1004", "1005")] == [
        ["+5521989680000"],
        ["+5541994060001"],
        ["+5551978010002"],
        ["+5531983040003"],
        ["+5592990600004"],
        ["+5511983980005"],
    ]
