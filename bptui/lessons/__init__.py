"""Lessons: a problem with its title, printed values and variants, read from a TOML file.

The bundled ones are data in ``bundled/``; a new lesson needs no change of code.
"""
