"""Scripted conversations against a running product, scored by what the database holds and what was said.

The format, the turn kinds and the global rules are in `evaluation/README.md`. Nothing here imports the
product: the runner speaks to it through the edges that members, banks and operators use, and the lab door.
"""
