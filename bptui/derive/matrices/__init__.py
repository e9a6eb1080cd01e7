"""The matrix form of a round written out: as a page, and as a program."""
