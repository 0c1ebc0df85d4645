import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.runtime import environment
from config.runtime.errors import CannotStart

_DATABASE = "postgres://emdia:secret@127.0.0.1:5433/emdia"
_BROKER = "redis://:secret@127.0.0.1:6380/0"
_GENERATED = {
    "SECRET_KEY",
    "FIELD_KEYS",
    "LAB_TOKEN",
    "WHATSAPP_ACCESS_TOKEN",
    "WHATSAPP_APP_SECRET",
    "WHATSAPP_VERIFY_TOKEN",
    "PIX_CLIENT_ID",
    "PIX_CLIENT_SECRET",
    "PIX_WEBHOOK_SECRET",
    "SMS_AUTH_TOKEN",
    "MAIL_PASSWORD",
    "MAIL_POP_PASSWORD",
}


def test_demo_environment_points_every_provider_at_the_simulators(data_dir: Path):
    values = environment.demo_environment(data_dir, 9000, 9001, _DATABASE, _BROKER)

    assert {name: value for name, value in values.items() if name not in _GENERATED} == {
        "DEMO": "1",
        "DATA_DIR": str(data_dir),
        "DATABASE_URL": _DATABASE,
        "BROKER_URL": _BROKER,
        "PORT": "9000",
        "SIM_PORT": "9001",
        "PUBLIC_URL": "http://127.0.0.1:9000",
        "WHATSAPP_API_URL": "http://127.0.0.1:9001/whatsapp",
        "WHATSAPP_API_VERSION": "v25.0",
        "WHATSAPP_PHONE_NUMBER_ID": "100000000000001",
        "WHATSAPP_BUSINESS_ACCOUNT_ID": "200000000000001",
        "PIX_API_URL": "http://127.0.0.1:9001/pix",
        "PIX_KEY": "46827193000150",
        "WHATSAPP_CHAT_URL": "http://127.0.0.1:9001/wa.me",
        "SMS_API_URL": "http://127.0.0.1:9001/sms",
        "SMS_ACCOUNT_SID": "AC00000000000000000000000000000000",
        "MAIL_HOST": "127.0.0.1",
        "MAIL_PORT": "9003",
        "MAIL_SECURITY": "none",
        "MAIL_USER": "academia",
        "MAIL_RETURNS": "retornos@academiahorizonte.example",
        "MAIL_POP_HOST": "127.0.0.1",
        "MAIL_POP_PORT": "9004",
        "MAIL_POP_SECURITY": "none",
        "MAIL_POP_USER": "retornos",
    }


def test_demo_environment_secrets_differ_from_each_other_and_stay(data_dir: Path):
    first = environment.demo_environment(data_dir, 9000, 9001, _DATABASE, _BROKER)
    second = environment.demo_environment(data_dir, 9000, 9001, _DATABASE, _BROKER)

    assert first == second
    assert len({first[name] for name in _GENERATED}) == len(_GENERATED)


def test_demo_environment_another_folder_has_other_secrets(tmp_path: Path):
    one = environment.demo_environment(tmp_path / "one", 9000, 9001, _DATABASE, _BROKER)
    two = environment.demo_environment(tmp_path / "two", 9000, 9001, _DATABASE, _BROKER)

    assert {name for name in one if one[name] != two[name]} == {*_GENERATED, "DATA_DIR"}


def test_demo_environment_secret_files_are_private(data_dir: Path):
    environment.demo_environment(data_dir, 9000, 9001, _DATABASE, _BROKER)

    folder = data_dir / "secrets"
    assert oct(folder.stat().st_mode & 0o777) == "0o700"
    assert {oct(file.stat().st_mode & 0o777) for file in folder.iterdir()} == {"0o600"}


def test_every_composed_variable_is_a_product_variable(data_dir: Path):
    """Else a private stack would inherit it from its surroundings."""
    composed = environment.demo_environment(data_dir, 9000, 9001, _DATABASE, _BROKER)

    assert set(composed) - set(environment.PRODUCT_VARIABLES) == set()


def test_write_environment_only_the_owner_reads_it(data_dir: Path):
    file = environment.environment_file(data_dir)

    environment.write_environment(file, {"SECRET_KEY": "x"})

    assert file == data_dir / "run" / "environment"
    assert oct(file.stat().st_mode & 0o777) == "0o600"


@given(
    values=st.dictionaries(
        st.from_regex(r"[A-Z][A-Z_]{0,20}", fullmatch=True).filter(lambda name: name != "STACK_PID"),
        st.text(st.characters(min_codepoint=33, max_codepoint=126)),
    )
)
def test_read_environment_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, str]
):
    file = tmp_path_factory.mktemp("run") / "environment"

    environment.write_environment(file, values)

    assert environment.read_environment(file) == {**values, "STACK_PID": str(os.getpid())}


def test_read_environment_no_stack_gives_nothing(tmp_path: Path):
    assert environment.read_environment(tmp_path / "environment") == {}


def test_overlay_what_a_person_set_wins():
    composed = {"PIX_KEY": "generated", "PORT": "8000", "SECRET_KEY": "generated"}
    wishes = {"PIX_KEY": "mine", "SECRET_KEY_FILE": "/run/secrets/key"}

    assert environment.overlay(composed, wishes) == {
        "PIX_KEY": "mine",
        "PORT": "8000",
        "SECRET_KEY_FILE": "/run/secrets/key",
    }


def test_surroundings_hold_nothing_of_the_product():
    environ = {
        "PATH": "/bin",
        "DEMO": "1",
        "SECRET_KEY_FILE": "/x",
        "DATABASE_URL": "postgres://real",
        "STACK_PID": "1",
    }

    assert environment.surroundings(environ) == {"PATH": "/bin"}


def test_product_part_empty_means_not_set():
    assert environment.product_part({"DEMO": "", "PIX_KEY": "k", "PATH": "/bin"}) == {"PIX_KEY": "k"}


def test_given_reads_the_named_file(tmp_path: Path):
    file = tmp_path / "url"
    file.write_text("postgres://from-file\n")

    assert environment.given("DATABASE_URL", {"DATABASE_URL_FILE": str(file)}) == "postgres://from-file"


def test_given_value_wins_over_file():
    assert environment.given("DEMO", {"DEMO": "1", "DEMO_FILE": "/no/such/file"}) == "1"


def test_given_file_missing_is_refused():
    with pytest.raises(CannotStart) as refusal:
        environment.given("SECRET_KEY", {"SECRET_KEY_FILE": "/no/such/file"})

    assert str(refusal.value) == "SECRET_KEY_FILE names /no/such/file, which cannot be read."


def test_without_stack_forgets_the_servers_of_a_killed_one(tmp_path: Path):
    file = tmp_path / "environment"
    environment.write_environment(file, {"DATABASE_URL": _DATABASE, "DEMO": "1", "PIX_KEY": "k"})
    environ = {**environment.read_environment(file), "PATH": "/bin", "BROKER_URL": "redis://mine"}

    left = environment.without_stack(environ, file)

    assert left == {"DEMO": "1", "PATH": "/bin", "BROKER_URL": "redis://mine"}


def test_without_stack_keeps_everything_that_came_from_elsewhere(tmp_path: Path):
    file = tmp_path / "environment"
    environment.write_environment(file, {"DATABASE_URL": _DATABASE})

    assert environment.without_stack({"DATABASE_URL": _DATABASE}, file) == {"DATABASE_URL": _DATABASE}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1", True), ("True", True), (" yes ", True), ("0", False), ("", False), ("no", False)],
)
def test_is_true_switch(text: str, expected: bool):
    assert environment.is_true(text) is expected
