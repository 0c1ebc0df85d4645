from commons.models.clock_state import ClockState
from commons.models.history import HistoryEntry, HistoryHead
from commons.models.journal import WebhookRequest
from commons.models.organisation import Organisation

__all__ = ["ClockState", "HistoryEntry", "HistoryHead", "Organisation", "WebhookRequest"]
