"""A problem with as many formulas as a round may have, but for a handful."""

from bptui.core.problem.spec import Spec


def make_largest() -> Spec:
    """Make a problem of 16 samples, of which a round uses seven, with eight inputs, hidden neurons and outputs."""
    numbers = [[0.1 * (place + sample % 3) for place in range(8)] for sample in range(16)]
    weights = [0.01 * (place % 17 - 8) for place in range(128)]
    network = {"inputs": numbers, "targets": [row[::-1] for row in numbers], "hidden": 8, "weights": weights}
    return Spec.from_table({"network": network, "training": {"batch": 7}})
