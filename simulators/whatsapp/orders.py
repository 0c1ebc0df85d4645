"""Orders told to people by order_details messages: unique references, legal changes of state."""

from typing import Any

from simulators.store import Store
from simulators.whatsapp.errors import GraphError

_KIND = "whatsapp.orders"
_NEXT: dict[str, tuple[str, ...]] = {
    "pending": ("pending", "processing", "partially_shipped", "shipped", "completed", "canceled"),
    "processing": ("processing", "partially_shipped", "shipped", "completed", "canceled"),
    "partially_shipped": ("partially_shipped", "shipped", "completed", "canceled"),
    "shipped": ("shipped", "completed", "canceled"),
    "completed": ("completed",),
    "canceled": ("canceled",),
}


class Orders:
    """Orders by their reference."""

    def __init__(self, store: Store) -> None:
        """Keep them in `store`."""
        self._store = store

    def place(self, order: dict[str, Any], *, person: str, wamid: str) -> None:
        """Remember a new order. Raises `GraphError` 131009 when its reference was used before."""
        reference = order["reference_id"]
        if self._store.get(_KIND, reference) is not None:
            raise GraphError(
                131009, f"reference_id '{reference}' was used by an earlier order_details message."
            )
        doc = {
            "reference_id": reference,
            "status": "pending",
            "payment": "",
            "person": person,
            "wamid": wamid,
        }
        self._store.put(_KIND, reference, doc)

    def change(self, change: dict[str, Any]) -> dict[str, Any]:
        """Apply an order_status and return the order. Raises `GraphError` 131009, 2046 or 2047."""
        order = self._store.get(_KIND, change["reference_id"])
        if order is None:
            raise GraphError(131009, f"reference_id '{change['reference_id']}' is not known.")
        status = change.get("order", order["status"])
        if (
            status == "canceled"
            and order["status"] != "canceled"
            and order["payment"] in {"captured", "pending"}
        ):
            raise GraphError(2047)
        if status not in _NEXT[order["status"]]:
            raise GraphError(2046, f"The order is {order['status']} and cannot become {status}.")
        order |= {"status": status, "payment": change.get("payment", order["payment"])}
        self._store.put(_KIND, order["reference_id"], order)
        return order
