"""The small book of the office's own tests, for the first page."""

from tests.office.admin.conftest import book, business_now, office

__all__ = ["book", "business_now", "office"]
