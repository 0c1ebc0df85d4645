"""The régua as pure functions: facts of one case and an instant in, what to do out. No database here.

The planner asks them for real cases, the rehearsal for the same cases under a simulated clock: that both get
the same answers is what makes a rehearsal worth reading.
"""
