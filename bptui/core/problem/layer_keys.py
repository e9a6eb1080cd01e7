"""The keys of layers in files and settings: hidden, hidden2, hidden3, hidden4 and output.

The first hidden layer has the key ``hidden``, also where several make it the layer ``hidden1``. What ``hidden`` says of
the activation holds for every hidden layer that says nothing of its own.
"""

HIDDEN_KEYS = ("hidden", "hidden2", "hidden3", "hidden4")
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
