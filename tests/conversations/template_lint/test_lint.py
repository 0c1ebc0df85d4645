"""The lint: our own texts pass it, and each rule finds the text that breaks it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.library.loading import LANGUAGES, LibraryText, library
from conversations.stages import Stage, Variant
from conversations.template_lint.findings import LintFinding, Part, Severity, TextSet
from conversations.template_lint.lint import lint, lint_text

GREETING = "Oi, {{nome}}, aqui é a assistente virtual da {{organizacao}} (CNPJ {{cnpj}})."
MONEY = "Hoje o total é {{valor}} ({{composicao}})."
EXITS = (("menu:person", "Falar com pessoa"), ("nao_receber", "Não receber mais"))

SOUND = TextSet(
    stage=Stage.LATE_1_7,
    language="pt_BR",
    category="UTILITY",
    neutral=False,
    body=f"{GREETING}\n\n{MONEY} Posso enviar o Pix?",
    footer="Se já pagou, é só me dizer.",
    buttons=EXITS,
    email_subject="Um recado da {{organizacao}}",
    email_body=f"{GREETING}\n\n{MONEY}",
    sms_body="Oi, {{nome}}, aqui é a assistente virtual da {{organizacao}}. Para parar: SAIR",
)
NEUTRAL = replace(
    SOUND,
    stage=Stage.IDENTIFY,
    neutral=True,
    body="Oi, aqui é a assistente virtual da {{organizacao}}. Falo com {{nome}}?",
    email_body="Oi, aqui é a assistente virtual da {{organizacao}}.",
    footer="",
)


def title(text: LibraryText) -> str:
    return f"{text.language}-{text.stage}-{text.variant or 'any'}"


def rules(text: TextSet, **how: str) -> set[tuple[str, Severity, Part]]:
    return {(found.rule, found.severity, found.part) for found in lint_text(text, **how)}


def body(words: str, *, base: TextSet = SOUND) -> TextSet:
    """The sound text with `words` as its money paragraph's neighbour."""
    return replace(base, body=f"{GREETING}\n\n{MONEY} {words}")


@pytest.mark.parametrize("text", library(), ids=title)
def test_our_own_texts_have_nothing_to_change(text: LibraryText):
    assert lint(text.template()) == ()


def test_no_text_of_ours_asks_why_somebody_did_not_pay():
    """Colombia forbids the question; the notice of suspension follows Brazil's rule and no other country's."""
    found = {(text.stage, each.rule) for text in library() for each in lint(text.template(), country="CO")}

    assert found <= {(Stage.SUSPENSION_NOTICE, "F13")}


@pytest.mark.parametrize("text", [SOUND, NEUTRAL], ids=["late", "neutral"])
def test_sound_text_passes(text: TextSet):
    assert lint_text(text) == ()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (replace(SOUND, body=""), ("empty", Part.BODY)),
        (body("Seu plano é {{plano}}."), ("variable_unknown", Part.BODY)),
        (body("Oi, {{Nome}}."), ("variable_form", Part.BODY)),
        (body("Oi, {{1}}."), ("variable_form", Part.BODY)),
        (body("Oi, {{nome."), ("variable_form", Part.BODY)),
        (replace(SOUND, sms_body=f"{SOUND.sms_body} {{{{plano}}}}"), ("variable_unknown", Part.SMS)),
        (
            replace(NEUTRAL, body=f"{NEUTRAL.body} São {{{{dias_atraso}}}}."),
            ("variable_not_neutral", Part.BODY),
        ),
        (replace(SOUND, footer="Da {{organizacao}}."), ("variable_place", Part.FOOTER)),
        (replace(SOUND, buttons=(*EXITS, ("x", "Oi, {{nome}}"))), ("variable_place", Part.BUTTONS)),
        (replace(SOUND, body=f"{GREETING}\n\nOi."), ("variable_needed", Part.BODY)),
        (replace(SOUND, body=f"{{{{nome}}}}, oi. {SOUND.body}"), ("starts_with_variable", Part.BODY)),
        (body("Para {{vencimento}}"), ("ends_with_variable", Part.BODY)),
        (body("É {{fatura}} {{vencimento}} agora."), ("variables_together", Part.BODY)),
        (body("É {{fatura}}, {{vencimento}} sim."), ("variables_together", Part.BODY)),
        (
            replace(
                SOUND, body="Oi {{nome}} e {{organizacao}} e {{cnpj}} e {{valor}} e {{composicao}} e tal"
            ),
            ("mostly_variables", Part.BODY),
        ),
        (body("a" * 1025), ("too_long", Part.BODY)),
        (replace(SOUND, footer="f" * 61), ("too_long", Part.FOOTER)),
        (replace(SOUND, buttons=(*EXITS, ("x", "b" * 26))), ("too_long", Part.BUTTONS)),
        (
            replace(SOUND, buttons=(*EXITS, *((str(n), f"Botão {n}") for n in range(9)))),
            ("too_many_buttons", Part.BUTTONS),
        ),
        (replace(SOUND, buttons=(*EXITS, ("x", "Falar com pessoa"))), ("button_twice", Part.BUTTONS)),
        (replace(SOUND, buttons=(*EXITS, ("x", " "))), ("button_empty", Part.BUTTONS)),
        (replace(SOUND, buttons=(*EXITS, ("x", "Um\ndois"))), ("line_break", Part.BUTTONS)),
        (replace(SOUND, footer="Um.\nDois."), ("line_break", Part.FOOTER)),
        (replace(SOUND, email_subject="Um\nrecado"), ("line_break", Part.EMAIL_SUBJECT)),
        (body("Um.\n\n\nDois."), ("blank_lines", Part.BODY)),
        (body("Um.\tDois."), ("spaces", Part.BODY)),
        (body("Um.     Dois."), ("spaces", Part.BODY)),
        (body("Dois.\n"), ("edges", Part.BODY)),
        (replace(SOUND, buttons=EXITS[1:]), ("no_person", Part.BUTTONS)),
        (replace(SOUND, buttons=EXITS[:1]), ("no_stop", Part.BUTTONS)),
        (replace(SOUND, sms_body=SOUND.sms_body.replace("SAIR", "FIM")), ("no_stop", Part.SMS)),
        (
            replace(SOUND, body=SOUND.body.replace("assistente virtual", "equipe")),
            ("no_disclosure", Part.BODY),
        ),
        (
            replace(SOUND, email_body=SOUND.email_body.replace("assistente virtual", "equipe")),
            ("no_disclosure", Part.EMAIL_BODY),
        ),
        (replace(NEUTRAL, body=f"{NEUTRAL.body} É a sua fatura."), ("debt_word", Part.BODY)),
        (replace(NEUTRAL, buttons=(*EXITS, ("x", "Ver fatura"))), ("debt_word", Part.BUTTONS)),
        (replace(SOUND, email_subject="Sua fatura em atraso"), ("debt_word", Part.EMAIL_SUBJECT)),
        (replace(SOUND, body=SOUND.body.replace("\n\n", " ")), ("first_line", Part.BODY)),
        (replace(SOUND, body=f"Sua fatura chegou.\n\n{SOUND.body}"), ("first_line", Part.BODY)),
        (replace(SOUND, email_body=SOUND.email_body.replace("\n\n", " ")), ("first_line", Part.EMAIL_BODY)),
        (replace(SOUND, sms_body=f"{SOUND.sms_body}. São {{{{valor}}}}."), ("sms_names_debt", Part.SMS)),
        (replace(SOUND, sms_body=f"{SOUND.sms_body}. É a sua fatura."), ("sms_names_debt", Part.SMS)),
        (body("Pague com desconto."), ("promotion", Part.BODY)),
        (replace(SOUND, footer="Aproveite."), ("promotion", Part.FOOTER)),
        (body("Evite transtornos."), ("coercion", Part.BODY)),
        (body("É o último contato."), ("coercion", Part.BODY)),
    ],
    ids=lambda each: "-".join(each) if isinstance(each, tuple) else "",
)
def test_what_whatsapp_the_law_or_a_locked_screen_refuses_blocks(text: TextSet, rule: tuple[str, Part]):
    name, part = rule
    assert (name, Severity.BLOCKS, part) in rules(text)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Não pagar é crime.", "F01"),
        ("Intimação judicial.", "F02"),
        ("Amanhã o oficial penhora seus bens.", "F03"),
        ("Vou falar com a sua esposa.", "F04"),
        ("Vamos avisar o seu chefe.", "F05"),
        ("Seu nome vai para o grupo dos devedores.", "F06"),
        ("Caloteiro.", "F07"),
        ("Ele deve desde agosto.", "F08"),
        ("Doente todo mundo fica.", "F09"),
        ("É a última chance.", "F10"),
        ("Só hoje.", "F10"),
        ("Aqui é o advogado.", "F11"),
        ("Não sou um robô.", "F11"),
        ("Seu nome vai para o SPC.", "F12"),
        ("A internet será cortada.", "F13"),
        ("O serviço pode ser suspenso a partir de {{data_suspensao}}.", "F13"),
        ("Pague R$ 10,00.", "F14"),
        ("Há honorários.", "F14"),
        ("Pegue emprestado.", "F15"),
        ("Me mande a senha.", "F16"),
        ("Retire a reclamação.", "F17"),
        ("Não vamos parar de insistir.", "F18"),
        ("Seu filho não entra na aula.", "F19"),
        ("Deus sabe.", "F20"),
        ("Não há atendentes.", "F23"),
        ("Você não pode reclamar.", "F24"),
        ("Até 30/12/2026.", "ungrounded_date"),
        ("Em 3 parcelas.", "ungrounded_count"),
        ("Veja em https://exemplo.com.br/x", "ungrounded_link"),
    ],
)
@pytest.mark.parametrize("part", [Part.BODY, Part.EMAIL_BODY, Part.SMS])
def test_forbidden_content_blocks_wherever_it_stands(words: str, code: str, part: Part):
    text = replace(SOUND, **{part.value: f"{getattr(SOUND, part.value)} {words}"})

    assert (code, Severity.BLOCKS, part) in rules(text)


def test_figures_written_by_hand_block_and_those_of_variables_do_not():
    assert (
        rules(
            body(
                "O prazo é {{vencimento}}, e são {{valor}} na {{parcela}}, que vale até {{data_limite}} para você pagar."
            )
        )
        == set()
    )


def test_suspension_may_be_announced_by_its_notice_only():
    words = "Sem isso, o serviço pode ser suspenso a partir de {{data_suspensao}}. Quer o Pix?"
    notice = replace(body(words), stage=Stage.SUSPENSION_NOTICE)

    assert rules(notice) == set()
    assert ("F13", Severity.BLOCKS, Part.BODY) in rules(replace(notice, stage=Stage.LATE_8_30))
    assert ("variable_needed", Severity.BLOCKS, Part.BODY) in rules(
        replace(notice, body=notice.body.replace("{{data_suspensao}}", "amanhã"))
    )
    assert ("F13", Severity.BLOCKS, Part.BODY) in rules(
        replace(notice, body=f"{notice.body} A internet cai agora mesmo.")
    )


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (body("Que bom!"), ("exclamation", Part.BODY)),
        (body("Quer o Pix? Ou prefere outro dia?"), ("questions", Part.BODY)),
        (body("Solicitamos a regularização."), ("stiff", Part.BODY)),
        (body("É uma cobrança."), ("collection_word", Part.BODY)),
        (replace(SOUND, sms_body=f"{SOUND.sms_body} {'ã' * 90}"), ("too_long", Part.SMS)),
        (replace(SOUND, email_subject="Um recado " * 9), ("edges", Part.EMAIL_SUBJECT)),
        (replace(SOUND, email_subject=("Um recado " * 9).strip()), ("too_long", Part.EMAIL_SUBJECT)),
        (body("a" * (1010 - len(body("").body))), ("too_long_filled", Part.BODY)),
        (
            replace(
                SOUND,
                body=f"{GREETING}\n\n{MONEY} Considerando as responsabilidades contratualmente estabelecidas,"
                " recomendamos providenciar tempestivamente a correspondente contraprestação pecuniária"
                " anteriormente convencionada",
            ),
            ("reading", Part.BODY),
        ),
    ],
    ids=lambda each: "-".join(each) if isinstance(each, tuple) else "",
)
def test_what_reads_badly_is_said(text: TextSet, rule: tuple[str, Part]):
    assert rule in {(name, part) for name, _, part in rules(text)}


def test_warning_does_not_block():
    assert {found.blocks for found in lint_text(body("Que bom!"))} == {False}


@pytest.mark.parametrize("stage", [Stage.RECEIPT, Stage.AGREEMENT_CONFIRMED, Stage.AWAY])
def test_answers_and_confirmations_need_no_way_out(stage: Stage):
    text = replace(SOUND, stage=stage, buttons=(), sms_body="")

    assert {name for name, _, _ in rules(text)} & {"no_person", "no_stop", "no_disclosure"} == set()


def test_marketing_may_promote():
    text = replace(body("Pague com desconto."), category="MARKETING")

    assert "promotion" not in {name for name, _, _ in rules(text)}


def test_reason_is_asked_where_the_country_allows_it():
    text = replace(body("Por que não pagou?"), language="pt_BR")

    assert ("F21", Severity.BLOCKS, Part.BODY) in rules(text, country="CO")
    assert "F21" not in {name for name, _, _ in rules(text, country="BR")}


def test_blocking_findings_come_first():
    found = lint_text(replace(body("Que bom! Evite transtornos."), buttons=()))

    assert [each.blocks for each in found] == sorted((each.blocks for each in found), reverse=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_variants_say_it_differently(language: str):
    """A repeated delay that reads like the first one would be no variant."""
    texts = [t for t in library() if t.language == language]
    plain = {t.stage: t.body for t in texts if t.variant == Variant.ANY}

    assert [t for t in texts if t.variant != Variant.ANY and t.body == plain[t.stage]] == []


_WORDS = st.lists(
    st.sampled_from([*"abc éã{}\n\t.!?0123456789R$%", "{{nome}}", "{{valor}}", "{{x}}"]), max_size=60
).map("".join)


@given(body=_WORDS, footer=_WORDS, subject=_WORDS, sms=_WORDS)
def test_any_text_is_judged_and_every_finding_is_a_sentence(body: str, footer: str, subject: str, sms: str):
    text = replace(SOUND, body=body, footer=footer, email_subject=subject, sms_body=sms)

    found = lint_text.__wrapped__(text)

    assert all(isinstance(each, LintFinding) and each.sentence.endswith((".", "”.")) for each in found)
