"""Torch in a process of its own: it answers, it dies alone, and it leaves nothing behind."""

import asyncio.subprocess
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bptui.core.engines.engine import make_engine
from bptui.core.training.run import Run
from bptui.lessons.lesson import load_lesson
from bptui.session.torch_side.process import TorchProcess, TorchQuestion
from bptui.system.process import Unavailable
from tests.torches import LOADS, SLEEP, needs_torch

SPEC = load_lesson("torch-autograd").spec


def question(train: int = 0) -> TorchQuestion:
    start = Run(make_engine("numpy", SPEC)).next_state.tolist()
    return TorchQuestion(SPEC.to_table(), 1, train, start, own=start, check=start)


async def started() -> TorchProcess:
    child = TorchProcess()
    try:
        await child.start()
    except Unavailable:
        await child.stop()
        raise
    return child


def process_of(child: TorchProcess) -> "asyncio.subprocess.Process":
    process = child._process._process
    assert process is not None
    return process


@pytest.fixture
def no_torch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that the child finds before the real torch; put a torch.py into it."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path / "torch.py"


@pytest.fixture
def small_torch(no_torch: Path) -> None:
    """The child loads a torch that computes nothing, at once."""
    no_torch.write_text(LOADS.format(fault="raise NotImplementedError"))


@needs_torch
@pytest.mark.with_torch
async def test_its_answers_are_the_torch_engines_to_the_last_bit_and_for_the_gradient_check_in_float64() -> None:
    child = await started()
    try:
        answer = await child.ask(question(train=10))
    finally:
        await child.stop()
    run = Run(make_engine("torch", SPEC))
    run.train_to(10)
    assert answer.rows is not None and answer.rows[9][0] == run.loss(10) == 0.11082295328378677
    assert answer.after == run.next_state.tolist()
    assert answer.own == {k: float(v) for k, v in run.values(1).items()}
    exact = make_engine("torch", replace(SPEC, precision="float64")).evaluate(run.state(1), 1)
    assert answer.check == {k: float(v) for k, v in exact.items()} != answer.own


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("raise ModuleNotFoundError(\"No module named 'torch'\", name='torch')", "torch is not installed"),
        ("raise OSError('libtorch.so: cannot open')", "does not load: libtorch.so: cannot open"),
        ("import os; os.abort()", "ended by SIGABRT"),
        ("raise SystemExit(3)", r"does not load: SystemExit\(3\)"),
        ("raise KeyboardInterrupt", r"does not load: KeyboardInterrupt\(\)"),
        ("raise ModuleNotFoundError", r"does not load: ModuleNotFoundError\(\)"),
        ("__version__ = '1.0'", "does not load: cannot import name 'Tensor'"),
        ("raise ImportError('two\\nlines \\x1b[31m')", r"does not load: two lines \ufffd\[31m$"),
    ],
)
async def test_a_torch_that_is_missing_or_broken_says_why(no_torch: Path, broken: str, reason: str) -> None:
    no_torch.write_text(broken)
    with pytest.raises(Unavailable, match=reason):
        await started()


async def test_what_a_library_prints_is_not_taken_for_an_answer(no_torch: Path) -> None:
    no_torch.write_text(
        "print('hello from a library')\nimport os; os.write(1, b'and from C\\n')\nraise ImportError('no')"
    )
    with pytest.raises(Unavailable, match="does not load: no"):
        await started()


async def test_a_child_that_is_killed_is_reported_and_not_waited_for(small_torch: None) -> None:
    child = await started()
    os.kill(process_of(child).pid, signal.SIGKILL)
    with pytest.raises(Unavailable, match="was ended by SIGKILL"):
        await child.ask(question())
    await child.stop()


async def test_a_question_that_cannot_be_answered_is_an_answer_too(small_torch: None) -> None:
    child = await started()
    try:
        with pytest.raises(Unavailable, match="SpecError"):
            await child.ask(TorchQuestion({}, 1, check=[1.0]))
    finally:
        await child.stop()


def test_the_child_ends_when_its_standard_input_does(small_torch: None) -> None:
    words = [sys.executable, "-m", "bptui.session.worker"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None and child.stdout is not None
        assert b"ready" in child.stdout.readline()
        child.stdin.close()
        assert child.wait(timeout=30) == 0


@pytest.mark.parametrize("broken", ["import time; time.sleep(600)", "import ctypes; ctypes.PyDLL(None).sleep(600)"])
async def test_a_torch_that_never_loads_is_given_up_in_time(
    no_torch: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    monkeypatch.setattr(TorchProcess, "loading", 0.5)
    no_torch.write_text(broken)
    with pytest.raises(Unavailable, match=r"it did not load within 0\.5 s"):
        await started()


async def test_a_question_that_is_never_answered_is_given_up_in_time_and_rounds_give_it_more(
    no_torch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TorchProcess, "answering", 0.1)
    monkeypatch.setattr(TorchProcess, "each_round", 0.01)
    no_torch.write_text(LOADS.format(fault=SLEEP))
    child = await started()
    try:
        assert child.version == "2.0"
        with pytest.raises(Unavailable, match=r"it did not answer within 0\.5 s"):
            await child.ask(question(train=40))
    finally:
        await child.stop()


async def test_stopping_ends_the_process(small_torch: None) -> None:
    child = await started()
    process = process_of(child)
    await child.stop()
    assert process.returncode not in (None, 0)
    await child.stop()


async def test_a_program_that_cannot_be_started_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with pytest.raises(Unavailable, match="did not start"):
        await started()
