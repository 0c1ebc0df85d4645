"""Who may speak to the webhook."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.channels.whatsapp.signature import HEADER, challenge, is_signed, sign

RAW = b'{"object":"whatsapp_business_account","entry":[{"name":"Jo\\u00e3o"}]}'
SECRET = "app-secret"
QUERY = {"hub.mode": "subscribe", "hub.verify_token": "token-ç", "hub.challenge": "1158201444"}


def test_signature_is_hmac_sha256_of_the_raw_bytes() -> None:
    expected = hmac.new(b"app-secret", RAW, hashlib.sha256).hexdigest()

    assert sign(RAW, SECRET) == f"sha256={expected}"
    assert is_signed(RAW, f"sha256={expected}", [SECRET])
    assert HEADER == "X-Hub-Signature-256"


def test_either_secret_opens_while_one_is_rotated() -> None:
    assert is_signed(RAW, sign(RAW, "old"), ["new", "old"])
    assert is_signed(RAW, sign(RAW, "new"), ["new", "old"])
    assert not is_signed(RAW, sign(RAW, "older"), ["new", "old"])


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        "sha1=0000",
        sign(RAW, SECRET).removeprefix("sha256="),
        sign(RAW, SECRET)[:-1],
        f"{sign(RAW, SECRET)}0",
        "sha256=ç" + "0" * 63,
    ],
)
def test_header_that_is_no_signature_is_refused(header: str | None) -> None:
    assert not is_signed(RAW, header, [SECRET])


def test_body_written_anew_no_longer_matches() -> None:
    # The same JSON with the accent unescaped is other bytes.
    assert not is_signed(RAW.replace(b"\\u00e3", "ã".encode()), sign(RAW, SECRET), [SECRET])


def test_blank_secret_never_opens_the_door() -> None:
    assert not is_signed(RAW, sign(RAW, ""), [""])
    assert not is_signed(RAW, sign(RAW, ""), [])


@settings(deadline=None)
@given(
    st.binary(max_size=200), st.text(min_size=1, max_size=40).filter(lambda s: s.isprintable()), st.binary()
)
def test_only_the_signed_bytes_are_signed(raw: bytes, secret: str, other: bytes) -> None:
    assert is_signed(raw, sign(raw, secret), [secret])
    assert is_signed(other, sign(raw, secret), [secret]) == (other == raw)


class TestChallenge:
    def test_right_token_echoes_the_challenge(self) -> None:
        assert challenge(QUERY, "token-ç") == "1158201444"

    @pytest.mark.parametrize(
        "change",
        [
            {"hub.mode": "unsubscribe"},
            {"hub.mode": ""},
            {"hub.verify_token": "other"},
            {"hub.verify_token": ""},
            {"hub.verify_token": "\udcff"},
            {"hub.challenge": ""},
        ],
    )
    def test_anything_else_is_refused(self, change: dict[str, str]) -> None:
        assert challenge({**QUERY, **change}, "token-ç") is None

    def test_token_left_blank_refuses_everybody(self) -> None:
        assert challenge({**QUERY, "hub.verify_token": ""}, "") is None

    def test_empty_query_is_refused(self) -> None:
        assert challenge({}, "token-ç") is None
