"""Compare printed values with recomputed ones: which match, digit by digit, and which differ."""
