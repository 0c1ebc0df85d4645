"""The `pricing` object of statuses: what a message counts as, and the month's free service messages."""

from datetime import datetime
from typing import Any

from simulators.store import Store

_KIND = "whatsapp.meter"
FREE_SERVICE_MESSAGES = 1000
# From this Graph version on, statuses carry no `conversation` any more.
NO_CONVERSATION_SINCE = 24.0


class Meter:
    """Counts service messages by month of business time."""

    def __init__(self, store: Store) -> None:
        """Keep the counts in `store`."""
        self._store = store

    def price(self, category: str, now: datetime) -> dict[str, Any]:
        """Count one message and return its `pricing`.

        Templates cost by their category, inside the window too. Free-form replies (`service`) are free up to
        the monthly quota; how that shows after October 2026 is not documented: `free_customer_service` is
        assumed.
        """
        if category != "service":
            return {"billable": True, "pricing_model": "PMP", "type": "regular", "category": category}
        month = f"{now:%Y-%m}"
        used = int((self._store.get(_KIND, month) or {"used": 0})["used"]) + 1
        self._store.put(_KIND, month, {"used": used})
        free = used <= FREE_SERVICE_MESSAGES
        kind = "free_customer_service" if free else "regular"
        return {"billable": not free, "pricing_model": "PMP", "type": kind, "category": "service"}
