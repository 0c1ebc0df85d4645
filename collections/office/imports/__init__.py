"""Receivables files: from bytes to members and invoices, previewed before and undone after.

Read in this order: `reading` turns bytes into a table, `mapping` says what its columns mean, `values` reads
single cells, `planning` compares the rows with the book and says what would happen. None of these touch the
database. `services` applies a plan in chunks and reverts it.
"""
