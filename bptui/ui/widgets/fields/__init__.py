"""Text fields: one for an answer, one that filters what is below it."""
