"""A member who was written to and wrote back, on a day that stands still: for every page about one."""

from tests.office.dossier.conftest import now, talk

__all__ = ["now", "talk"]
