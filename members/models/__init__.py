from members.models.consent import Consent, SuppressionMark
from members.models.contact_point import Alias, ContactPoint
from members.models.member import Member

__all__ = ["Alias", "Consent", "ContactPoint", "Member", "SuppressionMark"]
