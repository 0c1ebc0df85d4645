"""What the simulator process reads from the environment, once, at its start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self


class MissingFileError(ValueError):
    """`NAME_FILE` points to a file that cannot be read."""


def read_variable(environment: Mapping[str, str], name: str, default: str = "") -> str:
    """Return variable `name`, or the stripped content of the file named by `NAME_FILE`, or `default`.

    Raises `MissingFileError` when `NAME_FILE` is set to something that cannot be read.
    """
    if name in environment:
        return environment[name]
    path = environment.get(f"{name}_FILE")
    if path is None:
        return default
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise MissingFileError(f"{name}_FILE: cannot read {path}") from error


@dataclass(frozen=True, kw_only=True)
class WhatsAppAccount:
    """The business side of the simulated WhatsApp: one account (WABA) with one number."""

    phone_number_id: str = "106540352242922"
    business_account_id: str = "102290129340398"
    access_token: str = "demo-access-token"  # noqa: S105 -- the default of a simulator, opens nothing
    app_secret: str = "demo-app-secret"  # noqa: S105 -- as above
    verify_token: str = "demo-verify-token"  # noqa: S105 -- as above
    display_phone_number: str = "551130030000"
    verified_name: str = "Academia Horizonte"


@dataclass(frozen=True, kw_only=True)
class PixAccount:
    """The creditor's credentials at the simulated Pix provider; empty means the system's own default."""

    client_id: str = ""
    client_secret: str = ""
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class SimulatorSettings:
    """Everything the simulators need to know; `environment` lets a system read variables of its own."""

    host: str = "127.0.0.1"
    port: int = 8001
    public_url: str = "http://127.0.0.1:8000"
    data_dir: Path = Path(".data")
    lab_token: str = ""
    whatsapp: WhatsAppAccount = field(default_factory=WhatsAppAccount)
    pix: PixAccount = field(default_factory=PixAccount)
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def own_url(self) -> str:
        """Base address under which the product reaches this process, without a trailing slash."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        """File of the document store."""
        return self.data_dir / "simulators.sqlite3"

    def read(self, name: str, default: str = "") -> str:
        """Return one more environment variable (or `NAME_FILE`), for a system's own needs."""
        return read_variable(self.environment, name, default)

    def with_port(self, port: int) -> Self:
        """Return the same settings on another port (known only after binding port 0)."""
        return replace(self, port=port)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read the settings; every value has a default that serves the local demo."""
        env = dict(os.environ if environment is None else environment)

        def value(name: str, default: str) -> str:
            return read_variable(env, name, default) or default

        account = WhatsAppAccount()
        return cls(
            host=value("SIM_HOST", cls.host),
            port=int(value("SIM_PORT", str(cls.port))),
            public_url=value("PUBLIC_URL", cls.public_url).rstrip("/"),
            data_dir=Path(value("DATA_DIR", str(cls.data_dir))),
            lab_token=value("LAB_TOKEN", ""),
            whatsapp=WhatsAppAccount(
                phone_number_id=value("WHATSAPP_PHONE_NUMBER_ID", account.phone_number_id),
                business_account_id=value("WHATSAPP_BUSINESS_ACCOUNT_ID", account.business_account_id),
                access_token=value("WHATSAPP_ACCESS_TOKEN", account.access_token),
                app_secret=value("WHATSAPP_APP_SECRET", account.app_secret),
                verify_token=value("WHATSAPP_VERIFY_TOKEN", account.verify_token),
                display_phone_number=value("WHATSAPP_DISPLAY_PHONE_NUMBER", account.display_phone_number),
                verified_name=value("WHATSAPP_VERIFIED_NAME", account.verified_name),
            ),
            pix=PixAccount(
                client_id=value("PIX_CLIENT_ID", ""),
                client_secret=value("PIX_CLIENT_SECRET", ""),
                key=value("PIX_KEY", ""),
            ),
            environment=env,
        )
