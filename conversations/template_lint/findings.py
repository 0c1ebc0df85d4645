"""What the lint reads, and what it reports."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices

from conversations.models import MessageTemplate


class Severity(TextChoices):
    BLOCKS = "blocks", "Impede o envio"
    WARNS = "warns", "Pode melhorar"


class Part(TextChoices):
    BODY = "body", "WhatsApp"
    FOOTER = "footer", "Rodapé"
    BUTTONS = "buttons", "Botões"
    EMAIL_SUBJECT = "email_subject", "Assunto do e-mail"
    EMAIL_BODY = "email_body", "E-mail"
    SMS = "sms_body", "SMS"


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One thing to change. `rule` is a stable name; `sentence` tells a person, in Portuguese, what to do."""

    rule: str
    severity: Severity
    part: Part
    sentence: str

    @property
    def blocks(self) -> bool:
        return self.severity == Severity.BLOCKS


@dataclass(frozen=True, slots=True)
class TextSet:
    """The texts of one template, as values: two that say the same have the same findings."""

    stage: str
    language: str
    category: str
    neutral: bool
    body: str
    footer: str
    buttons: tuple[tuple[str, str], ...]
    email_subject: str
    email_body: str
    sms_body: str

    @classmethod
    def of(cls, template: MessageTemplate) -> TextSet:
        return cls(
            stage=template.stage,
            language=template.language,
            category=template.category.upper(),
            neutral=template.neutral,
            body=template.body,
            footer=template.footer,
            buttons=tuple((str(b.get("id", "")), str(b.get("title", ""))) for b in template.buttons),
            email_subject=template.email_subject,
            email_body=template.email_body,
            sms_body=template.sms_body,
        )

    @property
    def parts(self) -> tuple[tuple[Part, str], ...]:
        """Every part that says something, the button titles as lines."""
        titles = "\n".join(title for _, title in self.buttons)
        every = (
            (Part.BODY, self.body),
            (Part.FOOTER, self.footer),
            (Part.BUTTONS, titles),
            (Part.EMAIL_SUBJECT, self.email_subject),
            (Part.EMAIL_BODY, self.email_body),
            (Part.SMS, self.sms_body),
        )
        return tuple((part, text) for part, text in every if text.strip())


def blocks(rule: str, part: Part, sentence: str) -> LintFinding:
    return LintFinding(rule, Severity.BLOCKS, part, sentence)


def warns(rule: str, part: Part, sentence: str) -> LintFinding:
    return LintFinding(rule, Severity.WARNS, part, sentence)
