"""What a stack tells its processes, and the file through which other commands find a running stack."""

import os
from collections.abc import Mapping
from pathlib import Path

from config.runtime.credentials import fernet_key, read_or_make, write_private
from config.runtime.errors import CannotStart

# Without these a deployment that is not the demo cannot serve.
REQUIRED_IN_PRODUCTION = ("SECRET_KEY", "FIELD_KEYS", "ALLOWED_HOSTS", "PUBLIC_URL")

# Every variable that the product reads. A private stack inherits none of them from its surroundings.
PRODUCT_VARIABLES = (
    *(
        "DATABASE_URL",
        "BROKER_URL",
        "DATA_DIR",
        "DEMO",
        "PORT",
        "SIM_PORT",
        "HOST",
        "LAB_TOKEN",
        "REAL_BROKER",
        "DEMO_MEMBERS",
    ),
    *("SECRET_KEY", "FIELD_KEYS", "ALLOWED_HOSTS", "PUBLIC_URL", "SSL_REDIRECT"),
    *("WHATSAPP_API_URL", "WHATSAPP_API_VERSION", "WHATSAPP_PHONE_NUMBER_ID", "WHATSAPP_BUSINESS_ACCOUNT_ID"),
    *("WHATSAPP_ACCESS_TOKEN", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN", "WHATSAPP_CHAT_URL"),
    *("MAIL_HOST", "MAIL_PORT", "MAIL_SECURITY", "MAIL_USER", "MAIL_PASSWORD", "MAIL_RETURNS"),
    *("MAIL_POP_HOST", "MAIL_POP_PORT", "MAIL_POP_SECURITY", "MAIL_POP_USER", "MAIL_POP_PASSWORD"),
    *("SMS_API_URL", "SMS_ACCOUNT_SID", "SMS_AUTH_TOKEN"),
    *(
        "PIX_API_URL",
        "PIX_CLIENT_ID",
        "PIX_CLIENT_SECRET",
        "PIX_KEY",
        "PIX_CERTIFICATE",
        "PIX_CERTIFICATE_KEY",
    ),
    *("PIX_WEBHOOK_SECRET", "LLM_BASE_URL", "LLM_API_KEY", "LLM_MODEL"),
    *("LLM_FALLBACK_BASE_URL", "LLM_FALLBACK_API_KEY", "LLM_FALLBACK_MODEL"),
)

_TRUE = {"1", "true", "yes", "on"}
# Names under which a person says what to start: the same value in an old file proves nothing.
_CHOICES = {"DEMO", "DATA_DIR", "PORT", "SIM_PORT", "HOST"}
# Marks a file as written by a stack, and its values, wherever they turn up, as having come from it.
_MARK = "STACK_PID"


def demo_environment(
    data_dir: Path, port: int, sim_port: int, database_url: str, broker_url: str
) -> dict[str, str]:
    """Everything the demo needs: every provider is the simulator, every secret is generated.

    The secrets come from `data_dir/secrets`, so the same arguments always give the same answer.
    """
    simulators = f"http://127.0.0.1:{sim_port}"
    return {
        "DEMO": "1",
        "DATA_DIR": str(data_dir),
        "DATABASE_URL": database_url,
        "BROKER_URL": broker_url,
        "PORT": str(port),
        "SIM_PORT": str(sim_port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": read_or_make(data_dir, "secret-key"),
        "FIELD_KEYS": read_or_make(data_dir, "field-keys", fernet_key),
        "LAB_TOKEN": read_or_make(data_dir, "lab-token"),
        "WHATSAPP_API_URL": f"{simulators}/whatsapp",
        "WHATSAPP_API_VERSION": "v25.0",
        "WHATSAPP_PHONE_NUMBER_ID": "100000000000001",
        "WHATSAPP_BUSINESS_ACCOUNT_ID": "200000000000001",
        "WHATSAPP_ACCESS_TOKEN": read_or_make(data_dir, "whatsapp-access-token"),
        "WHATSAPP_APP_SECRET": read_or_make(data_dir, "whatsapp-app-secret"),
        "WHATSAPP_VERIFY_TOKEN": read_or_make(data_dir, "whatsapp-verify-token"),
        "WHATSAPP_CHAT_URL": f"{simulators}/wa.me",
        "MAIL_HOST": "127.0.0.1",
        "MAIL_PORT": str(sim_port + 2),
        "MAIL_SECURITY": "none",
        "MAIL_USER": "academia",
        "MAIL_PASSWORD": read_or_make(data_dir, "mail-password"),
        "MAIL_RETURNS": "retornos@academiahorizonte.example",
        "MAIL_POP_HOST": "127.0.0.1",
        "MAIL_POP_PORT": str(sim_port + 3),
        "MAIL_POP_SECURITY": "none",
        "MAIL_POP_USER": "retornos",
        "MAIL_POP_PASSWORD": read_or_make(data_dir, "mail-pop-password"),
        "SMS_API_URL": f"{simulators}/sms",
        "SMS_ACCOUNT_SID": "AC00000000000000000000000000000000",
        "SMS_AUTH_TOKEN": read_or_make(data_dir, "sms-auth-token"),
        "PIX_API_URL": f"{simulators}/pix",
        "PIX_CLIENT_ID": read_or_make(data_dir, "pix-client-id"),
        "PIX_CLIENT_SECRET": read_or_make(data_dir, "pix-client-secret"),
        "PIX_KEY": "46827193000150",
        "PIX_WEBHOOK_SECRET": read_or_make(data_dir, "pix-webhook-secret"),
    }


def production_environment(data_dir: Path, port: int, database_url: str, broker_url: str) -> dict[str, str]:
    """What a stack knows about itself outside the demo; everything else has to be given."""
    return {
        "DATA_DIR": str(data_dir),
        "DATABASE_URL": database_url,
        "BROKER_URL": broker_url,
        "PORT": str(port),
    }


def given(name: str, environ: Mapping[str, str]) -> str:
    """The value of `name`, or the content of the file that `NAME_FILE` names; empty when neither is set."""
    if environ.get(name):
        return environ[name]
    path = environ.get(f"{name}_FILE")
    if not path:
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise CannotStart(f"{name}_FILE names {path}, which cannot be read.") from error


def is_true(text: str) -> bool:
    """How switches such as DEMO are read."""
    return text.strip().lower() in _TRUE


def product_part(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of `environ` that steer the product, those by file included; empty ones are not set."""
    names = {*PRODUCT_VARIABLES, *(f"{name}_FILE" for name in PRODUCT_VARIABLES)}
    return {name: value for name, value in environ.items() if name in names and value}


def surroundings(environ: Mapping[str, str]) -> dict[str, str]:
    """`environ` without anything that steers the product: the ground on which a stack's own values go."""
    product = product_part(environ)
    return {name: value for name, value in environ.items() if name not in product and name != _MARK}


def overlay(composed: Mapping[str, str], wishes: Mapping[str, str]) -> dict[str, str]:
    """`composed`, where what a person set (directly or by file) wins over what we would have generated."""
    kept = {name: value for name, value in composed.items() if f"{name}_FILE" not in wishes or name in wishes}
    return kept | dict(wishes)


def without_stack(environ: Mapping[str, str], file: Path) -> dict[str, str]:
    """`environ` without what settings took from a stack's file, whose stack may have been killed since.

    `manage.py up` must not mistake the servers of an earlier start for a database that was given to it.
    """
    if _MARK not in environ:
        return dict(environ)
    written = read_environment(file)
    return {name: value for name, value in environ.items() if name in _CHOICES or written.get(name) != value}


def environment_file(data_dir: Path) -> Path:
    """Where a running stack says what it is made of."""
    return data_dir / "run" / "environment"


def write_environment(file: Path, values: Mapping[str, str]) -> None:
    """Write `NAME=value` lines, readable by the owner alone."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lines = {**values, _MARK: str(os.getpid())}
    write_private(file, "".join(f"{name}={value}\n" for name, value in sorted(lines.items())))


def read_environment(file: Path) -> dict[str, str]:
    """What `write_environment` wrote; nothing when there is no such file."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    return dict(line.split("=", 1) for line in lines if "=" in line)
