"""What a version would do with the real book over the next days: the planner's own rules, a simulated clock.

Nothing is written but the rehearsal itself. Nobody answers, pays or reads in it: it shows the most that the
régua would ask of members, people and budget.
"""
