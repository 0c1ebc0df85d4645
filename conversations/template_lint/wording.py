"""What a text may not say, and what it has to say: the law, WhatsApp's review, our own manners."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from compliance.content.check import check
from compliance.content.disclosure import debt_words
from compliance.content.facts import Consequence, ConsequenceKind, FactSet
from compliance.content.folding import fold
from conversations.stages import rules_of
from conversations.template_lint.findings import LintFinding, Part, TextSet, blocks, warns
from conversations.template_lint.structure import typical
from conversations.variables import EXAMPLES, PATTERN, VARIABLES, names_in

# The ids of the two ways out that whoever is written to must find.
PERSON_BUTTON = "menu:person"
STOP_BUTTONS = frozenset({"nao_receber", "opt_out"})
_STOP_WORDS = {"es": "salir"}
_STOP_WORD = "sair"

# Any day serves: the texts have no figures of their own.
_TODAY = date(2026, 11, 24)
_SUSPENSION = Consequence(
    kind=ConsequenceKind.SERVICE_SUSPENSION, notice_on=_TODAY, from_on=date(2026, 12, 9)
)

_DISCLOSURE = re.compile(r"\b(?:assistente virtual|asistente virtual|robo|atendimento automatico|robot)\b")
_PROMOTION = re.compile(
    r"\b(?:descont\w+|descuent\w+|ofertas?|promoc\w+|imperdive\w+|imperdible\w*|aproveit\w+|aprovech\w+"
    r"|cupo(?:m|ns|n|nes)|gratis|brindes?|sorteios?|sorteos?|regalos?|liquidac\w+|condic(?:ao|oes) especia\w+"
    r"|condicion(?:es)? especial\w*|vantage\w+|ventajas?|ganhe|gane|bonus|cashback)\b|\b\d+ ?% ?(?:off|de)\b"
)
_COERCION = re.compile(
    r"\b(?:evit[ea]\w* (?:consequencias|consecuencias|problemas|transtornos|inconvenientes|juros|bloqueio)"
    r"|urgente\w*|imediatamente|inmediatamente|sob pena|so pena|sera obrigad\w+|exigimos|ultim[oa] (?:aviso|chance"
    r"|oportunidade|oportunidad|contato|contacto|notificac\w+)|medidas cabiveis|providencias cabiveis)\b"
)
_STIFF = re.compile(
    r"\b(?:regulariza\w+|adimplenc\w+|inadimplenc\w+|inadimplente\w*|debitos?|pendencias?|quitacao|solicitamos"
    r"|informamos(?: que)?|comunicamos|mediante|referente|supracitad\w+|outrossim|prezad\w+|senhor(?:a|es|as)?"
    r"|vossa|efetu\w+|obrigacao|vimos por meio|morosidad|adeudad\w+|estimad[oa]|le informamos|se le comunica"
    r"|regulariza|obligacion(?:es)?|efectu\w+)\b"
)
_COLLECTION = re.compile(r"\b(?:cobranc\w+|cobranza\w*|dividas?|deudas?|devedor\w*|deudor\w*)\b")
_MONEY_VARIABLES = frozenset({"valor", "composicao", "acordo"})


def wording(text: TextSet, *, country: str) -> Iterator[LintFinding]:
    """Every finding about words. Raises UnknownCountry."""
    for part, words in text.parts:
        yield from _content(text, part, words, country=country)
        yield from _words(text, part, words)
    yield from _first_lines(text)
    yield from _ways_out(text)
    yield from _disclosure(text)
    yield from _manners(text)


def _content(text: TextSet, part: Part, words: str, *, country: str) -> Iterator[LintFinding]:
    """The forbidden contents, as the gate will look for them: figures may only come from variables."""
    announces = rules_of(text.stage).announces_suspension
    facts = FactSet(
        today=_TODAY,
        verbatim=frozenset(EXAMPLES.values()),
        dates=frozenset({_SUSPENSION.from_on, _TODAY + timedelta(days=6)}),
        consequences=(_SUSPENSION,) if announces else (),
    )
    found = check(
        typical(words),
        facts=facts,
        # Which variables a neutral text may have is another rule; here only its own words are read.
        identity_confirmed=True,
        country=country,
        author="cadence",
    )
    for finding in found:
        yield blocks(
            finding.id, part, f"“{finding.excerpt}”: {finding.rule.label} Escreva de outro modo ou tire."
        )


def _words(text: TextSet, part: Part, words: str) -> Iterator[LintFinding]:
    folded = fold(_blanked(words))
    if text.neutral or part == Part.EMAIL_SUBJECT:
        for finding in debt_words(folded):
            yield blocks(
                "debt_word",
                part,
                f"“{finding.excerpt}” fala de dívida e qualquer um pode ler: diga de um jeito neutro.",
            )
    if text.category == "UTILITY":
        for match in _PROMOTION.finditer(folded.plain):
            yield blocks(
                "promotion",
                part,
                f"“{folded.excerpt(*match.span())}” é palavra de promoção: o WhatsApp passaria o modelo a marketing.",
            )
    for match in _COERCION.finditer(folded.plain):
        yield blocks(
            "coercion",
            part,
            f"“{folded.excerpt(*match.span())}” soa como ameaça e o WhatsApp recusa: diga o que a pessoa pode fazer.",
        )
    for match in _COLLECTION.finditer(folded.plain):
        if not text.neutral and part != Part.EMAIL_SUBJECT:
            yield warns(
                "collection_word",
                part,
                f"“{folded.excerpt(*match.span())}”: fale da fatura ou de um lembrete; o WhatsApp não aceita cobrança.",
            )
    for match in _STIFF.finditer(folded.plain):
        yield warns(
            "stiff",
            part,
            f"“{folded.excerpt(*match.span())}” é palavra de escritório: diga como se fala com alguém.",
        )


def _first_lines(text: TextSet) -> Iterator[LintFinding]:
    """A locked screen shows the first line to whoever holds the telephone."""
    for part, words in ((Part.BODY, text.body), (Part.EMAIL_BODY, text.email_body)):
        line = words.strip().split("\n", 1)[0]
        named = [name for name in names_in(line) if name in VARIABLES and not VARIABLES[name].neutral]
        shown = [f.excerpt for f in debt_words(fold(_blanked(line)))] + [f"{{{{{name}}}}}" for name in named]
        if shown:
            yield blocks(
                "first_line",
                part,
                f"A primeira linha aparece na tela bloqueada e traz {', '.join(shown)}: passe para depois de uma"
                " linha em branco.",
            )
    if text.sms_body:
        debt = bool(debt_words(fold(_blanked(text.sms_body)))) or any(
            name in VARIABLES and not VARIABLES[name].neutral for name in names_in(text.sms_body)
        )
        if debt and "nome" in names_in(text.sms_body):
            yield blocks(
                "sms_names_debt",
                Part.SMS,
                "O SMS junta o nome da pessoa com valor ou dívida: tire o nome, ou o que fala de dinheiro.",
            )


def _ways_out(text: TextSet) -> Iterator[LintFinding]:
    if not rules_of(text.stage).proactive:
        return
    ids = {identifier for identifier, _ in text.buttons}
    if PERSON_BUTTON not in ids:
        yield blocks("no_person", Part.BUTTONS, "Falta o botão “Falar com pessoa”.")
    if not ids & STOP_BUTTONS:
        yield blocks("no_stop", Part.BUTTONS, "Falta o botão “Não receber mais”.")
    stop = _STOP_WORDS.get(text.language, _STOP_WORD)
    if text.sms_body and stop not in fold(text.sms_body).plain.split():
        yield blocks("no_stop", Part.SMS, f"Diga no SMS como parar: “Para parar: {stop.upper()}”.")


def _disclosure(text: TextSet) -> Iterator[LintFinding]:
    if not rules_of(text.stage).opening:
        return
    for part, words in (
        (Part.BODY, text.body),
        (Part.EMAIL_BODY, text.email_body),
        (Part.SMS, text.sms_body),
    ):
        if words and not _DISCLOSURE.search(fold(words).plain):
            yield blocks(
                "no_disclosure",
                part,
                "Este texto pode ser o primeiro contato: diga que quem escreve é a assistente virtual.",
            )


def _manners(text: TextSet) -> Iterator[LintFinding]:
    for part, words in (
        (Part.BODY, text.body),
        (Part.EMAIL_BODY, text.email_body),
        (Part.SMS, text.sms_body),
    ):
        if "!" in words and _MONEY_VARIABLES & set(names_in(words)):
            yield warns("exclamation", part, "Tire a exclamação: o texto fala de dinheiro.")
        if _blanked(words).count("?") > 1:
            yield warns("questions", part, "Faça uma pergunta só.")


def _blanked(words: str) -> str:
    """`words` without their variables, the places kept."""
    return PATTERN.sub(lambda match: " " * len(match[0]), words)
