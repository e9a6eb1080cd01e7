"""The whole problem as plain, validated data: network, data, initialisation and training.

``Spec`` is flat. The metadata of a field says where the setting belongs in a lesson file, what it accepts and how to
describe it; that one list drives the file reader, the command-line flags and the settings screen. A ``table`` below is
the content of a lesson file as nested plain data. Settings that do not apply to the chosen initialisation keep their
defaults, so that equal problems compare equal.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from functools import cached_property
from typing import Any

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.gradient_rules import RULES
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.network import BIAS_UPDATES, NUMBERINGS, Network
from bptui.core.formulas.rounding import NONE, ROUNDINGS
from bptui.core.problem.contradictions import find_contradictions
from bptui.core.problem.networks import make_network
from bptui.core.problem.setting_kinds import (
    Choice,
    ChoiceByName,
    FiniteNumber,
    HiddenNeurons,
    Kind,
    NumberList,
    WholeNumber,
)
from bptui.core.problem.starts import GIVEN, INITS, find_unused
from bptui.core.problem.tables import OTHERS, Fault, Table, UserError, find_unknown, limit_faults, put_value, read_all

_NAMES = {"gradient": "gradient rule", "init": "initialisation", "rounds": "epochs"}
_EXPLAINED = {"rounds": "epochs (rounds)", "step": "step η"}  # where there is room to explain
MOST = 8  # of inputs, of hidden neurons, of outputs
MOST_ROUNDS = 10_000_000
PRECISIONS = ("float64", "float32")


class SpecError(UserError):
    """An invalid problem, with all its faults."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


def _setting(path: str, kind: Kind, about: str, default: Any = MISSING) -> Any:
    return field(default=default, metadata={"path": tuple(path.split(".")), "kind": kind, "about": about})


_ACTIVATION = Choice.of(ACTIVATIONS)


@dataclass(frozen=True)
class Spec:
    """A problem: all settings that decide the numbers of a run.

    Build it with ``Spec.from_table``, which validates; the constructor trusts its arguments.
    """

    inputs: tuple[float, ...] = _setting("network.inputs", NumberList(1, MOST), "the inputs x1, x2, …")
    targets: tuple[float, ...] = _setting("network.targets", NumberList(1, MOST), "the targets y1, y2, …")
    hidden: int = _setting(
        "network.hidden", HiddenNeurons(0, MOST), "number of hidden neurons, 0 for no hidden layer", 2
    )
    numbering: str = _setting(
        "network.numbering",
        Choice(NUMBERINGS),
        "whether w1, w2, … are counted by source or by destination",
        NUMBERINGS[0],
    )
    activation_hidden: str = _setting(
        "network.activation.hidden", _ACTIVATION, "activation of the hidden neurons", "sigmoid"
    )
    activation_output: str = _setting("network.activation.output", _ACTIVATION, "activation of the outputs", "sigmoid")
    activation_neurons: tuple[tuple[str, str], ...] = _setting(
        f"network.activation.{OTHERS}",
        ChoiceByName(_ACTIVATION),
        "activation of single neurons, such as o2=relu",
        (),
    )
    init: str = _setting("network.init.kind", Choice(tuple(INITS)), "how the weights start", GIVEN)
    weights: tuple[float, ...] = _setting(
        "network.weights", NumberList(0, 2 * MOST * MOST), "the initial weights w1, w2, …", ()
    )
    value: float = _setting("network.init.value", FiniteNumber(), "the constant every weight starts at", 0.5)
    low: float = _setting("network.init.low", FiniteNumber(), "lowest initial weight", -1.0)
    high: float = _setting("network.init.high", FiniteNumber(), "highest initial weight", 1.0)
    mean: float = _setting("network.init.mean", FiniteNumber(), "mean of the initial weights", 0.0)
    std: float = _setting("network.init.std", FiniteNumber(at_least=0), "their standard deviation", 1.0)
    seed: int = _setting("network.init.seed", WholeNumber(0, 2**32 - 1), "seed of the random start", 1)
    biases_hidden: tuple[float, ...] = _setting(
        "network.biases.hidden", NumberList(0, MOST), "biases of the hidden neurons, none if empty", ()
    )
    biases_output: tuple[float, ...] = _setting(
        "network.biases.output", NumberList(0, MOST), "biases of the outputs, none if empty", ()
    )
    bias_update: str = _setting(
        "network.biases.update", Choice(BIAS_UPDATES), "what training does to the biases", "per neuron"
    )
    loss: str = _setting("training.loss", Choice.of(LOSSES), "the loss that is minimised", "half squared error")
    step: float = _setting("training.step", FiniteNumber(above=0), "the step size η, also called learning rate", 1.0)
    rounds: int = _setting(
        "training.rounds", WholeNumber(1, MOST_ROUNDS), "epochs: the rounds after which running stops", 1000
    )
    precision: str = _setting("training.precision", Choice(PRECISIONS), "precision of both engines", "float64")
    torch_precision: str = _setting(
        "training.torch_precision", Choice(("same", *PRECISIONS)), "precision of torch alone", "same"
    )
    rounding: str = _setting(
        "training.rounding", Choice((NONE, *ROUNDINGS)), "what NumPy rounds every result to before it is used", NONE
    )
    gradient: str = _setting("training.gradient", Choice.of(RULES), "how NumPy does the backward pass", "chain rule")

    @cached_property
    def network(self) -> Network:
        """The part of the problem that decides the formulas."""
        return make_network(
            (len(self.inputs), self.hidden, len(self.targets)),
            (self.activation_hidden, self.activation_output),
            self.activation_neurons,
            (bool(self.biases_hidden), bool(self.biases_output)),
            (self.loss, self.gradient, self.numbering, self.bias_update, self.rounding),
        )

    def precision_of(self, engine: str) -> str:
        """Return the precision of an engine ("numpy" or "torch"), such as ``float64``."""
        own = engine == "torch" and self.torch_precision != "same"
        return self.torch_precision if own else self.precision

    def as_computed_by(self, engine: str) -> "Spec":
        """Return the problem as an engine ("numpy" or "torch") computes it; see ``Network.as_torch_computes``."""
        plain = self.network.as_torch_computes()
        return self if engine == "numpy" else replace(self, gradient=plain.rule, rounding=plain.rounding)

    @cached_property
    def floor(self) -> float:
        """The lowest possible loss; minus infinity if there is none."""
        ranges = [ACTIVATIONS[self.network.activation(o)].range for o in self.network.outputs]
        return LOSSES[self.loss].floor(self.targets, ranges)

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> "Spec":
        """Read a problem from a lesson file's tables.

        Args:
            table: ``{"network": {...}, "training": {...}}``.

        Raises:
            SpecError: If the problem is invalid; it holds every fault.
        """
        paths = [item.metadata["path"] for item in fields(cls)]
        faults = limit_faults(
            fault for part in ("network", "training") for fault in find_unknown(table, (part,), paths)
        )
        values, refused = read_all(fields(cls), table, paths)
        faults += [*refused, *limit_faults(find_contradictions(values, table))]
        if faults:
            raise SpecError(list(dict.fromkeys(faults)))
        return cls(**values)

    def to_table(self) -> Table:
        """Return tables that read back as this problem; obvious settings are left out while at their defaults."""
        table: Table = {}
        unused = find_unused(self.init)
        always = {"hidden", "activation_hidden", "activation_output", "loss", "step", "rounds", "precision"}
        for item in fields(self):
            value, path = getattr(self, item.name), item.metadata["path"]
            needless = item.name not in always | set(INITS[self.init]) and value == item.default
            if item.name in unused or needless or (item.name == "init" and value == GIVEN):
                continue
            if path[-1] == OTHERS:
                put_value(table, path, dict(value))
            else:
                put_value(table, path, list(value) if isinstance(value, tuple) else value)
        return table


def list_settings() -> tuple[Field[Any], ...]:
    """Return the fields of ``Spec`` in order, each with ``path``, ``kind`` and ``about`` in its metadata."""
    return fields(Spec)


def name_setting(name: str, explained: bool = False) -> str:
    """Return the name of a field of ``Spec`` on screen; ``explained`` adds a word of explanation for editing."""
    names = _NAMES | _EXPLAINED if explained else _NAMES
    return names.get(name, name.replace("_", " "))
