"""The settings that mean nothing in a problem: those of other choices, of a layer that it lacks, of several samples."""

from bptui.core.problem.starts import find_unused

_OF_HIDDEN_LAYER = frozenset({"activation_hidden", "biases_hidden"})
_OF_SAMPLES = frozenset({"batch", "over_samples"})


def find_unused_settings(init: str, optimiser: str, hidden: int, samples: int) -> set[str]:
    """Return the names of the fields of ``Spec`` that do not apply.

    Args:
        init: How the weights start.
        optimiser: The name of the optimiser.
        hidden: The number of hidden neurons; 0 for no hidden layer.
        samples: The number of samples.
    """
    lacking = (_OF_HIDDEN_LAYER if not hidden else frozenset()) | (_OF_SAMPLES if samples == 1 else frozenset())
    return find_unused(init, optimiser) | lacking
