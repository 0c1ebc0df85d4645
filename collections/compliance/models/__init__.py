from compliance.models.blackout import Blackout
from compliance.models.consequence_notice import ConsequenceNotice
from compliance.models.decision import Decision
from compliance.models.hours_request import HoursRequest
from compliance.models.ledger import ContactLedgerEntry
from compliance.models.settings import ContactSettings, LocalHoliday
from compliance.models.switch import Switch

__all__ = [
    "Blackout",
    "ConsequenceNotice",
    "ContactLedgerEntry",
    "ContactSettings",
    "Decision",
    "HoursRequest",
    "LocalHoliday",
    "Switch",
]
