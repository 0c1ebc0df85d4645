from collections.abc import Callable, Iterator

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from commons import crypto
from commons.models import WebhookRequest
from tests.cases.world import NOW


@pytest.fixture
def use_keys(settings: Settings) -> Iterator[Callable[..., None]]:
    """Encryption with these keys, newest first, as after a restart with other settings."""

    def restart() -> None:
        crypto._fernet.cache_clear()
        crypto._hash_key.cache_clear()

    def use(*keys: str) -> None:
        settings.FIELD_KEYS = list(keys)
        restart()

    before = settings.FIELD_KEYS
    yield use
    use(*before)


OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@given(st.text())
def test_what_is_encrypted_comes_back(plain: str):
    assert crypto.decrypt(crypto.encrypt(plain)) == plain


def test_same_words_never_look_the_same():
    assert crypto.encrypt("52998224725") != crypto.encrypt("52998224725")


class TestRotation:
    def test_old_data_is_read_with_the_old_key_and_new_is_written_with_the_new(self, use_keys):
        use_keys(OLD)
        before = crypto.encrypt("antes")
        use_keys(NEW, OLD)
        after = crypto.encrypt("depois")

        assert (crypto.decrypt(before), crypto.decrypt(after)) == ("antes", "depois")
        assert Fernet(NEW).decrypt(after) == b"depois"

    def test_value_of_a_key_that_is_gone_is_an_error_that_says_so(self, use_keys):
        use_keys(OLD)
        before = crypto.encrypt("antes")
        use_keys(NEW)

        with pytest.raises(ValueError, match="no key of FIELD_KEYS opens"):
            crypto.decrypt(before)

    def test_hashes_survive_the_rotation(self, use_keys):
        use_keys(OLD)
        before = crypto.keyed_hash("52998224725", purpose="document")
        use_keys(NEW, OLD)

        assert crypto.keyed_hash("52998224725", purpose="document") == before

    def test_without_a_key_nothing_is_stored_in_the_clear(self, use_keys):
        use_keys()

        with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS is not set"):
            crypto.encrypt("52998224725")


class TestKeyedHash:
    def test_equal_values_of_one_purpose_are_found_again(self):
        found = {
            (value, purpose): crypto.keyed_hash(value, purpose=purpose)
            for value in ("52998224725", "52998224726")
            for purpose in ("document", "whatsapp")
        }

        assert len(set(found.values())) == 4
        assert crypto.keyed_hash("52998224725", purpose="document") == found["52998224725", "document"]
        assert {len(each) for each in found.values()} == {64}

    def test_who_has_other_keys_cannot_guess_it(self, use_keys):
        use_keys(OLD)
        one = crypto.keyed_hash("52998224725", purpose="document")
        use_keys(NEW)

        assert crypto.keyed_hash("52998224725", purpose="document") != one


@pytest.mark.django_db
class TestField:
    def test_column_holds_no_plain_text(self):
        row = WebhookRequest.objects.create(provider="whatsapp", body='{"from": "5511"}', received_at=NOW)

        with connection.cursor() as cursor:
            cursor.execute("SELECT body FROM commons_webhookrequest WHERE id = %s", [row.pk])
            (kept,) = cursor.fetchone()
        row.refresh_from_db()

        assert (row.body, "5511" in kept, crypto.decrypt(kept)) == ('{"from": "5511"}', False, row.body)

    def test_nothing_stays_nothing(self):
        row = WebhookRequest.objects.create(provider="whatsapp", received_at=NOW)

        with connection.cursor() as cursor:
            cursor.execute("SELECT body FROM commons_webhookrequest WHERE id = %s", [row.pk])
            assert cursor.fetchone() == ("",)
        row.refresh_from_db()
        assert row.body == ""
