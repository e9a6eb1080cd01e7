"""Dialogs: a value in, ``dismiss(value)`` out."""
