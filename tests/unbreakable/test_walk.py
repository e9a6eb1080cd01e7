"""The walk of a new user through a real terminal: an own exercise typed in, checked, explained, saved and handed in."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are a POSIX thing")

import os
import signal
import sys

from bptui.core.problem.spec import Spec
from bptui.lessons.lesson import load_lesson
from bptui.lessons.training import begin_run
from tests.terminal import QUIT, Terminal
from tests.unbreakable.driving import CTRL, ENTER, F4, F8, PAGE_DOWN, TAB

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


def values_of(problem: Mapping[str, object]) -> dict[str, float]:
    """Return the numbers of a problem's first round."""
    return {name: float(value) for name, value in begin_run(Spec.from_table(problem)).values(1).items()}


@pytest.fixture(params=SIZES, ids=lambda size: "{}x{}".format(*size))
def terminal(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    monkeypatch.chdir(tmp_path)
    home = str(Path(__file__).parents[2])
    paths = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH")]))
    # no LaTeX and no browser on this path: a PDF would take longer than all the rest
    opened = Terminal(*request.param, env={"PYTHONPATH": paths, "PATH": str(Path(sys.executable).parent)})
    yield opened
    with suppress(OSError):
        os.kill(opened.pid, signal.SIGKILL)
    with suppress(OSError):
        os.waitpid(opened.pid, 0)
    os.close(opened.screen)


def test_an_own_exercise_is_typed_checked_explained_saved_and_handed_in(terminal: Terminal, tmp_path: Path) -> None:
    terminal.until("your own exercise")  # the first hint
    terminal.type(CTRL["n"])
    terminal.until("to fill in")
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
    for round_ in (2, 1):
        terminal.type(f"g{round_}{ENTER}")
        terminal.until(f"round {round_}/1,000")

    wrong, right = values_of(MISTAKE), values_of(PROBLEM)
    printed = [f"dE_dw{number} = {wrong[f'dE_dw{number}']:.7f}" for number in range(1, 10)]
    terminal.type(F8)
    terminal.until("printed values")
    terminal.type(pasted("\n".join(printed)))
    terminal.until("9 values, 6 differ, first in line 1")
    terminal.type(CTRL["s"])
    terminal.until("press c to check")
    terminal.type("c")
    terminal.until(f"{right['dE_dw1']:.7f}"[:9])
    terminal.type("w")
    terminal.until('cause (pgdn): gradient rule "updated weights"', 60.0)
    terminal.type(9 * PAGE_DOWN)
    terminal.until("hidden layer uses the weights")
    terminal.type(f"q{F4}")
    terminal.until("save as a lesson")
    terminal.type(ENTER)
    terminal.until("saved the lesson in sheet-3.toml")
    saved = load_lesson("sheet-3.toml")
    assert (saved.title, saved.spec) == (TITLE, Spec.from_table(PROBLEM))
    assert saved.figures[0].printed == dict(line.split(" = ") for line in printed)

    terminal.type("l")
    terminal.until("in this folder")
    terminal.type(f"/sheet{ENTER}")
    terminal.until("round 1/1,000")
    terminal.type("h")
    terminal.until("write a report")
    terminal.type(ENTER)
    terminal.until("wrote sheet-3", 60.0)
    (page,) = tmp_path.glob("sheet-3*-report/report.md")
    report = page.read_text(encoding="utf-8")
    assert report.startswith(f"# Backpropagation report: {TITLE}\n")
    assert "A 2-2-2 network" not in report
    for name in ("w1", "w9", "b_h3"):
        assert f"{right[f'new_{name}']:.6g}"[:7].replace("-", "−") in report
    terminal.type(2 * QUIT)
    assert terminal.end() == 0
