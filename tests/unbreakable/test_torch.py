"""Whatever becomes of torch, the program says so and goes on with finite differences, until a key brings torch back."""

import os
import re
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from time import monotonic

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are a POSIX thing")

import termios

from textual.pilot import Pilot

from bptui.core.engines.finite_differences import estimate_gradients
from bptui.lessons.lesson import load_lesson
from bptui.session.frame import Frame
from bptui.session.session import Session
from bptui.session.torch_side.process import TorchProcess
from bptui.system.folders import find_state_folder
from bptui.ui.app import BptuiApp
from bptui.ui.panels.gradients import GradientsPanel
from bptui.ui.panels.status import StatusPanel
from tests.effort import mostly
from tests.processes import children
from tests.terminal import BPTUI, QUIT, Terminal
from tests.torches import COMPUTE, HOLD_EVERYTHING, SLEEP, Torches, torches
from tests.ui.seeing import stepper

__all__ = ["torches"]

CRASH = "import ctypes; ctypes.string_at(0)"
PRINT = (
    "import ctypes, os, sys; print('{}'); os.write(1, b'{\"ready\": \"9.9\"}\\n'); os.write(2, b'no\\n')\n"
    "ctypes.CDLL(None).puts(b'[1]'); ctypes.CDLL(None).fflush(None); sys.__stdout__.write('{}\\n' * 100_000)\n"
)
WHILE_LOADING = {
    "raise ModuleNotFoundError(\"No module named 'torch'\", name='torch')": "torch is not installed",
    "import typing_extensions_of_the_tests": "typing_extensions_of_the_tests is not installed",
    "import ctypes; ctypes.CDLL('libtorch_cpu.so.0')": r"it does not load: libtorch_cpu\.so\.0: cannot open shared .*",
    "raise ImportError('a line\\nand \\x1b[2Janother')": r"it does not load: a line and \ufffd\[2Janother",
    "raise OSError('\\udcff' + 'x' * 5000)": "it does not load: \ufffdx+…",
    "raise SystemExit(3)": r"it does not load: SystemExit\(3\)",
    "raise KeyboardInterrupt": r"it does not load: KeyboardInterrupt\(\)",
    "class Tensor: pass": "it does not load: module 'torch' has no attribute 'set_num_threads'",
    f"{PRINT}raise ImportError('it prints')": "it does not load: it prints",
    "import os; os._exit(0)": "its process ended with status 0",
    "import os; os.abort()": "its process was ended by SIGABRT",
    "import os; os.kill(os.getpid(), 9)": "its process was ended by SIGKILL",
    "import os; os.closerange(3, 99)": "its process (has closed the pipe|ended with status 1)",
    CRASH: "its process was ended by SIGSEGV",
    SLEEP: r"it did not load within 0\.6 s",
    HOLD_EVERYTHING: r"it did not load within 0\.6 s",
}
WHEN_ASKED = {
    "raise ValueError('not today')": "ValueError: not today",
    "return None": "(AttributeError|TypeError): .*",
    "sys.exit(4)": "its process ended with status 4",
    "os._exit(0)": "its process ended with status 0",
    "os.kill(os.getpid(), 9)": "its process was ended by SIGKILL",
    "os.write(1, b'{}\\n' * 9); raise ValueError('it prints')": "ValueError: it prints",
    CRASH: "its process was ended by SIGSEGV",
    SLEEP: r"it did not answer within 0\.6 s",
    COMPUTE: r"it did not answer within 0\.6 s",
    HOLD_EVERYTHING: r"it did not answer within 0\.6 s",
}


IN_MID_RUN = [(CRASH, "its process was ended by SIGSEGV"), ("raise MemoryError('no room')", "MemoryError: no room")]


@asynccontextmanager
async def opened() -> AsyncIterator[Pilot[int]]:
    find_state_folder().mkdir(parents=True, exist_ok=True)  # no first start, whose greeting goes before other notices
    async with BptuiApp(Session.open(load_lesson("two-by-two"))).run_test(size=(120, 36)) as pilot:
        yield pilot
    assert children() == set()


async def until(pilot: Pilot[int], check: Callable[[Frame], bool], seconds: float = 30.0) -> None:
    end = monotonic() + seconds
    while not check(stepper(pilot).frame):
        assert monotonic() < end, stepper(pilot).frame
        await pilot.pause(0.01)


def status_line(pilot: Pilot[int]) -> str:
    return stepper(pilot).query_one(StatusPanel).render_line(0).text


def without_torch(frame: Frame) -> bool:
    return frame.torch_state == "unavailable"


def failed_with(reason: str, frame: Frame) -> bool:
    return without_torch(frame) and re.fullmatch(reason, frame.torch_detail) is not None


def by_torch(frame: Frame) -> bool:
    return frame.second_by == "torch" and "E" in frame.second


async def finite_differences_stand_in(pilot: Pilot[int]) -> None:
    """The second opinion is right, in the frame and on the screen, in this round and in the next."""
    for key in ("", "space", "b"):
        await pilot.press(*filter(None, [key]))
        await pilot.pause()
        frame, panel = stepper(pilot).frame, stepper(pilot).query_one(GradientsPanel)
        estimates = estimate_gradients(frame.spec, frame.history.parameters(frame.round), 1)
        assert frame.second == {name: one.slope for name, one in estimates.items()}
        assert frame.agrees == dict.fromkeys(frame.network.parameters, True)
        rows = [panel.render_line(y).text for y in range(1 + len(frame.network.parameters))]
        assert "differences" in rows[0] and "torch ∂E/∂w" not in rows[0]
        for parameter, row in zip(frame.network.parameters, rows[1:], strict=True):
            name, mine, theirs, *_ = (word for word in row.split() if word not in "↑↓")
            assert (name, theirs) == (parameter, mine) and float(theirs) == pytest.approx(
                float(frame.values[f"dE_d{parameter}"]), abs=1e-6
            )


async def told(pilot: Pilot[int], reason: str) -> None:
    """Why there is no torch stands in the top line, as far as there is room, and in help, as the gradients say."""
    await until(pilot, without_torch)
    await pilot.pause()
    frame = stepper(pilot).frame
    assert re.fullmatch(f"torch is unavailable: {reason}", frame.notice), frame.notice
    line = status_line(pilot)
    said = line.startswith(f" {frame.notice}"[:40])
    assert said and ("| no torch" in line or "…" in line or frame.notice in line)  # a long notice takes its place
    heading = str(stepper(pilot).query_one(GradientsPanel).border_title)
    assert heading.endswith("no torch (see help): checked by finite differences")


def be_impatient(monkeypatch: pytest.MonkeyPatch, reason: str) -> None:
    """Do not wait long, where it is waited to the end."""
    if "did not load" in reason:
        monkeypatch.setattr(TorchProcess, "loading", 0.6)
    if "did not answer" in reason:
        monkeypatch.setattr(TorchProcess, "answering", 0.6)
        monkeypatch.setattr(TorchProcess, "each_round", 0.0)


FAULTS = [("loading", *row) for row in WHILE_LOADING.items()] + [("asked", *row) for row in WHEN_ASKED.items()]
OF_EACH_KIND = [*FAULTS[:2], FAULTS[6], *FAULTS[8:10], *FAULTS[12:14], FAULTS[16], FAULTS[18], *FAULTS[21:24]]


@pytest.mark.parametrize(
    ("when", "fault", "reason"), mostly(OF_EACH_KIND, FAULTS, 3), ids=[*WHILE_LOADING.values(), *WHEN_ASKED.values()]
)
async def test_a_torch_that_does_not_load_or_answer_is_told_and_finite_differences_stand_in(
    torches: Torches, monkeypatch: pytest.MonkeyPatch, when: str, fault: str, reason: str
) -> None:
    (torches.while_loading if when == "loading" else torches.when_asked)(fault)
    be_impatient(monkeypatch, reason)
    async with opened() as pilot:
        await told(pilot, reason)
        await finite_differences_stand_in(pilot)


async def test_while_torch_loads_finite_differences_stand_in_and_keys_answer(torches: Torches) -> None:
    torches.while_loading(HOLD_EVERYTHING)
    async with opened() as pilot:
        while not torches.began.exists():
            await pilot.pause(0.01)
        await finite_differences_stand_in(pilot)
        assert status_line(pilot).rstrip().endswith("| torch loading…")
        await pilot.press("g", *"1000", "enter")
        await until(pilot, lambda frame: frame.round == 1000)


@pytest.mark.with_torch
@pytest.mark.parametrize(("fault", "reason"), mostly(IN_MID_RUN[:1], IN_MID_RUN, 2))
async def test_a_torch_that_fails_in_mid_run_is_told_and_a_key_brings_it_back(
    torches: Torches, fault: str, reason: str
) -> None:
    torches.later(f"{PRINT.splitlines()[0]}; {fault}")
    async with opened() as pilot:
        await told(pilot, reason)
        assert stepper(pilot).frame.torch_rounds > 0
        await finite_differences_stand_in(pilot)
        torches.fails.unlink()
        await pilot.press("t")
        await until(pilot, by_torch)
        assert re.search(r"\| torch f\d\d $", status_line(pilot)) and not stepper(pilot).frame.notice


async def test_a_key_loads_torch_again_as_often_as_it_fails_and_does_nothing_while_it_loads(torches: Torches) -> None:
    torches.while_loading(CRASH)
    async with opened() as pilot:
        for fault, reason in list(WHILE_LOADING.items())[:3]:
            await until(pilot, without_torch)
            torches.while_loading(fault)
            await pilot.press("t", "t", "t")
            await until(pilot, partial(failed_with, reason))
            assert children() == set()
        torches.while_loading(SLEEP)
        torches.began.unlink()
        await pilot.press("t")
        while not torches.began.exists():
            await pilot.pause(0.01)
        before = children()
        await pilot.press("t")
        assert children() == before and len(before) == 1
        assert stepper(pilot).frame.torch_state == "loading"


@pytest.mark.parametrize("fault", [CRASH, HOLD_EVERYTHING])
def test_the_terminal_comes_back_whatever_becomes_of_torch(torches: Torches, fault: str) -> None:
    torches.while_loading(fault)
    terminal = Terminal(80, 24, env=torches.env)
    terminal.until("no torch" if fault == CRASH else "torch loading")
    terminal.type("n")
    terminal.until("0.218303")
    terminal.type(QUIT)
    assert terminal.end() == 0
    for switched_off in ("\x1b[?1049l", "\x1b[?25h", "\x1b[?1000l"):  # alternate screen, cursor, mouse
        assert switched_off.encode() in terminal.seen
    assert b"Traceback" not in terminal.seen
    assert termios.tcgetattr(terminal.screen) == terminal.flags
    os.close(terminal.screen)


def test_what_torch_prints_as_it_loads_stands_not_among_the_numbers(torches: Torches) -> None:
    torches.while_loading("import os; print('printed'); os.write(1, b'written'); raise ImportError('no')")
    command = [*BPTUI, "rounds", "two-by-two", "--engine", "both", "--json"]
    env = {**os.environ, **torches.env}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert "printed" in done.stderr and "written" in done.stderr and "torch cannot be loaded: no" in done.stderr
