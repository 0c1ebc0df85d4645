"""The régua: versioned cadences, their steps, and the planner that decides whom to write to next."""
