import pytest

from conversations.channels.sms import signature

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = {
    "CallSid": ["CA1234567890ABCDE"],
    "Caller": ["+14158675310"],
    "Digits": ["1234"],
    "From": ["+14158675310"],
    "To": ["+18005551212"],
}


def test_published_example_of_the_provider_is_signed():
    assert signature.sign(URL, FORM, "12345") == "GvWf1cFY/Q7PnoempGyD5oXAezc="


@pytest.mark.parametrize(
    ("url", "form", "tokens", "header"),
    [
        (URL + "3", FORM, ["12345"], "GvWf1cFY/Q7PnoempGyD5oXAezc="),
        (URL, FORM | {"Digits": ["1235"]}, ["12345"], "GvWf1cFY/Q7PnoempGyD5oXAezc="),
        (URL, FORM, ["12346"], "GvWf1cFY/Q7PnoempGyD5oXAezc="),
        (URL, FORM, [], "GvWf1cFY/Q7PnoempGyD5oXAezc="),
        (URL, FORM, ["12345"], None),
        (URL, FORM, ["12345"], "ção"),
    ],
)
def test_anything_else_is_not(url: str, form: dict[str, list[str]], tokens: list[str], header: str | None):
    assert not signature.is_signed(url, form, header, tokens)


def test_old_token_verifies_while_it_is_rotated():
    assert signature.is_signed(URL, FORM, "GvWf1cFY/Q7PnoempGyD5oXAezc=", ["novo", "12345"])


def test_empty_token_opens_nothing():
    assert not signature.is_signed(URL, FORM, signature.sign(URL, FORM, ""), [""])
