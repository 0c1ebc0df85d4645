"""What one process of each kind does in a second, each figure beside what this machine could do at best.

A figure alone says as much about the machine as about us, so each one has a limit: a bare program that does
only what cannot be left out, measured in turns with ours on the same database. `share` is figure / limit.
"""
