"""The whole problem as plain, validated data: network, data, initialisation and training.

``Spec`` is flat; its fields are those of ``NetworkSettings``, then those of ``TrainingSettings``. A ``table`` below is
the content of a lesson file as nested plain data. Settings that do not apply, such as the activation of a hidden layer
that there is not, keep their defaults, so that equal problems compare equal.
"""

from collections.abc import Mapping
from dataclasses import Field, fields, replace
from functools import cached_property
from math import gcd
from typing import Any

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import of_sample
from bptui.core.formulas.network import Network
from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.core.formulas.samples import count_formulas
from bptui.core.problem.aliases import name_as_written, rewrite_aliases
from bptui.core.problem.contradictions import find_contradictions
from bptui.core.problem.kinds.setting_kinds import ALL, ONE_AT_A_TIME
from bptui.core.problem.layer_keys import HIDDEN_KEYS, SAME, activation_of, biases_of, list_keys
from bptui.core.problem.networks import make_network
from bptui.core.problem.settings import NetworkSettings, TrainingSettings
from bptui.core.problem.starts import GIVEN, INITS
from bptui.core.problem.tables import OTHERS, Fault, Table, UserError, find_unknown, limit_faults, put_value, read_all
from bptui.core.problem.unused import find_unused_settings
from bptui.record import record

MOST_FORMULAS = 1500  # of a round


class SpecError(UserError):
    """An invalid problem, with all its faults."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


@record
class Spec(TrainingSettings, NetworkSettings):
    """A problem: all settings that decide the numbers of a run.

    Build it with ``Spec.from_table``, which validates; the constructor trusts its arguments.
    """

    @cached_property
    def network(self) -> Network:
        """The part of the problem that decides the formulas of round 1."""
        return self.network_of(1)

    def network_of(self, round_: int) -> Network:
        """Return the part of the problem that decides the formulas of a round: with several samples, those it uses."""
        return make_network(
            (len(self.inputs[0]), *self.hidden, len(self.targets[0])),
            self.activations,
            self.activation_neurons,
            tuple(map(bool, self.biases)),
            loss=self.loss,
            rule=self.gradient,
            numbering=self.numbering,
            bias_update=self.bias_update,
            rounding=self.rounding,
            optimiser=self.optimiser,
            decays=self.weight_decay > 0.0,
            over_samples=self.over_samples,
            samples=self.samples_of(round_) if len(self.inputs) > 1 else (),
        )

    def with_settings(self, settings: Mapping[str, Any]) -> "Spec":
        """Return the problem with other settings, as ``replace`` does, several times as fast: a search makes many.

        Args:
            settings: Names of fields, with their values.
        """
        spec = object.__new__(Spec)
        own = vars(self)
        vars(spec).update({name: own[name] for name in _FIELDS}, **settings)
        return spec

    # Layers

    @property
    def layer_keys(self) -> tuple[str, ...]:
        """The key of each layer in files and settings: see ``layer_keys``."""
        return list_keys(len(self.hidden))

    @property
    def activations(self) -> tuple[str, ...]:
        """The name of each layer's activation; single neurons may have their own."""
        found = (getattr(self, activation_of(key)) for key in self.layer_keys)
        return tuple(self.activation_hidden if name == SAME else name for name in found)

    @property
    def own_activations(self) -> dict[str, str]:
        """The activation of each layer and neuron that has its own, by the layer's key or the neuron's name."""
        layers = {key: getattr(self, activation_of(key)) for key in self.layer_keys}
        return {key: name for key, name in layers.items() if name != SAME} | dict(self.activation_neurons)

    @property
    def biases(self) -> tuple[tuple[float, ...], ...]:
        """The initial biases of each layer; none where a layer has none."""
        return tuple(getattr(self, biases_of(key)) for key in self.layer_keys)

    # Samples

    @property
    def batch_size(self) -> int:
        """The number of samples that a round uses."""
        return {ALL: len(self.inputs), ONE_AT_A_TIME: 1}.get(str(self.batch)) or int(self.batch)

    @property
    def period(self) -> int:
        """The number of rounds after which the same samples come again."""
        return len(self.inputs) // gcd(len(self.inputs), self.batch_size)

    @cached_property
    def varies(self) -> bool:
        """Whether rounds differ in more than the state they start from: in their samples, or in their number."""
        return self.period > 1 or "t" in self.network.data

    def samples_of(self, round_: int) -> tuple[int, ...]:
        """Return the numbers of the samples that a round uses, from 1: the next so many, over and over."""
        first, size = (round_ - 1) * self.batch_size, len(self.inputs)
        return tuple((first + place) % size + 1 for place in range(self.batch_size))

    def list_targets(self) -> list[tuple[str, float]]:
        """Return the name of each output for every sample, such as ``o1_s2``, with its target."""
        numbers = range(1, len(self.inputs) + 1) if len(self.inputs) > 1 else (0,)
        return [
            (of_sample(output, sample), target)
            for sample, targets in zip(numbers, self.targets, strict=True)
            for output, target in zip(self.network.outputs, targets, strict=True)
        ]

    def with_all_samples(self) -> "Spec":
        """Return the problem with rounds that use all samples."""
        return self if self.period == 1 else replace(self, batch=ALL)

    def precision_of(self, engine: str) -> str:
        """Return the precision of an engine ("numpy" or "torch"), such as ``float64``."""
        own = engine == "torch" and self.torch_precision != "same"
        return self.torch_precision if own else self.precision

    def as_computed_by(self, engine: str) -> "Spec":
        """Return the problem as an engine ("numpy" or "torch") computes it; see ``Network.as_torch_computes``."""
        plain = self.network.as_torch_computes()
        return self if engine == "numpy" else replace(self, gradient=plain.rule, rounding=plain.rounding)

    @cached_property
    def unused(self) -> set[str]:
        """The names of the settings that mean nothing here."""
        return find_unused_settings(self.init, self.optimiser, len(self.hidden), len(self.inputs))

    @cached_property
    def floor(self) -> float:
        """The lowest possible loss of a round that uses all samples; minus infinity if there is none.

        With several samples it is a bound: no weights need reach the lowest loss of every sample.
        """
        rows, loss = [ACTIVATIONS[self.network.activation(o)] for o in self.network.outputs], LOSSES[self.loss]
        ranges = [row.range for row in rows]
        if rows[0].of_layer and loss.floor_of_parts:
            floors = [loss.floor_of_parts(targets) for targets in self.targets]
        else:
            floors = [loss.floor(targets, ranges) for targets in self.targets]
        return sum(floors) / (len(floors) if self.over_samples == "mean" else 1)

    @property
    def floor_is_bound(self) -> bool:
        """Whether even the best outputs need not come down to the floor: it is only known that none get below it."""
        loss, joint = LOSSES[self.loss], ACTIVATIONS[self.activation_output].of_layer is not None
        low, high = loss.meant
        is_meant = all(low <= y <= high for targets in self.targets for y in targets)
        return len(self.inputs) > 1 or (joint and not (loss.floor_of_parts and is_meant))

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> "Spec":
        """Read a problem from a lesson file's tables.

        Args:
            table: ``{"network": {...}, "training": {...}}``.

        Raises:
            SpecError: If the problem is invalid; it holds every fault.
        """
        paths = [item.metadata["path"] for item in fields(cls)]
        written = table
        table, faults = rewrite_aliases(written)
        faults += limit_faults(
            fault for part in ("network", "training") for fault in find_unknown(table, (part,), paths)
        )
        values, refused = read_all(fields(cls), table, paths)
        faults += [*refused, *limit_faults(find_contradictions(values, table))]
        if faults:
            raise SpecError(list(dict.fromkeys(name_as_written(fault, written, table) for fault in faults)))
        sizes = len(values["hidden"]), len(values["inputs"])
        unused = find_unused_settings(values["init"], values["optimiser"], *sizes)
        deeper = set(map(activation_of, HIDDEN_KEYS[1:]))
        unused |= {name for name in deeper if values[name] == values["activation_hidden"]}
        spec = cls(**values | {item.name: item.default for item in fields(cls) if item.name in unused})
        if (count := count_formulas(spec.network)) > MOST_FORMULAS:
            raise SpecError([Fault(("network", "inputs"), _refuse_size(spec, count))])
        return spec

    def to_table(self) -> Table:
        """Return tables that read back as this problem; obvious settings are left out while at their defaults."""
        table: Table = {}
        always = {"hidden", "activation_hidden", "activation_output", "loss", "step", "rounds", "precision"}
        always |= {*INITS[self.init], *OPTIMISERS[self.optimiser].settings}
        for item in fields(self):
            value, path = getattr(self, item.name), item.metadata["path"]
            needless = item.name not in always and value == item.default
            if item.name in self.unused or needless or (item.name == "init" and value == GIVEN):
                continue
            if path[-1] == OTHERS:
                put_value(table, path, dict(value))
            else:
                put_value(table, path, _write_list(value) if isinstance(value, tuple) else value)
        return table


_FIELDS = tuple(item.name for item in fields(Spec))


def list_settings() -> tuple[Field[Any], ...]:
    """Return the fields of ``Spec`` in order, each with ``path``, ``kind`` and ``about`` in its metadata."""
    return fields(Spec)


def _write_list(value: tuple[Any, ...]) -> list[Any] | int:
    """Return numbers, or rows of them, as a file has them: a single row flat, the size of a single layer bare."""
    if len(value) == 1 and type(value[0]) is int:
        return value[0]
    rows = [list(row) if isinstance(row, tuple) else row for row in value]
    return rows[0] if len(rows) == 1 and isinstance(rows[0], list) else rows


def _refuse_size(spec: Spec, count: int) -> str:
    """Return what to say of a problem whose rounds have too many formulas."""
    smaller = "fewer neurons"
    if spec.batch_size > 1:
        smaller += f", or a batch of fewer than {spec.batch_size} samples"
    return f"a round would have about {count:,} formulas, but at most {MOST_FORMULAS:,} are possible: use {smaller}"
