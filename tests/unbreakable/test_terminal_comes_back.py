"""However the program ends, the terminal is as before, and the exit status says how it ended."""

import os
import signal
import sys
import termios
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are a POSIX thing")

from tests.effort import each_once, mostly
from tests.terminal import QUIT, Terminal
from tests.unbreakable.conftest import FIRST, Start

OFF = ("?1049l", "?25h", "?1000l", "?1003l", "?1006l", "?2004l", "?1004l", "<u", "?7h")
SIGNALS = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT]


def check_restored(terminal: Terminal) -> None:
    missing = [code for code in OFF if f"\x1b[{code}".encode() not in terminal.seen]
    assert missing == []
    assert terminal.seen.rindex(b"\x1b[?1049l") > terminal.seen.rfind(b"\x1b[?1049h")
    assert termios.tcgetattr(terminal.screen) == terminal.flags


def when_stepping(*lines: str) -> str:
    """Code that makes the key for the next round write "stepping" on the terminal, and then do something else."""
    body = "\n    ".join(["os.write(os.open('/dev/tty', os.O_WRONLY), b'stepping')", *lines])
    return f"import os, time\nimport bptui.session.session as s\ndef do(self):\n    {body}\ns.Session.next = do\n"


def test_quitting_is_no_failure(start: Start) -> None:
    terminal = start()
    terminal.type(QUIT)
    assert terminal.end() == 0
    check_restored(terminal)


@pytest.mark.parametrize("number", mostly(SIGNALS[:2], SIGNALS), ids=lambda number: number.name)
def test_a_signal_ends_it_in_order(start: Start, number: signal.Signals) -> None:
    terminal = start()
    os.kill(terminal.pid, number)
    assert terminal.end() == 128 + number
    check_restored(terminal)


@each_once(
    number={number.name: number for number in SIGNALS}, body={"hangs": "time.sleep(1000)", "spins": "while True: pass"}
)
def test_a_signal_ends_it_while_a_handler_does_not_return(start: Start, number: signal.Signals, body: str) -> None:
    terminal = start(when_stepping(body))
    terminal.type("n")
    terminal.until("stepping")
    os.kill(terminal.pid, number)
    assert terminal.end() == 128 + number
    check_restored(terminal)


def test_a_signal_while_it_starts_ends_it(start: Start) -> None:
    code = "import os, threading\nimport numpy\nos.write(1, b'starting')\n"
    terminal = start(code, text="starting")
    terminal.until("\x1b[?1049h")
    os.kill(terminal.pid, signal.SIGTERM)
    assert terminal.end() == 128 + signal.SIGTERM
    check_restored(terminal)


def test_an_ignored_hangup_stays_ignored_as_under_nohup(start: Start) -> None:
    terminal = start("import signal\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\n")
    os.kill(terminal.pid, signal.SIGHUP)
    terminal.type("n")
    terminal.until("0.218303")
    terminal.type(QUIT)
    assert terminal.end() == 0


def test_an_exception_in_a_handler_is_told_and_no_success(start: Start) -> None:
    terminal = start(when_stepping("1 / 0"))
    terminal.type("n")
    assert terminal.end() == 1
    check_restored(terminal)


def test_what_went_wrong_is_printed_on_the_main_screen(start: Start) -> None:
    terminal = start(when_stepping("1 / 0"))
    terminal.type("n")
    assert terminal.end() == 1
    assert b"ZeroDivisionError" in terminal.seen[terminal.seen.rindex(b"\x1b[?1049l") :]


def test_where_it_would_take_too_long_to_print_what_went_wrong_a_line_says_it(start: Start) -> None:
    slow = "import textual.app as a\na.App._print_error_renderables = lambda _: time.sleep(1000)\n"
    terminal = start(when_stepping("1 / 0") + slow)
    terminal.type("n")
    assert terminal.end() == 1
    check_restored(terminal)
    assert b"bptui: ZeroDivisionError: division by zero" in terminal.seen


@pytest.mark.parametrize("body", ["raise MemoryError", "time.sleep(1000)"])
def test_without_memory_for_a_thread_it_ends_all_the_same_and_puts_the_terminal_back(start: Start, body: str) -> None:
    none = "def none(*_): raise RuntimeError('can\\'t start new thread')"
    terminal = start(when_stepping("import threading", none, "threading.Thread.start = none", body))
    terminal.type("n")
    terminal.until("stepping")
    os.kill(terminal.pid, signal.SIGTERM)
    assert terminal.end() in (1, 128 + signal.SIGTERM)
    check_restored(terminal)
    assert b"RuntimeError: " not in terminal.seen
    assert (b"there is not enough memory" in terminal.seen) == ("MemoryError" in body)


def test_a_closed_terminal_ends_it(start: Start) -> None:
    terminal = start()
    os.close(terminal.screen)
    assert terminal.wait() == 128 + signal.SIGHUP


def test_a_terminal_that_takes_nothing_more_does_not_hold_up_a_signal(start: Start) -> None:
    terminal = start()
    terminal.type("++++++r")  # and nobody reads what it paints
    full, until = False, monotonic() + 10.0
    while not full and monotonic() < until:  # until its writing thread waits in the kernel
        waits = [path.read_text() for path in Path(f"/proc/{terminal.pid}/task").glob("*/wchan")]
        full = any("n_tty_write" in where or "wait_woken" in where for where in waits)
    os.kill(terminal.pid, signal.SIGTERM)
    assert terminal.wait(5.0) == 128 + signal.SIGTERM


def test_a_second_press_of_quit_is_not_needed_while_a_worker_hangs(start: Start) -> None:
    body = "import asyncio, threading; asyncio.get_running_loop().run_in_executor(None, time.sleep, 1000); return self"
    terminal = start(when_stepping(body))
    terminal.type("n")
    terminal.until("stepping")
    terminal.type(QUIT)
    assert terminal.end() == 0
    check_restored(terminal)


def test_it_can_be_stopped_and_goes_on(start: Start) -> None:
    terminal = start()
    os.kill(terminal.pid, signal.SIGTSTP)
    terminal.until_stopped()
    terminal.until("\x1b[?1049l")
    assert termios.tcgetattr(terminal.screen) == terminal.flags
    terminal.seen = b""
    os.kill(terminal.pid, signal.SIGCONT)
    terminal.until("\x1b[?1049h")
    terminal.type("n")
    terminal.until("0.218303")
    terminal.type(QUIT)
    assert terminal.end() == 0
    check_restored(terminal)


@pytest.mark.parametrize("number", mostly(SIGNALS[:1], SIGNALS), ids=lambda number: number.name)
def test_a_signal_ends_it_also_while_it_is_stopped(start: Start, number: signal.Signals) -> None:
    terminal = start()
    os.kill(terminal.pid, signal.SIGTSTP)
    terminal.until_stopped()
    os.kill(terminal.pid, number)
    os.kill(terminal.pid, signal.SIGCONT)
    assert terminal.end() == 128 + number
    assert termios.tcgetattr(terminal.screen) == terminal.flags


def test_it_stops_also_where_the_signal_comes_in_the_midst_of_a_write(start: Start) -> None:
    lines = (
        "import signal",
        "from textual._context import active_app",
        "with active_app.get()._driver._writer_thread._queue.mutex:",
        "    os.kill(os.getpid(), signal.SIGTSTP)",
        "return self",
    )
    terminal = start(when_stepping(*lines))
    terminal.type("n")
    terminal.until_stopped()
    terminal.until("\x1b[?1049l")
    terminal.seen = b""
    os.kill(terminal.pid, signal.SIGCONT)
    terminal.until("\x1b[?1049h")
    terminal.until(FIRST)  # the whole picture once more
    terminal.type(QUIT)
    assert terminal.end() == 0
    check_restored(terminal)


def test_a_shell_can_end_it_in_the_background() -> None:
    shell = Terminal(80, 24, "--norc", "-i", program=("/bin/bash",), env={"PS1": "$ "})
    shell.until("$ ")
    shell.type(f"{sys.executable} -m bptui\r")
    shell.until(FIRST)
    (child,) = map(int, Path(f"/proc/{shell.pid}/task/{shell.pid}/children").read_text().split())
    try:
        os.kill(child, signal.SIGTSTP)
        shell.until("Stopped")
        shell.type("kill %1\r")  # which is SIGTERM, and SIGCONT
        until = monotonic() + 10.0
        while Path(f"/proc/{child}").exists() and monotonic() < until:
            shell.read()
        assert not Path(f"/proc/{child}").exists()
    finally:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        shell.type("exit\rexit\r")
        shell.end()


def test_after_an_exception_a_worker_that_hangs_does_not_hold_it_up_and_the_exception_is_told(start: Start) -> None:
    body = "import asyncio; asyncio.get_running_loop().run_in_executor(None, time.sleep, 1000); 1 / 0"
    terminal = start(when_stepping(body))
    terminal.type("n")
    assert terminal.end(8.0) == 1
    assert b"ZeroDivisionError" in terminal.seen[terminal.seen.rindex(b"\x1b[?1049l") :]
    check_restored(terminal)


def test_interrupted_before_its_screen_is_there_it_leaves_none(start: Start) -> None:
    code = """
import os, sys, time
class Slow:
    def find_spec(self, name, *_):
        if name == "textual.app":
            os.write(os.open("/dev/tty", os.O_WRONLY), b"loading")
            time.sleep(9)
sys.meta_path.insert(0, Slow())
"""
    terminal = start(code, text="loading")
    terminal.type("\x03")
    assert terminal.end() == 128 + signal.SIGINT
    assert b"\x1b[" not in terminal.seen
    assert termios.tcgetattr(terminal.screen) == terminal.flags


def test_a_terminal_that_was_left_without_waiting_gets_whole_pictures(start: Start) -> None:
    terminal = start("import os\nos.set_blocking(1, False)\n")
    terminal.type("n")
    terminal.until("0.218303")
    terminal.type(QUIT)
    assert terminal.end() == 0
    check_restored(terminal)


def test_without_room_for_a_temporary_file_it_opens_all_the_same(start: Start) -> None:
    terminal = start("import tempfile\ndef none(*_, **__): raise FileNotFoundError\ntempfile.TemporaryFile = none\n")
    terminal.type(QUIT)
    assert terminal.end() == 0


def test_two_signals_at_once_are_one(start: Start) -> None:
    terminal = start()
    os.kill(terminal.pid, signal.SIGTERM)
    for _ in range(20):
        with suppress(ProcessLookupError):
            os.kill(terminal.pid, signal.SIGHUP)
    assert terminal.end() in (128 + signal.SIGTERM, 128 + signal.SIGHUP)
    check_restored(terminal)


@pytest.mark.parametrize("stop", [signal.SIGTSTP, signal.SIGSTOP], ids=lambda number: number.name)
def test_after_a_stop_the_picture_is_whole_and_keys_are_read_once(start: Start, stop: signal.Signals) -> None:
    terminal = start()
    os.kill(terminal.pid, stop)
    terminal.until_stopped()
    terminal.seen = b""
    os.kill(terminal.pid, signal.SIGCONT)
    terminal.until("derivation")  # on an edge that no key changes
    terminal.until("Quit")
    terminal.type("n")
    terminal.until("0.218303")
    terminal.type("n")
    terminal.until("0.229440")
    terminal.type(QUIT)
    assert terminal.end() == 0
    check_restored(terminal)


def test_a_key_paints_the_screen_anew(start: Start) -> None:
    terminal = start()
    terminal.type("\x0c")
    terminal.until("derivation")
    terminal.until("Quit")


def test_with_standard_error_closed_it_paints_all_the_same(start: Start) -> None:
    terminal = start(program=("/bin/sh", "-c", f'exec "{sys.executable}" -m bptui 2>&-'))
    terminal.type("n")
    terminal.until("0.218303")
    terminal.type(QUIT)
    assert terminal.end() == 0
    check_restored(terminal)
