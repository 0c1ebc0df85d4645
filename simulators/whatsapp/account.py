"""The business's side of the network: its number, its standing with Meta, its webhook subscription."""

from dataclasses import asdict, dataclass
from typing import Any

from simulators.settings import WhatsAppAccount
from simulators.store import Store
from simulators.whatsapp.errors import GraphError

_KIND = "whatsapp.settings"
_KEY = "standing"
COUNTRY_CODE = "55"
APP_ID = "670843887433847"


@dataclass(kw_only=True)
class Standing:
    """What Meta holds of the number and may change at any time."""

    quality_rating: str = "GREEN"
    messaging_limit: str = "TIER_2K"
    name_status: str = "APPROVED"
    restricted: bool = False
    payment_method: bool = True
    token_expired: bool = False
    verified_name: str = ""
    # What happens to a send to a number nobody seeded: "undeliverable" (131026) or "join" (a new person).
    unknown_numbers: str = "undeliverable"
    subscribed: bool = True
    override_callback_uri: str = ""
    number_callback_uri: str = ""


class Business:
    """The one business of this simulator."""

    def __init__(self, account: WhatsAppAccount, store: Store) -> None:
        """Join the configured identity with the standing kept in the store."""
        self.account = account
        self._store = store
        doc = store.get(_KIND, _KEY)
        self.standing = Standing() if doc is None else Standing(**doc)

    @property
    def name(self) -> str:
        """The name people see above the chat."""
        return self.standing.verified_name or self.account.verified_name

    @property
    def number(self) -> str:
        """The number's digits."""
        return self.account.display_phone_number

    def change(self, **facts: Any) -> None:
        """Change the standing. Raises AttributeError for a fact it does not have."""
        for name, value in facts.items():
            if name not in asdict(self.standing):
                raise AttributeError(name)
            setattr(self.standing, name, value)
        self._store.put(_KIND, _KEY, asdict(self.standing))

    def reset(self) -> None:
        """Go back to a healthy number."""
        self.standing = Standing()
        self._store.delete(_KIND, _KEY)

    def check_token(self, token: str | None) -> None:
        """Refuse a missing (104) or wrong or expired (190) access token."""
        if not token:
            raise GraphError(104)
        if token != self.account.access_token:
            raise GraphError(190)
        if self.standing.token_expired:
            raise GraphError(190, title="Error validating access token: Session has expired", subcode=463)

    def metadata(self) -> dict[str, str]:
        """Return the `metadata` of webhooks."""
        return {
            "display_phone_number": self.account.display_phone_number,
            "phone_number_id": self.account.phone_number_id,
        }

    def number_fields(self) -> dict[str, Any]:
        """Return the fields of the phone number node."""
        return {
            "verified_name": self.name,
            "display_phone_number": _display(self.number),
            "id": self.account.phone_number_id,
            "quality_rating": self.standing.quality_rating,
            "status": "RESTRICTED" if self.standing.restricted else "CONNECTED",
            "code_verification_status": "VERIFIED",
            "name_status": self.standing.name_status,
            "platform_type": "CLOUD_API",
            "throughput": {"level": "STANDARD"},
            "account_mode": "LIVE",
            "is_official_business_account": True,
            "whatsapp_business_manager_messaging_limit": self.standing.messaging_limit,
            "health_status": {
                "can_send_message": "BLOCKED" if self.standing.restricted else "AVAILABLE",
                "entities": [
                    {
                        "entity_type": "PHONE_NUMBER",
                        "id": self.account.phone_number_id,
                        "can_send_message": "BLOCKED" if self.standing.restricted else "AVAILABLE",
                    }
                ],
            },
        }


def _display(number: str) -> str:
    if number.startswith(COUNTRY_CODE) and len(number) in {12, 13}:
        area, line = number[2:4], number[4:]
        return f"+55 {area} {line[:-4]}-{line[-4:]}"
    return f"+{number}"
