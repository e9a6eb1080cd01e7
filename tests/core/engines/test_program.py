"""The compiled round: the list of formulas and nothing else, and no number a user typed."""

import ast
import re
from dataclasses import replace
from itertools import repeat
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from bptui.core.engines.engine import collect_given
from bptui.core.engines.program import Program, calculate, compile_program, logsumexp
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.expr import Name, Square
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.rounding import NONE
from bptui.core.problem.settings import PRECISIONS
from bptui.core.problem.spec import Spec
from tests.effort import examples
from tests.strategies import numbers, problem, rounded_or_not
from tests.tables import over

_WORDS = {"np", "logsumexp", "s", "q", "round_", "advance", "feed", "keep", "eta", "E", "log_sum_exp"}
_WORDS |= {"to_digits", "to_decimals", "softmax"}
_NEURON = r"(o\d+|h\d+(_\d+)?)"
_QUANTITY = re.compile(
    rf"[xyw]\d+|(b_|in_|delta_|softmax_)?{_NEURON}|(dE_d|new_)(w\d+|b_{_NEURON})|dE_do\d+|do\d+_din_o\d+"
)


@examples(60)
@given(rounded_or_not)
def test_generated_text_holds_only_the_fixed_vocabulary(spec: Spec) -> None:
    """Every name is a quantity or one of a dozen words; every constant belongs to a formula."""
    tree = ast.parse(compile_program(spec.network).source)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert all(name in _WORDS or _QUANTITY.fullmatch(name) for name in used)
    constants = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    rounded_to = [int(word) for word in spec.rounding.split() if word.isdigit()]
    assert constants <= {0.0, 0.01, 0.5, 1.0, 2.0, float(len(spec.targets[0])), *rounded_to}


@examples(30)
@given(numbers(2, 1e300), numbers(8, 1e300))
def test_problems_that_differ_in_numbers_share_one_program(inputs: list[float], weights: list[float]) -> None:
    spec = problem()
    other = replace(
        spec, inputs=(tuple(inputs),), targets=(tuple(inputs),), weights=tuple(weights), step=1e-9, rounds=7
    )
    assert compile_program(other.network) is compile_program(spec.network)


def test_quantities_are_the_formulas_in_their_order(default: Spec) -> None:
    program = compile_program(default.network)
    assert program.quantities == tuple(line.name for line in list_formulas(default.network))


def test_advance_keeps_the_loss_and_the_parameters_before_each_update(default: Spec) -> None:
    """It goes through the same rounds as ``round`` called again and again, to the last bit."""
    program, n = compile_program(default.network), default.network
    given_ = (*map(np.float64, default.inputs[0]), *map(np.float64, default.targets[0]), 0.5)
    now: tuple[Any, ...] = tuple(map(np.float64, default.weights))
    kept: list[tuple[Any, ...]] = []
    after = program.advance(repeat(given_[:-1], 20), kept.append, given_[-1], *now)
    assert len(kept) == 20
    for row in kept:
        values = dict(zip(program.quantities, program.round(*given_, *now), strict=True))
        assert row == (values["E"], *now)
        now = tuple(values[f"new_{p}"] for p in n.parameters)
    assert after == now


@over(activation=ACTIVATIONS, loss=LOSSES, precision=PRECISIONS, runs=[0, 3])
def test_rounds_are_the_same_line_by_line_and_compiled_as_a_whole(
    activation: str, loss: str, precision: str, runs: int
) -> None:
    """To the last bit, for scalars and for arrays over runs: the first rounds of a network, and those that follow."""
    spec = problem((2, 2, 2), activation, loss, "per neuron", rounding=NONE if runs else "5 digits")
    program, shape = Program(spec.network), (len(spec.network.state), *[runs] * bool(runs))
    state = np.random.default_rng(3).uniform(-1.0, 1.0, shape).astype(precision)
    given_, count = tuple(collect_given(spec, state, 1).values()), len(spec.network.data)

    def train(rounds: int) -> tuple[Any, ...]:
        return program.advance(repeat(given_[:count], rounds), lambda row: None, *given_[count:])

    with np.errstate(all="ignore"):
        first, trained = bits_of(program.round(*given_)), bits_of(train(3))
        train(50)
        assert bits_of(program.round(*given_)) == first
        assert bits_of(train(3)) == trained


def bits_of(values: tuple[Any, ...]) -> list[tuple[str, bytes]]:
    """The precision and the bits of each value; every nan is the same."""
    return [(v.dtype.name, np.where(np.isnan(v), np.inf, v).tobytes()) for v in map(np.asarray, values)]


def test_values_are_calculated_from_those_given_and_without_a_warning() -> None:
    x, square = np.float32(3e38), Name("x") * Name("x")
    found = calculate({"a": square, "b": 1.0 - Square(Name("x") - Name("x"))}, {"x": x})
    assert found == {"a": np.inf, "b": 1.0} and {v.dtype.name for v in found.values()} == {"float32"}
    with pytest.raises(NameError):
        calculate({"a": square, "b": Name("a")}, {"x": x})


def test_log_sum_exp_neither_overflows_nor_changes_precision() -> None:
    values = [np.float32(v) for v in (1000.0, 1001.0, 998.5)]
    found = logsumexp(*values)
    assert found.dtype == np.float32
    expected = 1001.0 + np.log(np.exp(np.array(values, dtype=np.float64) - 1001.0).sum())
    assert float(found) == float(np.float32(expected))
    assert logsumexp(values[0]) == values[0]
