import pytest

from conversations.channels.sms.segments import Size, size_of


@pytest.mark.parametrize(
    ("words", "segments", "units", "is_gsm"),
    [
        ("", 1, 0, True),
        ("a" * 160, 1, 160, True),
        ("a" * 161, 2, 161, True),
        ("a" * 306, 2, 306, True),
        ("a" * 307, 3, 307, True),
        # An escape stands before each.
        ("€" * 80, 1, 160, True),
        ("€" * 81, 2, 162, True),
        ("ã" * 70, 1, 70, False),
        ("ã" * 71, 2, 71, False),
        # Two places each in UTF-16.
        ("😀" * 35, 1, 70, False),
        ("😀" * 36, 2, 72, False),
    ],
)
def test_message_is_as_many_as_its_letters_and_alphabet_make_it(
    words: str, segments: int, units: int, is_gsm: bool
):
    found = size_of(words)

    assert (found.segments, found.units, found.is_gsm) == (segments, units, is_gsm)


def test_letters_that_made_it_short_are_named_once():
    assert size_of("não, irmão ção") == Size(1, 14, False, ("ã", "ç"))
