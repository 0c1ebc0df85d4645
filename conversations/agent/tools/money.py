"""Balance, ways to pay, promises and offers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, Field

from billing import selectors as billing
from billing.models import PaymentMeans
from billing.pix.qr import qr_png
from billing.services import means as means_services
from cases import selectors as cases
from cases.models import Case, Offer
from cases.policy import BeyondPolicy
from cases.services import offers
from commons import clock
from commons.http import ProviderError
from commons.models import Organisation
from conversations.agent.context import TurnContext
from conversations.agent.facts import FactBook, add_means
from conversations.agent.tools.registry import Effect, Needs, Result, ToolRefused, tool
from conversations.channels.base import Image, Text
from conversations.nlu import yesno


@tool(effect=Effect.READ, needs=Needs.CONFIRMED)
def get_balance(context: TurnContext) -> Result:
    """O que está em aberto hoje, com as referências de cada valor para usar na resposta."""
    member = context.member
    if member is None:
        raise ToolRefused("Não sabemos quem escreve.")
    today = _today(context)
    balance = billing.balance(member.pk, on=today, invoices=context.invoices)
    return {
        "open_invoices": [
            {
                "id": line.invoice.pk,
                "late": line.days_late > 0,
                "references": [
                    f"invoice.{line.invoice.pk}.{part}" for part in ("description", "due", "total")
                ],
            }
            for line in balance.lines
        ],
        "references": [
            "invoices.count",
            "balance.total",
            "balance.principal",
            "balance.fine",
            "balance.interest",
        ]
        if balance.lines
        else [],
    }


class PaymentRequest(BaseModel):
    method: Literal["pix"] = Field(default="pix", description="Forma de pagamento.")
    invoice_ids: list[int] = Field(
        default_factory=list, description="Faturas a pagar (ids de get_balance); vazio paga tudo."
    )


@tool(effect=Effect.WRITE, needs=Needs.OPEN_CASE, arguments=PaymentRequest)
def send_payment(
    context: TurnContext, *, method: str = "pix", invoice_ids: list[int] | None = None
) -> Result:
    """Gera o Pix do valor de hoje e o anexa à resposta (código copiável e imagem do QR). Nunca escreva o código."""
    member = context.member
    if member is None:
        raise ToolRefused("Não sabemos quem escreve.")
    open_invoices = context.invoices
    chosen = [i for i in open_invoices if not invoice_ids or i.pk in invoice_ids]
    if not chosen:
        raise ToolRefused("Não há fatura em aberto com esse número.")
    try:
        means = means_services.issue_pix(
            member_id=member.pk,
            invoice_ids=[i.pk for i in chosen],
            amount=None if invoice_ids else _next_installment(context),
            now=context.now,
            actor="agent",
        )
    except ProviderError as error:
        raise ToolRefused("O Pix não pôde ser gerado agora; ofereça tentar de novo ou uma pessoa.") from error
    _attach(context, means)
    return {
        "means": means.pk,
        "method": "pix",
        "references": [f"means.{means.pk}.amount"],
        "attached": ["código copia e cola", "imagem do QR"],
    }


def _next_installment(context: TurnContext) -> Decimal | None:
    """While an agreement is in force a Pix is for its next part, not for everything."""
    case = context.open_case
    agreement = cases.agreement_in_force(case) if case else None
    part = agreement.installments.filter(paid_at=None).first() if agreement else None
    return part.amount if part else None


class PromiseRequest(BaseModel):
    date: str = Field(
        description="Data em que o membro diz que paga, AAAA-MM-DD.", pattern=r"^\d{4}-\d{2}-\d{2}$"
    )
    amount: str | None = Field(default=None, description="Valor, se o membro disse um, ex.: 100.00.")


@tool(effect=Effect.WRITE, needs=Needs.WITH_AGENT, arguments=PromiseRequest)
def propose_promise(context: TurnContext, *, date: str, amount: str | None = None) -> Result:
    """Primeiro passo de uma promessa: confere a data. Leia a data completa de volta e peça um sim."""
    return _offer(
        context,
        lambda case: offers.propose_promise(
            case=case,
            on=_parsed(date),
            amount=Decimal(amount) if amount else None,
            author="agent",
            now=context.now,
        ),
        yes="Sim, pode anotar",
        no="Outra data",
    )


class InstallmentsRequest(BaseModel):
    count: int = Field(description="Número de parcelas, com a primeira.", ge=1, le=60)
    first_date: str | None = Field(default=None, description="Data da primeira parcela, AAAA-MM-DD.")


@tool(effect=Effect.WRITE, needs=Needs.WITH_AGENT, arguments=InstallmentsRequest)
def propose_installments(context: TurnContext, *, count: int, first_date: str | None = None) -> Result:
    """Primeiro passo de um parcelamento: calcula as parcelas dentro da política. Mostre e peça um sim."""
    return _offer(
        context,
        lambda case: offers.propose_installments(
            case=case,
            count=count,
            first=_parsed(first_date) if first_date else None,
            author="agent",
            now=context.now,
        ),
        yes="Sim, aceito",
        no="Não quero",
    )


class PauseRequest(BaseModel):
    days: int = Field(description="Dias de pausa do plano.", ge=1, le=365)


@tool(effect=Effect.WRITE, needs=Needs.WITH_AGENT, arguments=PauseRequest)
def propose_pause(context: TurnContext, *, days: int) -> Result:
    """Primeiro passo de uma pausa do plano: confere a política. Diga a data de volta e peça um sim."""
    return _offer(
        context,
        lambda case: offers.propose_pause(case=case, days=days, author="agent", now=context.now),
        yes="Sim, pode pausar",
        no="Não quero",
    )


class OfferAnswer(BaseModel):
    offer_id: int = Field(description="Id da proposta em aberto.")


@tool(effect=Effect.WRITE, needs=Needs.WITH_AGENT, arguments=OfferAnswer)
def accept_offer(context: TurnContext, *, offer_id: int) -> Result:
    """Segundo passo: o membro disse sim a uma proposta que já viu. O sim dele é conferido aqui."""
    offer = _own_offer(context, offer_id)
    last = context.inbound[-1]
    tapped = last.content.get("choice") == f"offer:{offer_id}:yes"
    if not tapped and not yesno.consents(" ".join(context.texts)):
        raise ToolRefused("O membro não disse um sim claro a esta proposta; pergunte de novo.")
    try:
        made = offers.accept(
            offer_id=offer.pk,
            author="agent",
            now=context.now,
            said_at=context.said_at,
            evidence={"message": last.pk, "run": context.run.pk},
        )
    except BeyondPolicy as error:
        raise ToolRefused(str(error)) from error
    return {"accepted": offer.kind, "id": made.pk}


@tool(effect=Effect.WRITE, needs=Needs.WITH_AGENT, arguments=OfferAnswer)
def refuse_offer(context: TurnContext, *, offer_id: int) -> Result:
    """O membro não quis a proposta. Aceite sem insistir e pergunte o que funciona para ele."""
    offers.refuse(offer_id=_own_offer(context, offer_id).pk, now=context.now)
    return {"refused": offer_id}


def _offer(context: TurnContext, propose: Any, *, yes: str, no: str) -> Result:
    case = context.open_case
    if case is None:
        raise ToolRefused("Não há caso aberto.")
    try:
        offer: Offer = propose(case)
    except BeyondPolicy as error:
        return {"refused": error.code, "why": str(error), "limits": error.limits}
    context.shown_offers.append(offer.pk)
    context.buttons = [(f"offer:{offer.pk}:yes", yes), (f"offer:{offer.pk}:no", no)]
    if offer.kind == "installments":
        context.must_hold = {"day": _today(context).isoformat()}
    return {"offer": offer.pk, "kind": offer.kind, "parts": len(offer.terms.get("parts", ()))}


def _own_offer(context: TurnContext, offer_id: int) -> Offer:
    case: Case | None = context.open_case
    offer = cases.open_offers(case, now=context.now).filter(pk=offer_id).first() if case else None
    if offer is None:
        raise ToolRefused("Essa proposta não está em aberto.")
    return offer


def _attach(context: TurnContext, means: PaymentMeans) -> None:
    context.attachments = [
        Text(means.code),
        Image(
            mime="image/png",
            data=qr_png(means.code),
            caption="QR do mesmo Pix, para pagar de outro aparelho.",
        ),
    ]

    def add(book: FactBook) -> None:
        add_means(book, means)

    context.extra.append(add)


def _parsed(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ToolRefused("A data não existe; use AAAA-MM-DD.") from error


def _today(context: TurnContext) -> date:
    return clock.local(context.now, Organisation.current().zone).date()
