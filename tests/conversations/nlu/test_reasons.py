import pytest

from conversations.nlu.reasons import (
    DataRequestKind,
    DelayReason,
    DisputeReason,
    data_request_kind,
    delay_reasons,
    dispute_reason,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nossa passou batido, desculpa", {"forgot"}),
        ("vixi nem vi que tinha vencido", {"forgot"}),
        ("não recebi o boleto", {"forgot"}),
        ("achei que estava no débito automático", {"forgot"}),
        ("minha mãe tá internada, gastei tudo", {"family_health", "cash_flow"}),
        ("tive um problema de saúde na família", {"family_health"}),
        ("meu cartão recusou de novo", {"payment_problem"}),
        ("o qr code expirou", {"payment_problem"}),
        ("o link não abre", {"payment_problem"}),
        ("to desempregada desde agosto", {"unemployed"}),
        ("meu marido perdeu o emprego", {"unemployed"}),
        ("fiquei doente", {"health"}),
        ("saí do hospital hoje", {"health"}),
        ("quebrei o pé", {"health"}),
        ("to sem um real no bolso", {"cash_flow"}),
        ("meu salário atrasou", {"cash_flow"}),
        ("quando cair meu salário eu pago", {"cash_flow"}),
        ("gastei tudo com remédio", {"health", "cash_flow"}),
        ("pago amanhã", set()),
        ("manda o boleto", set()),
        ("oi", set()),
    ],
)
def test_delay_reasons_are_all_that_is_said(text: str, expected: set[str]) -> None:
    assert delay_reasons(text) == {DelayReason(name) for name in expected}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cancelei em agosto, tenho protocolo 778", DisputeReason.CANCELLED),
        ("cobraram 2x a msm coisa", DisputeReason.DUPLICATE),
        ("o valor está errado", DisputeReason.AMOUNT),
        ("meu plano é de 89 e não de 129", DisputeReason.AMOUNT),
        ("cobrando a mais", DisputeReason.AMOUNT),
        ("não devo nada", DisputeReason.UNKNOWN),
        ("nunca usei esse serviço", DisputeReason.UNKNOWN),
        ("usaram meu cpf", DisputeReason.FRAUD),
        ("essa cobrança tá errada", DisputeReason.OTHER),
    ],
)
def test_dispute_reason_is_its_ground(text: str, expected: DisputeReason) -> None:
    assert dispute_reason(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("apaga meus dados", DataRequestKind.DELETION),
        ("borren mis datos", DataRequestKind.DELETION),
        ("quero atualizar meu endereço", DataRequestKind.CORRECTION),
        ("meu nome tá errado no cadastro", DataRequestKind.CORRECTION),
        ("portabilidade dos dados", DataRequestKind.PORTABILITY),
        ("quem passou meu número?", DataRequestKind.OBJECTION),
        ("me passa o cpf e endereço que tá no meu cadastro", DataRequestKind.ACCESS),
        ("quero usar meu direito da lei", DataRequestKind.ACCESS),
    ],
)
def test_data_request_kind_is_what_is_asked(text: str, expected: DataRequestKind) -> None:
    assert data_request_kind(text) is expected
