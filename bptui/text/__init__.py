"""Numbers, words and signs as text, for the command line and the screen alike.

Nothing here knows the mathematics: ``core`` does not import it, and it does not import ``core``.
"""
