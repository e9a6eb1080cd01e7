"""One file per screen, with its style sheet beside it.

``opening`` is the table from which the stepper opens them and the dialogs.
"""
