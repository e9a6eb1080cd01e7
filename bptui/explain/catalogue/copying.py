"""Given numbers taken for each other, or read in another order."""

from collections.abc import Iterator, Sequence
from itertools import chain, combinations
from typing import Any

from bptui.core.formulas.names import bias, of_sample
from bptui.core.problem.layer_keys import biases_of
from bptui.core.problem.spec import Spec
from bptui.core.problem.starts import GIVEN
from bptui.derive.notations import format_label
from bptui.explain.calculation.changes import Change
from bptui.explain.calculation.side_by_side import BY_SAMPLE, flatten

_MOST_SWAPPED = 9  # numbers of a kind of which any two may be taken for each other


def list_orders(spec: Spec) -> Iterator[Change]:
    """Yield the numbers of neurons read in another order: the bias before the weights, or behind them."""
    network = spec.network
    if spec.init != GIVEN or not network.biases:
        return
    values = dict(zip(network.parameters, (*spec.weights, *chain.from_iterable(spec.biases)), strict=True))
    groups = {one: [*(network.weight(s, one) for s in network.sources(one)), bias(one)] for one in network.neurons}
    seen = [values]
    for where, neurons in {**{one: (one,) for one in network.neurons}, "all neurons": network.neurons}.items():
        for by, how in (
            (1, "the bias is read first, then the weights"),
            (-1, "the first weight is read as the bias"),
        ):
            read = dict(values)
            for names in (groups[one] for one in neurons if bias(one) in network.biases):
                read |= dict(
                    zip(names, (values[names[(at - by) % len(names)]] for at, _ in enumerate(names)), strict=True)
                )
            shared = spec.bias_update == "shared" and any(
                len({read[bias(one)] for one in layer.neurons if bias(one) in read}) > 1 for layer in network.layers
            )
            if read not in seen and not shared:  # a layer with one bias has no other numbers to read for it
                seen.append(read)
                yield _make_given(spec, "order", f"{where}: {how}", f"in the numbers of {where}, {how}", read)


def _make_given(spec: Spec, kind: str, name: str, about: str, values: dict[str, float]) -> Change:
    network = spec.network
    settings = [("weights", tuple(values[w.name] for w in network.weights))]
    for key, layer in zip(spec.layer_keys, network.layers, strict=True):
        settings.append((biases_of(key), tuple(values[bias(one)] for one in layer.neurons if layer.has_biases)))
    return Change(kind, name, about, tuple(settings))


def flatten_setting(spec: Spec, setting: str) -> list[float]:
    """Return the numbers of a setting; those of several samples one after the other."""
    return flatten(setting, getattr(spec, setting))


def fold_setting(spec: Spec, setting: str, numbers: Sequence[float]) -> tuple[Any, ...]:
    """Return the value of a setting from its numbers; see ``flatten_setting``."""
    if setting not in BY_SAMPLE:
        return tuple(numbers)
    width = len(getattr(spec, setting)[0])
    return tuple(tuple(numbers[start : start + width]) for start in range(0, len(numbers), width))


def list_swaps(spec: Spec) -> Iterator[Change]:
    """Yield two given numbers of a kind taken for each other."""
    network, samples = spec.network, range(1, len(spec.inputs) + 1) if len(spec.inputs) > 1 else (0,)
    named = {
        setting: [tuple(of_sample(name, sample) for name in names) for sample in samples]
        for setting, names in (("inputs", network.inputs), ("targets", network.targets))
    }
    if spec.init == GIVEN:
        named["weights"] = [tuple(w.name for w in gap) for gap in network.gaps]
    for setting, groups in named.items():
        names = [name for group in groups for name in group]
        for one, other in (pair for group in groups if len(group) <= _MOST_SWAPPED for pair in combinations(group, 2)):
            first, second, numbers = names.index(one), names.index(other), flatten_setting(spec, setting)
            if numbers[first] != numbers[second]:
                numbers[first], numbers[second] = numbers[second], numbers[first]
                about = f"{format_label(one)} and {format_label(other)} are swapped"
                yield Change(
                    "swap", f"{one} and {other} swapped", about, ((setting, fold_setting(spec, setting, numbers)),)
                )
