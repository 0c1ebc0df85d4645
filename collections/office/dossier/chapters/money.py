"""Invoices with their calculation, payments and where they went, promises, agreements, disputes, holds."""

from __future__ import annotations

from collections import defaultdict

from billing.enums import Component, EntryKind, InvoiceStatus, Method, PaymentSource
from cases.enums import (
    AgreementStatus,
    CaseState,
    ClaimStatus,
    DisputeReason,
    EscalationReason,
    HoldReason,
    OfferKind,
    OfferStatus,
    PromiseStatus,
)
from office.dossier.chapters.words import Words
from office.dossier.collecting import Dossier
from office.dossier.paper import Paper


def write_invoices(paper: Paper, dossier: Dossier, words: Words) -> None:
    sections = dossier.sections
    balance = sections["balance"][0]
    paper.heading(f"Em aberto em {words.day(balance['as_of'])}: {words.amount(balance['total'])}")
    names = {
        invoice["id"]: f"{invoice['description']} ({invoice['number']})" for invoice in sections["invoices"]
    }
    for line in balance["lines"]:
        paper.entry(f"{names[line['invoice']]}: {words.amount(line['total'])}")
        for step in line["memo"]:
            paper.small(step, indent=10)
    if not balance["lines"]:
        paper.text("Nada em aberto.")
    paper.heading("Faturas")
    for invoice in sections["invoices"]:
        moved = invoice["original_due_date"] != invoice["due_date"]
        paper.text(
            words.joined(
                names[invoice["id"]],
                words.amount(invoice["amount"]),
                f"vencimento {words.day(invoice['due_date'])}",
                f"original {words.day(invoice['original_due_date'])}" if moved else "",
                words.label(InvoiceStatus, invoice["status"]),
                f"fatura nº {invoice['id']}",
            )
        )
    paper.heading("Lançamentos")
    for entry in sections["ledger"]:
        paper.small(
            words.joined(
                words.instant(entry["at"]),
                f"fatura nº {entry['invoice']}",
                words.label(EntryKind, entry["kind"]),
                words.label(Component, entry["component"]),
                words.amount(entry["amount"]),
                entry["reason"],
            )
        )


def write_payments(paper: Paper, dossier: Dossier, words: Words) -> None:
    sections = dossier.sections
    parts = defaultdict(list)
    for part in sections["allocations"]:
        parts[part["payment"]].append(part)
    paper.heading("Pagamentos")
    for payment in sections["payments"]:
        paper.entry(
            words.joined(
                words.instant(payment["paid_at"]),
                words.amount(payment["amount"]),
                words.label(Method, payment["method"]),
                words.label(PaymentSource, payment["source"]),
            )
        )
        paper.small(f"{payment['provider']} {payment['provider_key']}", indent=10)
        for part in parts[payment["id"]]:
            paper.small(
                f"Fatura nº {part['invoice']}: principal {words.amount(part['principal'])}, "
                f"multa {words.amount(part['fine'])}, juros {words.amount(part['interest'])}",
                indent=10,
            )
            for step in part["memo"]:
                paper.small(str(step), indent=20)
    for back in sections["reversals"]:
        paper.text(
            words.joined(
                words.instant(back["at"]), f"voltaram {words.amount(back['amount'])}", back["reason"]
            )
        )
    if not sections["payments"]:
        paper.text("Nenhum pagamento recebido.")


def write_journey(paper: Paper, dossier: Dossier, words: Words) -> None:
    sections = dossier.sections
    paper.heading("Casos, promessas, acordos e contestações")
    for case in sections["cases"]:
        paper.entry(f"Caso nº {case['id']}: {words.label(CaseState, case['state'])}")
        paper.text(
            words.joined(
                f"aberto em {words.instant(case['opened_at'])}",
                f"quitado em {words.instant(case['settled_at'])}" if case["settled_at"] else "",
            )
        )
    for event in sections["case_events"]:
        before = words.label(CaseState, event["source"]) if event["source"] else "início"
        paper.small(
            words.joined(
                words.instant(event["at"]),
                f"{before} para {words.label(CaseState, event['target'])}",
                words.actor(event["actor"]),
                event["reason"],
            )
        )
    _promises(paper, dossier, words)
    _agreements(paper, dossier, words)
    _stops(paper, dossier, words)


def _promises(paper: Paper, dossier: Dossier, words: Words) -> None:
    for offer in dossier.sections["offers"]:
        paper.text(
            words.joined(
                f"Oferta: {words.label(OfferKind, offer['kind'])}",
                words.instant(offer["made_at"]),
                words.label(OfferStatus, offer["status"]),
                f"vale até {words.instant(offer['expires_at'])}",
                f"política {offer['policy_version']}",
            )
        )
    for promise in dossier.sections["promises"]:
        paper.text(
            words.joined(
                f"Promessa para {words.day(promise['date'])}",
                words.amount(promise["amount"]),
                words.label(PromiseStatus, promise["status"]),
                f"feita em {words.instant(promise['made_at'])}",
                words.actor(promise["taken_by"]),
            )
        )


def _agreements(paper: Paper, dossier: Dossier, words: Words) -> None:
    for agreement in dossier.sections["agreements"]:
        paper.entry(
            words.joined(
                f"Acordo de {words.amount(agreement['total'])}",
                words.label(AgreementStatus, agreement["status"]),
                f"aceito em {words.instant(agreement['accepted_at'])}",
            )
        )
        paper.text(agreement["text"], indent=10)
        for part in agreement["installments"]:
            paid = f"paga em {words.instant(part['paid_at'])}" if part["paid_at"] else "a pagar"
            paper.small(
                f"Parcela {part['number']}: {words.amount(part['amount'])} em {words.day(part['due_date'])}, {paid}",
                indent=10,
            )
        paper.small(f"SHA-256 do texto: {agreement['text_hash']}", indent=10)


def _stops(paper: Paper, dossier: Dossier, words: Words) -> None:
    for dispute in dossier.sections["disputes"]:
        paper.entry(
            f"Contestação ({words.label(DisputeReason, dispute['reason'])}) de {words.instant(dispute['opened_at'])}"
        )
        paper.text(dispute["words"], indent=10)
        paper.pair("Resultado", words.joined(words.instant(dispute["resolved_at"]), dispute["outcome"]))
    for claim in dossier.sections["payment_claims"]:
        paper.text(
            words.joined(
                f"Disse que pagou em {words.instant(claim['made_at'])}",
                words.label(ClaimStatus, claim["status"]),
            )
        )
    for hold in dossier.sections["holds"]:
        paper.text(
            words.joined(
                f"Régua segurada: {words.label(HoldReason, hold['reason'])}",
                f"de {words.instant(hold['starts_at'])}",
                f"até {words.instant(hold['ends_at'])}" if hold["ends_at"] else "sem fim marcado",
                f"liberada em {words.instant(hold['released_at'])}" if hold["released_at"] else "",
                words.actor(hold["author"]),
            )
        )
    for pause in dossier.sections["pauses"]:
        paper.text(f"Plano pausado de {words.day(pause['starts_on'])} a {words.day(pause['returns_on'])}")
    for escalation in dossier.sections["escalations"]:
        paper.text(
            words.joined(
                f"Passou a uma pessoa: {words.label(EscalationReason, escalation['reason'])}",
                words.instant(escalation["raised_at"]),
                f"resolvido em {words.instant(escalation['resolved_at'])}"
                if escalation["resolved_at"]
                else "",
            )
        )
