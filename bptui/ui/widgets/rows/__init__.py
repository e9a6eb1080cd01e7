"""Rows of lists: printed values, lessons; and the marks beside the rows of a text."""
