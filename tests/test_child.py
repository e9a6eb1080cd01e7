"""A process at the other end of a pipe: what it says, how it ends, and that nothing it does is taken for an answer."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bptui.child import Process, Unavailable

ECHO = """
from bptui.child import replies

def answer(message):
    if "print" in message:
        print("this is no answer")
    if "fail" in message:
        yield {"first": 1}
        raise ValueError("cannot do that")
    if "end" in message:
        raise SystemExit(message["end"])
    for number in range(message.get("times", 1)):
        yield {"echo": message["text"], "number": number}

replies(lambda: {"hello": True}, answer)
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
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
        ("print('hello')", "its process answers nonsense"),
        ("from bptui.child import replies\nreplies(lambda: 1 / 0, list)", "division by zero|ended with status 1"),
    ],
    ids=["does not load", "nonsense", "no first message"],
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
    process._process.send_signal(signal.SIGKILL)
    with pytest.raises(Unavailable, match="its process ended with status -9"):
        await process.receive()


async def test_stopping_is_for_any_time_and_starting_for_any_time_after_it(process: Process) -> None:
    await process.stop()
    await process.start()
    await process.send({"text": "never read"})
    await process.stop()
    await process.stop()
    assert await process.start() == {"hello": True}


async def test_a_python_that_is_not_there_is_told_in_words(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(Unavailable, match="its process does not start: "):
        await process.start()


def test_it_ends_by_itself_when_nobody_asks_any_more(module: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(module)], input='{"text": "a"}\n', capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ['{"hello": true}', '{"echo": "a", "number": 0}']
