"""What every list of the office offers beside its rows: saved filters, totals, exports, acts on many rows."""
