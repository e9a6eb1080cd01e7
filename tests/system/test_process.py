"""A process at the other end of a pipe: what it says, how it ends, and that nothing it does is taken for an answer."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic

import pytest

from bptui.system.process import Message, Process, Unavailable
from tests.processes import children, running

MOMENT = 30.0  # seconds, on a busy machine: an end takes a fraction of one; what is waited for never comes
ECHO = """
import ctypes, os, sys, time
from bptui.system.process import serve_messages

def answer(message):
    if "print" in message:
        print("this is no answer")
        os.write(1, b"nor this")
        os.system("echo nor what another program prints")
        ctypes.CDLL(None).puts(b"nor what C prints")
        ctypes.CDLL(None).fflush(None)
    if "read" in message:
        message["text"] = sys.stdin.read()
    if "fork" in message:
        yield {"pid": os.fork() or time.sleep(600)}
    while "compute" in message:
        pass
    if "fail" in message:
        yield {"first": 1}
        raise ValueError("cannot do that")
    if "end" in message:
        raise SystemExit(message["end"])
    for number in range(message.get("times", 1)):
        yield {"echo": message["text"], "number": number}

serve_messages(lambda: {"hello": True}, answer)
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    path = tmp_path / "a_child_of_the_tests.py"
    path.write_text(ECHO, encoding="utf-8")
    return path


@pytest.fixture
async def process(module: Path) -> AsyncIterator[Process]:
    process = Process(module.stem)
    yield process
    await process.stop()


async def test_it_says_a_first_message_and_answers_each_with_any_number_in_order(process: Process) -> None:
    assert await process.start() == {"hello": True}
    for text, times in (("δ_o1\n", 3), ("", 1)):
        await process.send({"text": text, "times": times})
        assert [await process.receive() for _ in range(times)] == [
            {"echo": text, "number": number} for number in range(times)
        ]


async def test_what_a_library_prints_is_no_answer(process: Process) -> None:
    await process.start()
    await process.send({"text": "a", "print": True})
    assert await process.receive() == {"echo": "a", "number": 0}


async def test_what_a_library_reads_is_no_question(process: Process) -> None:
    await process.start()
    await process.send({"read": True})
    await process.send({"text": "for the process"})
    assert [(await process.receive())["echo"] for _ in range(2)] == ["", "for the process"]


async def test_a_failure_is_told_in_words_and_the_next_question_is_answered(process: Process) -> None:
    await process.start()
    await process.send({"fail": True})
    assert await process.receive() == {"first": 1}
    with pytest.raises(Unavailable, match="ValueError: cannot do that"):
        await process.receive()
    await process.send({"text": "b"})
    assert await process.receive() == {"echo": "b", "number": 0}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("raise ImportError", "its process ended with status 1"),
        ("print('hello')", "its process sends an unreadable answer: hello$"),
        ("print('\\x1b[2J', 1)", "its process sends an unreadable answer: \ufffd"),
        ("print(1)", "its process sends an unreadable answer: 1$"),
        ("print('[' * 100_000)", r"its process sends an unreadable answer: \[+"),
        ("import os\nos.write(1, b'\\xff\\n')", "its process sends an unreadable answer: \ufffd"),
        ("import os\nos.write(1, b'{')\nos._exit(0)", "its process ended with status 0$"),
        ("import os, time\nos.close(1)\ntime.sleep(600)", "its process has closed the pipe"),
        (
            "from bptui.system.process import serve_messages\nserve_messages(lambda: 1 / 0, list)",
            "ZeroDivisionError: division by zero",
        ),
    ],
    ids=["fails", "word", "control", "number", "deep", "bytes", "half", "closed", "no first message"],
)
async def test_a_process_that_cannot_answer_says_why(module: Path, process: Process, text: str, reason: str) -> None:
    module.write_text(text, encoding="utf-8")
    with pytest.raises(Unavailable, match=reason):
        await process.start()


async def test_a_process_that_ends_says_how(process: Process) -> None:
    await process.start()
    await process.send({"end": 3})
    with pytest.raises(Unavailable, match="its process ended with status 3"):
        await process.receive()
    await process.send({"text": "to nobody"})


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal")
async def test_a_process_that_is_killed_says_so(process: Process) -> None:
    await process.start()
    assert process._process is not None
    process._process.kill()
    with pytest.raises(Unavailable, match="its process was ended by SIGKILL"):
        await process.receive()


async def test_stopping_is_for_any_time_and_starting_for_any_time_after_it(process: Process) -> None:
    await process.stop()
    await process.start()
    await process.send({"text": "never read"})
    await process.stop()
    await process.stop()
    assert await process.start() == {"hello": True}


@pytest.mark.parametrize("question", [None, {"compute": True}, {"text": "a"}])
async def test_stopping_takes_no_time_whatever_the_process_is_at(
    process: Process, question: dict[str, object] | None
) -> None:
    await process.start()
    inner = process._process
    assert inner is not None
    if question is not None:
        await process.send(question)
    begun = monotonic()
    await process.stop()
    assert monotonic() - begun < MOMENT and inner.returncode is not None


async def test_a_start_that_is_given_up_leaves_something_to_be_stopped(process: Process) -> None:
    starting = asyncio.create_task(process.start())
    await asyncio.sleep(0)
    starting.cancel()
    await process.stop()
    assert starting.cancelled() or starting.cancelling()
    assert children() == set()


async def test_a_stop_that_is_given_up_goes_on_and_another_waits_for_it(process: Process) -> None:
    await process.start()
    stopping = asyncio.create_task(process.stop())
    await asyncio.sleep(0)
    stopping.cancel()
    await process.stop()
    assert children() == set()


@pytest.mark.parametrize("question", [None, {"compute": True}, {"end": 3}], ids=["idle", "busy", "ending"])
async def test_an_end_leaves_nothing_for_asyncio_to_warn_of(
    process: Process, question: Message | None, caplog: pytest.LogCaptureFixture
) -> None:
    """As in ``python -X dev``, where a process that is closed while it runs is a warning."""
    loop = asyncio.get_running_loop()
    loop.set_debug(True)
    loop.slow_callback_duration = MOMENT  # of that it would warn as well
    await process.start()
    if question is not None:
        await process.send(question)
    await process.stop()
    assert caplog.messages == [] and children() == set()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks there")
async def test_a_process_of_the_process_that_keeps_the_pipes_open_is_not_waited_for(process: Process) -> None:
    await process.start()
    await process.send({"fork": True})
    keeper = (await process.receive())["pid"]
    begun = monotonic()
    await process.stop()
    try:
        assert monotonic() - begun < MOMENT and keeper in {one.pid for one in running()}
    finally:
        os.kill(keeper, signal.SIGKILL)


async def test_a_python_that_is_not_there_is_told_in_words(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(Unavailable, match="its process did not start: "):
        await process.start()


def ended_without_an_answer(module: Path, question: str, first: str) -> bool:
    """Whether a process ends as soon as nobody asks any more, this one going on."""
    with subprocess.Popen([sys.executable, str(module)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        try:
            assert child.stdin is not None and child.stdout is not None
            assert child.stdout.readline().decode() == first
            child.stdin.write(question.encode())
            child.stdin.close()
            return child.wait(timeout=20) == 0 and not child.stdout.read()
        finally:
            child.kill()


@pytest.mark.parametrize("question", ["", '{"compute": true}\n'], ids=["idle", "busy"])
def test_it_ends_by_itself_when_nobody_asks_any_more(module: Path, question: str) -> None:
    assert ended_without_an_answer(module, question, '{"hello": true}\n')


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it ends when C code gives way")
def test_it_does_not_begin_where_nobody_asks_any_more(module: Path) -> None:
    """Not even with C code that lets no other thread run: what is told to the kernel then is told too late."""
    module.write_text(
        "import ctypes, select\nfrom bptui.system import process as child\npoll = select.poll()\npoll.register(0, 0)\n"
        "print('waiting', flush=True)\npoll.poll()\nchild._listen = print\n"  # as if its turn never came
        "child.serve_messages(lambda: ctypes.PyDLL(None).sleep(600), list)"
    )
    assert ended_without_an_answer(module, "", "waiting\n")
