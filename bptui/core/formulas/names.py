"""The names of quantities: one vocabulary for formulas, files, screens and tests.

A ``Network`` names inputs, targets, neurons and weights; all other names are made here. Where a problem has several
samples, what belongs to one of them carries its number: ``h1_s2``.
"""

import re

_HIDDEN = re.compile(r"hidden(\d)")
_SAMPLE = re.compile(r"(.+)_s(\d+)")


def weighted_input(neuron: str) -> str:
    """Return the name of a neuron's weighted input, such as ``in_h1``."""
    return f"in_{neuron}"


def delta(neuron: str) -> str:
    """Return the name of a neuron's delta, the derivative of the loss by its weighted input."""
    return f"delta_{neuron}"


def derivative(of: str, by: str) -> str:
    """Return the name of the derivative of one quantity by another, such as ``do1_din_o1``."""
    return f"d{of}_d{by}"


def gradient(parameter: str) -> str:
    """Return the name of the derivative of the loss by a parameter, such as ``dE_dw1``."""
    return derivative("E", parameter)


def updated(parameter: str) -> str:
    """Return the name of a parameter after the round's update, such as ``new_w1``."""
    return f"new_{parameter}"


def softmax(output: str) -> str:
    """Return the name of the softmax of an output, an intermediate value of cross entropy."""
    return f"softmax_{output}"


def bias(neuron: str) -> str:
    """Return the name of a neuron's bias, such as ``b_h1``."""
    return f"b_{neuron}"


def change(parameter: str) -> str:
    """Return the name of what an update adds to a parameter, such as ``change_w1``: in books, not in a round."""
    return f"change_{parameter}"


def share(output: str) -> str:
    """Return the name of an output's share of the loss, such as ``E_o1``: in books, not in a round."""
    return f"E_{output}"


def of_sample(name: str, sample: int) -> str:
    """Return the name of a quantity for one sample, such as ``h1_s2``; sample 0 means that there is only one."""
    return f"{name}_s{sample}" if sample else name


def split_sample(name: str) -> tuple[str, int]:
    """Return the name of a quantity without its sample, and the sample's number; 0 if it belongs to none."""
    found = _SAMPLE.fullmatch(name)
    return (found[1], int(found[2])) if found else (name, 0)


def split_layer(phase: str) -> tuple[str, int]:
    """Return a phase of a round without the number of its hidden layer, and that number; 0 if it has none."""
    found = _HIDDEN.search(phase)
    return (_HIDDEN.sub("hidden", phase), int(found[1])) if found else (phase, 0)


def describe_phase(phase: str) -> str:
    """Return a phase of a round as people read it: ``forward output, sample 2``, ``hidden 1 deltas``."""
    name, sample = split_sample(phase)
    name = _HIDDEN.sub(r"hidden \1", name)
    return f"{name}, sample {sample}" if sample else name


def state_of(kind: str, parameter: str) -> str:
    """Return the name of an optimiser's state for a parameter, such as ``v_w1``."""
    return f"{kind}_{parameter}"


def unbiased(kind: str, parameter: str) -> str:
    """Return the name of an optimiser's state after its bias correction, such as ``m_hat_w1``."""
    return f"{kind}_hat_{parameter}"
