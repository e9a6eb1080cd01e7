"""One file per screen, with its style sheet beside it."""
