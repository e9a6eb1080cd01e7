"""Other ways to write a setting in a file: the learning rate for the step, epochs for rounds, an optimiser's bare name.

They are rewritten before anything is checked, so that all that reads settings knows one form.
"""

from collections.abc import Mapping
from typing import Any

from bptui.core.problem.setting_kinds import ALL, ONE_AT_A_TIME
from bptui.core.problem.tables import Fault, Table

_PAIRS = (("step", "learning_rate"), ("rounds", "epochs"))


def rewrite_aliases(table: Mapping[str, Any]) -> tuple[Table, list[Fault]]:
    """Return the tables of a problem without other ways to write, and the faults in these.

    Args:
        table: ``{"network": {...}, "training": {...}}``, not yet checked.
    """
    result, faults = dict(table), list[Fault]()
    training = result.get("training")
    if not isinstance(training, Mapping):
        return result, faults
    training = result["training"] = dict(training)
    for name, alias in _PAIRS:
        if alias in training:
            value = training.pop(alias)
            if name in training:
                faults.append(Fault(("training", alias), f"is another way to give {name}: give one of them"))
            else:
                training[name] = _count_rounds(value, result) if alias == "epochs" else value
    if isinstance(training.get("optimiser"), str):
        training["optimiser"] = {"kind": training["optimiser"]}
    return result, faults


def _count_rounds(epochs: object, table: Table) -> object:
    """Return how many rounds some epochs have: as many as use every sample so many times."""
    network, batch = table.get("network"), table["training"].get("batch", ALL)
    inputs = network.get("inputs") if isinstance(network, Mapping) else None
    several = isinstance(inputs, list) and any(isinstance(row, list) for row in inputs)
    samples = len(inputs) if isinstance(inputs, list) and several else 1
    used = samples if batch == ALL else 1 if batch == ONE_AT_A_TIME else batch
    countable = type(epochs) is int and type(used) is int and used > 0
    return -(-epochs * samples // used) if countable else epochs  # type: ignore[operator]
