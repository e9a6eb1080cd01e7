"""The names of quantities: one vocabulary for formulas, files, screens and tests.

Inputs, targets, neurons and weights have the names that a ``Network`` gives them; all other names are made here.
"""


def weighted_input(neuron: str) -> str:
    """Name of a neuron's weighted input, such as ``in_h1``."""
    return f"in_{neuron}"


def delta(neuron: str) -> str:
    """Name of a neuron's delta, the derivative of the loss by its weighted input."""
    return f"delta_{neuron}"


def derivative(of: str, by: str) -> str:
    """Name of the derivative of one quantity by another, such as ``do1_din_o1``."""
    return f"d{of}_d{by}"


def gradient(parameter: str) -> str:
    """Name of the derivative of the loss by a parameter, such as ``dE_dw1``."""
    return derivative("E", parameter)


def updated(parameter: str) -> str:
    """Name of a parameter after the round's update, such as ``new_w1``."""
    return f"new_{parameter}"


def softmax(output: str) -> str:
    """Name of the softmax of an output, an intermediate value of cross entropy."""
    return f"softmax_{output}"


def bias(neuron: str) -> str:
    """Name of a neuron's bias, such as ``b_h1``."""
    return f"b_{neuron}"


def change(parameter: str) -> str:
    """Name of what an update adds to a parameter, such as ``change_w1``; no quantity of a round, but printed."""
    return f"change_{parameter}"


def share(output: str) -> str:
    """Name of an output's share of the loss, such as ``E_o1``; no quantity of a round, but printed."""
    return f"E_{output}"
