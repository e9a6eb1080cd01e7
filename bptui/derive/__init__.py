"""Derivations and programs: a round written out as text, Markdown, LaTeX or code."""
