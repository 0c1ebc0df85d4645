"""The demo book: about five hundred invented members in every situation a real book has. Deterministic."""
