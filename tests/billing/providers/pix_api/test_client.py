import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import httpx
import pytest
from pytest_django import Settings

from billing.providers.pix_api.client import REMOVED, PixApiAccount, PixApiClient
from billing.providers.pix_api.payloads import CobRequest, CobvRequest, Debtor
from commons.http import ProviderError
from tests.billing.providers.canned import CannedServer
from tests.simulators.pix.world import KEY, PixWorld, new_txid, wait_until

NOON = datetime(2026, 11, 21, 15, tzinfo=UTC)
ANA = Debtor("52998224725", "Ana Souza")


def cob(amount: str = "89.90", debtor: Debtor = ANA) -> CobRequest:
    return CobRequest(amount=Decimal(amount), key=KEY, expires_in=3600, debtor=debtor)


def cobv(amount: str = "349.90") -> CobvRequest:
    return CobvRequest(
        amount=Decimal(amount),
        key=KEY,
        due_on=date(2026, 12, 10),
        valid_days=60,
        debtor=Debtor("12ABC34501DE35", "Oficina Central"),
        fine_percent=Decimal(2),
        interest_percent_month=Decimal(1),
        prompt="Mensalidade de dezembro",
    )


@pytest.fixture(autouse=True)
def noon(request: pytest.FixtureRequest) -> None:
    if "world" in request.fixturenames:
        world: PixWorld = request.getfixturevalue("world")
        world.set_clock(NOON.isoformat())


def impatient(account: PixApiAccount) -> PixApiClient:
    return PixApiClient(
        PixApiAccount(
            base_url=account.base_url,
            client_id=account.client_id,
            client_secret=account.client_secret,
            timeout=0.2,
        )
    )


def test_put_cob_makes_an_immediate_charge(client: PixApiClient) -> None:
    txid = new_txid()

    made = client.put_cob(txid, cob())

    assert (made.txid, made.status, made.revision) == (txid, "ATIVA", 0)
    assert (made.amount, made.key) == (Decimal("89.90"), KEY)
    assert (made.created_at, made.expires_in, made.due_on) == (NOON, 3600, None)
    assert made.code.startswith("000201")
    assert made.location in made.code
    assert client.get_cob(txid) == made


def test_patch_cob_changes_and_then_removes_it(client: PixApiClient) -> None:
    txid = new_txid()
    client.put_cob(txid, cob())

    changed = client.patch_cob(txid, {"valor": {"original": "79.90"}})
    removed = client.patch_cob(txid, REMOVED)

    assert (changed.amount, changed.revision) == (Decimal("79.90"), 1)
    assert removed.status == "REMOVIDA_PELO_USUARIO_RECEBEDOR"


def test_put_cobv_makes_a_charge_with_due_date(client: PixApiClient) -> None:
    txid = new_txid()

    made = client.put_cobv(txid, cobv())

    assert (made.due_on, made.valid_days, made.expires_in) == (date(2026, 12, 10), 60, None)
    assert client.get_cobv(txid) == made
    assert client.patch_cobv(txid, REMOVED).status == "REMOVIDA_PELO_USUARIO_RECEBEDOR"


def test_list_cob_gives_the_charges_of_the_interval(client: PixApiClient) -> None:
    txids = [new_txid(), new_txid()]
    for txid in txids:
        client.put_cob(txid, cob())

    found = client.list_cob(start=NOON - timedelta(hours=1), end=NOON + timedelta(hours=1))

    assert [charge.txid for charge in found] == txids


@pytest.mark.parametrize("count", [0, 1, 100, 101])
def test_list_pix_walks_all_pages_and_no_more(world: PixWorld, client: PixApiClient, count: int) -> None:
    world.control("seed", payments=[{"key": KEY, "amount": f"{n}.00"} for n in range(1, count + 1)])

    found = list(client.list_pix(start=NOON - timedelta(hours=1), end=NOON + timedelta(hours=1)))

    assert [int(pix.amount) for pix in found] == list(range(1, count + 1))
    assert len(world.journal("list_pix")) == max(1, -(-count // 100))


def test_webhook_address_is_registered_and_read_back(client: PixApiClient) -> None:
    before = client.get_webhook(key=KEY)
    client.put_webhook(key=KEY, url="https://creditor.example/webhooks/pix/secret")

    assert before is None
    assert client.get_webhook(key=KEY) == "https://creditor.example/webhooks/pix/secret"


def test_webhook_of_a_key_with_special_characters_is_addressed_right(
    world: PixWorld, client: PixApiClient
) -> None:
    world.control("seed", keys=["+5511999998888"])

    client.put_webhook(key="+5511999998888", url="https://creditor.example")

    assert client.get_webhook(key="+5511999998888") == "https://creditor.example"


def test_token_is_asked_for_once_and_anew_when_it_was_revoked(world: PixWorld, client: PixApiClient) -> None:
    txid = new_txid()
    client.put_cob(txid, cob())
    client.get_cob(txid)

    assert world.control("expire_tokens") == {"expired": 1}
    assert client.get_cob(txid).txid == txid
    assert world.control("expire_tokens") == {"expired": 1}


def test_wrong_credentials_are_a_permanent_error(account: PixApiAccount) -> None:
    wrong = PixApiAccount(base_url=account.base_url, client_id=account.client_id, client_secret="wrong")
    with PixApiClient(wrong) as client, pytest.raises(ProviderError) as refusal:
        client.get_cob(new_txid())

    assert (refusal.value.permanent, refusal.value.message) == (True, "O banco recusou a credencial Pix.")


@pytest.mark.parametrize("status", [500, 503, 504, 429])
def test_passing_failure_is_tried_again_with_the_same_txid(
    world: PixWorld, client: PixApiClient, status: int
) -> None:
    world.control("fail", times=2, status=status)
    txid = new_txid()

    made = client.put_cob(txid, cob())

    assert made.revision == 0
    assert [(call["txid"], call["status"]) for call in world.journal("put_cob")] == [
        (txid, status),
        (txid, status),
        (txid, 201),
    ]


def test_lasting_failure_is_told_after_three_tries_as_one_that_may_have_had_effect(
    world: PixWorld, client: PixApiClient
) -> None:
    world.control("fail", times=-1)

    with pytest.raises(ProviderError) as refusal:
        client.put_cob(new_txid(), cob())

    error = refusal.value
    assert (error.permanent, error.ambiguous, error.code) == (False, True, "ServicoIndisponivel")
    assert error.message == "O serviço Pix do banco está indisponível no momento."
    assert len(world.journal("put_cob")) == 3


@pytest.mark.parametrize("action", ["timeout_before", "timeout_after"])
def test_timeout_before_or_after_the_effect_ends_in_one_charge(
    world: PixWorld, account: PixApiAccount, action: str
) -> None:
    planned = {"point": "api", "action": action, "options": {"seconds": 0.5}}
    world.http.post(world.url.removesuffix("/pix") + "/control/pix/fault", json=planned)
    txid = new_txid()

    with impatient(account) as client:
        made = client.put_cob(txid, cob())

        assert (made.txid, made.revision) == (txid, 0)
        assert len(list(client.list_cob(start=NOON, end=NOON))) == 1
    wait_until(lambda: len(world.journal("put_cob")) == 2)


@pytest.mark.parametrize("after", [False, True])
def test_connection_that_falls_ends_in_one_charge(world: PixWorld, client: PixApiClient, after: bool) -> None:
    world.control("drop", point="api", after=after)

    made = client.put_cob(new_txid(), cob())

    world.forget_broken_answer()
    assert made.revision == 0
    assert len(list(client.list_cob(start=NOON, end=NOON))) == 1


def test_lasting_timeout_is_ambiguous(world: PixWorld, account: PixApiAccount) -> None:
    planned = {"point": "api", "action": "timeout_after", "times": 3, "options": {"seconds": 0.4}}
    world.http.post(world.url.removesuffix("/pix") + "/control/pix/fault", json=planned)

    with impatient(account) as client, pytest.raises(ProviderError) as refusal:
        client.put_cob(new_txid(), cob())

    assert (refusal.value.permanent, refusal.value.ambiguous, refusal.value.code) == (False, True, "timeout")
    wait_until(lambda: len(world.journal("put_cob")) == 3)


def test_provider_that_is_not_there_is_neither_permanent_nor_ambiguous(settings: Settings) -> None:
    settings.OUTBOUND_PRIVATE_ALLOWED = ["http://127.0.0.1:1"]
    account = PixApiAccount(base_url="http://127.0.0.1:1", client_id="a", client_secret="b")

    with PixApiClient(account) as client, pytest.raises(ProviderError) as refusal:
        client.put_cob(new_txid(), cob())

    assert (refusal.value.permanent, refusal.value.ambiguous) == (False, False)


def test_refusal_is_permanent_not_repeated_and_names_the_fields_only(
    world: PixWorld, client: PixApiClient
) -> None:
    with pytest.raises(ProviderError) as refusal:
        client.put_cob(new_txid(), cob(debtor=Debtor("5299822472", "Ana Souza")))

    error = refusal.value
    assert (error.permanent, error.ambiguous, error.code) == (True, False, "CobOperacaoInvalida")
    assert error.message == "O banco não aceitou a cobrança. Campos recusados: cob.devedor."
    assert len(world.journal("put_cob")) == 1


def test_nothing_personal_or_secret_reaches_the_log_or_a_representation(
    world: PixWorld, client: PixApiClient, account: PixApiAccount, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="stamina")
    caplog.set_level(logging.DEBUG, logger="billing")
    world.control("fail", times=2)
    request = cob()

    client.put_cob(new_txid(), request)

    # There is something to leak: the request went out with it, after two repetitions.
    assert request.body()["devedor"] == {"cpf": "52998224725", "nome": "Ana Souza"}
    for text in (caplog.text, repr(request), repr(account)):
        assert [word for word in ("52998224725", "Ana Souza", account.client_secret) if word in text] == []


@pytest.mark.parametrize(
    "act",
    [
        lambda client, bad: client.put_cob(bad, cob()),
        lambda client, bad: client.put_cobv(bad, cobv()),
        lambda client, bad: client.get_cob(bad),
        lambda client, bad: client.get_cobv(bad),
        lambda client, bad: client.patch_cob(bad, REMOVED),
        lambda client, bad: client.patch_cobv(bad, REMOVED),
        lambda client, bad: client.get_pix(bad),
        lambda client, bad: client.refund(end_to_end_id="E1", refund_id=bad, amount=Decimal("1.00")),
        lambda client, bad: client.get_refund(end_to_end_id=bad, refund_id="a"),
    ],
)
@pytest.mark.parametrize("bad", ["", "../webhook", "a/b", "a?b", "x" * 36])
def test_identifier_that_is_none_never_leaves(
    canned: CannedServer, canned_client: PixApiClient, act: Callable[[PixApiClient, str], object], bad: str
) -> None:
    with pytest.raises(ProviderError) as refusal:
        act(canned_client, bad)

    assert (refusal.value.permanent, refusal.value.code) == (True, "identifier")
    assert canned.seen == []


@pytest.mark.parametrize("amount", ["0.001", "-1.00", "10000000000.00"])
def test_amount_that_the_api_cannot_say_never_leaves(
    canned: CannedServer, canned_client: PixApiClient, amount: str
) -> None:
    with pytest.raises(ValueError, match=r"more than two places|out of the range"):
        canned_client.put_cob(new_txid(), cob(amount))

    assert canned.seen == []


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"<html>", "unreadable"), (b"[]", "unreadable"), (b'{"txid": "a"}', "unreadable"), (b"", "unreadable")],
)
def test_answer_that_cannot_be_read_is_a_permanent_error(
    canned: CannedServer, canned_client: PixApiClient, body: bytes, code: str
) -> None:
    txid = new_txid()
    canned.answer("GET", f"/cob/{txid}", (200, body))

    with pytest.raises(ProviderError) as refusal:
        canned_client.get_cob(txid)

    assert (refusal.value.permanent, refusal.value.code) == (True, code)


def test_redirect_is_not_followed(canned: CannedServer, canned_client: PixApiClient) -> None:
    txid = new_txid()
    canned.answer("GET", f"/cob/{txid}", (302, b""))

    with pytest.raises(ProviderError) as refusal:
        canned_client.get_cob(txid)

    assert (refusal.value.permanent, refusal.value.message) == (True, "O banco respondeu com o erro 302.")


def test_list_without_paging_information_is_one_page(
    canned: CannedServer, canned_client: PixApiClient
) -> None:
    pix = b'{"pix": [{"endToEndId": "E1", "valor": "1.00", "horario": "2026-11-21T12:00:00Z"}]}'
    canned.answer("GET", "/pix", (200, pix))

    found = list(canned_client.list_pix(start=NOON, end=NOON))

    assert [each.end_to_end_id for each in found] == ["E1"]
    assert canned.seen.count(("GET", "/pix")) == 1


def test_token_that_is_refused_twice_is_an_error_and_no_loop(
    canned: CannedServer, canned_client: PixApiClient
) -> None:
    txid = new_txid()
    canned.answer("GET", f"/cob/{txid}", (401, b""))

    with pytest.raises(ProviderError) as refusal:
        canned_client.get_cob(txid)

    assert refusal.value.permanent
    assert canned.seen == [("POST", "/oauth/token"), ("GET", f"/cob/{txid}")] * 2


@pytest.mark.parametrize("body", [b"{}", b'{"access_token": ""}', b"[]"])
def test_token_endpoint_without_a_token_is_a_permanent_error(
    canned: CannedServer, canned_client: PixApiClient, body: bytes
) -> None:
    canned.answer("POST", "/oauth/token", (200, body))

    with pytest.raises(ProviderError) as refusal:
        canned_client.get_cob(new_txid())

    assert (refusal.value.permanent, refusal.value.code) == (True, "token")


def test_token_may_be_issued_elsewhere(canned: CannedServer) -> None:
    canned.answer("POST", "/auth/v2/token", (200, b'{"access_token": "t"}'))
    account = PixApiAccount(
        base_url=f"{canned.url}/v2/",
        client_id="id",
        client_secret="secret",
        token_url=f"{canned.url}/auth/v2/token",
    )

    with PixApiClient(account) as client, pytest.raises(ProviderError, match="não encontrou"):
        client.get_pix("E1")

    assert canned.seen == [("POST", "/auth/v2/token"), ("GET", "/v2/pix/E1")]


def test_private_address_that_is_not_allowed_is_refused(canned: CannedServer, settings: Settings) -> None:
    settings.OUTBOUND_PRIVATE_ALLOWED = []
    account = PixApiAccount(base_url=canned.url, client_id="id", client_secret="secret")

    with PixApiClient(account) as client, pytest.raises(ProviderError) as refusal:
        client.get_pix("E1")

    assert (refusal.value.permanent, canned.seen) == (True, [])


def test_client_is_closed_by_its_context(account: PixApiAccount) -> None:
    with PixApiClient(account) as client:
        pass

    with pytest.raises(RuntimeError, match="closed"):
        client.get_pix("E1")


def test_instants_are_sent_in_utc_whatever_their_zone(world: PixWorld, client: PixApiClient) -> None:
    local = datetime.fromisoformat("2026-11-21T09:00:00-03:00")

    list(client.list_pix(start=local, end=local))

    query = httpx.QueryParams(world.journal("list_pix")[0]["query"])
    assert query["inicio"] == "2026-11-21T12:00:00.000Z"
