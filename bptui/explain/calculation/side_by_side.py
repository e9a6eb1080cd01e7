"""Sets of changes that differ in given numbers alone: their steps are the same, so one calculation has all of them.

Its numbers are arrays over the sets, whose bits are those of each set calculated alone.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np

from bptui.core.engines.engine import Floats
from bptui.core.formulas.names import bias, of_sample
from bptui.core.problem.layer_keys import biases_of
from bptui.core.problem.spec import Spec
from bptui.core.problem.starts import GIVEN
from bptui.explain.calculation.calculation import Calculation
from bptui.explain.calculation.changes import Change, ChangeSet

BY_SAMPLE = ("inputs", "targets")
"""Settings with numbers for each sample."""


def flatten(setting: str, value: Any) -> list[float]:
    """Return the numbers of a setting's value; those of several samples one after the other."""
    if setting == "step":
        return [value]
    return list(chain.from_iterable(value)) if setting in BY_SAMPLE else list(value)


def name_numbers(spec: Spec) -> dict[str, tuple[str, ...]]:
    """Return the names of the numbers that a problem gives by setting, in the order of ``flatten``."""
    network, samples = spec.network, range(1, len(spec.inputs) + 1) if len(spec.inputs) > 1 else (0,)
    found: dict[str, tuple[str, ...]] = {"step": ("eta",)}
    for setting, names in (("inputs", network.inputs), ("targets", network.targets)):
        found[setting] = tuple(of_sample(name, sample) for sample in samples for name in names)
    if spec.init == GIVEN:
        found["weights"] = tuple(weight.name for weight in network.weights)
    for key, layer in zip(spec.layer_keys, network.layers, strict=True):
        if layer.has_biases:
            found[biases_of(key)] = tuple(map(bias, layer.neurons))
    return found


def is_of_numbers(spec: Spec, change: Change) -> bool:
    """Whether all that a change does is to give a problem other numbers."""
    if change.alters_steps or change.reading or change.renamed or not change.settings:
        return False
    names = name_numbers(spec)
    return all(
        setting in names and len(flatten(setting, value)) == len(names[setting]) for setting, value in change.settings
    )


def join(spec: Spec, rest: ChangeSet, sets: Sequence[Mapping[str, Any]]) -> Calculation | None:
    """Return one calculation of many sets of changes.

    Args:
        spec: The problem.
        rest: The changes that all sets have.
        sets: The settings of each set that alter numbers, with their values.

    Returns:
        The calculation, whose numbers are arrays of shape (sets,); None if the sets have to be calculated one by one.
    """
    plain = Calculation(spec, rest)
    if plain.spec.precision != "float64":  # where an array of learning rates would not be as precise as the others
        return None
    names, numbers = name_numbers(plain.spec), dict[str, Floats]()
    for setting in dict.fromkeys(chain.from_iterable(sets)):
        own = getattr(plain.spec, setting)
        every = np.array([flatten(setting, one.get(setting, own)) for one in sets], float)
        if every.shape[1:] != (len(names.get(setting, ())),):
            return None
        numbers |= zip(names[setting], every.T.copy(), strict=True)
    return Calculation(spec, rest, numbers)
