"""Views of one round's quantities: general formulas, chain rules, matrices, parts of the network and steps."""
