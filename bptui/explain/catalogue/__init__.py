"""The known changes: mistakes and conventions that change a printed value, each a row or an option of a row.

Nothing here looks at printed values, except ``misprints``, which compares one with the number it should be.
"""
