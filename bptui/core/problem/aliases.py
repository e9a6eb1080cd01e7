"""Other ways to write a setting in a file: the learning rate for the step, epochs for rounds, an optimiser's bare name.

They are rewritten before anything is checked, so that all that reads settings knows one form.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bptui.core.problem.setting_kinds import ALL, ONE_AT_A_TIME
from bptui.core.problem.tables import ALIASES, Fault, Table


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
    for alias, name in ALIASES.items():
        if alias in training:
            value = training.pop(alias)
            if name in training:
                faults.append(Fault(("training", alias), f"is another way to give {name}: give one of them"))
            else:
                training[name] = _count_rounds(value, result) if alias == "epochs" else value
    if isinstance(training.get("optimiser"), str):
        training["optimiser"] = {"kind": training["optimiser"]}
    return result, faults


def name_as_written(fault: Fault, written: Mapping[str, Any], rewritten: Mapping[str, Any]) -> Fault:
    """Return a fault of a setting under the word that its file has for it.

    Epochs that were counted in rounds keep the name of the rounds, for their number is another one.

    Args:
        fault: The fault.
        written: The tables of the problem as the file has them.
        rewritten: The same after ``rewrite_aliases``.
    """
    own = written.get("training")
    if not isinstance(own, Mapping):
        return fault
    for alias, name in ALIASES.items():
        renamed = alias in own and name not in own
        if fault.path == ("training", name) and renamed and own[alias] == rewritten["training"][name]:
            return replace(fault, path=("training", alias))
    return fault


def rename_aliases(changes: Mapping[str, Any], training: Mapping[str, Any]) -> Table:
    """Return changes of training settings by the settings' own names.

    Args:
        changes: Some settings of a [training] table, as written.
        training: The whole table with these changes, after ``rewrite_aliases``.
    """
    return {ALIASES.get(key, key): training[ALIASES[key]] if key in ALIASES else changes[key] for key in changes}


def _count_rounds(epochs: object, table: Table) -> object:
    """Return how many rounds some epochs have: as many as use every sample so many times."""
    network, batch = table.get("network"), table["training"].get("batch", ALL)
    inputs = network.get("inputs") if isinstance(network, Mapping) else None
    several = isinstance(inputs, list) and any(isinstance(row, list) for row in inputs)
    samples = len(inputs) if isinstance(inputs, list) and several else 1
    used = samples if batch == ALL else 1 if batch == ONE_AT_A_TIME else batch
    countable = type(epochs) is int and type(used) is int and used > 0
    return -(-epochs * samples // used) if countable else epochs  # type: ignore[operator]
