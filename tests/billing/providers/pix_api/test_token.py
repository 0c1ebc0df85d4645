from collections.abc import Iterator

import pytest

from billing.providers.pix_api.token import TokenSource
from commons import http as outbound
from commons.http import ProviderError
from tests.billing.providers.canned import CannedServer

TOKEN_PLACE = ("POST", "/oauth/token")


class Stopwatch:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def tokens(canned: CannedServer, watch: Stopwatch) -> Iterator[TokenSource]:
    with outbound.client(base_url=canned.url) as http:
        yield TokenSource(
            http,
            url=f"{canned.url}/oauth/token",
            client_id="id",
            client_secret="secret",
            timeout=2.0,
            monotonic=watch,
        )


@pytest.mark.parametrize(
    ("expires_in", "fresh_for"), [("3600", 3540), ("100", 90), ("0", 270), ("null", 270)]
)
def test_token_is_kept_until_shortly_before_its_end(
    canned: CannedServer, tokens: TokenSource, watch: Stopwatch, expires_in: str, fresh_for: int
) -> None:
    body = f'{{"access_token": "%s", "expires_in": {expires_in}}}'
    canned.answer(*TOKEN_PLACE, (200, (body % "first").encode()), (200, (body % "second").encode()))

    asked = [tokens.get()]
    for seconds in (fresh_for - 1, 1):
        watch.seconds += seconds
        asked.append(tokens.get())

    assert asked == ["first", "first", "second"]


def test_token_that_was_refused_is_forgotten_once(canned: CannedServer, tokens: TokenSource) -> None:
    canned.answer(*TOKEN_PLACE, *((200, f'{{"access_token": "{n}"}}'.encode()) for n in "abc"))

    first = tokens.get()
    tokens.forget(first)
    second = tokens.get()
    # Another thread that was refused with the old one must not throw the new one away.
    tokens.forget(first)

    assert (first, second, tokens.get()) == ("a", "b", "b")


def test_token_endpoint_in_trouble_is_a_passing_error(canned: CannedServer, tokens: TokenSource) -> None:
    canned.answer(*TOKEN_PLACE, (503, b""), (200, b'{"access_token": "a"}'))

    with pytest.raises(ProviderError) as refusal:
        tokens.get()

    assert not refusal.value.permanent
    assert tokens.get() == "a"
