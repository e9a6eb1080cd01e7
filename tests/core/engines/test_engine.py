"""The NumPy engine: known results, one precision throughout, and a run in a batch like a run alone."""

import re
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.engines.engine import ENGINES, EngineUnavailableError, NumpyEngine, Values, make_engine
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.rounding import NONE
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.settings import PRECISIONS
from bptui.core.problem.spec import Spec
from tests.effort import examples
from tests.strategies import problem, problems
from tests.tables import over


def by_ends(spec: Spec, values: Values) -> dict[tuple[str, ...], float]:
    """A round's quantities under names that do not depend on the weights' numbers."""
    ends = {w.name: (w.source, w.target) for w in spec.network.weights}
    found: dict[tuple[str, ...], float] = {}
    for name, value in values.items():
        kind, weight = re.split(r"(?=w\d)|$", name, maxsplit=1)
        found[(kind, *ends.get(weight, ()))] = value
    return found


@pytest.mark.parametrize(
    ("bias_update", "loss", "d_w1", "d_w5", "e_after"),
    [
        ("frozen", "half squared error", 0.000438567734, 0.082167040564, 0.291027773693599),
        ("per neuron", "half squared error", 0.000438567734, 0.082167040564, 0.280471446791430),
        ("shared", "half squared error", 0.000438567734, 0.082167040564, 0.285750886699296),
        (
            "frozen",
            "squared error",
            0.000877135469,
            0.164334081128,
            0.567237963664720,  # twice 0.283618981832360, which is counted with the 1/2
        ),
    ],
    ids=["frozen", "per neuron", "shared", "without the half"],
)
def test_a_well_known_worked_example(bias_update: str, loss: str, d_w1: float, d_w5: float, e_after: float) -> None:
    table = {
        "network": {
            "inputs": [0.05, 0.10],
            "targets": [0.01, 0.99],
            "numbering": "by destination",
            "weights": [0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55],
            "biases": {"hidden": [0.35, 0.35], "output": [0.60, 0.60], "update": bias_update},
        },
        "training": {"step": 0.5, "loss": loss},
    }
    engine = make_engine("numpy", Spec.from_table(table))
    start = make_initial_parameters(engine.spec)
    values = engine.evaluate(start, 1)
    assert (values["dE_dw1"], values["dE_dw5"]) == pytest.approx((d_w1, d_w5), abs=5e-13)
    assert engine.evaluate(engine.advance(start, 1, 1)[1], 1)["E"] == pytest.approx(e_after, abs=2e-15)


@over(activation=ACTIVATIONS, loss=LOSSES, precision=PRECISIONS)
def test_a_row_of_a_batch_is_the_single_run_to_the_last_bit(activation: str, loss: str, precision: str) -> None:
    """For any number of runs side by side, and wherever in the batch a run stands."""
    in_a_batch_as_alone(NumpyEngine(problem((3, 2, 2), activation, loss, "per neuron"), precision), (1, 2, 7, 33))


@over(rule=RULES, precision=PRECISIONS, rounding=[NONE, "2 digits", "3 decimals"])
def test_so_it_is_by_every_gradient_rule_and_where_results_are_rounded(
    rule: str, precision: str, rounding: str
) -> None:
    spec = problem((3, 2, 2), biases="shared", gradient=rule, rounding=rounding)
    in_a_batch_as_alone(NumpyEngine(spec, precision), (1, 7))


def in_a_batch_as_alone(engine: NumpyEngine, sizes: tuple[int, ...]) -> None:
    rng = np.random.default_rng(2)
    for runs in sizes:
        many = (2 * rng.normal(size=(len(engine.spec.network.parameters), runs))).astype(engine.dtype)
        batch = engine.evaluate(many, 1)
        for run in range(runs):
            for name, value in engine.evaluate(many[:, run], 1).items():
                in_batch = np.broadcast_to(batch[name], runs)[run]
                assert in_batch.dtype == value.dtype == engine.dtype
                assert in_batch.tobytes() == value.tobytes() or (np.isnan(value) and np.isnan(in_batch)), name


@examples(60)
@given(problems(), st.sampled_from(tuple(product(ENGINES, PRECISIONS))))
def test_every_quantity_keeps_the_engines_precision(spec: Spec, engine_and_precision: tuple[str, str]) -> None:
    """Also after rounds of training, and also where a value is a constant."""
    name, precision = engine_and_precision
    engine = make_engine(name, replace(spec, precision=precision, torch_precision="same"))
    assert engine.dtype == precision
    rows, after = engine.advance(make_initial_parameters(spec), 3, 1)
    assert rows.dtype == after.dtype == precision
    assert {key: value.dtype.name for key, value in engine.evaluate(after, 1).items() if value.dtype != precision} == {}


@pytest.mark.parametrize("name", ENGINES)
def test_float32_is_float32_after_100_rounds_and_stays_by_float64(default: Spec, name: str) -> None:
    """After 1,000 rounds the loss has left float64's by no more than 7e-7, and by more than nothing."""
    single, double = (make_engine(name, replace(default, precision=precision)) for precision in ("float32", "float64"))
    start = make_initial_parameters(default)
    rows, after = single.advance(start, 100, 1)
    assert rows.dtype == after.dtype == np.float32
    assert {value.dtype for value in single.evaluate(after, 1).values()} == {np.dtype(np.float32)}
    losses, expected = (engine.advance(start, 1000, 1)[0][:, 0] for engine in (single, double))
    assert 0 < np.abs(losses.astype(np.float64) - expected).max() < 7e-7


@examples(80)
@given(problems(), st.sampled_from(tuple(ENGINES)))
def test_the_numbering_changes_names_and_never_results(spec: Spec, name: str) -> None:
    """The same matrices numbered the other way give the same quantities to the last bit, permuted."""
    other = replace(spec, numbering="by source" if spec.numbering == "by destination" else "by destination")
    start = make_initial_parameters(spec)
    place = {(w.source, w.target): i for i, w in enumerate(spec.network.weights)}
    order = [place[w.source, w.target] for w in other.network.weights]
    moved = np.concatenate([start[order], start[len(order) :]])
    found = by_ends(spec, make_engine(name, spec).evaluate(start, 1))
    again = by_ends(other, make_engine(name, other).evaluate(moved, 1))
    assert found.keys() == again.keys()
    assert {key for key in found if str(found[key]) != str(again[key])} == set()


@over(precision=PRECISIONS, activation=ACTIVATIONS, loss=LOSSES)
def test_overflow_ends_in_inf_or_nan_without_a_warning(activation: str, loss: str, precision: str) -> None:
    """Weights of 1.7e308 can be looked at and trained on; warnings are errors here."""
    spec = replace(problem(activation=activation, loss=loss, step=1e308), inputs=((1.0, 1.0),))
    engine, start = NumpyEngine(spec, precision), np.full(8, 1.7e308)
    values = engine.evaluate(start, 1)
    rows, after = engine.advance(start, 3, 1)
    assert values["in_h1"] == np.inf
    assert values["h1"] == ACTIVATIONS[activation].range[1]
    np.testing.assert_array_equal(rows[0, 0], values["E"])
    np.testing.assert_array_equal(engine.advance(rows[2, 1:], 1, 1)[1], after)


def test_the_update_goes_down_the_slope_by_the_step(default: Spec) -> None:
    values = make_engine("numpy", replace(default, step=0.25)).evaluate(make_initial_parameters(default), 1)
    for n, weight in enumerate(default.weights, 1):
        assert values[f"new_w{n}"] == weight - 0.25 * values[f"dE_dw{n}"]


@examples(30)
@given(problems(), st.sampled_from(tuple(ENGINES)))
def test_frozen_biases_stay_and_a_shared_bias_stays_one(spec: Spec, name: str) -> None:
    engine, n = make_engine(name, spec), spec.network
    rows, after = engine.advance(make_initial_parameters(spec), 4, 1)
    biases = dict(zip(n.biases, after[len(n.weights) :], strict=True))
    if spec.bias_update == "frozen":
        np.testing.assert_array_equal(after[len(n.weights) :], rows[0, 1 + len(n.weights) :])
    if spec.bias_update == "shared":
        for layer in (layer.neurons for layer in n.layers):
            assert len({biases[f"b_{neuron}"].tobytes() for neuron in layer if f"b_{neuron}" in biases}) <= 1
    last = engine.evaluate(rows[3, 1:], 1)
    np.testing.assert_array_equal(after, [last[f"new_{p}"] for p in n.parameters])


def test_a_missing_or_broken_library_is_told_in_words(default: Spec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "missing", "surely_not_installed.engine:Engine")
    monkeypatch.setitem(ENGINES, "broken", "bptui.core.engines.engine:NoSuchEngine")
    with pytest.raises(EngineUnavailableError, match=r"^surely_not_installed is not installed$"):
        make_engine("missing", default)
    with pytest.raises(EngineUnavailableError, match=r"^broken cannot be loaded: "):
        make_engine("broken", default)
