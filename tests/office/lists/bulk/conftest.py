"""The small book and the administrator of the admin's tests."""

from tests.office.lists.conftest import book, business_now, colleague, office

__all__ = ["book", "business_now", "colleague", "office"]
