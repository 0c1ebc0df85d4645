from members.models.consent import Consent, SuppressionMark
from members.models.contact_point import Alias, ContactPoint
from members.models.hygiene import HygieneTask
from members.models.member import Member
from members.models.notice import PrivacyNotice
from members.models.preference import ContactPreference
from members.models.reveal import Reveal

__all__ = [
    "Alias",
    "Consent",
    "ContactPoint",
    "ContactPreference",
    "HygieneTask",
    "Member",
    "PrivacyNotice",
    "Reveal",
    "SuppressionMark",
]
