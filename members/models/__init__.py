from members.models.consent import Consent, SuppressionMark
from members.models.contact_point import Alias, ContactPoint
from members.models.hygiene import HygieneTask
from members.models.member import Member
from members.models.notice import PrivacyNotice
from members.models.preference import ContactPreference

__all__ = [
    "Alias",
    "Consent",
    "ContactPoint",
    "ContactPreference",
    "HygieneTask",
    "Member",
    "PrivacyNotice",
    "SuppressionMark",
]
