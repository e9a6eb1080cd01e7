"""No process outlives the program that started it, however the program ends and whatever the process is at.

The program is started where hanging up is ignored, by its processes too: else the end of the terminal would end them.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are a POSIX thing")
if sys.platform != "linux":
    pytest.skip("what processes there are is read from /proc", allow_module_level=True)

from tests.effort import each_once
from tests.processes import Known, children, left
from tests.terminal import BPTUI, QUIT, Terminal
from tests.torches import COMPUTE, HOLD_EVERYTHING, SLEEP, Torches, torches

__all__ = ["torches"]

NOT_HUNG_UP = ("/bin/sh", "-c", 'trap "" HUP; exec "$@"', "sh", *BPTUI)
TORCH = "bptui.session.worker"
OPEN = ("two-by-two",)
MANY = ("--rounds", "1000000")  # seconds of work: what is done at once has ended before it is seen
Start = Callable[..., Terminal]


@pytest.fixture
def start(torches: Torches) -> Iterator[Start]:
    """Starts the program in a terminal; whatever a test that fails leaves behind is ended."""
    terminals: list[Terminal] = []

    def started(*words: str) -> Terminal:
        terminals.append(Terminal(120, 36, *words, program=NOT_HUNG_UP, env=torches.env))
        return terminals[-1]

    yield started
    for terminal in terminals:
        for pid in (*(one.pid for one in children(terminal.pid)), terminal.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(terminal.pid, 0)
        os.close(terminal.screen)


def until(terminal: Terminal, check: Callable[[], bool], seconds: float = 30.0) -> None:
    """Read on until something holds."""
    end = monotonic() + seconds
    while not check():
        assert monotonic() < end and terminal.read(), terminal.seen[-2000:]


def at_work(terminal: Terminal, module: str) -> set[Known]:
    """The program's processes, as soon as one runs a module."""
    until(terminal, lambda: any(module in one.words for one in children(terminal.pid)))
    return children(terminal.pid)


def killed(terminal: Terminal) -> None:
    os.kill(terminal.pid, signal.SIGKILL)
    os.waitpid(terminal.pid, 0)


def quitted(terminal: Terminal) -> None:
    terminal.type(QUIT)
    assert terminal.end() == 0  # in 30 seconds; a process that is waited for takes 600


def left_by_escape(terminal: Terminal) -> None:
    """Once stops what a screen is at, where that can be stopped; the program goes on."""
    processes = children(terminal.pid)
    terminal.type("\x1b")
    until(terminal, lambda: not left(processes, 0.0), seconds=30.0)
    quitted(terminal)


ENDS = pytest.mark.parametrize("end", [killed, quitted])


@each_once(
    end=[killed, quitted],
    fault={"waits": SLEEP, "computes": COMPUTE, "holds everything": HOLD_EVERYTHING},
    when=[Torches.while_loading, Torches.when_asked],
)
def test_a_torch_that_hangs_ends_with_the_program(
    torches: Torches, start: Start, when: Callable[[Torches, str], None], fault: str, end: Callable[[Terminal], None]
) -> None:
    when(torches, fault)
    terminal = start(*OPEN)
    until(terminal, torches.began.exists)
    processes = at_work(terminal, TORCH)
    end(terminal)
    assert len(processes) == 1 and left(processes) == set()


@ENDS
def test_a_torch_that_is_being_started_ends_with_the_program(
    torches: Torches, start: Start, end: Callable[[Terminal], None]
) -> None:
    torches.while_loading(HOLD_EVERYTHING)
    terminal = start(*OPEN)
    processes = at_work(terminal, "")
    end(terminal)
    assert len(processes) == 1 and left(processes) == set()


@pytest.mark.with_torch
@ENDS
def test_the_real_torch_ends_with_the_program_and_has_no_processes_of_its_own(
    start: Start, tmp_path: Path, end: Callable[[Terminal], None]
) -> None:
    (tmp_path / "torch").rmdir()
    terminal = start(*OPEN)
    terminal.until("torch f")
    processes = at_work(terminal, TORCH)
    terminal.type("g")
    terminal.until("go to round")
    terminal.type("50000\r")
    terminal.until("50,000")
    end(terminal)
    assert len(processes) == 1 and left(processes) == set()


@each_once(
    end=[killed, quitted, left_by_escape],
    what={
        "search": (("mazur-2015",), "cw", "escape to stop", "bptui.explain.worker"),
        "comparison": (("step-size", *MANY), "a", "comparing", "bptui.compare.worker"),
        "sweep": (("two-by-two", *MANY), "w", "random starts", "bptui.sweep.worker"),
    },
)
def test_what_a_screen_has_computed_ends_with_the_program(
    torches: Torches,
    start: Start,
    what: tuple[tuple[str, ...], str, str, str],
    end: Callable[[Terminal], None],
) -> None:
    words, keys, shown, module = what
    torches.while_loading("raise ImportError")
    terminal = start(*words)
    terminal.until("no torch")
    for key in keys:
        terminal.type(key)
    terminal.until(shown)
    terminal.type("\x12")  # starts the sweep
    processes = at_work(terminal, module)
    end(terminal)
    assert processes and left(processes) == set()


@pytest.mark.parametrize(
    ("words", "module"),
    [
        (("sweep", "two-by-two", "--seeds", "1000000", "--rounds", "100000"), "bptui.sweep.worker"),
        (("report", "random-weights", "step-size"), "bptui.compare.worker"),
    ],
    ids=["sweep", "report"],
)
def test_what_a_verb_has_computed_ends_with_it(start: Start, words: tuple[str, ...], module: str) -> None:
    terminal = start(*words)
    processes = at_work(terminal, module)
    killed(terminal)
    assert processes and left(processes) == set()
