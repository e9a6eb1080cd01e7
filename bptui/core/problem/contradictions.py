"""The faults between the settings of a problem that are each valid: numbers that do not fit its sizes, and the like."""

from collections.abc import Iterator, Mapping, Sequence, Sized
from itertools import pairwise
from typing import Any

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.layers import describe_layer, name_layers
from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.core.problem.kinds.array_kinds import arrange, describe_size_fault, find_matrix_sizes
from bptui.core.problem.kinds.suggestions import suggest
from bptui.core.problem.layer_keys import HIDDEN_KEYS, activation_of, biases_of, list_keys
from bptui.core.problem.starts import GIVEN, INITS
from bptui.core.problem.tables import Fault


def find_contradictions(values: Mapping[str, Any], table: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield the faults between settings.

    Args:
        values: The settings that are valid, by their names in ``Spec``.
        table: The tables they were read from.
    """
    yield from _find_start_faults(values, table)
    yield from _find_sample_faults(values)
    yield from _find_optimiser_faults(values, table)
    if "hidden" not in values or "targets" not in values:
        return
    layers = name_layers([*values["hidden"], len(values["targets"][0])])
    neurons, names = [neuron for _, those in layers for neuron in those], [layer for layer, _ in layers]
    for name, _ in values.get("activation_neurons", ()):
        if name not in neurons:
            near = suggest(name, [*names, *neurons])
            allowed = f"{', '.join(names)} or a neuron of this network ({', '.join(neurons)}){near}"
            yield Fault(("network", "activation", name), f"must be {allowed}")
    yield from _find_joint_faults(values, layers[-1][1])
    yield from _find_bias_faults(values, [len(those) for _, those in layers])


def _find_bias_faults(values: Mapping[str, Any], sizes: Sequence[int]) -> Iterator[Fault]:
    """Yield the faults in the biases of the layers, whose sizes are given."""
    hidden = len(sizes) - 1
    for number, key in enumerate(HIDDEN_KEYS[hidden:], hidden + 1):
        if biases := values.get(biases_of(key)):
            there = f"there is no hidden layer{f' {number}' if number > 1 else ''}"
            yield Fault(("network", "biases", key), f"{_count(biases, 'number')}, but {there}")
    for key, size in zip(list_keys(hidden), sizes, strict=True):
        biases, path = values.get(biases_of(key), ()), ("network", "biases", key)
        if biases and len(biases) != size:
            yield Fault(path, f"{_count(biases, 'number')}, but the layer has {_count(range(size), 'neuron')}")
        elif values.get("bias_update") == "shared" and len(set(biases)) > 1:
            yield Fault(path, 'with update "shared" a layer has one bias: all its numbers must be equal')


def _find_joint_faults(values: Mapping[str, Any], outputs: Sequence[str]) -> Iterator[Fault]:
    """Yield a fault for each place but the whole output layer that has an activation of a whole layer, as softmax."""
    path, joint = ("network", "activation"), {name for name, row in ACTIVATIONS.items() if row.of_layer}
    *hidden, of_outputs = ((key, values.get(activation_of(key), "")) for key in list_keys(len(values["hidden"])))
    for key, name in hidden:
        if name in joint:
            yield Fault((*path, key), f'cannot be {name}, which is only for the outputs: write output = "{name}"')
    for name, own in values.get("activation_neurons", ()):
        if of_outputs[1] in joint and name in outputs:
            yield Fault((*path, name), f"must be left out: {of_outputs[1]} applies to the whole output layer")
        elif own in joint:
            yield Fault(
                (*path, name), f'cannot be {own}, which applies to the whole output layer: write output = "{own}"'
            )


def _find_start_faults(values: Mapping[str, Any], table: Mapping[str, Any]) -> Iterator[Fault]:
    network = table.get("network")
    init = values.get("init")
    if not isinstance(network, Mapping) or init is None:
        return
    if "weights" in network and "init" in network and init != GIVEN:
        yield Fault(("network", "init"), "give weights or init, not both")
    given = network.get("init")
    for name in sorted({name for names in INITS.values() for name in names} - {"weights", *INITS[init]}):
        if isinstance(given, Mapping) and name in given:
            yield Fault(("network", "init", name), f'does not belong to init kind "{init}"')
    if init == "uniform" and values.get("low", 0.0) > values.get("high", 0.0):
        yield Fault(("network", "init", "low"), "must not be above high")
    known = {"inputs", "hidden", "targets", "weights"} <= set(values)
    missing = "weights" in network or not isinstance(given, Mapping)  # otherwise the fault is in init
    if init == GIVEN and missing and known and (message := _describe_weights(values, network.get("weights"))):
        yield Fault(("network", "weights"), message)


def _describe_weights(values: Mapping[str, Any], given: object) -> str:
    """Return what is wrong with the number of weights or the sizes of their matrices; empty if nothing is."""
    sizes, count = _list_sizes(values), len(values["weights"])
    if matrices := find_matrix_sizes(given):
        return _describe_matrices(sizes, matrices, values.get("numbering", ""))
    needed = sum(a * b for a, b in pairwise(sizes))
    if count == needed:
        return ""
    products = " + ".join(f"{a}·{b}" for a, b in pairwise(sizes))
    need = f"{_name_network(sizes)} has {_count(range(needed), 'weight')} ({products})"
    return f"{need}, not {count}" if count else f"are missing: {need}"


def _describe_matrices(sizes: Sequence[int], matrices: Sequence[tuple[int, int]], numbering: str) -> str:
    """Return what is wrong with matrices of weights, each given by its numbers of rows and columns."""
    layers = [name for name, _ in name_layers(sizes[1:])]
    into = [f"into {'the outputs' if layer == 'output' else describe_layer(layer)}" for layer in layers]
    if len(matrices) != len(into):
        count = f"{len(matrices)} {'matrix' if len(matrices) == 1 else 'matrices'}"
        *others, last = into
        which = f"{', '.join(others)} and {last}" if others else last
        return f"{count}, but {_name_network(sizes)} has {len(into)}: {which}"
    faults = (
        f"{where}: {fault}"
        for where, gap, size in zip(into, pairwise(sizes), matrices, strict=True)
        if numbering and (fault := describe_size_fault(size, arrange(gap, numbering), numbering, "these weights are"))
    )
    return "; ".join(faults)


def _find_sample_faults(values: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield the faults in the number of samples."""
    if not {"inputs", "targets"} <= set(values):
        return
    samples, others = len(values["inputs"]), len(values["targets"])
    if samples != others:
        yield Fault(
            ("network", "targets"),
            f"{_count(range(others), 'row')}, but inputs has {samples}: both need a row for each sample",
        )
    batch = values.get("batch")
    if isinstance(batch, int) and batch > samples:
        yield Fault(("training", "batch"), f"{batch} is too large: inputs has {_count(range(samples), 'row')}")


def _find_optimiser_faults(values: Mapping[str, Any], table: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield a fault for each setting of another optimiser."""
    training, kind = table.get("training"), values.get("optimiser")
    given = training.get("optimiser") if isinstance(training, Mapping) else None
    if not isinstance(given, Mapping) or kind is None:
        return
    for name in sorted({name for row in OPTIMISERS.values() for name in row.settings} & given.keys()):
        if name not in OPTIMISERS[kind].settings:
            yield Fault(("training", "optimiser", name), f'does not belong to optimiser "{kind}"')


def _list_sizes(values: Mapping[str, Any]) -> list[int]:
    """Return the number of inputs, of the neurons of each hidden layer, and of outputs."""
    return [len(values["inputs"][0]), *values["hidden"], len(values["targets"][0])]


def _name_network(sizes: Sequence[int]) -> str:
    """Return a network by its sizes, with an article: ``a 2-2-1 network``."""
    return f"{'an' if sizes[0] == 8 else 'a'} {'-'.join(map(str, sizes))} network"


def _count(things: Sized, noun: str) -> str:
    """Return how many there are, in words: ``1 number``, ``2 numbers``."""
    return f"{len(things)} {noun}{'s' * (len(things) != 1)}"
