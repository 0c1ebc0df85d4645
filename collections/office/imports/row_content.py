"""What `ImportRow.content` holds: the row as people read it, and what an undo needs. JSON, encrypted."""

from __future__ import annotations

import json
from typing import Any, TypedDict

from billing.models import Invoice
from commons.money import brl
from commons.text import mask_document, mask_email, mask_phone
from office.imports.plan import Change, PlannedInvoice, PlannedMember, RejectedRow
from office.models import ImportRow


class RowContent(TypedDict, total=False):
    """`before` and `after` are columns by table, written when the row is applied."""

    name: str
    number: str
    amount: str
    due: str
    status: str
    document: str
    contacts: list[str]
    consent: str
    changes: list[list[str]]
    member_changes: list[list[str]]
    cells: list[str]
    member_before: dict[str, Any]
    member_after: dict[str, Any]
    invoice_before: dict[str, Any]
    invoice_after: dict[str, Any]


def read(row: ImportRow) -> RowContent:
    found: RowContent = json.loads(row.content) if row.content else {}
    return found


def write(row: ImportRow, content: RowContent) -> None:
    """Sets the content; the caller saves."""
    row.content = json.dumps(content, ensure_ascii=False) if content else ""


def of_invoice(planned: PlannedInvoice, *, member: PlannedMember) -> RowContent:
    """A row for the preview. What concerns the member shows on the member's first line only."""
    content: RowContent = {
        "name": member.name,
        "number": planned.facts.number,
        "amount": brl(planned.facts.amount),
        "due": f"{planned.facts.due_date:%d/%m/%Y}",
        "status": str(planned.facts.status.label),
    }
    if planned.changes:
        content["changes"] = _listed(planned.changes)
    if planned.line == member.line:
        content["document"] = mask_document(member.document)
        content["contacts"] = [mask_phone(phone.e164) for phone in member.phones]
        if member.email:
            content["contacts"].append(mask_email(member.email))
        content["consent"] = _consent(member)
        if member.changes:
            content["member_changes"] = _listed(member.changes)
    return content


def of_rejected(refused: RejectedRow) -> RowContent:
    return {"cells": list(refused.cells)}


def columns_of_invoice(invoice: Invoice) -> dict[str, Any]:
    """What a file may change of an invoice, as JSON."""
    return {
        "description": invoice.description,
        "product": invoice.product,
        "amount": str(invoice.amount),
        "due_date": invoice.due_date.isoformat(),
        "status": invoice.status,
    }


def _consent(member: PlannedMember) -> str:
    if member.consent is not None:
        return f"desde {member.consent.on:%d/%m/%Y}"
    return "já há" if member.has_consent else "não há"


def _listed(changes: tuple[Change, ...]) -> list[list[str]]:
    return [[str(change.field.label), change.before, change.after] for change in changes]
