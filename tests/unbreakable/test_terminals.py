"""Odd terminals: what they send, what they say of themselves, and what they can show."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are a POSIX thing")

from bptui.system.terminal import HANGUP
from bptui.ui.drivers.sizes import MOST_ROWS
from tests.effort import mostly
from tests.terminal import BPTUI, QUIT, Terminal
from tests.unbreakable.conftest import FIRST, HOME, SECOND, Start


def check_works(terminal: Terminal) -> None:
    terminal.type("n")
    terminal.until(SECOND)
    terminal.type(QUIT)
    assert terminal.end() == 0


NO_KEYS = (
    *(b"\xff", b"\x1b]52;c;!\x07", b"\x1b[<" + b"9" * 5000 + b";1;1M", b"\x1b[200~unfinished"),
    *(b"\xc3(", b"\xe2\x28\xa1", b"\xf0\x9f", b"\xed\xa0\x80", b"\x00", b"\x1b[<0;0;0M"),
    *(b"\x1b[?2026;9999999999$y", b"\x1b\x1b\x1b[[[["),
)


@pytest.mark.parametrize("sent", mostly(NO_KEYS[:4], NO_KEYS), ids=repr)
def test_bytes_that_mean_nothing_do_no_harm(start: Start, sent: bytes) -> None:
    terminal = start()
    terminal.type(sent)
    terminal.type(b"\x1b[201~")  # in case that something was to be pasted
    seen, until = b"", monotonic() + 30.0
    while SECOND.encode() not in seen and monotonic() < until:  # a key may yet belong to a broken code
        terminal.type("\x1b[27u\x1b[27u\x1b[H")  # escape from what it may have opened, and the first round
        terminal.type("n")
        terminal.read()
        seen = seen[-100:] + terminal.seen
    terminal.type(QUIT)
    assert terminal.end() == 0
    assert SECOND.encode() in seen


RESIZED_MEANWHILE = """
import fcntl, os, struct, termios

read = os.get_terminal_size

def read_and_resize(descriptor=1):
    found = read(descriptor)
    if found == (30, 10):
        fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
    return found

os.get_terminal_size = read_and_resize
"""


def test_of_two_sizes_in_a_row_the_last_one_counts(start: Start) -> None:
    terminal = start(RESIZED_MEANWHILE)
    terminal.type("")
    terminal.resize(30, 10)  # where no round is shown
    terminal.until("\x1b[")  # something is painted for the new size
    check_works(terminal)


def test_a_terminal_that_is_resized_while_it_is_taken_over_is_drawn_in_its_last_size(start: Start) -> None:
    check_works(start(RESIZED_MEANWHILE.replace("(30, 10)", "(30, 36)"), columns=30))


HUGE: dict[str, Callable[[Terminal], None]] = {
    "tall": lambda terminal: terminal.resize(1, 65535),
    "wide": lambda terminal: terminal.resize(65535, 1),
    "both": lambda terminal: terminal.resize(65535, 65535),
    "reported in band": lambda terminal: terminal.type("\x1b[?2048;2$y\x1b[48;65535;65535;655350;655350t"),
    "no cells": lambda terminal: terminal.type("\x1b[?2048;2$y\x1b[48;0;0;0;0t\x1b[<35;5;5M"),
}


@pytest.mark.parametrize("resize", mostly(["tall", "reported in band"], HUGE))
def test_a_size_that_no_terminal_has_does_not_hold_it_up(start: Start, resize: str) -> None:
    terminal = start()
    terminal.seen = b""
    HUGE[resize](terminal)
    if resize in ("tall", "both", "reported in band"):
        terminal.until(f"\x1b[{MOST_ROWS};1H", 10.0)  # it is painted in that size, as far as it is
        terminal.seen = b""
    terminal.resize(120, 36)
    if resize in ("reported in band", "no cells"):
        terminal.type("\x1b[48;36;120;720;1200t")
    terminal.until(FIRST, 10.0)
    check_works(terminal)


def test_the_end_of_input_ends_it(start: Start) -> None:
    master, slave = pty.openpty()
    terminal = start(program=("/bin/sh", "-c", f'exec "{sys.executable}" -m bptui < {os.ttyname(slave)}'))
    os.close(slave)
    os.close(master)
    assert terminal.end(10.0) == HANGUP
    assert b"\x1b[?1049l" in terminal.seen


def test_what_libraries_write_stands_not_on_the_screen_but_is_printed_at_the_end(start: Start) -> None:
    terminal = start(
        "import os\nimport bptui.session.session as s\nold = s.Session.next\n"
        "def next(self):\n    os.write(2, b'a library \\x1b[2J complains\\n'); os.write(1, b'and prints\\n')\n"
        "    return old(self)\ns.Session.next = next\n"
    )
    terminal.type("n")
    terminal.until(SECOND)
    assert b"complains" not in terminal.seen and b"prints" not in terminal.seen
    terminal.type(QUIT)
    assert terminal.end() == 0
    after = terminal.seen[terminal.seen.rindex(b"\x1b[?1049l") :].decode()
    assert "a library \N{REPLACEMENT CHARACTER}[2J complains" in after and "and prints" in after


def test_the_size_is_the_terminals_own_whatever_the_environment_says(start: Start) -> None:
    terminal = start(COLUMNS="20", LINES="5")
    assert b"needs a terminal of at least" not in terminal.seen
    check_works(terminal)


def test_standard_error_may_go_elsewhere(start: Start, tmp_path: Path) -> None:
    terminal = start(program=("/bin/sh", "-c", f'exec "{sys.executable}" -m bptui 2> "{tmp_path}/errors"'))
    check_works(terminal)
    assert (tmp_path / "errors").read_text() == ""


@pytest.mark.parametrize(
    "name",
    mostly(("linux", "tmux-256color", ""), ["xterm", "linux", "tmux-256color", "screen", "vt100", "unheard-of", ""]),
)
def test_it_works_in_any_terminal(start: Start, name: str) -> None:
    check_works(start(TERM=name))


def test_the_linux_console_gets_no_sign_that_its_font_lacks(start: Start) -> None:
    terminal = start(TERM="linux")
    shown = re.sub(r"\x1b\[[0-9;?<>]*[A-Za-z$]", "", terminal.seen.decode())
    assert {
        sign for sign in shown if not sign.encode("cp437", "ignore") and not sign.encode("latin-1", "ignore")
    } == set()


def test_no_color_is_heeded(start: Start) -> None:
    terminal = start(NO_COLOR="1")
    colors = {tuple(map(int, rgb)) for rgb in re.findall(r"[34]8;2;(\d+);(\d+);(\d+)", terminal.seen.decode())}
    assert [rgb for rgb in colors if max(rgb) - min(rgb) > 1] == []


@pytest.mark.parametrize(("encoding", "there"), [("ascii", b"|"), ("latin-1", b"\xb7")])
def test_where_signs_cannot_be_shown_their_forms_are(start: Start, encoding: str, there: bytes) -> None:
    terminal = start(PYTHONIOENCODING=encoding)
    assert b"\\u" not in terminal.seen and there in terminal.seen
    assert b"?" not in re.sub(rb"\x1b\[[0-9;?<>]*[A-Za-z$]| \? [Hh]elp", b"", terminal.seen)
    terminal.seen.decode(encoding)
    terminal.type("n")
    terminal.until(SECOND)
    terminal.type(QUIT)
    assert terminal.end() == 0


@pytest.mark.parametrize("words", [("--ascii",), ("open", "two-by-two", "--ascii")])
def test_with_ascii_only_ascii_is_sent_whatever_the_terminal_could_show(start: Start, words: tuple[str, ...]) -> None:
    terminal = start(program=(*BPTUI, *words))
    first = re.sub(rb"\x1b\[[0-9;?<>]*[A-Za-z$]", b"", terminal.seen)
    assert b"+- h1 --" in first and b"+=====" in first and b"X" in first
    for key, text in (("n", SECOND), ("?", "backpropagation"), ("\x1b[27u", SECOND), ("a", "comparing")):
        seen = terminal.seen
        terminal.type(key)
        terminal.until(text)
        assert (seen + terminal.seen).isascii()
    terminal.type(QUIT)
    assert terminal.end() == 0


def test_with_ascii_a_round_is_practised_in_ascii(start: Start) -> None:
    terminal = start(text="0 of 29", program=(*BPTUI, "practice", "two-by-two", "--ascii"))
    terminal.type("1\r")
    terminal.until("in_h1")
    assert terminal.seen.isascii()
    terminal.type(QUIT)
    assert terminal.end() == 0


def test_the_linux_console_draws_edges_with_its_own_lines(start: Start) -> None:
    terminal = start(TERM="linux")
    shown = re.sub(r"\x1b\[[0-9;?<>]*[A-Za-z$]", "", terminal.seen.decode())
    assert "\N{BOX DRAWINGS LIGHT DOWN AND RIGHT}\N{BOX DRAWINGS LIGHT HORIZONTAL} h1" in shown
    assert "\N{BOX DRAWINGS DOUBLE HORIZONTAL}" * 5 in shown


@pytest.mark.parametrize("words", [(), ("practice", "two-by-two")])
def test_a_dumb_terminal_is_refused_with_a_word(words: tuple[str, ...]) -> None:
    terminal = Terminal(80, 24, *words, env={"TERM": "dumb", "PYTHONPATH": HOME})
    assert terminal.end() == 2
    assert terminal.seen.count(b"\n") == 1 and b"TERM=dumb says that this one cannot" in terminal.seen


@pytest.mark.parametrize("words", [(), ("two-by-two",), ("open", "relu", "--step", "2"), ("practice", "two-by-two")])
def test_without_a_terminal_it_ends_with_2_and_one_line_before_anything_is_loaded(words: tuple[str, ...]) -> None:
    call = f"from bptui.cli.main import main\nstatus = main({list(words)!r})"
    code = f"import sys\n{call}\nprint('numpy' in sys.modules, status)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "False 2\n"
    assert done.stderr.count("\n") == 1 and "needs a terminal" in done.stderr


def test_closed_streams_are_no_terminal() -> None:
    command = f'exec "{sys.executable}" -m bptui <&- >&-'
    done = subprocess.run(["/bin/sh", "-c", command], stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    "verb", ["rounds", "derive", "check", "explain --number dE_dw1=0.000365", "report", "program", "sweep --seeds 5"]
)
def test_what_is_printed_in_ascii_is_plain_and_has_no_unknown_sign(verb: str) -> None:
    command = [*BPTUI, *verb.split()[:1], "two-by-two", *verb.split()[1:]]
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": HOME}
    done = subprocess.run(command, capture_output=True, env=env, check=False, timeout=120)
    assert done.returncode in (0, 1)
    text = done.stdout.decode("ascii")
    assert text and "\\u" not in text and "\\x" not in text
    assert not re.search(r"\?(?!\s*$)", text)


def test_a_paste_of_coloured_output_presses_no_keys_and_does_not_hold_the_program_up(start: Start) -> None:
    terminal = start()
    for _ in range(500):
        terminal.type("\x1b[200~" + "hello \x1b[31m world nnn \x1b[0m\r\n" * 40 + "\x1b[201~")
    terminal.type("n")
    terminal.until(SECOND, 5.0)
    terminal.type(QUIT)
    assert terminal.end() == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no disk that is always full")
@pytest.mark.parametrize("words", ["check mazur-2015", "rounds relu --json --at 1-200", "lessons relu", "derive relu"])
def test_a_full_disk_under_what_is_printed_is_told_in_one_line(words: str) -> None:
    command = f'exec "{sys.executable}" -m bptui {words} > /dev/full'
    done = subprocess.run(["/bin/sh", "-c", command], stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (2, "bptui: cannot write the output: No space left on device\n")


def test_with_standard_output_closed_a_verb_prints_nowhere() -> None:
    command = f'exec "{sys.executable}" -m bptui rounds relu >&-'
    done = subprocess.run(["/bin/sh", "-c", command], stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("words", ["explain mazur-2015 --limit 1", "sweep xor --seeds 3 --rounds 5"])
def test_with_standard_error_closed_a_verb_prints_the_same(words: str) -> None:
    command = [f'exec "{sys.executable}" -m bptui {words} 2>{to}' for to in ("&-", "/dev/null")]
    closed, open_ = (
        subprocess.run(["/bin/sh", "-c", one], stdout=subprocess.PIPE, text=True, check=False, timeout=60)
        for one in command
    )
    assert closed.stdout and (closed.returncode, closed.stdout) == (open_.returncode, open_.stdout)
