"""Calls shared with a second process: their results are the same, whatever becomes of it, and it is gone afterwards."""

import multiprocessing
import os
import signal
import subprocess
import sys

import pytest

from bptui.system import cores
from bptui.system.cores import SharedCalls
from tests.processes import children, left

CALLS = 400
SHARING = """
import time
from bptui.system import cores

cores.count_cores = lambda: 2
with cores.SharedCalls(lambda number: time.sleep(600 * (number == 1)), 1000) as calls:
    print(calls.get(0), flush=True)
    calls.get(1)
"""
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is copied")


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processors, without torch, which other tests may have loaded."""
    monkeypatch.setattr(cores, "count_cores", lambda: 2)
    monkeypatch.delitem(sys.modules, "torch", raising=False)


def test_another_process_makes_the_last_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "_SEND_INTERVAL", 0.0)
    here, (read, write) = os.getpid(), os.pipe()

    def call(_: int) -> int:
        """Return whose call it is; each of this process waits for one of the other."""
        if os.getpid() == here:
            os.read(read, 1)
        else:
            os.write(write, b".")
        return os.getpid()

    with SharedCalls(call, CALLS) as calls:
        found = [calls.get(number) for number in range(CALLS)]
    os.close(read)
    os.close(write)
    own = found.count(here)
    assert 0 < own < CALLS and found[:own] == [here] * own and len(set(found[own:])) == 1


@pytest.mark.parametrize("order", [1, -1])
def test_results_are_those_of_the_calls_in_whatever_order_they_are_asked_for(order: int) -> None:
    before = children()
    with SharedCalls(lambda number: number**2, CALLS) as calls:
        assert all(calls.get(number) == number**2 for number in range(CALLS)[::order])
    assert not left(children() - before)


def test_of_a_process_that_dies_the_calls_are_made_here() -> None:
    here = os.getpid()

    def call(number: int) -> int:
        if os.getpid() != here and number < CALLS // 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    with SharedCalls(call, CALLS) as calls:
        assert [calls.get(number) for number in range(CALLS)] == list(range(CALLS))


def test_a_call_that_fails_does_so_here_alone(capfd: pytest.CaptureFixture[str]) -> None:
    with SharedCalls(lambda number: 1 // (number - CALLS // 2), CALLS) as calls:
        assert calls.get(CALLS // 2 + 1) == 1
        with pytest.raises(ZeroDivisionError):
            calls.get(CALLS // 2)
    assert capfd.readouterr() == ("", "")


def test_the_process_ends_with_this_one_however_that_ends() -> None:
    with subprocess.Popen([sys.executable, "-c", SHARING], stdout=subprocess.PIPE) as program:
        assert program.stdout is not None and program.stdout.readline()
        below = children(program.pid)
        program.kill()
    assert below and not left(below)


@pytest.mark.parametrize("why", ["few calls", "one core", "torch", "another system"])
def test_no_process_is_begun_where_it_does_not_pay_or_may_hang(why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocessing, "get_context", None)
    if why == "one core":
        monkeypatch.setattr(cores, "count_cores", lambda: 1)
    elif why == "torch":
        monkeypatch.setitem(sys.modules, "torch", multiprocessing)
    elif why == "another system":
        monkeypatch.setattr(sys, "platform", "darwin")
    with SharedCalls(str, 99 if why == "few calls" else CALLS) as calls:
        assert calls.get(7) == "7"


def test_where_no_process_can_be_begun_the_calls_are_made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError("too many processes")

    monkeypatch.setattr(os, "fork", refuse)
    with SharedCalls(str, CALLS) as calls:
        assert calls.get(CALLS - 1) == str(CALLS - 1)
