"""Runs over many rounds: their history, verdict and rate of convergence, and the effect of float32 on them."""
