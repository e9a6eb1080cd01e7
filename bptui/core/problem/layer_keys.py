"""The keys of layers in files and settings: hidden, hidden2, hidden3, hidden4 and output.

The first hidden layer has the key ``hidden``, also where several make it the layer ``hidden1``. What ``hidden`` says of
the activation holds for every hidden layer that says nothing of its own.
"""

from collections.abc import Sequence

HIDDEN_KEYS = ("hidden", "hidden2", "hidden3", "hidden4")
SAME = "same"  # of a deeper hidden layer: the activation of the first
FIRST = "hidden1"  # another way to write ``hidden``
OUTPUT = "output"


def list_keys(hidden: int) -> tuple[str, ...]:
    """Return the keys of the layers of a network with so many hidden layers, the output layer last."""
    return (*HIDDEN_KEYS[:hidden], OUTPUT)


def activation_of(key: str) -> str:
    """Return the name of the field of ``Spec`` for a layer's activation."""
    return f"activation_{key}"


def biases_of(key: str) -> str:
    """Return the name of the field of ``Spec`` for a layer's biases."""
    return f"biases_{key}"


def assign_activations(names: Sequence[str]) -> dict[str, str]:
    """Return the fields of ``Spec`` that give each layer its activation, the output layer last."""
    keys = list_keys(len(names) - 1)
    given = {
        key: SAME if key in HIDDEN_KEYS[1:] and name == names[0] else name
        for key, name in zip(keys, names, strict=True)
    }
    return {activation_of(key): name for key, name in given.items()}
