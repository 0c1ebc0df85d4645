import pytest

from compliance.packs.in_words import rules_in_words
from compliance.packs.loader import load_pack
from tests.compliance.packs.test_countries import COUNTRIES


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_rule_has_a_title_of_its_own_and_a_whole_sentence(country: str) -> None:
    lines = rules_in_words(load_pack(country))

    assert len({title for title, _ in lines}) == len(lines)
    assert [
        sentence for _, sentence in lines if not (sentence[:1].isupper() or sentence.startswith("seg"))
    ] == []
    assert [sentence for _, sentence in lines if not sentence.endswith(".")] == []
    assert [sentence for _, sentence in lines if "None" in sentence or "_" in sentence] == []


def test_brazil_names_the_states_that_allow_less() -> None:
    lines = dict(rules_in_words(load_pack("BR")))

    assert {title for title in lines if title.startswith("Horário máximo em")} == {
        "Horário máximo em AM",
        "Horário máximo em ES",
        "Horário máximo em RJ",
    }
    assert lines["Horário máximo em RJ"] == "seg a sex 09:00-19:00; sáb sem contato; dom sem contato."
    assert lines["Multa"] == "Até 2,00 %."
    assert lines["Cadastro de devedores"] == "Só se menciona 10 dias depois do aviso entregue; PR, 5 dias."
    assert lines["A primeira mensagem diz"] == "O nome do credor, o CNPJ ou CPF e o endereço."


def test_colombia_says_what_is_its_own() -> None:
    lines = dict(rules_in_words(load_pack("CO")))

    assert lines["Um meio por semana"] == "Outro, só se nada chegou pelo primeiro."
    assert lines["Perguntar o motivo do atraso"] == "Não pode."
    assert lines["Ligações em sete dias"] == "Só os outros limites."
    assert lines["Entre dois contatos"] == "Pelo menos 1 dia(s) de diferença."
    assert lines["Meios de contato"] == "WhatsApp, SMS, e-mail, carta e ligação."
    assert lines["Fiador"] == "Só quem está registrado, com os mesmos limites do devedor."
    assert lines["Suspensão do serviço"] == "Não se menciona: falta a regra do prazo."


def test_chile_says_what_nobody_may_change() -> None:
    lines = dict(rules_in_words(load_pack("CL")))

    assert (lines["Mensagens em sete dias"], lines["Ligações em sete dias"]) == (
        "No máximo 2, fixo.",
        "No máximo 1, fixo.",
    )
    assert lines["Provas de contato"] == "Guardadas por 60 meses, no mínimo 24."
