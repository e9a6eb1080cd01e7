"""A training over many rounds: its history, the verdict on it, how fast it converges, and what float32 does to it."""
