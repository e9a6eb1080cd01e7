"""Every sentence about a run that can be checked by its rounds is true of them, for random problems of every kind."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isfinite
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.compare.findings import AT_FLOOR, Findings
from bptui.compare.observations import make_observations
from bptui.compare.verdict_sentence import describe_verdict
from bptui.core.engines.engine import NumpyEngine
from bptui.core.engines.program import compile_expression
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.expr import Name
from bptui.core.formulas.names import weighted_input
from bptui.core.formulas.network import CHAIN_RULE
from bptui.core.formulas.rounding import NONE
from bptui.core.problem.spec import Spec
from bptui.core.training.convergence import measure_convergence
from bptui.core.training.precision import measure_drift
from bptui.core.training.run import Run
from bptui.core.training.run_facts import collect_facts
from tests.effort import examples
from tests.strategies import rounded_or_not

_NUMBER = r"(−?[\d.]+(?:e[−+]?\d+)?|−?inf|nan)"


@dataclass(frozen=True)
class Told:
    """A run, and what a sentence about it says: the matched parts."""

    run: Run
    rounds: int
    said: re.Match[str]

    @property
    def spec(self) -> Spec:
        return self.run.engine.spec

    def number(self, place: int) -> float:
        return float(self.said[place].replace("−", "-"))

    def round(self, place: int) -> int:
        return int(self.said[place].replace(",", ""))

    def is_loss(self, place: int, round_: int) -> bool:
        """Whether a number, as far as it has digits, is the loss of a round."""
        value, loss = self.number(place), float(self.run.loss(round_))
        return value == loss or value == pytest.approx(loss, rel=1e-3, nan_ok=True)

    def span(self, since: int, until: int | None = None) -> range:
        """The rounds from a matched one to another, or to the last."""
        return range(self.round(since), (self.rounds if until is None else self.round(until)) + 1)

    def parameters(self, round_: int) -> Mapping[str, Any]:
        return dict(zip(self.spec.network.parameters, self.run.parameters(round_), strict=True))


def moves(told: Told) -> bool:
    """Rising or falling, by more than a hundredth of the height above the floor, and in the digits that are shown."""
    before, after = told.is_loss(2, told.round(3)), told.is_loss(4, told.round(5))
    change = float(told.run.loss(told.round(5))) - float(told.run.loss(told.round(3)))
    return before and after and told.said[2] != told.said[4] and (change > 0) == (told.said[1] == "Rising: E rose")


def is_stuck(told: Told) -> bool:
    before, now = (float(told.run.loss(told.round(place))) for place in (2, 4))
    floor = told.spec.floor
    height = before - floor if isfinite(floor) else abs(before)
    return told.is_loss(3, told.round(4)) and abs(now - before) <= 0.01 * height


def oscillates(told: Told) -> bool:
    losses = [float(told.run.loss(round_)) for round_ in told.span(1, 2)]
    least = AT_FLOOR if "by more than" in told.said.string else 0.0
    changes = [(after - before) / abs(before) for before, after in pairwise(losses)]
    rises, falls = sum(change > least for change in changes), sum(change < -least for change in changes)
    return (rises, falls) == (told.round(3), told.round(4))


def keeps_above(told: Told) -> bool:
    floor = told.number(1)
    losses = [float(told.run.loss(round_)) for round_ in range(1, told.rounds + 1)]
    return all(not loss < floor - 1e-3 * abs(floor) for loss in losses)


def comes_near(told: Told) -> bool:
    """No loss before the round is as near to the floor as that round's."""
    told.run.train_to(told.round(1))
    losses = [float(told.run.loss(round_)) for round_ in range(1, told.round(1) + 1)]
    return losses.index(min(losses)) == len(losses) - 1 or min(losses[:-1]) > losses[-1]


def neurons_stand_still(told: Told) -> bool:
    """The weights that are said not to move are those of the next round, in each of the rounds."""
    last = range(told.rounds, told.rounds + 1)
    spans = last if told.spec.gradient != CHAIN_RULE else range(told.round(1), told.rounds + 1)
    named = re.findall(r"w\d+", told.said[2])
    told.run.train_to(told.rounds + 1)
    return all(told.parameters(r)[name] == told.parameters(r + 1)[name] for r in spans for name in named)


def nothing_moves(told: Told) -> bool:
    told.run.train_to(told.rounds + 1)
    return all(told.parameters(r) == told.parameters(r + 1) for r in range(told.round(1), told.rounds + 1))


def has_slope(told: Told) -> bool:
    """The slope is that of a secant through the activation, where nothing was rounded by hand."""
    if told.spec.rounding != NONE:
        return True
    z = float(told.run.values(told.rounds)[weighted_input(told.said[1])])
    activation = ACTIVATIONS[told.spec.network.activation(told.said[1])]
    value = compile_expression(activation.value(Name("z")))
    secant = (value({"z": np.float64(z + 1e-4)}) - value({"z": np.float64(z - 1e-4)})) / 2e-4
    return told.number(2) == pytest.approx(secant, rel=0.06, abs=1e-6)


def are_copies(told: Told) -> bool:
    names = re.findall(r"h\w*\d", told.said[1])
    return all(len({float(told.run.values(r)[name]) for name in names}) == 1 for r in told.span(2))


TRUTHS: tuple[tuple[str, Callable[[Told], bool]], ...] = (
    (
        rf"^(Rising: E rose|Still falling: E fell) from {_NUMBER} in round ([\d,]+) to {_NUMBER} in round ([\d,]+)",
        moves,
    ),
    (rf"^Stuck: E was {_NUMBER} in round ([\d,]+) and is {_NUMBER} in round ([\d,]+)", is_stuck),
    (r"^Oscillating: from round ([\d,]+) to round ([\d,]+) E rose (\d+) times and fell (\d+) times", oscillates),
    (rf"^One round: E is {_NUMBER}", lambda told: told.rounds == 1 and told.is_loss(1, 1)),
    (
        rf"^Diverged: E rose from {_NUMBER} in round 1 to {_NUMBER}",
        lambda told: float(told.run.loss(told.rounds)) > 1000 * abs(float(told.run.loss(1))),
    ),
    (
        rf"^Converged: E is {_NUMBER} in round",
        lambda told: told.is_loss(1, told.rounds),
    ),
    (rf"cannot fall below {_NUMBER}\.$", keeps_above),
    (
        r"E is below 0 from round ([\d,]+) on",
        lambda told: all(told.run.loss(round_) < 0 for round_ in told.span(1)),
    ),
    (
        r"E is below 0 from round ([\d,]+) to round ([\d,]+)",
        lambda told: all(told.run.loss(round_) < 0 for round_ in told.span(1, 2)),
    ),
    (r"E first comes (?:within|down to) 10 % of [\w ]+ in round ([\d,]+)", comes_near),
    (r"dead from round ([\d,]+) on:.* passes, and (.*) do(?:es)? not move[^,]*\.$", neurons_stand_still),
    (r"nothing in the network moves (?:from|in) round ([\d,]+)(?: on)?\.", nothing_moves),
    (
        rf"^(\w+) is saturated from round [\d,]+ on: .* the slope of [\w. ]+ is {_NUMBER}, and the chain rule",
        has_slope,
    ),
    (r"^(h.*) are copies of each other from round ([\d,]+) on", are_copies),
    (
        rf"^The lowest loss was {_NUMBER}, in round ([\d,]+)",
        lambda told: told.is_loss(1, told.round(2)) and not told.run.loss(told.rounds) <= told.run.loss(told.round(2)),
    ),
)
"""What a sentence says, and whether that is so."""


@pytest.fixture(autouse=True, scope="module")
def near() -> Any:
    """Floors are looked for in few rounds only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bptui.core.training.convergence._MOST", 4_000)
        yield


@examples(400)
@given(
    rounded_or_not,
    st.integers(1, 40),
    st.sampled_from([0.0, 1.0, 1.0, 30.0, -5.0]),
    st.sampled_from([1e-6, 1.0, 1.0, 1e3]),
    st.booleans(),
)
def test_what_a_sentence_says_is_so(spec: Spec, rounds: int, size: float, rate: float, flat: bool) -> None:
    """Also from zero and from large weights, with tiny and huge learning rates, with neurons that die, in one round."""
    flats: Mapping[str, Any] = {"activation_hidden": "relu", "activation_output": "relu"} if flat else {}
    spec = replace(spec, weights=tuple(size * w for w in spec.weights), step=rate * spec.step, **flats)
    run = Run(NumpyEngine(spec))
    facts = collect_facts(run, rounds)
    seen = Findings(facts, measure_convergence(spec, rounds), measure_drift(spec, rounds))
    for sentence in (describe_verdict(facts), *make_observations(seen)):
        assert not re.search(r"(?<!\w)-\d|e-\d", sentence), sentence
        for words, holds in TRUTHS:
            for said in re.finditer(words, sentence):
                assert holds(Told(run, rounds, said)), sentence
