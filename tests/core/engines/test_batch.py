"""Many runs at once: each is its single run to the last bit, and the compiled text is made of known words only."""

import ast
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.engines.batch import compile_batch
from bptui.core.engines.engine import NumpyEngine
from bptui.core.engines.engine import collect_given as given_
from bptui.core.engines.program import SCOPE
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.rounding import NONE
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.initialisation import Floats
from bptui.core.problem.settings import PRECISIONS
from bptui.core.problem.spec import Spec
from tests.effort import examples
from tests.strategies import BIASES, SIZES, problem, rounded_or_not
from tests.tables import over

ROUNDS = 12
WIDTHS = st.sampled_from([1, 2, 3, 7, 8, 9, 17, 33])  # below, at and above what a vector register holds


def together(spec: Spec, start: Floats, rounds: int) -> tuple[Floats, Floats]:
    """E of every round and the parameters at the end, of runs that are trained at once."""
    batch, parameters, losses = compile_batch(spec.network), start.copy(), list[Floats]()
    buffers = np.full((batch.buffers, start.shape[1]), np.nan, start.dtype)
    with np.errstate(all="ignore"):
        batch.advance(rounds, lambda loss: losses.append(loss.copy()), buffers, *given_(spec, parameters, 1).values())
    return np.array(losses), parameters


def bits(values: Floats) -> bytes:
    """All bits there are, but for the sign of a nan, which means nothing."""
    return np.where(np.isnan(values), values.dtype.type(np.nan), values).tobytes()


def assert_as_alone(spec: Spec, runs: int, rounds: int = ROUNDS, spread: float = 1.0) -> None:
    rng = np.random.default_rng(runs)
    size = len(spec.network.parameters), runs
    start = (spread * rng.standard_normal(size)).astype(spec.precision)
    losses, after = together(spec, start, rounds)
    engine = NumpyEngine(spec)
    for run in range(runs):
        rows, end = engine.advance(start[:, run], rounds, 1)
        assert bits(rows[:, 0]) == bits(losses[:, run])
        assert bits(end) == bits(after[:, run])
    assert losses.dtype == after.dtype == engine.dtype


@examples(150)
@given(rounded_or_not, WIDTHS, st.sampled_from([0.5, 30.0]))
def test_each_of_many_runs_is_its_single_run_to_the_last_bit(spec: Spec, runs: int, spread: float) -> None:
    rounds = ROUNDS if spec.rounding == NONE else 2
    assert_as_alone(spec, runs, rounds, spread)


@over(loss=LOSSES, activation=ACTIVATIONS, precision=PRECISIONS)
def test_so_it_is_with_every_activation_and_loss(activation: str, loss: str, precision: str) -> None:
    assert_as_alone(problem((2, 2, 2), activation, loss, precision=precision), 37)


@over(rule=RULES, biases=BIASES, sizes=SIZES)
def test_so_it_is_with_every_rule_and_kind_of_bias(rule: str, biases: str, sizes: tuple[int, int, int]) -> None:
    """Rules that update early need a parameter's old and new value at once."""
    assert_as_alone(problem(sizes, biases=biases, gradient=rule), 19)


def test_what_is_computed_twice_in_a_round_is_computed_once_for_many(default: Spec) -> None:
    source = compile_batch(default.network).source
    assert source.count(" exp(") == 4
    assert source.count("subtract(1.0, ") == 4


def test_what_depends_on_no_parameter_is_computed_before_the_rounds() -> None:
    spec = problem((2, 2, 2), loss="cross entropy")
    before, _, rounds = compile_batch(spec.network).source.partition("for _ in range(rounds):")
    assert "y1 + y2" in before
    assert "y1 + y2" not in rounds and "add(y1, y2" not in rounds


def test_problems_that_differ_in_numbers_share_one_program(default: Spec) -> None:
    other = replace(default, step=7.0, inputs=((1.0, 2.0),), weights=(0.0,) * 8)
    assert compile_batch(other.network) is compile_batch(default.network)


@examples(40)
@given(rounded_or_not)
def test_no_number_and_no_name_of_the_users_is_in_the_text(spec: Spec) -> None:
    batch = compile_batch(spec.network)
    tree = ast.parse(batch.source)
    n = spec.network
    known = {"np", "_", "range", "rounds", "keep", "buffers", "eta", "advance", *SCOPE}
    known |= {*n.inputs, *n.targets, *n.parameters, *dir(np)}
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert all(name in known or (name[0] in "bv" and name[1:].isdigit()) for name in used)
    numbers: set[Any] = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert numbers <= {
        0.0,
        0.01,
        0.5,
        1.0,
        2.0,
        float(len(n.outputs)),
        *map(int, filter(str.isdigit, spec.rounding.split())),
    }
