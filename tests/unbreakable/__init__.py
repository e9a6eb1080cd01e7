"""What must hold whatever happens: briefly among the tests, and for minutes with ``python3 dev.py soak``."""
