"""The faults between the settings of a problem that are each valid: numbers that do not fit its sizes, and the like."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from bptui.core.formulas.network import name_layers
from bptui.core.problem.setting_kinds import suggest
from bptui.core.problem.starts import GIVEN, find_unused
from bptui.core.problem.tables import Fault


def find_contradictions(values: Mapping[str, Any], table: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield the faults between settings.

    Args:
        values: The settings that are valid, by their names in ``Spec``.
        table: The tables they were read from.
    """
    yield from _start_faults(values, table)
    if "hidden" not in values or "targets" not in values:
        return
    layers = name_layers([size for size in (values["hidden"], len(values["targets"])) if size])
    neurons = [neuron for _, those in layers for neuron in those]
    for name, _ in values.get("activation_neurons", ()):
        if name not in neurons:
            near = suggest(name, ["hidden", "output", *neurons])
            allowed = f"hidden, output or a neuron of this network ({', '.join(neurons)}){near}"
            yield Fault(("network", "activation", name), f"must be {allowed}")
    if not values["hidden"] and (biases := values.get("biases_hidden")):
        yield Fault(("network", "biases", "hidden"), f"{len(biases)} numbers, but there is no hidden layer")
    for layer, those in layers:
        biases = values.get(f"biases_{layer}", ())
        path = ("network", "biases", layer)
        if biases and len(biases) != len(those):
            yield Fault(path, f"{len(biases)} numbers, but the layer has {len(those)} neurons")
        elif values.get("bias_update") == "shared" and len(set(biases)) > 1:
            yield Fault(path, 'with update "shared" a layer has one bias: all its numbers must be equal')


def _start_faults(values: Mapping[str, Any], table: Mapping[str, Any]) -> Iterator[Fault]:
    network = table.get("network")
    init = values.get("init")
    if not isinstance(network, Mapping) or init is None:
        return
    if "weights" in network and "init" in network and init != GIVEN:
        yield Fault(("network", "init"), "give weights or init, not both")
    given = network.get("init")
    for name in sorted(find_unused(init) - {"weights"}):
        if isinstance(given, Mapping) and name in given:
            yield Fault(("network", "init", name), f'does not belong to init kind "{init}"')
    if init == "uniform" and values.get("low", 0.0) > values.get("high", 0.0):
        yield Fault(("network", "init", "low"), "must not be above high")
    known = {"inputs", "hidden", "targets", "weights"} <= set(values)
    missing = "weights" in network or not isinstance(given, Mapping)  # otherwise the fault is in init
    if init == GIVEN and missing and known:
        sizes, count = _list_sizes(values), len(values["weights"])
        needed = sum(a * b for a, b in pairwise(sizes))
        if count != needed:
            products = " + ".join(f"{a}·{b}" for a, b in pairwise(sizes))
            need = f"a {'-'.join(map(str, sizes))} network has {needed} weights ({products}), not {count}"
            yield Fault(("network", "weights"), need if count else f"are missing: {need}")


def _list_sizes(values: Mapping[str, Any]) -> list[int]:
    """Return the number of inputs, of the neurons of each hidden layer, and of outputs."""
    sizes = [len(values["inputs"]), values["hidden"], len(values["targets"])]
    return [size for size in sizes if size]
