"""The walk of a new user through a real terminal: an own exercise typed in, checked, explained, saved and handed in."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are a POSIX thing")

import os
import signal

from bptui.core.engines.engine import NumpyEngine
from bptui.core.problem.spec import Spec
from bptui.core.training.run import Run
from tests.terminal import Terminal
from tests.unbreakable.driving import CTRL, TAB

SIZES = ((80, 24), (120, 36))
TITLE = "Sheet 3"
HIDDEN = "[[0.1 0.2]\n [-0.3 0.4]\n [0.5 -0.6]]"  # a row per neuron, as a book prints it
PROBLEM = {
    "network": {
        "inputs": [0.5, -1.0],
        "targets": [0.8],
        "hidden": 3,
        "weights": [0.1, -0.3, 0.5, 0.2, 0.4, -0.6, 0.7, -0.2, 0.3],
        "biases": {"hidden": [0.1, 0.2, 0.3], "output": [-0.1]},
    },
    "training": {"loss": "half squared error", "step": 0.5, "rounds": 1000},
}
MISTAKE = {**PROBLEM, "training": {**PROBLEM["training"], "gradient": "updated weights"}}


def pasted(text: str) -> str:
    return f"\x1b[200~{text}\x1b[201~"


def values_of(problem: dict[str, object]) -> dict[str, float]:
    """Return the numbers of a problem's first round."""
    run = Run(NumpyEngine(Spec.from_table(problem)))
    return {name: float(value) for name, value in run.values(1).items()}


@pytest.fixture(params=SIZES, ids=lambda size: "{}x{}".format(*size))
def terminal(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    monkeypatch.chdir(tmp_path)
    home = str(Path(__file__).parents[2])
    opened = Terminal(*request.param, env={"PYTHONPATH": os.pathsep.join([home, os.environ.get("PYTHONPATH", "")])})
    yield opened
    with suppress(OSError):
        os.kill(opened.pid, signal.SIGKILL)
    with suppress(OSError):
        os.waitpid(opened.pid, 0)
    os.close(opened.screen)


def test_an_own_exercise_is_typed_checked_explained_saved_and_handed_in(terminal: Terminal, tmp_path: Path) -> None:
    terminal.until("your own exercise")  # the first hint
    terminal.type(CTRL["n"])
    terminal.until("to be filled")
    terminal.type(f"{TITLE}{TAB}2{TAB}3{TAB}1{TAB}1{TAB}{TAB}a")
    terminal.until("b_h1")
    terminal.type("\t" * 7)
    terminal.until("an input")
    terminal.type(f"0.5{TAB}-1{TAB}0.8{TAB}{pasted(HIDDEN)}")
    terminal.until("filled w1 to w6")
    terminal.type(pasted("0.7 -0.2 0.3"))
    terminal.until("filled w7 to w9")
    terminal.type(f"0.1{TAB}0.2{TAB}0.3{TAB}-0.1{CTRL['s']}")
    terminal.until(f"{TITLE} ")
