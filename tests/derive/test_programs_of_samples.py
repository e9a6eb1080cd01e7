"""The programs of several samples and of optimisers: every number they print is the engine's, in every round."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.network import NUMBERINGS, OVER_SAMPLES
from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.core.formulas.rounding import NONE, ROUNDINGS
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.kinds.setting_kinds import ALL, ONE_AT_A_TIME
from bptui.core.problem.settings import PRECISIONS
from bptui.core.problem.spec import Spec
from bptui.derive.code_lines import MAX_COLUMNS
from bptui.derive.program_parts import PART_NAMES
from bptui.derive.programs import PROGRAMS, count_code_lines
from tests.derive.running import agree, execute, text
from tests.effort import examples
from tests.strategies import BIASES, NEURON_ACTIVATIONS, OF_PROBABILITIES
from tests.tables import over

ROUNDS = 5  # in which the batches of two of three samples come round
SMOOTH = [name for name in NEURON_ACTIVATIONS if ACTIVATIONS[name].smooth]
BATCHES = (ALL, ONE_AT_A_TIME, 2)
pytestmark = pytest.mark.usefixtures("torch_is_loaded")


def batches(
    sizes: tuple[int, int, int] = (2, 2, 2),
    samples: int = 3,
    biases: str = "none",
    seed: int = 1,
    activation: Any = "sigmoid",
    numbering: str = NUMBERINGS[0],
    **training: Any,
) -> Spec:
    """A problem with several samples, its numbers drawn by a seed."""
    d, q, l = sizes  # noqa: E741
    rng = np.random.default_rng(seed)
    weights = rng.uniform(-0.9, 0.9, d * q + q * l if q else d * l)
    network: dict[str, Any] = {
        "inputs": rng.uniform(-1, 1, (samples, d)).tolist(),
        "targets": rng.uniform(0.05, 0.95, (samples, l)).tolist(),
        "hidden": q,
        "weights": weights.tolist(),
        "activation": activation if isinstance(activation, dict) else {"hidden": activation, "output": activation},
        "numbering": numbering,
    }
    if biases != "none":
        own = [0.11 if biases == "shared" else 0.02 * (n + 1) for n in range(q + l)]
        network["biases"] = {"output": own[q:], "update": biases} | ({"hidden": own[:q]} if q else {})
    return Spec.from_table({"network": network, "training": {"step": 0.1, "rounds": ROUNDS, **training}})


@st.composite
def random_batches(draw: st.DrawFn, rounded: bool = False) -> Spec:
    """Problems with every form of batch, optimiser and biases; only where rounded they may have kinks."""

    def pick(values: Any) -> Any:
        return draw(st.sampled_from(tuple(values)))

    sizes = (draw(st.integers(1, 3)), draw(st.integers(0, 2)), draw(st.integers(1, 3)))
    samples, loss, names = draw(st.integers(1, 4)), pick(LOSSES), NEURON_ACTIVATIONS if rounded else SMOOTH
    of_outputs = ("sigmoid", "torch.sigmoid") if loss in OF_PROBABILITIES else names
    outputs = {"output": "softmax"} if draw(st.booleans()) else {"output": pick(of_outputs), "o1": pick(of_outputs)}
    return batches(
        sizes,
        samples,
        biases=pick(BIASES),
        seed=draw(st.integers(0, 2**32 - 1)),
        activation={"hidden": pick(names), **outputs},
        numbering=pick(NUMBERINGS),
        loss=loss,
        batch=draw(st.sampled_from((ALL, ONE_AT_A_TIME)) | st.integers(1, samples)),
        over_samples=pick(OVER_SAMPLES),
        optimiser={"kind": pick(OPTIMISERS)},
        weight_decay=pick((0.0, 0.03)),
        precision=pick(PRECISIONS),
        rounding=pick((NONE, *ROUNDINGS)) if rounded else NONE,
        gradient=pick(RULES),
        step=0.01,
    )


@examples(60)
@given(random_batches(rounded=True))
def test_every_number_of_random_problems_is_the_numpy_engines(spec: Spec) -> None:
    agree("numpy", spec, rounds=ROUNDS)


@examples(60)
@given(random_batches())
def test_every_number_of_random_problems_is_the_torch_engines(spec: Spec) -> None:
    agree("torch", spec, rounds=ROUNDS)


@over(loss=LOSSES, batch=BATCHES, engine=PROGRAMS)
def test_every_loss_is_summed_or_averaged_over_the_samples_of_a_round(loss: str, batch: Any, engine: str) -> None:
    for over_samples in OVER_SAMPLES:
        agree(engine, batches(loss=loss, batch=batch, over_samples=over_samples), rounds=ROUNDS)


@over(optimiser=OPTIMISERS, biases=BIASES, engine=PROGRAMS)
def test_every_optimiser_carries_its_state_to_the_next_round(optimiser: str, biases: str, engine: str) -> None:
    for samples, decay in ((1, 0.03), (3, 0.0)):
        spec = batches(samples=samples, biases=biases, batch=samples, optimiser={"kind": optimiser}, weight_decay=decay)
        agree(engine, spec, rounds=ROUNDS)


@over(optimiser=("momentum", "classical momentum", "nesterov"), engine=PROGRAMS)
def test_a_momentum_of_0_is_gradient_descent(optimiser: str, engine: str) -> None:
    agree(engine, batches(optimiser={"kind": optimiser, "momentum": 0.0}), rounds=ROUNDS)


@pytest.mark.parametrize("engine", PROGRAMS)
def test_a_round_prints_the_outputs_of_the_samples_it_uses(engine: str) -> None:
    output = execute(text(engine, batches(batch=2, rounds=3)))
    found = [line.split()[3] for line in output.splitlines() if line.startswith("  outputs of sample ")]
    assert found == ["1:", "2:", "3:", "1:", "2:", "3:"]


@over(engine=PROGRAMS, batch=BATCHES, optimiser=OPTIMISERS)
def test_the_parts_bear_the_same_names_in_both(engine: str, batch: Any, optimiser: str) -> None:
    parts = PROGRAMS[engine](batches(batch=batch, optimiser={"kind": optimiser}), "a lesson")
    assert tuple(part.name for part in parts) == PART_NAMES
    assert all(part.source.strip() for part in parts)


@pytest.mark.parametrize("engine", PROGRAMS)
def test_more_samples_make_the_loop_of_small_batches_no_longer(engine: str) -> None:
    few, many = (PROGRAMS[engine](batches(samples=count, batch=2), "a lesson") for count in (3, 9))
    assert count_code_lines(few[3:]) == count_code_lines(many[3:])


def test_a_numpy_program_of_one_sample_at_a_time_has_the_formulas_of_one_sample() -> None:
    of_batch, of_one = (
        {part.name: part.source for part in PROGRAMS["numpy"](batches(samples=count, batch=ONE_AT_A_TIME), "a lesson")}
        for count in (3, 1)
    )
    for name in ("forward", "loss", "gradient", "update"):
        assert of_batch[name] == of_one[name]


@over(optimiser=OPTIMISERS)
def test_the_torch_program_takes_torchs_own_optimiser_but_for_plain_gradient_descent(optimiser: str) -> None:
    plain = batches(optimiser={"kind": optimiser})
    own = f"torch.optim.{OPTIMISERS[optimiser].torch.name}("
    assert own in text("torch", replace(plain, weight_decay=0.1))
    assert (own in text("torch", plain)) == bool(OPTIMISERS[optimiser].settings)


@over(engine=PROGRAMS, batch=(*BATCHES, 7), optimiser=OPTIMISERS)
def test_large_problems_keep_to_a_hundred_columns(engine: str, batch: Any, optimiser: str) -> None:
    sizes = (8, 8, 8) if batch == ONE_AT_A_TIME else (8, 1, 2)
    program = text(
        engine,
        batches(
            sizes, 8, "per neuron", optimiser={"kind": optimiser}, batch=batch, weight_decay=0.1, loss="cross entropy"
        ),
    )
    compile(program, "<program>", "exec")
    assert max(map(len, program.splitlines())) <= 100


def test_exclusive_or_fits_half_a_wide_screen() -> None:
    """Its formulas for all samples at once are long, as there are four of each; by matrices they are not."""
    spec = batches((2, 2, 1), 4, "per neuron", over_samples="mean")
    assert 100 < count_code_lines(PROGRAMS["numpy"](spec, "")) < 150
    assert count_code_lines(PROGRAMS["torch"](spec, "")) < 50
    for program in (text("numpy", spec), *(text("torch", replace(spec, loss=loss)) for loss in LOSSES)):
        assert max(map(len, program.splitlines())) <= MAX_COLUMNS
