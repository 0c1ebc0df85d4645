"""Runs a command beside servers of its own, which end with it:

    python scripts/with_stack.py --parts database,broker --migrate -- python manage.py shell

The command finds them in its environment (DATABASE_URL and the rest), in the demo's mode unless --production.
Its exit code is ours.
"""

import argparse
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from config.runtime import processes  # noqa: E402 -- found only through the line above
from config.runtime.console import Console  # noqa: E402
from config.runtime.credentials import fernet_key  # noqa: E402
from config.runtime.errors import CannotStart  # noqa: E402
from config.runtime.stack import Stack  # noqa: E402


def production_like() -> dict[str, str]:
    """What a deployment sets, with secrets that open nothing: enough for settings and system checks."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(60),
        "FIELD_KEYS": fernet_key(),
        "ALLOWED_HOSTS": "cobranca.example.com",
        "PUBLIC_URL": "https://cobranca.example.com",
        "WHATSAPP_PHONE_NUMBER_ID": "100000000000001",
        "WHATSAPP_BUSINESS_ACCOUNT_ID": "200000000000001",
        "WHATSAPP_ACCESS_TOKEN": secrets.token_urlsafe(),
        "WHATSAPP_APP_SECRET": secrets.token_urlsafe(),
        "WHATSAPP_VERIFY_TOKEN": secrets.token_urlsafe(),
        "PIX_API_URL": "https://pix.example.com",
        "PIX_CLIENT_ID": secrets.token_urlsafe(),
        "PIX_CLIENT_SECRET": secrets.token_urlsafe(),
        "PIX_KEY": "46827193000150",
        "PIX_WEBHOOK_SECRET": secrets.token_urlsafe(),
    }


def main() -> int:
    """Parse, start, run, stop."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--parts", default="database,broker", help=f"of {', '.join(processes.PARTS)}")
    parser.add_argument("--migrate", action="store_true", help="bring the database's schema up to date first")
    parser.add_argument("--production", action="store_true", help="as a deployment, not as the demo")
    parser.add_argument("--durable", action="store_true", help="wait for the disk, as a deployment does")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    out = Console(sys.stderr)
    try:
        with Stack(
            parts={processes.SHORT_NAMES.get(name, name) for name in options.parts.split(",")},
            demo=not options.production,
            overrides=production_like() if options.production else {},
            migrate=options.migrate or None,
            fast=not options.durable,
        ) as stack:
            return stack.run(*(sys.executable if part == "python" else part for part in options.command))
    except CannotStart as refusal:
        out.fail(str(refusal), detail=refusal.detail)
        return 1


if __name__ == "__main__":
    sys.exit(main())
