"""The session: all runs since the start, the round shown, and torch's results.

``Session`` is frozen; each intention of the user is a method that returns the next one. ``Frame`` is what a screen
draws of it.
"""
