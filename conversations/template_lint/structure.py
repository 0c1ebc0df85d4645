"""What WhatsApp's review refuses by form: variables, lengths, line breaks, buttons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from conversations.stages import rules_of, stage_title
from conversations.template_lint.findings import LintFinding, Part, TextSet, blocks, warns
from conversations.variables import PATTERN, VARIABLES, fill, names_in

BODY_LIMIT = 1024
FOOTER_LIMIT = 60
BUTTON_LIMIT = 25
MOST_BUTTONS = 10
SUBJECT_LIMIT = 70
# A GSM message holds 160 letters, 153 in a chain; with one letter outside its alphabet 70, and 67.
SMS_PARTS = 2
_GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)
# Meta counts words against variables, and refuses a text that is mostly holes.
_WORDS_PER_VARIABLE = 3
_BRACES = re.compile(r"\{\{.*?\}\}|\{\{|\}\}", re.DOTALL)
_NO_VARIABLES = {Part.FOOTER: "O rodapé", Part.BUTTONS: "Um botão"}


def structure(text: TextSet) -> Iterator[LintFinding]:
    """Every finding about form, in the order of the parts."""
    if not text.body.strip():
        yield blocks("empty", Part.BODY, "Escreva o texto do WhatsApp.")
        return
    for part, words in text.parts:
        yield from _variables(text, part, words)
        yield from _breaks(part, words)
    yield from _needs(text)
    yield from _around_variables(text.body.strip())
    yield from _lengths(text)
    yield from _buttons(text)


def sms_parts(words: str) -> int:
    """How many messages an SMS of these words is."""
    single, chained = (160, 153) if set(words) <= _GSM else (70, 67)
    return 1 if len(words) <= single else -(-len(words) // chained)


def typical(words: str) -> str:
    """`words` as they read with typical values; a variable nobody knows stays as it is written."""
    examples = {name: variable.example for name, variable in VARIABLES.items()}
    unknown = {name: f"{{{{{name}}}}}" for name in names_in(words)}
    return fill(words, unknown | examples)


def _variables(text: TextSet, part: Part, words: str) -> Iterator[LintFinding]:
    for found in dict.fromkeys(_BRACES.findall(words)):
        named = PATTERN.fullmatch(found)
        if named is None:
            yield blocks(
                "variable_form",
                part,
                f"“{found}” não é uma variável: escreva o nome entre chaves duplas, como {{{{nome}}}}.",
            )
        elif named[1] not in VARIABLES:
            known = ", ".join(VARIABLES)
            yield blocks("variable_unknown", part, f"A variável {found} não existe. Use uma destas: {known}.")
        elif text.neutral and not VARIABLES[named[1]].neutral:
            yield blocks(
                "variable_not_neutral",
                part,
                f"{found} fala de dinheiro e este texto vai a quem ainda não disse quem é: tire a variável.",
            )
        elif part in _NO_VARIABLES:
            yield blocks(
                "variable_place",
                part,
                f"{_NO_VARIABLES[part]} não pode ter variável: escreva {found} no texto.",
            )


def _needs(text: TextSet) -> Iterator[LintFinding]:
    for name in rules_of(text.stage).needs:
        if name not in names_in(text.body):
            yield blocks(
                "variable_needed",
                Part.BODY,
                f"O texto de “{stage_title(text.stage)}” precisa de {{{{{name}}}}}: {VARIABLES[name].meaning}.",
            )


def _around_variables(body: str) -> Iterator[LintFinding]:
    found = list(PATTERN.finditer(body))
    if not found:
        return
    if found[0].start() == 0:
        yield blocks("starts_with_variable", Part.BODY, f"Escreva algo antes de {found[0][0]}.")
    if found[-1].end() == len(body):
        yield blocks("ends_with_variable", Part.BODY, f"Escreva algo depois de {found[-1][0]}.")
    for left, right in pairwise(found):
        if not re.search(r"\w", body[left.end() : right.start()]) and body[
            left.end() : right.start()
        ].strip() in {"", ",", "."}:
            yield blocks(
                "variables_together",
                Part.BODY,
                f"Escreva uma palavra entre {left[0]} e {right[0]}: o WhatsApp recusa duas variáveis seguidas.",
            )
    words = len(PATTERN.sub(" ", body).split())
    if words < _WORDS_PER_VARIABLE * len(found) - 1:
        yield blocks(
            "mostly_variables",
            Part.BODY,
            f"Há {len(found)} variáveis para {words} palavras: escreva mais texto ou tire variáveis.",
        )


def _breaks(part: Part, words: str) -> Iterator[LintFinding]:
    if part == Part.BUTTONS:
        return
    if part in {Part.FOOTER, Part.EMAIL_SUBJECT} and "\n" in words.strip():
        yield blocks("line_break", part, f"{part.label}: escreva em uma linha só.")
    if "\t" in words or "\r" in words or re.search(r" {5,}", words):
        yield blocks("spaces", part, "Tire as tabulações e os espaços repetidos.")
    if re.search(r"\n\s*\n\s*\n", words):
        yield blocks("blank_lines", part, "Deixe no máximo uma linha em branco entre dois parágrafos.")
    if words != words.strip():
        yield blocks("edges", part, "Tire os espaços e as linhas em branco do começo e do fim.")


def _lengths(text: TextSet) -> Iterator[LintFinding]:
    if len(text.body) > BODY_LIMIT:
        yield blocks("too_long", Part.BODY, f"O texto tem {len(text.body)} letras; o limite é {BODY_LIMIT}.")
    elif len(typical(text.body)) > BODY_LIMIT:
        yield warns(
            "too_long_filled", Part.BODY, f"Com os valores, o texto passa de {BODY_LIMIT} letras: encurte."
        )
    if len(text.footer) > FOOTER_LIMIT:
        yield blocks(
            "too_long", Part.FOOTER, f"O rodapé tem {len(text.footer)} letras; o limite é {FOOTER_LIMIT}."
        )
    if len(typical(text.email_subject)) > SUBJECT_LIMIT:
        yield warns("too_long", Part.EMAIL_SUBJECT, f"Encurte o assunto para até {SUBJECT_LIMIT} letras.")
    if text.sms_body and sms_parts(typical(text.sms_body)) > SMS_PARTS:
        yield warns(
            "too_long",
            Part.SMS,
            f"O SMS vira {sms_parts(typical(text.sms_body))} mensagens: encurte, ou tire letras com til e cedilha.",
        )


def _buttons(text: TextSet) -> Iterator[LintFinding]:
    if len(text.buttons) > MOST_BUTTONS:
        yield blocks(
            "too_many_buttons", Part.BUTTONS, f"São {len(text.buttons)} botões; o limite é {MOST_BUTTONS}."
        )
    titles = [title for _, title in text.buttons]
    for title in dict.fromkeys(titles):
        if not title.strip():
            yield blocks("button_empty", Part.BUTTONS, "Um botão está sem texto.")
        if len(title) > BUTTON_LIMIT:
            yield blocks(
                "too_long",
                Part.BUTTONS,
                f"O botão “{title}” tem {len(title)} letras; o limite é {BUTTON_LIMIT}.",
            )
        if "\n" in title:
            yield blocks("line_break", Part.BUTTONS, f"O botão “{title}” tem quebra de linha.")
        if titles.count(title) > 1:
            yield blocks("button_twice", Part.BUTTONS, f"Há dois botões “{title}”.")
