"""The second opinion agrees with the first, and shares nothing with it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import assume, given

from bptui.core.engines.engine import Engine, make_engine
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import updated
from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.initialisation import make_initial_parameters, make_initial_state
from bptui.core.problem.settings import PRECISIONS
from bptui.core.problem.spec import Spec
from bptui.core.training.run import Run
from tests.effort import examples
from tests.strategies import BIASES, SIZES, disagreement, is_defined, is_smooth, problem, problems
from tests.tables import over

if TYPE_CHECKING:
    import torch

pytestmark = pytest.mark.usefixtures("torch_is_loaded")


def both(spec: Spec) -> tuple[Engine, Engine]:
    return make_engine("numpy", spec), make_engine("torch", spec)


def bits(tensor: "torch.Tensor") -> tuple["torch.dtype", bytes]:
    """What a tensor holds to the last bit, with one nan as good as another."""
    values = tensor.detach().numpy()
    return tensor.dtype, np.where(np.isnan(values), np.nan, values).astype(values.dtype).tobytes()


@over(activation=ACTIVATIONS, loss=LOSSES, sizes=SIZES)
def test_every_quantity_agrees_with_autograd_under_every_bias_rule(
    activation: str, loss: str, sizes: tuple[int, int, int]
) -> None:
    for biases in BIASES if is_defined(activation, loss, sizes) else ():
        spec = problem(sizes, activation, loss, biases, step=0.7)
        start = make_initial_parameters(spec)
        by_hand, by_autograd = (engine.evaluate(start, 1) for engine in both(spec))
        assert set(by_hand) == set(by_autograd)
        assert is_smooth(spec, by_hand)
        assert disagreement(by_hand, by_autograd) < (2e-15 * max(2, *sizes), ""), biases


@examples(150)
@given(problems(precision="float64", torch_precision="same", gradient="chain rule"))
def test_every_quantity_agrees_with_autograd_on_random_problems(spec: Spec) -> None:
    start = make_initial_parameters(spec)
    by_hand, by_autograd = (engine.evaluate(start, 1) for engine in both(spec))
    assume(is_smooth(spec, by_hand))
    assert set(by_hand) == set(by_autograd)
    assert disagreement(by_hand, by_autograd) < (1e-12, "")


@pytest.mark.parametrize("sources", range(1, 9))
def test_float32_weighted_inputs_are_summed_in_source_order_to_the_last_bit(sources: int) -> None:
    """Holds for any number of sources, so that a scalar program's float32 results are reproduced."""
    rng = np.random.default_rng(1)
    for hidden in (1, 2, 4, 5, 8):
        spec = problem((sources, hidden, 1), "identity", precision="float32")
        ours, theirs = both(spec)
        for _ in range(5):
            start = rng.normal(size=len(spec.network.parameters)).astype(np.float32)
            by_hand, by_autograd = ours.evaluate(start, 1), theirs.evaluate(start, 1)
            for neuron in spec.network.layers[0].neurons:
                assert by_hand[f"in_{neuron}"] == by_autograd[f"in_{neuron}"], hidden


def test_a_long_training_stays_together(default: Spec) -> None:
    """After 2,000 rounds hand-derived and autograd parameters differ by rounding only."""
    ours, theirs = (engine.advance(make_initial_parameters(default), 2_000, 1) for engine in both(default))
    np.testing.assert_allclose(ours[0], theirs[0], rtol=0, atol=2e-14)
    np.testing.assert_allclose(ours[1], theirs[1], rtol=0, atol=2e-14)


@examples(30)
@given(problems())
def test_advance_is_evaluate_again_and_again(spec: Spec) -> None:
    engine = make_engine("torch", spec)
    now = make_initial_parameters(spec).astype(engine.dtype)
    rows, after = engine.advance(now, 3, 1)
    for row in rows:
        values = engine.evaluate(now, 1)
        np.testing.assert_array_equal(row, [values["E"], *now])
        now = np.array([values[f"new_{p}"] for p in spec.network.parameters])
    np.testing.assert_array_equal(after, now)


@over(name=[*ACTIVATIONS, *LOSSES], precision=PRECISIONS)
def test_what_a_torch_text_is_compiled_to_gives_its_own_values_and_slopes_to_the_last_bit(
    name: str, precision: str
) -> None:
    import torch

    from bptui.core.engines.torch_text import compile_text

    text = ACTIVATIONS[name].torch.format(z="o") if name in ACTIVATIONS else LOSSES[name].torch
    dtype = getattr(torch, precision)
    y = torch.tensor([0.3, 0.7, 1.0, 0.0], dtype=dtype)
    for reach in (1e-300, 1e-3, 0.5, 30.0, 800.0, 1e200):
        o = (reach * torch.linspace(-1.0, 1.0, 4, dtype=dtype) + 0.1 * y).requires_grad_()
        as_written = eval(text, {"torch": torch, "o": o, "y": y})
        quicker = compile_text(text, dtype, "o", "y")(o, y)
        assert bits(quicker) == bits(as_written)
        slopes = [torch.autograd.grad(found.sum(), o)[0] for found in (quicker, as_written)]
        assert bits(slopes[0]) == bits(slopes[1])


class _TakesNothing:
    def run_backward(self) -> None: ...


@pytest.mark.parametrize("engine_of_torch", [None, object(), _TakesNothing()])
def test_gradients_are_autograds_whether_or_not_torch_has_its_quick_way_to_them(
    engine_of_torch: object, monkeypatch: pytest.MonkeyPatch, default: Spec
) -> None:
    import torch

    from bptui.core.engines import torch_engine, torch_text

    start, engine = make_initial_parameters(default), make_engine("torch", default)
    expected = [engine.evaluate(start, 1)[f"new_{p}"] for p in default.network.parameters]
    if engine_of_torch:
        monkeypatch.setattr(torch.autograd.Variable, "_execution_engine", engine_of_torch)
    found = torch_text.make_gradient_function(torch.float64)
    assert (found is torch.autograd.grad) == bool(engine_of_torch)
    monkeypatch.undo()
    monkeypatch.setattr(torch_engine, "make_gradient_function", lambda dtype: found)
    assert list(make_engine("torch", default).advance(start, 1, 1)[1]) == expected


@pytest.mark.parametrize("targets", [(0.2, 0.5, 0.3), (0.0, 1.0, 0.0), (0.7, 0.9, 0.4)], ids=str)
def test_cross_entropy_is_torchs_own_with_class_probabilities(targets: tuple[float, ...]) -> None:
    """The hand-derived loss and output deltas are those of torch.nn.CrossEntropyLoss."""
    import torch

    spec = replace(problem((2, 3, 3), "tanh", "cross entropy"), targets=(targets,))
    values = make_engine("numpy", spec).evaluate(make_initial_parameters(spec), 1)
    z = torch.tensor([values[f"in_o{k}"] for k in (1, 2, 3)], dtype=torch.float64, requires_grad=True)
    loss = torch.nn.CrossEntropyLoss()(torch.tanh(z), torch.tensor(targets, dtype=torch.float64))
    (slopes,) = torch.autograd.grad(loss, z)
    assert values["E"] == pytest.approx(loss.item(), rel=1e-15)
    assert [values[f"delta_o{k}"] for k in (1, 2, 3)] == pytest.approx(slopes.tolist(), rel=1e-13)


@pytest.mark.parametrize("activation", ["relu", "leaky relu"])
def test_the_slope_at_the_kink_is_torchs(activation: str) -> None:
    """With all weights 0 every weighted input is exactly 0, where a convention decides the derivative."""
    spec = replace(problem(activation=activation), biases_hidden=(0.0, 0.0))
    by_hand, by_autograd = (engine.evaluate(np.zeros(10), 1) for engine in both(spec))
    assert by_hand == by_autograd
    assert by_hand["delta_o1"] == (0.0 if activation == "relu" else 0.01 * -spec.targets[0][0])


@over(rule=RULES)
def test_the_gradient_rule_plays_no_part(default: Spec, rule: str) -> None:
    start = make_initial_parameters(default)
    assert make_engine("torch", replace(default, gradient=rule)).evaluate(start, 1) == make_engine(
        "torch", default
    ).evaluate(start, 1)


def test_softplus_does_not_round_to_its_input_above_20() -> None:
    spec = Spec.from_table(
        {
            "network": {
                "inputs": [1.0],
                "targets": [0.0],
                "hidden": 1,
                "weights": [21.0, 1.0],
                "activation": {"hidden": "softplus", "output": "identity"},
            }
        }
    )
    for engine in both(spec):
        assert engine.evaluate(make_initial_parameters(spec), 1)["h1"] == pytest.approx(21 + np.exp(-21.0), rel=1e-16)


def test_numbers_beyond_float32_become_infinite_without_a_warning(default: Spec) -> None:
    """Warnings are errors here, so it is enough that both ways of using the engine return."""
    start = 1e40 * make_initial_parameters(default)
    engine = make_engine("torch", replace(default, torch_precision="float32", step=1e300))
    run = Run(engine, start)
    run.train_to(3)
    assert run.left_finite == 1
    assert not np.isfinite(engine.evaluate(start, 1)["in_o1"])


STATEFUL = [name for name, row in OPTIMISERS.items() if row.settings]


@pytest.mark.parametrize("optimiser", STATEFUL)
@pytest.mark.parametrize("precision", PRECISIONS)
def test_an_optimiser_that_keeps_nothing_of_the_rounds_before_agrees(optimiser: str, precision: str) -> None:
    row: dict[str, Any] = {"kind": optimiser, **dict.fromkeys(OPTIMISERS[optimiser].settings, 0.0), "epsilon": 1e-8}
    row = {name: value for name, value in row.items() if name in ("kind", *OPTIMISERS[optimiser].settings)}
    spec = problem(optimiser=row, weight_decay=0.1, precision=precision)
    state = make_initial_state(spec)
    for round_ in (1, 2):
        by_hand, by_autograd = (engine.evaluate(state, round_) for engine in both(spec))
        assert set(by_hand) == set(by_autograd)
        assert disagreement(by_hand, by_autograd) < (1e-5 if precision == "float32" else 1e-14, "")
        state = np.array([by_hand[updated(name)] for name in spec.network.state])


BEYOND: list[dict[str, Any]] = [
    {"step": 1e300},
    {"step": 2e38},
    {"step": 5e-324},
    {"weight_decay": 1e308},
    {"step": 1e308, "weight_decay": 1e308},
]


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_options_beyond_float32_are_infinite_or_nothing_as_they_are_to_numpy(optimiser: str) -> None:
    for changes in BEYOND:
        spec = problem(optimiser={"kind": optimiser}, precision="float32", **changes)
        by_hand, by_autograd = (engine.advance(make_initial_state(spec), 1, 1)[1] for engine in both(spec))
        assert np.allclose(by_hand, by_autograd, rtol=1e-5, equal_nan=True), changes
