"""Torch's own numbers of printed values that are attributed to it, wherever torch can do the calculation."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from bptui.core.engines.engine import EngineUnavailableError, collect_given, make_engine
from bptui.core.formulas.network import CHAIN_RULE
from bptui.core.formulas.rounding import NONE
from bptui.core.problem.initialisation import make_initial_state
from bptui.core.problem.spec import Spec
from bptui.core.quantities.printable import compute_values, list_printable
from bptui.explain.calculation.changes import ChangeSet, apply_changes, make_reading
from bptui.explain.calculation.figure import Figure

_MOST_ROUNDS = 2000  # up to which torch trains anew for a set of changes
_CACHED = 1024


class TorchValues:
    """The values of names in rounds by torch, each run trained once.

    Attributes:
        missing: Why torch was needed but is unavailable; empty if it was not needed, or is available.
    """

    def __init__(self) -> None:
        self.missing = ""
        self._rounds: OrderedDict[tuple[Spec, int], Mapping[str, float]] = OrderedDict()

    def can_calculate(self, figures: Sequence[Figure], changes: ChangeSet) -> bool:
        """Whether a set of changes says nothing of torch's values that torch itself does not calculate."""
        if not any(figure.engine == "torch" for figure in figures) or self.missing:
            return True
        spec = apply_changes(figures[0].spec, changes)
        written = all(change.rewrite is None or change.rewrite.by_torch for change in changes)
        edited = any(change.edits for change in changes)
        return spec.gradient == CHAIN_RULE and spec.rounding == NONE and written and not edited

    def values(
        self, figures: Sequence[Figure], changes: ChangeSet, places: Iterable[int] | None = None
    ) -> dict[int, float]:
        """Return torch's number of each printed value by its place; only of those that torch computes.

        Args:
            figures: The printed values.
            changes: What was done differently; torch is asked for no other steps, gradient rule or rounding.
            places: The places that are asked for; all by default.
        """
        found = dict[int, float]()
        if any(change.alters_steps for change in changes):
            return found
        read, names = make_reading(changes), tuple(dict.fromkeys(figure.name for figure in figures))
        for place in range(len(figures)) if places is None else places:
            figure = figures[place]
            if figure.engine != "torch" or self.missing:
                continue
            spec, round_ = apply_changes(figure.spec, changes), figure.round + read.shift
            able = spec.gradient == CHAIN_RULE and spec.rounding == NONE and round_ > 0
            if able and (round_ <= _MOST_ROUNDS or not changes):
                value = self._in_round(spec, round_, names).get(figure.name)
                if value is not None:
                    found[place] = value * read.scale(figure.name)
        return found

    def _in_round(self, spec: Spec, round_: int, names: Iterable[str]) -> Mapping[str, float]:
        if (spec, round_) not in self._rounds:
            self._rounds[spec, round_] = self._compute(spec, round_, names)
            if len(self._rounds) > _CACHED:
                self._rounds.popitem(last=False)
        return self._rounds[spec, round_]

    def _compute(self, spec: Spec, round_: int, names: Iterable[str]) -> Mapping[str, float]:
        try:
            engine = make_engine("torch", spec)
        except EngineUnavailableError as fault:
            self.missing = str(fault)
            return {}
        with np.errstate(all="ignore"):
            start = make_initial_state(spec).astype(spec.precision)
        at = start if round_ == 1 else engine.advance(start, round_ - 1, 1)[1]
        values = {**collect_given(spec, at, round_), **engine.evaluate(at, round_)}
        network = spec.network_of(round_)
        known = (name for name in names if name in list_printable(network))
        return {name: float(value) for name, value in compute_values(network, known, values).items()}
