"""Pilots: who is contacted and who is left alone, and what the difference was."""
