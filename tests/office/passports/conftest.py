"""The members, people and time of the dossier's tests."""

from tests.office.dossier.conftest import now, talk

__all__ = ["now", "talk"]
