"""Random problems with something done otherwise, and the figures that came of it: what a search has to find again."""

import itertools
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from math import isfinite

from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.core.problem.layer_keys import list_keys
from bptui.core.problem.spec import Spec
from bptui.core.problem.tables import Table
from bptui.core.quantities.printable import list_printable
from bptui.explain.calculation.calculation import Calculation
from bptui.explain.calculation.changes import Change, apply_changes, are_compatible, make_reading
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.torch_values import TorchValues
from bptui.explain.catalogue.catalogue import CATALOGUE
from bptui.explain.catalogue.settings import make_step_change
from bptui.explain.search.evidence import Candidate, Evidence
from bptui.explain.search.search import MAX_CHANGES, Explanation, Search
from tests.strategies import count_weights

DIGITS, MANY_DIGITS = 5, 15  # significant, of a figure; many where few do not show that something was done otherwise
ROUNDS = 10
_A_ROUND = 10  # figures of a round
_ALIKE = 5  # seeds whose networks differ in their numbers only, so that their formulas are compiled once
_WIDE = ("over samples", "batch", "optimiser", "decay", "penalty")  # kinds of changes to what few problems have
_SIZES = {"hidden step": (2, 3, 2, 1)}  # of networks with the layers that a kind of change needs
_OF_CLASSES = {
    "softmax": ("categorical cross entropy", "cross entropy"),
    "mean": ("categorical cross entropy",),
}  # losses of kinds of softmax outputs
_LOSSES = ("half squared error", "squared error", "mean squared error")
_ACTIVATIONS = (*["sigmoid"] * 4, "tanh", "relu", "softplus")


@dataclass(frozen=True)
class Misprint:
    """A problem, what was done otherwise, and figures that say so.

    Attributes:
        spec: The problem as stated.
        changes: What was done otherwise.
        figures: What was printed, at least one of which the problem as stated does not give.
    """

    spec: Spec
    changes: tuple[Change, ...]
    figures: tuple[Figure, ...]

    def is_named(self, candidate: Candidate) -> bool:
        """Whether a candidate says what was done, and all figures come out under it."""
        return _as_done(self.spec, candidate.changes) == _as_done(self.spec, self.changes) and len(
            candidate.explains
        ) == len(self.figures)


def _as_done(spec: Spec, changes: Sequence[Change]) -> object:
    steps = Calculation(spec, tuple(changes)).steps(1)
    return apply_changes(spec, changes), make_reading(changes), frozenset((one.name, one.expr) for one in steps)


def candidates(explanation: Explanation) -> list[Candidate]:
    """All sets of changes that an explanation names for some figures."""
    return [candidate for group in explanation.groups for candidate in (group.best, *group.others)]


def random_problem(
    rng: random.Random, shape: random.Random, size: tuple[int, ...] | None = None, kind: str = ""
) -> Spec:
    """A problem up to 3-3-3 as somebody might have printed it; more often than not 2-2-2.

    Args:
        rng: Chooses the numbers.
        shape: Chooses the rest.
        size: Inputs, hidden neurons and outputs; of any number by itself.
        kind: A kind of change for which it has several samples, an optimiser and weight decay, or softmax outputs.
    """
    one_to_three = shape.randint(1, 3), shape.randint(1, 3), shape.randint(1, 3)
    d, *hidden, l = size or ((2, 2, 2) if shape.random() < 0.6 else one_to_three)  # noqa: E741
    l = max(l, 2) if kind in _OF_CLASSES else l  # noqa: E741

    def some(count: int, low: float, high: float) -> list[float]:
        return [round(rng.uniform(low, high), 2) for _ in range(count)]

    network: Table = {
        "inputs": some(d, 0.05, 1.0),
        "targets": some(l, 0.05, 0.95),
        "hidden": hidden,
        "weights": some(count_weights(d, *hidden, l), -0.9, 0.9),
        "activation": {"hidden": shape.choice(_ACTIVATIONS), "output": shape.choice(_ACTIVATIONS)},
        "numbering": shape.choice(("by source", "by destination")),
    }
    if shape.random() < 0.4:
        update = shape.choice(("frozen", "per neuron", "shared"))
        sizes = zip(list_keys(len(hidden)), (*hidden, l), strict=True)
        network["biases"] = {"update": update, **{key: some(1, -0.5, 0.5) * size for key, size in sizes}}
    training: Table = {"loss": shape.choice(_LOSSES), "step": rng.choice((0.1, 0.5, 1.0, 2.0))}
    if kind in _OF_CLASSES:
        network["activation"]["output"] = "softmax"
        training["loss"] = shape.choice(_OF_CLASSES[kind])
    if kind in _WIDE:
        network |= {"inputs": [some(d, 0.05, 1.0) for _ in "123"], "targets": [some(l, 0.05, 0.95) for _ in "123"]}
        training |= {
            "batch": shape.choice(("all", "one at a time", 2)),
            "over_samples": shape.choice(("sum", "mean")),
            "optimiser": shape.choice(tuple(OPTIMISERS)),
            "weight_decay": 0.1,
            "step": 0.1,
        }
    return Spec.from_table({"network": network, "training": training})


def as_printed(value: float, digits: int = DIGITS, cut: bool = False) -> str:
    """A number as a book prints it, to so many significant digits; with a power of ten only where it takes one."""
    rounded = Decimal(f"{value:.{digits - 1}e}")
    if cut and value:
        whole = Decimal(repr(float(value)))
        rounded = whole.quantize(Decimal(1).scaleb(whole.adjusted() - digits + 1), ROUND_DOWN)
    return f"{rounded:f}" if not value or 1e-4 <= abs(value) < 1e5 else f"{rounded:e}"


def figures_under(
    spec: Spec, changes: Iterable[Change], places: Sequence[tuple[int, str]], digits: int = DIGITS
) -> tuple[Figure, ...]:
    """What is printed at some places, by round and name, where a problem was calculated with some changes.

    Args:
        spec: The problem as stated.
        changes: What was done otherwise.
        places: Round and name of each figure, in the order of the calculation.
        digits: How many of them are printed.
    """
    changes = tuple(changes)
    evidence, way = (
        Evidence([Figure(spec, round_, name, "0") for round_, name in places], TorchValues()),
        make_reading(changes),
    )
    values = {round_: evidence.values_in_round(round_, changes) for round_, _ in places if round_ + way.shift > 0}
    found = [(k, name, values[k][name]) for k, name in places if k in values and name in values[k]]
    return tuple(
        Figure(spec, k, name, as_printed(value, digits, way.cut)) for k, name, value in found if isfinite(value)
    )


def each_counts(changes: Sequence[Change], figures: Sequence[Figure]) -> bool:
    """Whether some figure is wrong in itself, and stays so where one of the changes is not made."""
    evidence = Evidence(figures, TorchValues())
    without = [tuple(other for other in changes if other is not change) for change in changes]
    return bool(figures) and all(evidence.audit_under(fewer).slips for fewer in without)


def misprint(
    seed: int, count: int = 1, size: tuple[int, ...] | None = None, most_rounds: int = ROUNDS, kind: str = ""
) -> Misprint:
    """A random problem with so many random changes of the catalogue that some figure shows.

    Args:
        seed: Which one.
        count: How many things were done otherwise.
        size: Inputs, hidden neurons and outputs; of any number by itself.
        most_rounds: The last round that may have figures.
        kind: The kind of the one change; of any kind by itself.
    """
    assert not kind or any(row.kind == kind for row in CATALOGUE), f"no change is of the kind {kind}"
    rng = random.Random(f"{kind} {seed}" if kind else seed)
    for attempt in itertools.count():
        shape = random.Random(f"shape {seed} {attempt}" if kind else f"shape {seed // _ALIKE}")
        spec = random_problem(rng, shape, _SIZES.get(kind) or size, kind)
        changes = tuple(_some_changes(rng, spec, count, kind))
        names = [n for n in list_printable(spec.network) if n in list_printable(apply_changes(spec, changes).network)]
        rounds = sorted(rng.sample(range(1, most_rounds + 1), 2))
        places = [(k, n) for k in rounds for n in sorted(rng.sample(names, min(_A_ROUND, len(names))), key=names.index)]
        for digits in (DIGITS, MANY_DIGITS):
            figures = figures_under(spec, changes, places, digits)
            if changes and figures and each_counts(changes, figures):
                return Misprint(spec, changes, figures)
    raise AssertionError


def _some_changes(rng: random.Random, spec: Spec, count: int, kind: str) -> Iterable[Change]:
    """Changes of different kinds; half of the steps are ones that nobody lists, where a search solves for them."""
    rows = [row for row in CATALOGUE if kind in ("", row.kind)]
    offered = [options for row in rows if (options := list(row.options(spec)))]
    some = [rng.choice(options) for options in rng.sample(offered, min(count, len(offered)))]
    solved = "rounding" not in {change.kind for change in some}
    some = [
        make_step_change(float(f"{rng.uniform(0.05, 3.0):.2g}"))
        if change.kind == "step" and solved and rng.random() < 0.5
        else change
        for change in some
    ]
    return some if are_compatible(some) and Calculation(spec, tuple(some)).is_possible else []


def explain_figures(figures: Sequence[Figure], most: int = MAX_CHANGES) -> Explanation:
    """Search to the end."""
    search = Search(figures, most)
    for _ in search.run():
        pass
    return search.explanation
