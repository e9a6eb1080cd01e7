"""What ``bptui serve`` says when it cannot, and when it should not."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import ProxyHandler, build_opener

import pytest

from bptui.cli.main import main

Output = pytest.CaptureFixture[str]
NO_SERVER = "textual-serve is not installed: pip install textual-serve"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it is served on POSIX systems")


@pytest.fixture
def taken() -> Iterator[str]:
    """A port that another program has."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield str(other.getsockname()[1])


def refused(capsys: Output, *words: str) -> str:
    """The one line on standard error of words that end with status 2 and print nothing else."""
    assert main(["serve", *words]) == 2
    output = capsys.readouterr()
    assert output.out == "" and output.err.count("\n") == 1
    return output.err


def test_a_port_that_another_program_has_is_told(capsys: Output, taken: str) -> None:
    pytest.importorskip("textual_serve", reason=NO_SERVER)
    assert f"cannot serve at http://127.0.0.1:{taken}: Address already in use" in refused(capsys, "--port", taken)


def test_a_host_that_is_not_this_computer_is_told(capsys: Output) -> None:
    pytest.importorskip("textual_serve", reason=NO_SERVER)
    assert "cannot serve at http://" in refused(capsys, "--port", "0", "--host", "192.0.2.1")
    assert "cannot serve at http://" in refused(capsys, "--port", "0", "--host", "nowhere.invalid")


@pytest.mark.parametrize("host", ["\xe9..\xe9", "x" * 70_000, "a\0b", "\udcff", "."], ids=lambda host: ascii(host[:9]))
def test_a_name_that_no_computer_can_have_is_refused_in_a_short_line(capsys: Output, host: str) -> None:
    pytest.importorskip("textual_serve", reason=NO_SERVER)
    error = refused(capsys, "--port", "0", "--host", host)
    assert "cannot serve at http://" in error and error.count("\n") == 1 and len(error) < 300


def test_without_textual_serve_it_says_how_to_install_it(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "textual_serve", None)
    assert 'in the clone of bptui, run pip install ".[web]"' in refused(capsys)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("--port", "65536"), "--port: 65536 must be"),
        (("--port", "x"), '--port: "x" must be'),
        (("--host", "*"), '--host: "*" is not an address; 0.0.0.0 serves'),
        (("--visitors", "0"), "--visitors: 0 must be"),
        (("nothing-such",), "no bundled lesson or file has this name"),
        (("--step", "x"), "--step"),
    ],
)
def test_bad_words_are_told_before_anything_is_served(capsys: Output, words: tuple[str, ...], fault: str) -> None:
    pytest.importorskip("textual_serve", reason=NO_SERVER)
    assert fault in refused(capsys, *words)


@pytest.mark.parametrize(("host", "warned"), [("127.0.0.1", False), ("localhost", False), ("0.0.0.0", True)])
def test_it_warns_of_an_address_that_others_reach(host: str, warned: bool) -> None:
    with served("--host", host) as server:
        line = server.stdout.readline() if server.stdout else ""
        assert line.startswith(f"bptui is at http://{socket.gethostname() if warned else host}:")
        server.send_signal(signal.SIGTERM)
        assert server.wait(20.0) == 128 + signal.SIGTERM
        assert server.stderr and ("warning: anyone who can reach" in server.stderr.read()) == warned


@pytest.mark.parametrize("host", ["0.0.0.0", ""])
def test_each_address_that_it_prints_for_all_of_them_is_answered(host: str) -> None:
    with served("--host", host) as server:
        addresses = re.findall(r"http://\S+", server.stdout.readline() if server.stdout else "")
        assert addresses and f"http://{host}:" not in " ".join(addresses)
        for address in addresses:
            with build_opener(ProxyHandler({})).open(address, timeout=20.0) as answer:
                assert answer.status == 200
        server.send_signal(signal.SIGTERM)


def test_a_reader_who_has_gone_is_no_fault_of_the_address() -> None:
    with served() as server:
        assert server.stdout is not None and server.stderr is not None
        server.stdout.close()
        assert server.wait(20.0) == 0
        assert server.stderr.read() == ""


@contextmanager
def served(*words: str) -> Iterator["subprocess.Popen[str]"]:
    """A server, as the command line starts it."""
    pytest.importorskip("textual_serve", reason=NO_SERVER)
    command = (sys.executable, "-m", "bptui", "serve", "--port", "0", *words)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            yield server
        finally:
            server.terminate()
