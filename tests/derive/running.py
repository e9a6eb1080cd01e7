"""Programs run in this process, and what they print compared with the engines' numbers."""

import io
import sys
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import replace

import numpy as np

from bptui.core.engines.engine import make_engine
from bptui.core.formulas.names import gradient, of_sample, updated
from bptui.core.problem.spec import Spec
from bptui.core.training.run import Run
from bptui.derive.programs import PROGRAMS, join_source
from tests.strategies import is_smooth

ROUNDS = 3
TOLERANCE = {"float64": 1e-12, "float32": 1e-5}


ENGINES = {"numpy": "numpy", "torch": "torch", "matrix": "numpy"}  # by program


def text(engine: str, spec: Spec, title: str = "a lesson") -> str:
    return join_source(PROGRAMS[engine](spec, title))


def execute(program: str) -> str:
    """What a program prints; its warnings are its own business."""
    out = io.StringIO()
    try:
        with redirect_stdout(out), np.errstate(all="ignore"):
            exec(compile(program, "<program>", "exec"), {})
    finally:
        if "torch" in sys.modules:
            sys.modules["torch"].set_default_dtype(sys.modules["torch"].float32)
    return out.getvalue()


def name_lines(spec: Spec, round_: int) -> dict[str, list[str]]:
    """The quantities in each line of a round, by the words before its numbers."""
    n = spec.network_of(round_)
    trained = [*(w.name for w in n.weights), *(n.biases if n.bias_update != "frozen" else ())]
    outputs = {
        f"outputs of sample {sample}:" if sample else "outputs": [of_sample(o, sample) for o in n.outputs]
        for sample in n.samples or (0,)
    }
    after = {"gradients": [*map(gradient, trained)], "updated": [*map(updated, trained)]}
    return {f"round {round_}  E": ["E"], **outputs, **after}


def printed(output: str, spec: Spec) -> list[dict[str, float]]:
    """The quantities of each round by name, from what a program printed."""
    rounds: list[dict[str, float]] = []
    lines = output.splitlines()
    while lines:
        rounds.append({})
        for words, names in name_lines(spec, len(rounds)).items():
            line = lines.pop(0).strip()
            assert line.startswith(f"{words} ")
            rounds[-1] |= zip(names, map(float, line.removeprefix(words).split()), strict=True)
    return rounds


def compare(found: Mapping[str, float], values: Mapping[str, float], tolerance: float) -> None:
    """Equal up to a part of the round's largest number; what is no number is the same no number."""
    expected = {name: float(values[name]) for name in found}
    scale = max([1.0, *(abs(v) for v in expected.values() if np.isfinite(v))])
    np.testing.assert_allclose(list(found.values()), list(expected.values()), rtol=0, atol=tolerance * scale)


def agree(engine: str, spec: Spec, smooth: bool = False, rounds: int = ROUNDS) -> None:
    """Compare a program's rounds with its engine's, if need be only as long as derivatives mean something."""
    spec = replace(spec, rounds=rounds) if spec.rounds > rounds else spec
    run = Run(make_engine(ENGINES[engine], spec))
    assert run.train_to(spec.rounds)
    found = printed(execute(text(engine, spec)), spec)
    assert len(found) == spec.rounds
    for number, of_round in enumerate(found, 1):
        if smooth and not is_smooth(spec, run.values(number)):
            break
        compare(of_round, run.values(number), TOLERANCE[spec.precision_of(ENGINES[engine])])
