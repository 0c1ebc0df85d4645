import httpx
import pytest

from simulators.pix.account import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, SCOPES, TOKEN_SECONDS, Account
from simulators.settings import PixAccount, SimulatorSettings
from simulators.store import Store
from tests.simulators.pix.bodies import cob
from tests.simulators.pix.world import PixWorld, authorized, new_txid

RIGHT = (DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET)
GRANT = {"grant_type": "client_credentials"}


def test_token_for_right_credentials_opens_every_scope_for_an_hour(world: PixWorld) -> None:
    answer = world.http.post(f"{world.url}/oauth/token", auth=RIGHT, data=GRANT)

    body = answer.json()
    assert answer.status_code == 200
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3600)
    assert frozenset(body["scope"].split()) == SCOPES


def test_token_may_be_asked_for_with_credentials_in_the_form(world: PixWorld) -> None:
    form = GRANT | {"client_id": RIGHT[0], "client_secret": RIGHT[1]}

    assert world.http.post(f"{world.url}/oauth/token", data=form).status_code == 200


@pytest.mark.parametrize(
    ("auth", "form", "status", "error"),
    [
        ((RIGHT[0], "wrong"), GRANT, 401, "invalid_client"),
        (("wrong", RIGHT[1]), GRANT, 401, "invalid_client"),
        (None, GRANT, 401, "invalid_client"),
        (RIGHT, {"grant_type": "password"}, 400, "unsupported_grant_type"),
        (RIGHT, GRANT | {"scope": "cob.read everything"}, 400, "invalid_scope"),
    ],
)
def test_token_request_that_is_wrong_is_refused(
    world: PixWorld, auth: tuple[str, str] | None, form: dict[str, str], status: int, error: str
) -> None:
    answer = world.http.post(
        f"{world.url}/oauth/token", auth=httpx.BasicAuth(*auth) if auth else httpx.Auth(), data=form
    )

    assert (answer.status_code, answer.json()) == (status, {"error": error})


def test_call_without_a_token_is_answered_401(world: PixWorld) -> None:
    answers = [
        world.http.get(f"{world.url}/cob/{new_txid()}", headers=headers).status_code
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {world.token()}"})
    ]

    assert answers == [401, 401, 401]


def test_call_with_a_narrow_token_is_refused_outside_its_scope(world: PixWorld) -> None:
    txid = new_txid()
    with authorized(world, "cob.read") as api:
        written = api.put(f"/cob/{txid}", json=cob())
        read = api.get(f"/cob/{txid}")

    assert (written.status_code, written.json()["type"].rpartition("/")[2]) == (403, "AcessoNegado")
    assert (read.status_code, read.json()["type"].rpartition("/")[2]) == (404, "CobNaoEncontrado")


def test_token_survives_a_restart_and_dies_when_told(world: PixWorld) -> None:
    with authorized(world) as api:
        world.restart()
        before = api.get(f"/cob/{new_txid()}").status_code
        world.control("expire_tokens")
        after = api.get(f"/cob/{new_txid()}").status_code

    assert (before, after) == (404, 401)


def test_token_expires_in_real_time() -> None:
    times = iter([1000.0, 1000.0 + TOKEN_SECONDS - 1, 1000.0 + TOKEN_SECONDS])
    account = Account(SimulatorSettings(), Store(":memory:"), real_time=lambda: next(times))

    token = account.issue_token(frozenset({"cob.read"}))

    assert account.scopes_of(token) == frozenset({"cob.read"})
    assert account.scopes_of(token) is None


def test_account_uses_the_credentials_and_key_of_the_settings() -> None:
    settings = SimulatorSettings(pix=PixAccount(client_id="a", client_secret="b", key="c@d.example"))

    account = Account(settings, Store(":memory:"))

    assert account.accepts("a", "b")
    assert not account.accepts(*RIGHT)
    assert account.keys == {"c@d.example"}
