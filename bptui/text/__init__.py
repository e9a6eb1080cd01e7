"""Format numbers, words and symbols as text, for the command line and the screen.

Nothing here knows the mathematics: ``core`` and ``text`` do not import each other.
"""
