"""Rows for tests, as the product itself would have written them: one module per app."""
