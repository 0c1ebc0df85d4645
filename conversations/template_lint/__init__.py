"""Whether a text may be submitted, and what would make it better: findings with a sentence each."""
