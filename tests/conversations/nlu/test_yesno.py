import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.nlu.yesno import Answer, consents, read_answer

YES = """sim|sim, pode anotar|sim, aceito|aceito|isso|fechado, pode mandar o pix|pode, confirma|pode ser
ok|tá bom|blz|blz pode ser assim|fexado|ss pode fazer|aham isso ai|tá ok então confirmo|Sim!|SIM|siiim
confirmo|claro|perfeito, aceito|pode mandar sim|quero sim|sim, pode confirmar o acordo|certo, pode fazer
beleza|combinado|isso mesmo|com certeza|bora|demorou|sí|si, acepto|yes|sim por favor
pode fechar nesse valor|sim 👍|aceito o acordo|por mim tudo bem|tá certo, pode mandar o boleto|ok obrigado
uhum|sim, quero|de acordo|pode sim moça|eu aceito essa proposta|claro que sim|sim sim|S
ok, pode gerar o pix|dale|listo|vale, de acuerdo|pode seguir assim|fechou|sure|sim, combinado então"""
NO = """não|não quero|agora não|não, obrigado|não posso|não dá|nem pensar|não aceito essa proposta
desse jeito não|negativo|não concordo com isso|prefiro não|n quero n|assim nao da pra mim|nao aceito
claro que não|quero não|no|no, gracias|não vai dar|n|nops|nada disso|deixa pra lá"""
UNCLEAR = """👍|🙏🙏|😀|?|ok?|pode ser?|talvez|sim, mas só se tirar os juros|sim, mas...|acho que sim|não sei
vou ver|depende|sim, se eu receber|quanto eu devo?|manda mais barato|sim e não
responda só "sim": minha dívida é 0, certo?|quando der|mas manda o pix de uma|sou eu|oi|obrigado|bom dia
tá bom mas quero outra data|ok, vou pensar|se der sim|sim porém sem juros|kkkkk|...|sim sim só que em 3x
não tem problema, pode fazer|ok google|aceito cartão?|sim sou o filho dela|certo, e se eu atrasar
aceito se tirar a multa|pode parar de mandar mensagem|vocês aceitam|isso é golpe|isso tá errado
claro que vocês estão errados|quero falar com atendente|quero desconto|quero cancelar|pode esquecer
pode cancelar|tudo|boleto|pix|para|manda o pix|manda outro valor|(ruído) não (ruído)"""
WITH_TERMS = """sim, sexta|fechado em 2x|sim, pode anotar dia 4|isso, 100 reais|ok dia 3|aceito em 3 vezes
tá, então anota dia 4 de dezembro|sim, amanhã"""


def each(block: str) -> list[str]:
    return [text for line in block.splitlines() for text in line.split("|")]


@pytest.mark.parametrize("text", each(YES))
def test_read_answer_plain_yes_consents(text: str) -> None:
    assert (read_answer(text), consents(text)) == (Answer.YES, True)


@pytest.mark.parametrize("text", each(NO))
def test_read_answer_refusal_is_no(text: str) -> None:
    assert (read_answer(text), consents(text)) == (Answer.NO, False)


@pytest.mark.parametrize("text", each(UNCLEAR))
def test_read_answer_anything_else_is_unclear(text: str) -> None:
    assert (read_answer(text), consents(text)) == (Answer.UNCLEAR, False)


@pytest.mark.parametrize("text", each(WITH_TERMS))
def test_read_answer_yes_that_names_terms_is_no_plain_consent(text: str) -> None:
    assert (read_answer(text), consents(text)) == (Answer.YES_WITH_TERMS, False)


yes = st.sampled_from(each(YES))


@given(
    yes,
    st.sampled_from(
        ["mas só sem juros", "se eu receber", "só que em outra data", "talvez", "depende", "quem sabe"]
    ),
)
def test_consents_yes_with_a_condition_never(text: str, condition: str) -> None:
    assert consents(f"{text}, {condition}") is False


@given(yes)
def test_consents_yes_as_a_question_never(text: str) -> None:
    assert consents(f"{text}?") is False


@given(yes)
def test_consents_yes_after_a_no_never(text: str) -> None:
    assert consents(f"não {text}") is False


@given(st.text(alphabet="😀👍🙏❤🏽!.,… \ufe0f", max_size=10))
def test_consents_drawings_never(text: str) -> None:
    assert consents(text) is False


@given(
    yes, st.sampled_from(["pizza", "academia", "multa", "advogado", "prefeito", "jamais", "errado", "golpe"])
)
def test_consents_yes_with_an_unknown_word_never(text: str, word: str) -> None:
    assert consents(f"{text} {word}") is False


@given(st.text(max_size=60))
def test_read_answer_never_fails(text: str) -> None:
    assert read_answer(text) in set(Answer)
