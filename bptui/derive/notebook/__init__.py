"""A lesson as a Jupyter notebook; code cells are parts of the two programs, and nothing that a user typed."""
