from pathlib import Path

import pytest

from simulators.settings import MissingFileError, SimulatorSettings


def test_without_environment_the_local_demo_is_meant() -> None:
    settings = SimulatorSettings.from_environment({})

    assert (settings.port, settings.public_url, settings.own_url) == (
        8001,
        "http://127.0.0.1:8000",
        "http://127.0.0.1:8001",
    )
    assert settings.database == Path(".data/simulators.sqlite3")
    assert settings.whatsapp.verified_name == "Academia Horizonte"


def test_environment_and_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n")

    settings = SimulatorSettings.from_environment(
        {
            "SIM_PORT": "9001",
            "PUBLIC_URL": "https://em-dia.example/",
            "DATA_DIR": str(tmp_path),
            "WHATSAPP_APP_SECRET_FILE": str(tmp_path / "secret"),
            "PIX_KEY": "chave",
            "LAB_TOKEN": "t",
            "OTHER": "own",
        }
    )

    assert (settings.port, settings.public_url) == (9001, "https://em-dia.example")
    assert (settings.whatsapp.app_secret, settings.pix.key, settings.lab_token) == ("s3cret", "chave", "t")
    assert (settings.read("OTHER"), settings.read("NONE", "default")) == ("own", "default")


def test_an_empty_value_means_the_default() -> None:
    assert SimulatorSettings.from_environment({"WHATSAPP_ACCESS_TOKEN": ""}).whatsapp.access_token == (
        SimulatorSettings().whatsapp.access_token
    )


def test_a_secret_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="LAB_TOKEN_FILE"):
        SimulatorSettings.from_environment({"LAB_TOKEN_FILE": str(tmp_path / "nothing")})
