"""The people of `tests.office.stopping`, for these pages."""

from tests.office.stopping.conftest import auditor, of_role, office, operator, supervisor

__all__ = ["auditor", "of_role", "office", "operator", "supervisor"]
