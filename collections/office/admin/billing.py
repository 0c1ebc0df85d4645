"""Invoices, payments, the ledger and the ways to pay: read, and changed only by new entries with a reason."""

from __future__ import annotations

from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from unfold.decorators import action, display

from billing import selectors
from billing.errors import BillingError
from billing.models import Allocation, Invoice, LedgerEntry, Payment, PaymentMeans, PaymentReversal
from billing.services.payments import register_manual_payment
from commons import clock
from office.admin.base import ReadOnlyAdmin, ReadOnlyInline, amount
from office.admin.confirming import confirmed
from office.home.list_filter import PileFilter
from office.lists.list_filters import LatenessFilter, MethodsFilter, PlanFilter, StateFilter

_STATUS_COLOURS = {"Em aberto": "info", "Paga": "success", "Cancelada": "warning", "Anulada": "danger"}


class LedgerInline(ReadOnlyInline):
    model = LedgerEntry
    fields = ["at", "kind", "component", "amount", "reason", "actor"]
    readonly_fields = fields


class AllocationInline(ReadOnlyInline):
    model = Allocation
    fields = ["invoice", "principal", "fine", "interest"]
    readonly_fields = fields


class ReversalInline(ReadOnlyInline):
    model = PaymentReversal
    fields = ["at", "amount", "reason", "actor"]
    readonly_fields = fields


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    list_display = ["number", "member", "description", "due_date", "value", "today", "status_label"]
    list_filter = ["status", LatenessFilter, PlanFilter, StateFilter, MethodsFilter, "due_date"]
    list_select_related = ["member"]
    search_fields = ["number", "member__folded_name"]
    inlines = [LedgerInline]
    actions_detail = ["receive"]

    @display(description="Valor", ordering="amount")
    def value(self, invoice: Invoice) -> str:
        return amount(invoice.amount)

    @display(description="Dias de atraso")
    def today(self, invoice: Invoice) -> str:
        late = (clock.today() - invoice.due_date).days if invoice.status == "open" else 0
        return f"{late} dias" if late > 0 else ""

    @display(description="Situação", label=_STATUS_COLOURS)
    def status_label(self, invoice: Invoice) -> str:
        return invoice.get_status_display()

    def has_receive_permission(self, request: HttpRequest, object_id: object = None) -> bool:
        return request.user.has_perm("billing.change_payment")

    @action(
        description="Receber no balcão o valor de hoje",
        icon="payments",
        permissions=["receive"],
    )
    @confirmed(
        effect="Registra que o membro pagou agora, em dinheiro, tudo o que deve hoje nesta fatura.",
        button="Receber no balcão o valor de hoje",
        asks_why=True,
    )
    def receive(self, request: HttpRequest, object_id: str, *, reason: str) -> HttpResponse:
        invoice = Invoice.objects.get(pk=object_id)
        if invoice.status != "open":
            messages.error(request, "Esta fatura não está em aberto.")
        else:
            owed = selectors.balance(invoice.member_id, on=clock.today(), invoices=[invoice])
            try:
                register_manual_payment(
                    user=cast(User, request.user),
                    invoice_ids=[invoice.pk],
                    amount=owed.total,
                    method="cash",
                    reason=f"Recebido no balcão: {reason}",
                    # A double click is one payment: the same invoice and amount of one day.
                    key=f"balcao-{invoice.pk}-{clock.today().isoformat()}-{owed.total}",
                    now=clock.now(),
                )
            except BillingError as refused:
                messages.error(request, str(refused))
            else:
                messages.success(
                    request, f"Pagamento de {amount(owed.total)} registrado; a fatura foi quitada."
                )
        return redirect("admin:billing_invoice_change", object_id)


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = ["paid_at", "member", "value", "method", "source", "reference", "waiting"]
    list_filter = [PileFilter, "method", "source", ("member", admin.EmptyFieldListFilter), "paid_at"]
    list_select_related = ["member"]
    search_fields = ["reference", "provider_key", "member__folded_name"]
    inlines = [AllocationInline, ReversalInline]

    @display(description="Valor", ordering="amount")
    def value(self, payment: Payment) -> str:
        return amount(payment.amount)

    @display(description="", label={"a conciliar": "warning"})
    def waiting(self, payment: Payment) -> str:
        return "a conciliar" if payment.member_id is None else ""


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "invoice", "kind", "component", "value", "reason", "actor"]
    list_filter = ["kind", "component", "at"]
    list_select_related = ["invoice"]
    search_fields = ["invoice__number"]

    @display(description="Valor", ordering="amount")
    def value(self, entry: LedgerEntry) -> str:
        return amount(entry.amount)


@admin.register(PaymentMeans)
class PaymentMeansAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "member", "method", "value", "status_label", "expires_at"]
    list_filter = ["method", "status", "provider"]
    list_select_related = ["member"]
    search_fields = ["reference", "member__folded_name"]

    @display(description="Valor", ordering="amount")
    def value(self, means: PaymentMeans) -> str:
        return amount(means.amount)

    @display(description="Situação", label={"Ativo": "info", "Pago": "success", "Vencido": "warning"})
    def status_label(self, means: PaymentMeans) -> str:
        return means.get_status_display()
