"""Everything that happened with one member as a file that proves itself: JSON, PDF, and both in a ZIP."""
