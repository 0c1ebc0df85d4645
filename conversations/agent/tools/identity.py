"""Who is writing, and what follows when it is not the member."""

from __future__ import annotations

from pydantic import BaseModel, Field

from cases.policy import NegotiationPolicy
from conversations.agent.context import TurnContext
from conversations.agent.tools.registry import Effect, Needs, Result, ToolRefused, tool
from conversations.nlu import identity as reading
from members import services
from members.enums import ContactPointState, IdentityState
from members.models import ContactPoint


class IdentityAnswer(BaseModel):
    first_name: str = Field(description="Primeiro nome que a pessoa disse ser o dela.", max_length=60)
    cpf_last_three: str = Field(description="Três últimos dígitos do CPF, ex.: 123.", pattern=r"^\d{3}$")


@tool(effect=Effect.WRITE, needs=Needs.UNLOCKED, arguments=IdentityAnswer)
def confirm_identity(context: TurnContext, *, first_name: str, cpf_last_three: str) -> Result:
    """Confere o primeiro nome e os três últimos dígitos do CPF que a pessoa informou nesta conversa.

    Use quando ela disser os dois. Nunca invente nem complete dígitos. Erros têm limite: depois a conversa trava.
    """
    point = _point(context)
    if point.identity == IdentityState.LOCKED:
        raise ToolRefused("A identificação está travada; passe para uma pessoa.")
    member = point.member
    if (
        reading.match(
            first_name, cpf_last_three, member_name=member.name, cpf_last_three=member.document[-3:]
        )
        and member.document
    ):
        services.confirm_identity(point=point, now=context.now, actor="agent")
        return {"identity": "confirmed"}
    left = services.fail_identity(
        point=point, now=context.now, tries=NegotiationPolicy.current().identity_tries
    )
    return {"identity": "locked" if left == 0 else "unconfirmed", "tries_left": left}


@tool(effect=Effect.WRITE, needs=Needs.ANYBODY)
def wrong_person(context: TurnContext) -> Result:
    """A pessoa disse que este número não é do membro. Encerra os contatos para o número.

    Não use para parentes que falam em nome do membro (isso é flag_risk com third_party).
    """
    point = _point(context)
    if point.state == ContactPointState.CONFIRMED:
        services.doubt_identity(point=point, reason="disse que não é o membro", now=context.now)
    services.mark_wrong_number(
        point=point,
        source="quem respondeu",
        actor="member",
        words=" ".join(context.texts)[:300],
        now=context.now,
    )
    return {"contact_point": "wrong"}


class OptOut(BaseModel):
    every_channel: bool = Field(
        default=False, description="Verdadeiro só se a pessoa não quer contato por nenhum canal."
    )


@tool(effect=Effect.WRITE, needs=Needs.ANYBODY, arguments=OptOut)
def opt_out(context: TurnContext, *, every_channel: bool = False) -> Result:
    """A pessoa pediu claramente para não receber mais mensagens. Vale na hora. Confirme uma vez, sem insistir."""
    point = _point(context)
    services.opt_out(
        member=point.member,
        channel="" if every_channel else point.channel,
        source="na conversa",
        actor="member",
        words=" ".join(context.texts)[:300],
        now=context.now,
    )
    return {"opted_out": True}


def _point(context: TurnContext) -> ContactPoint:
    if context.point is None:
        raise ToolRefused("Não sabemos quem escreve.")
    return ContactPoint.objects.select_related("member").get(pk=context.point.pk)
