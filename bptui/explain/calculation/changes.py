"""Changes: one thing each that was done differently from what a problem says, as plain data.

A change alters settings of the problem, steps of its round, or how printed values are read off the calculation.
``catalogue`` lists the possible ones. Changes made together are of different kinds or alter different steps.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from functools import lru_cache
from typing import Any

from bptui.core.formulas.expr import Expr
from bptui.core.formulas.names import split_sample
from bptui.core.formulas.network import Network
from bptui.core.problem.layer_keys import assign_activations
from bptui.core.problem.spec import Spec
from bptui.record import record

Edits = dict[str, Expr]
_MISTAKEN_SETTINGS = {"gradient rule", "softmax", "given", "swap", "order"}  # kinds that a problem's settings can say


@record
class Reading:
    """How printed values were read off a calculation.

    Attributes:
        shift: How many rounds later than stated a value was taken.
        cut: Whether digits were cut off instead of rounded.
        turned: Whether deltas and gradients have the opposite sign, as where the update adds.
        bias_sign: −1 where a bias is the weight of an input of −1, so that its numbers have the opposite sign.
        loss_factor: The printed loss over the loss whose derivatives are used.
        sample_factor: The printed slopes of a sample over those of its own loss.
    """

    shift: int = 0
    cut: bool = False
    turned: bool = False
    bias_sign: float = 1.0
    loss_factor: float = 1.0
    sample_factor: float = 1.0

    def scale(self, name: str) -> float:
        """Return the factor by which a printed value of this name differs from the calculation's."""
        sign = -1.0 if self.turned and is_slope(name) else 1.0
        if self.bias_sign != 1.0 and name.startswith(("dE_db_", "change_b_", "new_b_")):
            sign *= self.bias_sign
        if self.sample_factor != 1.0 and is_slope(name) and split_sample(name)[1]:
            return sign * self.sample_factor
        return sign * (self.loss_factor if name == "E" or name.startswith("E_") else 1.0)


PLAIN = Reading()  # where nothing is read otherwise: every factor is 1


@record
class Rewriting:
    """Steps of a round that are calculated otherwise.

    Attributes:
        steps: Their expressions by name; what the round has no step for becomes one.
        kept: The names of what is kept from round to round besides the state, each with the name in the state that it
            starts as, or "" for 0. After a round each is the step of its ``updated`` name.
    """

    steps: Edits
    kept: Mapping[str, str] = field(default_factory=dict)


@record
class Rewrite:
    """A way to calculate steps otherwise that is written out for each round, whatever samples the round uses.

    Attributes:
        write: Writes it out for the network of a round, from ``names``.
        names: What it is about.
        by_torch: Whether a program may do so whose slopes are torch's.
    """

    write: Callable[[Network, tuple[str, ...]], Rewriting]
    names: tuple[str, ...] = ()
    by_torch: bool = False

    def __call__(self, network: Network) -> Rewriting:
        """Return the steps of a round that are calculated otherwise."""
        return _write_out(self, network)


@lru_cache(maxsize=256)
def _write_out(rewrite: Rewrite, network: Network) -> Rewriting:
    return rewrite.write(network, rewrite.names)


@record(keeps_hash=True)  # a search looks sets of changes up again and again
class Change:
    """One thing that was done differently.

    Attributes:
        kind: The row of the catalogue.
        name: What was done, in a few words.
        about: The same as a sentence for a student.
        settings: Fields of ``Spec`` and their values.
        reading: Fields of ``Reading`` and their values.
        renamed: Activations and their replacements, in whatever neurons.
        edits: Quantities and the expressions that were used for them.
        rewrite: How steps are calculated otherwise, where that takes more than one expression for all rounds.
        rounds: The rounds in which the edits were made; empty for all.
        weight: The digits of evidence needed to believe it: two to tell it from some hundred others, one for a common
            convention, more for a number that was solved for.
        convention: Whether it is a legitimate choice, so that nothing is wrong.
    """

    kind: str
    name: str
    about: str
    settings: tuple[tuple[str, Any], ...] = ()
    reading: tuple[tuple[str, Any], ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    edits: tuple[tuple[str, Expr], ...] = ()
    rewrite: Rewrite | None = None
    rounds: tuple[int, ...] = ()
    weight: float = 2
    convention: bool = False

    @property
    def is_setting(self) -> bool:
        """Whether it is another setting of the problem, calculated rightly: another loss, not a wrong derivative."""
        return bool(self.settings or self.renamed) and not self.convention and self.kind not in _MISTAKEN_SETTINGS

    @property
    def alters_steps(self) -> bool:
        """Whether it calculates steps otherwise than any problem says."""
        return bool(self.edits or self.rewrite)


ChangeSet = tuple[Change, ...]
_RULE = "gradient"


def kept(name: str) -> str:
    """Return the name of what is kept of a number from round to round, such as ``kept_dE_dw1``."""
    return f"kept_{name}"


def is_slope(name: str) -> bool:
    """Whether a number is a delta or a gradient, which some count with the opposite sign."""
    return name.startswith(("delta_", "dE_d"))


def are_compatible(changes: Iterable[Change]) -> bool:
    """Whether changes can be made together: no two alter the same setting, reading or step, except gradient rules."""
    touched = list[object]()
    for change in changes:
        touched += {name for name, _ in (*change.settings, *change.reading) if name != _RULE}
        touched += {("step", name) for name, _ in change.edits}
        touched += [change.renamed] if change.renamed else []
        touched += [("rewrite", change.kind)] if change.rewrite else []
        touched += [(_RULE, value) for name, value in change.settings if name == _RULE]
    return len(set(touched)) == len(touched)


def list_rules(changes: Iterable[Change]) -> tuple[str, ...]:
    """Return the gradient rules of some changes: mistakes that may have been made at once."""
    return tuple(value for change in changes for name, value in change.settings if name == _RULE)


def apply_changes(spec: Spec, changes: Iterable[Change]) -> Spec:
    """Return a problem with the settings of some changes."""
    changes = tuple(changes)
    settings = {name: value for change in changes for name, value in change.settings}
    after = spec.with_settings(settings) if settings else spec
    names = {old: new for change in changes for old, new in change.renamed}
    if not names:
        return after
    layers: dict[str, Any] = {**assign_activations([names.get(name, name) for name in after.activations])}
    neurons = tuple((neuron, names.get(name, name)) for neuron, name in after.activation_neurons)
    return replace(after, **layers, activation_neurons=neurons)


def make_reading(changes: Iterable[Change]) -> Reading:
    """Return how printed values are read off after some changes."""
    fields = {name: value for change in changes for name, value in change.reading}
    return Reading(**fields) if fields else PLAIN
