"""Stand-ins for what is outside, as real classes that keep what they were asked."""
