"""The case: one member's collection journey, its states, its holds and what was agreed on the way."""
