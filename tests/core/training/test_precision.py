"""Float32 beside float64: where they part is where two plain runs do."""

from dataclasses import replace
from math import isfinite, nan

import pytest
from hypothesis import given

from bptui.core.engines.engine import NumpyEngine
from bptui.core.problem.spec import Spec
from bptui.core.training.precision import DIVERGED, measure_drift
from bptui.core.training.run import Run
from bptui.lessons.lesson import load_lesson
from tests.effort import examples
from tests.strategies import problems

ROUNDS = 50


def runs(spec: Spec, rounds: int) -> tuple[Run, Run]:
    both = (Run(NumpyEngine(replace(spec, precision=name))) for name in ("float64", "float32"))
    double, single = both
    double.train_to(rounds)
    single.train_to(rounds)
    return double, single


@examples(60)
@given(problems())
def test_two_plain_runs_part_in_the_same_round(spec: Spec) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bptui.core.training.precision._CHUNK", 64)
        found = measure_drift(spec, ROUNDS)
    double, single = runs(spec, ROUNDS)
    first, largest = None, 0.0
    for round_ in range(1, ROUNDS + 1):
        one, other = double.loss(round_), single.loss(round_)
        same = one == other or (one != one and other != other)
        apart = abs(one - other) / abs(one) if isfinite(one) and isfinite(other) and one else float("inf")
        if not same and not apart <= DIVERGED and first is None:
            first = round_
        if isfinite(apart):
            largest = max(largest, apart)
    assert found.round == first and found.largest == pytest.approx(largest, rel=1e-9)
    parting = (double.loss(first), single.loss(first)) if first else (nan, nan)
    assert found.parting == pytest.approx(parting, rel=0, abs=0, nan_ok=True)
    last = (double.loss(ROUNDS), single.loss(ROUNDS))
    assert (found.double, found.single) == pytest.approx(last, rel=0, abs=0, nan_ok=True)


def test_the_parameter_told_is_the_one_that_differs_most_after_the_last_update() -> None:
    spec = load_lesson("two-by-two").spec
    found = measure_drift(spec, 1000)
    double, single = runs(spec, 1001)
    apart = {
        name: abs(float(a) - float(b))
        for name, a, b in zip(spec.network.parameters, double.parameters(1001), single.parameters(1001), strict=True)
    }
    name, one, other = found.parameter
    assert apart[name] == max(apart.values()) == abs(one - other) > 0
    assert found.round is None and found.largest < 1e-6


def test_float32_overflows_where_float64_goes_on() -> None:
    found = measure_drift(load_lesson("random-weights").spec, 600)
    assert found.round is not None and 550 < found.round <= 565
    assert isfinite(found.double) and not isfinite(found.single)
