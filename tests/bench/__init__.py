"""How fast the program is: a table of benchmarks, run by ``python3 dev.py bench`` and not by the tests."""
