"""What is looked at in every reply before it may leave. A breach is told to the model once, then a person."""

from __future__ import annotations

import re
from dataclasses import dataclass

from commons.text import fold
from compliance.content import check as content
from conversations.agent import facts
from conversations.agent.facts import FactBook, UnknownReference

MAX_LENGTH = 900
# Words of the machinery: a member never reads them.
_MACHINERY = re.compile(
    r"tool_call|call_person|confirm_identity|accept_offer|propose_|flag_risk|get_balance|send_payment|"
    r"traceback|exception|\bjson\b|\bprompt\b|call limit|recursion|run limit|langchain|openai|system:",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
REPEATED = "É a mesma resposta de antes, palavra por palavra."


@dataclass(frozen=True)
class Breach:
    """`check` is the stable name of the rule, `detail` what the model or a person is told about it."""

    check: str
    detail: str

    def as_json(self) -> dict[str, str]:
        return {"check": self.check, "detail": self.detail}


def inspect(
    draft: str, *, book: FactBook, confirmed: bool, country: str, last_text: str
) -> tuple[str, list[Breach]]:
    """The rendered text and every breach in it.

    1. Free digits: only references may bring figures.
    2. Every reference is a fact of the turn.
    3. Length, words of the machinery, the same sentence again.
    4. The house's content checks: forbidden phrases, figures without a fact, debt words before identity.
    """
    breaches: list[Breach] = []
    if _DIGIT.search(facts.without_references(draft)):
        breaches.append(Breach("digits", "Há algarismos escritos à mão; use só referências."))
    try:
        text = book.render(draft)
    except UnknownReference as unknown:
        return draft, [*breaches, Breach("reference", f"A referência {unknown} não existe.")]
    if not text.strip():
        breaches.append(Breach("empty", "A resposta está vazia."))
    if len(text) > MAX_LENGTH:
        breaches.append(Breach("length", "A resposta é longa demais."))
    if _MACHINERY.search(text):
        breaches.append(Breach("machinery", "A resposta fala do sistema por dentro."))
    if last_text and fold(text) == fold(last_text):
        breaches.append(Breach("repeated", REPEATED))
    breaches += [
        Breach(str(finding.rule), f"Trecho não permitido: {finding.excerpt}")
        for finding in content.check(
            text, facts=book.fact_set(), identity_confirmed=confirmed, country=country, author="agent"
        )
    ]
    return text, breaches
