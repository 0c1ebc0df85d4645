"""The people of the settings, and a late member to try a policy on."""

from tests.office.settings_desk.conftest import administrator, business_now, finance, organisation, somebody

__all__ = ["administrator", "business_now", "finance", "organisation", "somebody"]
