"""The settings that mean nothing in a problem: those of other choices, of a layer that it lacks, of several samples."""

from bptui.core.problem.layer_keys import HIDDEN_KEYS, activation_of, biases_of
from bptui.core.problem.starts import find_unused

_OF_SAMPLES = frozenset({"batch", "over_samples"})


def find_unused_settings(init: str, optimiser: str, hidden: int, samples: int) -> set[str]:
    """Return the names of the fields of ``Spec`` that do not apply.

    Args:
        init: How the weights start.
        optimiser: The name of the optimiser.
        hidden: The number of hidden layers.
        samples: The number of samples.
    """
    lacking = {of(key) for key in HIDDEN_KEYS[hidden:] for of in (activation_of, biases_of)}
    return find_unused(init, optimiser) | lacking | (_OF_SAMPLES if samples == 1 else frozenset())
