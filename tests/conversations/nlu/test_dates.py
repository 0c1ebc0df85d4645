from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.nlu.calendar_words import (
    add_months,
    business_days_ahead,
    last_business_day,
    next_day_numbered,
    next_weekday,
    nth_business_day,
    weekday_of_next_week,
)
from conversations.nlu.dates import DateKind, DateReading, parse_date
from conversations.nlu.number_words import prepare

TUESDAY = date(2026, 11, 24)

DAYS = [
    ("pago amanhã", "2026-11-25"),
    ("depois de amanhã", "2026-11-26"),
    ("dia 5", "2026-12-05"),
    ("dia 5 do mês que vem", "2026-12-05"),
    ("dia 30 do mês que vem", "2026-12-30"),
    ("sexta", "2026-11-27"),
    ("pago sexta", "2026-11-27"),
    ("sexta da semana que vem", "2026-12-04"),
    ("quinto dia útil", "2026-12-07"),
    ("daqui a 3 dias", "2026-11-27"),
    ("dia 3", "2026-12-03"),
    ("quero pay mañana, ok?", "2026-11-25"),
    ("anota dia 4 de dezembro", "2026-12-04"),
    ("tem como mudar o vencimento pro dia 4?", "2026-12-04"),
    ("queria jogar o vencimento pro dia 2 de novo", "2026-12-02"),
    ("dessa vez pago amanhã juro", "2026-11-25"),
    ("esse calor tá me matando kkk pago sexta", "2026-11-27"),
    ("faz em 3x? a primeira pode ser na sexta", "2026-11-27"),
    ("dá pra fazer em 2x, com a primeira hoje?", "2026-11-24"),
    ("mas em 2x, a primeira hoje", "2026-11-24"),
    ("vo paga dia 10 sem falta", "2026-12-10"),
    ("recebo dia 10 e pago dia 11", "2026-12-11"),
    ("recebo dia 5 e pago", "2026-12-05"),
    ("recebo so dia 7", "2026-12-07"),
    ("amanhã não, sexta", "2026-11-27"),
    ("sexta não dá, só segunda", "2026-11-30"),
    ("de sexta não passa", "2026-11-27"),
    ("05/12", "2026-12-05"),
    ("5/12/2026", "2026-12-05"),
    ("10/01", "2027-01-10"),
    ("dia 31", "2026-12-31"),
    ("pago hj a noite", "2026-11-24"),
    ("pago agora", "2026-11-24"),
    ("pago tudo agora no pix", "2026-11-24"),
    ("na segunda", "2026-11-30"),
    ("segunda-feira", "2026-11-30"),
    ("6ª feira", "2026-11-27"),
    ("na 6ª", "2026-11-27"),
    ("terça", "2026-12-01"),
    ("vou ter dinheiro sexta", "2026-11-27"),
    ("até sex", "2026-11-27"),
    ("em 15 dias", "2026-12-09"),
    ("semana que vem na quarta eu pago", "2026-12-02"),
    ("quarta da semana que vem", "2026-12-02"),
    ("mês que vem, dia 10", "2026-12-10"),
    ("dia primeiro", "2026-12-01"),
    ("dia 1º", "2026-12-01"),
    ("primeiro dia útil de dezembro", "2026-12-01"),
    ("5º dia útil do mês que vem", "2026-12-07"),
    ("último dia útil", "2026-11-30"),
    ("próximo dia útil", "2026-11-25"),
    ("daqui 2 dias uteis", "2026-11-26"),
    ("el viernes sin falta", "2026-11-27"),
    ("pago el 5 de diciembre", "2026-12-05"),
    ("pasado mañana", "2026-11-26"),
    ("i pay tomorrow", "2026-11-25"),
    ("next friday", "2026-11-27"),
    ("december 5", "2026-12-05"),
    ("a manhã eu pago", "2026-11-25"),
    ("dia vinte e dois", "2026-12-22"),
    ("dia quatro de dezembro", "2026-12-04"),
    ("5 de dez", "2026-12-05"),
    ("5/dez", "2026-12-05"),
    ("pago 119,90 dia 3", "2026-12-03"),
    ("amanha cedo eu faço o pix", "2026-11-25"),
    ("só recebo quinta", "2026-11-26"),
    ("2026-12-04", "2026-12-04"),
    ("hoje ainda", "2026-11-24"),
    ("qual o horario de domingo?", "2026-11-29"),
    ("sábado de manhã", "2026-11-28"),
    ("dia 27", "2026-11-27"),
    ("dia 24", "2026-11-24"),
    ("daqui uma semana", "2026-12-01"),
    ("daqui a um mês", "2026-12-24"),
    ("pago 100 sexta e o resto dia 4", "2026-12-04"),
    ("não, dia 3", "2026-12-03"),
    ("na outra sexta", "2026-12-04"),
    ("hoje não dá, mas amanhã sim", "2026-11-25"),
    ("só posso dia 10 porque recebo dia 9", "2026-12-10"),
    ("caiu meu salario hoje, vou pagar amanhã", "2026-11-25"),
    ("pago dia 5 10 reais", "2026-12-05"),
    ("eu consigo até quarta", "2026-11-25"),
    ("la por dia 15", "2026-12-15"),
    ("todo dia 10", "2026-12-10"),
    ("pago no dia 5", "2026-12-05"),
    ("no dia 10 eu pago", "2026-12-10"),
    ("no viernes", "2026-11-27"),
    ("não precisa se preocupar pago sexta", "2026-11-27"),
    ("não é hoje, é sexta", "2026-11-27"),
    ("não se preocupe que dia 5 eu pago", "2026-12-05"),
    ("só dia 5 mesmo", "2026-12-05"),
    ("posso pagar no proximo dia 5?", "2026-12-05"),
    ("proxima quarta", "2026-11-25"),
    ("domingo que vem", "2026-11-29"),
    ("na proxima terça feira dia 1", "2026-12-01"),
    ("sexta dia 27", "2026-11-27"),
    ("sexta (27/11)", "2026-11-27"),
    ("lá pelo dia 20", "2026-12-20"),
    ("até o dia 30", "2026-11-30"),
    ("vou receber na segunda e pago na terça", "2026-12-01"),
    ("minha mae foi internada ontem, pago dia 2", "2026-12-02"),
    ("fui demitido dia 10, consigo pagar dia 30", "2026-11-30"),
    ("em 2 meses", "2027-01-24"),
    ("no quinto dia util", "2026-12-07"),
    ("assim que eu receber, dia 5", "2026-12-05"),
    ("tipo dia 8 mais ou menos", "2026-12-08"),
    ("entre sexta e segunda", "2026-11-30"),
    ("hoje as 18h", "2026-11-24"),
    ("agora mesmo eu pago", "2026-11-24"),
]
STRETCHES = [
    ("dps do 5o dia util eu pago", "2026-12-07"),
    ("fim do mês", "2026-11-30"),
    ("semana que vem", "2026-11-30"),
    ("uns 10 dias", "2026-12-04"),
    ("dia 10 ou 11", "2026-12-11"),
    ("sexta ou sábado", "2026-11-28"),
    ("entre dia 5 e 10", "2026-12-10"),
    ("fim de semana", "2026-11-28"),
    ("no natal", "2026-12-25"),
    ("mes que vem eu acerto tudo", "2026-12-01"),
    ("depois do dia 10", "2026-12-10"),
    ("la semana que viene", "2026-11-30"),
    ("até o fim do mês que vem", "2026-12-31"),
    ("em janeiro", "2027-01-01"),
    ("quero trancar até fevereiro", "2027-02-01"),
    ("essa semana", "2026-11-27"),
    ("no fim de semana eu acerto", "2026-11-28"),
]
VAGUE = [
    "quando cair meu salário eu pago",
    "não consigo hoje, só quando cair o salário",
    "31/11",
    "mais uns dias",
    "me dá mais uns dias",
    "quando eu receber",
    "assim q cair o salario eu acerto ctg",
]
NO_DATE = [
    "já paguei isso ontem",
    "cancelei em agosto, tenho protocolo 778",
    "ué mas eu paguei dia 3, olha o extrato",
    "não consigo pagar hoje",
    "05/11",
    "agora não",
    "agora eu não posso",
    "bom dia",
    "bom dia 123",
    "me ve a 2a via do boleto",
    "segunda via do boleto",
    "a segunda parcela",
    "por la mañana",
    "venceu dia 5",
    "recebi a mensagem hoje",
    "tenho 16",
    "quinta parcela",
    "o boleto do dia 5 venceu, manda outro",
    "sexta passada",
    "tranquei em março",
    "R$ 12/11",
    "depois eu vejo",
    "no puedo el viernes",
    "não pago amanhã",
    "nao vou conseguir pagar sexta",
    "nao da pra ser hoje nem amanha",
    "hoje nao",
    "pode ser 4?",
    "ja faz 3 dias q mandei",
    "vou sair do trabalho às 18h e pago",
    "24h por dia",
    "todos os dias",
    "no mesmo dia",
    "dia sim dia nao",
]


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_parse_date_one_day_is_read(text: str, day: str) -> None:
    reading = parse_date(text, today=TUESDAY)
    assert (reading.date, reading.kind) == (date.fromisoformat(day), DateKind.DATE)


@pytest.mark.parametrize(("text", "day"), STRETCHES)
def test_parse_date_stretch_of_days_gives_the_day_to_propose(text: str, day: str) -> None:
    reading = parse_date(text, today=TUESDAY)
    assert (reading.date, reading.kind) == (date.fromisoformat(day), DateKind.RANGE)


@pytest.mark.parametrize("text", VAGUE)
def test_parse_date_time_without_a_day_is_vague(text: str) -> None:
    reading = parse_date(text, today=TUESDAY)
    assert (reading.date, reading.kind) == (None, DateKind.VAGUE)


@pytest.mark.parametrize("text", NO_DATE)
def test_parse_date_past_refused_or_absent_days_are_none(text: str) -> None:
    assert parse_date(text, today=TUESDAY) == DateReading(None, DateKind.NONE)


def test_parse_date_tells_where_it_stands() -> None:
    text = "Pode ser na SEXTA-feira?"
    reading = parse_date(text, today=TUESDAY)
    assert reading.phrase == "sexta-feira"
    assert prepare(text)[slice(*reading.span)] == "sexta-feira"


@pytest.mark.parametrize(
    ("today", "text", "day"),
    [
        # The reference's own day: a Saturday.
        ("2026-11-21", "pago sexta", "2026-11-27"),
        ("2026-11-21", "segunda", "2026-11-23"),
        ("2026-11-21", "sexta da semana que vem", "2026-11-27"),
        ("2026-11-21", "depois de amanhã", "2026-11-23"),
        ("2026-11-21", "dia 5 do próximo mês", "2026-12-05"),
        ("2026-11-21", "quinto dia útil", "2026-12-07"),
        ("2026-11-21", "sexta agora", "2026-11-27"),
        ("2026-11-21", "dia 21", "2026-11-21"),
        # Around ends of months and years.
        ("2026-12-31", "amanhã", "2027-01-01"),
        ("2026-12-30", "dia 5", "2027-01-05"),
        ("2027-01-31", "daqui a um mês", "2027-02-28"),
        ("2028-02-28", "amanhã", "2028-02-29"),
        ("2027-02-27", "dia 30", "2027-03-30"),
        ("2026-11-27", "sexta", "2026-12-04"),
        # Carnival: 8 and 9 February 2027 are no bank days.
        ("2027-02-05", "próximo dia útil", "2027-02-10"),
        ("2027-02-01", "sexto dia útil", "2027-02-10"),
        ("2027-02-05", "daqui a 2 dias úteis", "2027-02-11"),
        # 20 November is a national holiday since 2024.
        ("2026-11-19", "próximo dia útil", "2026-11-23"),
    ],
)
def test_parse_date_counts_from_today(today: str, text: str, day: str) -> None:
    assert parse_date(text, today=date.fromisoformat(today)).date == date.fromisoformat(day)


days = st.dates(date(2026, 1, 1), date(2030, 12, 31))


@given(days, st.integers(0, 170))
def test_parse_date_numeric_date_ahead_is_itself(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    for written in (f"{day:%d/%m/%Y}", f"{day:%d/%m/%y}", f"{day:%d/%m}", day.isoformat()):
        assert parse_date(f"pago {written}", today=today).date == day


@given(days, st.integers(1, 170))
def test_parse_date_named_month_ahead_is_itself(today: date, ahead: int) -> None:
    months = [
        "janeiro",
        "fevereiro",
        "março",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ]
    day = today + timedelta(days=ahead)
    assert parse_date(f"dia {day.day} de {months[day.month - 1]} eu pago", today=today).date == day


@given(days, st.integers(2, 90))
def test_parse_date_days_ahead_are_counted(today: date, count: int) -> None:
    assert parse_date(f"daqui a {count} dias", today=today).date == today + timedelta(days=count)


@given(days, st.integers(1, 31))
def test_parse_date_day_of_the_month_is_the_next_with_that_number(today: date, number: int) -> None:
    day = parse_date(f"dia {number}", today=today).date
    assert day is not None
    assert day.day == number
    assert today <= day < today + timedelta(days=62)


@given(days, st.sampled_from(["segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo"]))
def test_parse_date_weekday_is_within_the_next_seven_days(today: date, name: str) -> None:
    day = parse_date(f"pago {name}", today=today).date
    assert day is not None
    assert day.weekday() == ["segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo"].index(name)
    assert 1 <= (day - today).days <= 7


@given(st.text(alphabet="abcdeghijmnopqrstuvxz áãçéí0123456789/-.,?", max_size=60), days)
def test_parse_date_any_text_gives_a_day_from_today_on_or_none(text: str, today: date) -> None:
    reading = parse_date(text, today=today)
    assert (reading.date is not None) == (reading.kind in {DateKind.DATE, DateKind.RANGE})
    assert reading.date is None or reading.date >= today
    assert prepare(text)[slice(*reading.span)] == reading.phrase


def test_calendar_helpers_know_bank_days_and_short_months() -> None:
    assert nth_business_day(2026, 12, 5) == date(2026, 12, 7)
    assert nth_business_day(2026, 12, 30) is None
    assert last_business_day(2026, 2) == date(2026, 2, 27)
    assert business_days_ahead(date(2027, 2, 5), 1) == date(2027, 2, 10)
    assert add_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert next_day_numbered(date(2026, 11, 24), 31) == date(2026, 12, 31)
    assert next_weekday(date(2026, 11, 27), 4) == date(2026, 12, 4)
    assert weekday_of_next_week(date(2026, 11, 24), 1) == date(2026, 12, 1)
