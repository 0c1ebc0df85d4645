import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.whatsapp.phones import (
    NotANumberError,
    canonical,
    line_key,
    read_recipient,
    without_ninth_digit,
)

areas = st.integers(11, 99).map(str)
lines = st.integers(6_000_0000, 9_999_9999).map(str)


@given(area=areas, line=lines)
def test_both_spellings_of_a_mobile_share_one_key(area: str, line: str) -> None:
    long, short = f"55{area}9{line}", f"55{area}{line}"

    assert without_ninth_digit(long) == short
    assert line_key(long) == line_key(short)


@given(area=areas, line=st.integers(2_000_0000, 5_999_9999).map(str))
def test_a_landline_is_only_itself(area: str, line: str) -> None:
    assert line_key(f"55{area}{line}") == f"55{area}{line}"
    assert line_key(f"55{area}{line}") != line_key(f"55{area}9{line}")


@given(digits=st.from_regex(r"[1-9][0-9]{9,12}", fullmatch=True))
def test_the_country_code_is_put_before_numbers_without_plus_only(digits: str) -> None:
    assert read_recipient(f"+{digits}", own_country="55") == digits
    assert read_recipient(digits, own_country="55") == f"55{digits}"


@pytest.mark.parametrize("text", ["", "+", "abc", "+55 11 9a", "123", "+1234567890123456"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(NotANumberError):
        canonical(text)
