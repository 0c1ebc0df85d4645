from dataclasses import replace

import pytest

from tests.simulators.pix.specification import Broken, Exchange, specification

GOOD = Exchange(
    method="PUT",
    path="/cob/7978c0c97ea847e78e8849634473c1f1",
    query="",
    request=b'{"calendario": {"expiracao": 60}, "valor": {"original": "1.00"}, "chave": "k"}',
    status=201,
    content_type="application/json",
    response=(
        b'{"txid": "7978c0c97ea847e78e8849634473c1f1", "revisao": 0, "status": "ATIVA", "chave": "k",'
        b' "valor": {"original": "1.00"},'
        b' "calendario": {"criacao": "2026-11-21T12:00:00Z", "expiracao": 60}}'
    ),
)


def test_specification_lets_a_right_exchange_pass() -> None:
    specification().check(GOOD)


@pytest.mark.parametrize(
    ("exchange", "sentence"),
    [
        (
            replace(GOOD, request=GOOD.request.replace(b'"1.00"', b'"1.0"')),
            "valor/original: '1.0' does not match",
        ),
        (replace(GOOD, response=GOOD.response.replace(b'"1.00"', b"1.00")), "1.0 is not of type 'string'"),
        (replace(GOOD, response=GOOD.response.replace(b"ATIVA", b"PAGA")), "'PAGA' is not one of"),
        (replace(GOOD, response=GOOD.response.replace(b"00:00Z", b"00:00")), "is not a 'date-time'"),
        (replace(GOOD, status=200), "status 200 is not in the document"),
        (replace(GOOD, method="GET", query="depois=1", status=404), "depois is not a parameter"),
        (replace(GOOD, status=404, response=b"{}"), "not a problem+json"),
        (replace(GOOD, path="/cobs"), "/cobs is not in the document"),
    ],
)
def test_specification_stops_a_wrong_exchange(exchange: Exchange, sentence: str) -> None:
    with pytest.raises(Broken) as refusal:
        specification().check(exchange)

    assert sentence in str(refusal.value)


@pytest.mark.parametrize(
    ("pix", "sentence"),
    [
        ('{"endToEndId": "E1", "valor": "1.00", "horario": "2026-11-21T12:00:00Z"}', "'E1' does not match"),
        ('{"valor": "1.00", "horario": "2026-11-21T12:00:00Z"}', "'endToEndId' is a required property"),
    ],
)
def test_specification_stops_a_wrong_webhook(pix: str, sentence: str) -> None:
    with pytest.raises(Broken) as refusal:
        specification().check_webhook(f'{{"pix": [{pix}]}}'.encode())

    assert sentence in str(refusal.value)
