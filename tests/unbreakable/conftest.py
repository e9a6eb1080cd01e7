"""The program in terminals of its own."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.terminal import Terminal

FIRST, SECOND = "0.208421", "0.218303"  # w1 after rounds 1 and 2
HOME = str(Path(__file__).parents[2])
Start = Callable[..., "Terminal"]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts the program in a terminal and a folder of its own, with some code run before it, and waits for a text."""
    from tests.terminal import BPTUI, Terminal

    monkeypatch.chdir(tmp_path)

    started: list[Terminal] = []

    def begin(
        code: str = "", text: str = FIRST, *, columns: int = 120, program: tuple[str, ...] = BPTUI, **env: str
    ) -> Terminal:
        (tmp_path / "sitecustomize.py").write_text(code)
        paths = os.pathsep.join(filter(None, [str(tmp_path), HOME, os.environ.get("PYTHONPATH")]))
        terminal = Terminal(columns, 36, program=program, env={"PYTHONPATH": paths, **env})
        started.append(terminal)
        terminal.until(text)
        return terminal

    yield begin
    for terminal in started:
        with suppress(OSError):
            os.kill(terminal.pid, signal.SIGKILL)
        with suppress(OSError):
            os.waitpid(terminal.pid, 0)
        with suppress(OSError):
            os.close(terminal.screen)
