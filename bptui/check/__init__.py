"""Printed values against recomputed ones: which match, digit by digit, and which differ."""
