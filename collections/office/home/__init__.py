"""The office's first page: what waits for people, what it is worth, and what the régua does today."""
