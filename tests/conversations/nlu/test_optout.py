import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.nlu.optout import OptOut, Scope, Topic, classify, classify_burst

# The lexicon of the compliance reference, §10, list by list.
HARD_WORDS_PT = [
    "sair",
    "parar",
    "pare",
    "cancelar",
    "cancela",
    "stop",
    "remover",
    "remova",
    "descadastrar",
    "descadastre",
    "bloquear",
    "unsubscribe",
    "chega",
    "basta",
    "sai",
]
HARD_WORDS_ES = [
    "salir",
    "baja",
    "parar",
    "alto",
    "basta",
    "cancelar",
    "detener",
    "eliminar",
    "desuscribir",
    "desuscribirme",
    "stop",
    "no molestar",
]
HARD_PHRASES_PT = """não quero receber
não quero mais receber
não quero receber mensagens
não quero mais receber mensagem
não quero receber isso
não me mande mais nada
não me mandem mais mensagem
para de me mandar
parem de me mandar mensagem
pare de me perturbar
pare de me encher
parem de me incomodar
me tira dessa lista
me tire dessa lista
me tirem dessa lista
tire meu número
não autorizo contato por WhatsApp
não entre mais em contato
não entrem mais em contato
me deixa em paz
me deixe em paz
me deixem em paz
não me perturbe
quero retirar meu consentimento
vou bloquear vocês e não quero mais mensagem
não quero falar por aqui, só por e-mail""".splitlines()
HARD_PHRASES_ES = """no quiero recibir mensajes
no quiero recibir más mensajes
no me escriban más
no me escriba más
no me manden más
dejen de escribirme
deje de molestar
dejen de fregar
dejen de joder
sáquenme de la lista
bórrenme de la lista
den de baja mi número
no autorizo
no me contacten más
quiten mi número
déjenme en paz
ya no me manden mensajes
revoco mi autorización
revoco mi consentimiento
no me busquen más""".splitlines()
ASK = """não quero
agora não
não me interessa
não tenho interesse
bloqueia
remove
👎
???
para, seus idiotas
chega, bando de ladrão""".splitlines()
ASK_ES = ["dame de baja", "dar de baja", "no quiero", "ahora no"]
PREF = """me chama depois das 18h
só de manhã
manda por e-mail
não mande no meu trabalho""".splitlines()
PREF_ES = ["escríbame por la tarde", "solo por correo", "no me escriba al trabajo"]
NONE_PT = """vou parar no banco amanhã pra pagar
vou sair do trabalho às 18h e pago
pode cancelar o boleto antigo e mandar outro
para quando ficou o vencimento?
para pagar em duas vezes tem desconto?
chega até quando o boleto?
parei de pagar porque fui demitido
quero sair dessa dívida
quero sair do vermelho
não para de chover aqui, pago amanhã
remove os juros que eu pago
cancela a multa
basta mandar o Pix
saí do hospital hoje
não recebi mensagem nenhuma, manda de novo
bloquearam meu cartão""".splitlines()
NONE_ES = """voy a parar en el banco mañana
para cuándo vence?
para pagar en cuotas qué hago?
quiero salir de esta deuda
salgo a las 6 y pago
baja el monto y pago
me bajan los intereses?
ya cancelé la factura
puedo cancelar mañana en efectivo?
basta con el comprobante?
alto monto, me explica?
no me llegó el mensaje
eliminen el recargo
dejé de pagar porque me enfermé""".splitlines()
SPANISH_COUNTRIES = ["MX", "CO", "PE", "AR", "CL"]


@pytest.mark.parametrize("word", HARD_WORDS_PT)
@pytest.mark.parametrize("written", ["{}", "{}!", " {} ", "{} 🙏", "{}."])
def test_classify_portuguese_stop_word_as_whole_message_is_hard(word: str, written: str) -> None:
    for text in (written.format(word), written.format(word.upper())):
        assert classify(text).outcome is OptOut.HARD


@pytest.mark.parametrize("word", HARD_WORDS_ES)
def test_classify_spanish_stop_word_as_whole_message_is_hard(word: str) -> None:
    assert classify(word, country="MX").outcome is OptOut.HARD


@pytest.mark.parametrize("text", HARD_PHRASES_PT)
def test_classify_portuguese_phrase_is_hard(text: str) -> None:
    assert classify(text).outcome is OptOut.HARD


@pytest.mark.parametrize("country", SPANISH_COUNTRIES)
@pytest.mark.parametrize("text", HARD_PHRASES_ES)
def test_classify_spanish_phrase_is_hard(text: str, country: str) -> None:
    assert classify(text, country=country).outcome is OptOut.HARD


@pytest.mark.parametrize(
    "text",
    ["para de mandar msg", "PARA DE MANDAAR MSGGG", "n quero mais receber isso", "me tira dessa lista pfv"],
)
def test_classify_misspelt_phrase_is_hard(text: str) -> None:
    assert classify(text).outcome is OptOut.HARD


@pytest.mark.parametrize("text", ["Não receber mais", "No recibir más"])
def test_classify_title_of_our_own_button_is_hard(text: str) -> None:
    assert classify(text).outcome is OptOut.HARD


@pytest.mark.parametrize("text", ASK)
def test_classify_ambiguous_portuguese_is_ask(text: str) -> None:
    assert classify(text).outcome is OptOut.ASK


@pytest.mark.parametrize("text", ASK_ES)
def test_classify_ambiguous_spanish_is_ask(text: str) -> None:
    assert classify(text, country="MX").outcome is OptOut.ASK


@pytest.mark.parametrize("topic", [Topic.PLAN, Topic.INVOICE])
@pytest.mark.parametrize("text", ["cancelar", "cancela", "quero cancelar"])
def test_classify_cancel_after_plan_or_invoice_is_ask(text: str, topic: Topic) -> None:
    assert classify(text, previous_topic=topic).outcome is OptOut.ASK


@pytest.mark.parametrize("country", ["CO", "PE", "AR", "CL"])
@pytest.mark.parametrize("topic", [None, Topic.INVOICE, Topic.PLAN, Topic.OFFER])
def test_classify_cancel_where_it_means_to_pay_is_never_hard(country: str, topic: Topic | None) -> None:
    assert classify("cancelar", country=country, previous_topic=topic).outcome is OptOut.ASK


@pytest.mark.parametrize("topic", [Topic.PLAN, Topic.INVOICE])
def test_classify_other_stop_words_are_hard_whatever_the_topic(topic: Topic) -> None:
    assert classify("sair", previous_topic=topic).outcome is OptOut.HARD


def test_classify_alto_is_a_price_in_brazil() -> None:
    assert classify("alto", country="BR").outcome is OptOut.ASK


@pytest.mark.parametrize("text", PREF)
def test_classify_portuguese_preference_is_pref(text: str) -> None:
    assert classify(text).outcome is OptOut.PREF


@pytest.mark.parametrize("text", PREF_ES)
def test_classify_spanish_preference_is_pref(text: str) -> None:
    assert classify(text, country="MX").outcome is OptOut.PREF


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("manda por e-mail", "email"),
        ("prefiro por telefone", "phone"),
        ("solo por correo", "email"),
        ("só por sms", "sms"),
    ],
)
def test_classify_preference_names_the_channel(text: str, channel: str) -> None:
    assert classify(text).channel == channel


def test_classify_not_here_but_by_email_stops_this_channel_and_names_the_other() -> None:
    reading = classify("não quero falar por aqui, só por e-mail")
    assert (reading.outcome, reading.scope, reading.channel) == (OptOut.HARD, Scope.CHANNEL, "email")


@pytest.mark.parametrize("text", NONE_PT)
def test_classify_portuguese_look_alike_is_none(text: str) -> None:
    assert classify(text).outcome is OptOut.NONE


@pytest.mark.parametrize("country", SPANISH_COUNTRIES)
@pytest.mark.parametrize("text", NONE_ES)
def test_classify_spanish_look_alike_is_none(text: str, country: str) -> None:
    assert classify(text, country=country).outcome is OptOut.NONE


@pytest.mark.parametrize(
    "text",
    [
        "não quero pausar, quero cancelar",
        "cancela meu plano",
        "quero sair da academia",
        "me manda o boleto por email",
        "mando o comprovante de noite",
        "não quero falar com robô",
        "não quero multa",
        "não me mande boleto vencido, manda o pix",
        "só amanhã",
        "pago só de manhã",
        "parem de me cobrar, já paguei",
        "bando de ladrão vsf",
        "sim",
        "não",
        "👍",
        "?",
        "",
    ],
)
def test_classify_ordinary_message_is_none(text: str) -> None:
    assert classify(text).outcome is OptOut.NONE


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("não quero nenhum contato", Scope.ALL),
        ("não me mande mais nada, nem por email", Scope.ALL),
        ("no quiero recibir mensajes por ningún medio", Scope.ALL),
        ("não me mande mais mensagem", Scope.CHANNEL),
        ("sair", Scope.CHANNEL),
    ],
)
def test_classify_scope_is_all_only_where_said(text: str, scope: Scope) -> None:
    reading = classify(text)
    assert (reading.outcome, reading.scope) == (OptOut.HARD, scope)


@pytest.mark.parametrize(
    ("texts", "outcome"),
    [
        (["PARE", "seus chatos"], OptOut.HARD),
        (["oi", "sair"], OptOut.HARD),
        (["não quero mais", "receber mensagem"], OptOut.HARD),
        (["quero", "sair", "do vermelho"], OptOut.NONE),
        (["não", "quero", "cancelar"], OptOut.NONE),
        (["cancela", "a multa"], OptOut.NONE),
        (["oi", "quanto devo?"], OptOut.NONE),
        ([], OptOut.NONE),
    ],
)
def test_classify_burst_words_count_as_messages_only_by_themselves(texts: list[str], outcome: OptOut) -> None:
    assert classify_burst(texts).outcome is outcome


@given(
    st.sampled_from(HARD_WORDS_PT),
    st.sampled_from(["amanhã eu vou pagar", "o boleto chegou", "quanto eu devo"]),
)
def test_classify_stop_word_inside_a_sentence_is_never_hard(word: str, rest: str) -> None:
    assert classify(f"{rest} {word} os juros").outcome is not OptOut.HARD


@given(st.text(max_size=60), st.sampled_from(["BR", *SPANISH_COUNTRIES]))
def test_classify_never_fails(text: str, country: str) -> None:
    assert classify(text, country=country).outcome in set(OptOut)
