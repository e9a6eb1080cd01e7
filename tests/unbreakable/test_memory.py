"""Where memory ends, a run stops and says so; the terminal comes back, and the rounds that are there stay."""

import sys

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are a POSIX thing")

from tests.terminal import BPTUI, QUIT
from tests.unbreakable.conftest import Start
from tests.unbreakable.test_terminal_comes_back import check_restored, when_stepping

# What runs keep has no bound, and the process has hardly any memory left once it runs
LITTLE_MEMORY = """
import re, resource
import bptui.core.training.memory as memory, bptui.session.session as s
memory.MEMORY._most = 10**12
play = s.Session.run_or_pause
def limited(self):
    used = int(re.search(r"VmData:\\s+(\\d+)", open("/proc/self/status").read())[1]) * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (used + 16_000_000, -1))
    return play(self)
s.Session.run_or_pause = limited
"""


def test_without_memory_for_a_key_it_is_a_notice(start: Start) -> None:
    terminal = start(when_stepping("raise MemoryError"))
    terminal.type("n")
    terminal.until("not enough memory: stopped at round 1")
    terminal.type(QUIT)
    assert terminal.end() == 0
    check_restored(terminal)


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory hold on Linux")
def test_a_run_that_comes_to_the_end_of_memory_stops_and_goes_on(start: Start) -> None:
    terminal = start(LITTLE_MEMORY, program=(*BPTUI, "--rounds", "10000000"))
    terminal.type("+" * 9)
    terminal.until("as fast as possible")
    terminal.type("r")
    terminal.until("not enough memory: stopped at round", 60.0)
    terminal.type("n")
    terminal.until("∂E/∂w")
    for _ in range(2):  # the runs are not saved
        terminal.type(QUIT)
    assert terminal.end() == 0
    check_restored(terminal)
    assert b"Traceback" not in terminal.seen
