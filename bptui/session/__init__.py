"""The session: all runs since the start, the round that is shown, and torch's side of it.

``Session`` is frozen; each intention of the user is a method that returns the next one. ``Frame`` is what a screen
draws of it.
"""
