"""The lint of one template: form, words, reading level."""

from __future__ import annotations

from functools import lru_cache

from conversations.models import MessageTemplate
from conversations.template_lint.findings import LintFinding, Part, TextSet, warns
from conversations.template_lint.reading import reading
from conversations.template_lint.structure import structure
from conversations.template_lint.wording import wording

DEFAULT_COUNTRY = "BR"


def lint(template: MessageTemplate, *, country: str = DEFAULT_COUNTRY) -> tuple[LintFinding, ...]:
    """What to change in a template, what blocks it first. Raises UnknownCountry."""
    return lint_text(TextSet.of(template), country=country)


@lru_cache(maxsize=1024)
def lint_text(text: TextSet, *, country: str = DEFAULT_COUNTRY) -> tuple[LintFinding, ...]:
    """`lint` of texts that need not be stored. The same texts are read once per process."""
    found = [*structure(text)]
    if text.body.strip():
        found += [*wording(text, country=country), *_reading(text)]
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda finding: not finding.blocks))


def _reading(text: TextSet) -> list[LintFinding]:
    findings: list[LintFinding] = []
    for part, words in ((Part.BODY, text.body), (Part.EMAIL_BODY, text.email_body)):
        level = reading(words, language=text.language)
        if level is not None and not level.is_easy:
            findings.append(
                warns(
                    "reading",
                    part,
                    f"A leitura está em {level.score}, e fácil começa em {level.scale.easy}: frases e palavras"
                    " mais curtas ajudam.",
                )
            )
    return findings
