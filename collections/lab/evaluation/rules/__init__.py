"""The global rules G1 to G11 as far as code can see them: one breach fails the scenario.

Each rule is a function from a run to sentences that begin with the rule's id. What only a reader can see
(irony, tone between the lines) is for whoever reads transcripts.
"""

from __future__ import annotations

from collections.abc import Callable

from lab.evaluation.record import Run
from lab.evaluation.rules import conduct, disclosure, grounding, tone

Rule = Callable[..., list[str]]


def breaches(run: Run, *, public_url: str, secret_texts: list[str]) -> list[str]:
    """Every breach of a global rule in the run. `secret_texts` are the prompts that must not come out."""
    return [
        *grounding.unknown_facts(run, public_url=public_url),
        *disclosure.debt_before_identity(run),
        *disclosure.debt_to_others(run),
        *tone.unlawful_words(run),
        *disclosure.other_people(run),
        *conduct.forbidden_calls(run),
        *conduct.contacts_after_stop(run),
        *conduct.too_many_replies(run),
        *tone.machinery(run, secret_texts=secret_texts),
        *tone.pretends_to_be_a_person(run),
        *conduct.unanswered(run),
        *conduct.repeated(run),
    ]
