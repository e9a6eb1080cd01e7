"""Other ways to write a setting in a file: the learning rate for the step, epochs for rounds, an optimiser's bare name.

They are rewritten before anything is checked, so that all that reads settings knows one form.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bptui.core.problem.kinds.setting_kinds import ALL, ONE_AT_A_TIME
from bptui.core.problem.layer_keys import FIRST, HIDDEN_KEYS
from bptui.core.problem.settings import NetworkSettings
from bptui.core.problem.tables import ALIASES, Fault, Table


def rewrite_aliases(table: Mapping[str, Any]) -> tuple[Table, list[Fault]]:
    """Return the tables of a problem without other ways to write, and the faults in these.

    Args:
        table: ``{"network": {...}, "training": {...}}``, not yet checked.
    """
    result, faults = dict(table), list[Fault]()
    for name, rewrite in (("network", _rewrite_layers), ("training", _rewrite_training)):
        if isinstance(part := result.get(name), Mapping):
            result[name] = part = dict(part)
            faults += rewrite(part, table)
    return result, faults


def _rewrite_training(training: Table, table: Mapping[str, Any]) -> Iterator[Fault]:
    """Rewrite a [training] table in place; yield its faults."""
    for alias, name in ALIASES.items():
        if alias in training:
            value = training.pop(alias)
            if name in training:
                yield Fault(("training", alias), f"means the same as {name}; give only one of them")
            else:
                training[name] = _count_rounds(value, table, training) if alias == "epochs" else value
    if isinstance(training.get("optimiser"), str):
        training["optimiser"] = {"kind": training["optimiser"]}


def _rewrite_layers(network: Table, table: Mapping[str, Any]) -> Iterator[Fault]:
    """Rewrite ``hidden1``, the first of several layers, in a [network] table in place; yield its faults.

    An activation of ``hidden1`` leaves the deeper layers what ``hidden`` says.
    """
    for name in ("biases", "activation"):
        if not isinstance(network.get(name), Mapping) or FIRST not in network[name]:
            continue
        given = network[name] = dict(network[name])
        value, of_all = given.pop(FIRST), given.get("hidden", NetworkSettings.activation_hidden)
        if name == "activation":
            given |= {key: given.get(key, of_all) for key in HIDDEN_KEYS[1:]} | {"hidden": value}
        elif "hidden" in given:
            yield Fault(("network", name, FIRST), "means the same as hidden; give only one of them")
        else:
            given["hidden"] = value


def name_as_written(fault: Fault, written: Mapping[str, Any], rewritten: Mapping[str, Any]) -> Fault:
    """Return a fault of a setting under the word that its file has for it.

    Epochs that were counted in rounds keep the name of the rounds, for their number is another one.

    Args:
        fault: The fault.
        written: The tables of the problem as the file has them.
        rewritten: The same after ``rewrite_aliases``.
    """
    *above, last = fault.path
    own, new = _find_table(written, above), _find_table(rewritten, above)
    if last in own:
        return fault
    if above == ["training"]:
        others = [alias for alias, name in ALIASES.items() if name == last and own.get(alias) == new.get(name)]
    else:
        others = [FIRST if last == "hidden" else "hidden"] if last in HIDDEN_KEYS else []
    alias = next((alias for alias in others if alias in own), last)
    return replace(fault, path=(*above, alias))


def rename_aliases(changes: Mapping[str, Any], training: Mapping[str, Any]) -> Table:
    """Return changes of training settings by the settings' own names.

    Args:
        changes: Some settings of a [training] table, as written.
        training: The whole table with these changes, after ``rewrite_aliases``.
    """
    return {ALIASES.get(key, key): training[ALIASES[key]] if key in ALIASES else changes[key] for key in changes}


def _find_table(table: Any, path: Sequence[str]) -> Mapping[str, Any]:
    """Return the table at a path, an empty one if there is none."""
    for key in path:
        table = table.get(key) if isinstance(table, Mapping) else None
    return table if isinstance(table, Mapping) else {}


def _count_rounds(epochs: object, table: Mapping[str, Any], training: Table) -> object:
    """Return how many rounds some epochs have: as many as use every sample so many times."""
    network, batch = table.get("network"), training.get("batch", ALL)
    inputs = network.get("inputs") if isinstance(network, Mapping) else None
    several = isinstance(inputs, list) and any(isinstance(row, list) for row in inputs)
    samples = len(inputs) if isinstance(inputs, list) and several else 1
    used = samples if batch == ALL else 1 if batch == ONE_AT_A_TIME else batch
    countable = type(epochs) is int and type(used) is int and used > 0
    return -(-epochs * samples // used) if countable else epochs  # type: ignore[operator]
