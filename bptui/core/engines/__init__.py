"""The engines: NumPy, which compiles the list of formulas; torch with autograd; and finite differences.

Only ``torch_engine`` imports torch; ``engine.make_engine`` loads it by name on demand.
"""
