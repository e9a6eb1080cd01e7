"""Views of one round's quantities: general formulas, chain rules, matrices, parts and steps."""
