"""Lessons: a problem with a title, printed values and variants, read from a TOML file.

The bundled lessons are data in ``bundled/``: a new lesson needs no new code.
"""
