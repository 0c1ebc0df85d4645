"""Invoices, late charges, payments, their allocation, and the ways to pay."""
