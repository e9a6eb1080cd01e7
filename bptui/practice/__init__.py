"""Practice: the user calculates a round, and every answer is checked."""
