"""How long the tests go on that could go on for ever, those marked ``long``; and the program in terminals of its own.

Among the tests each long one takes the few seconds its mark says; ``dev.py soak`` sets ``SOAK_MINUTES``, which they
share.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.terminal import Terminal

FIRST, SECOND = "0.208421", "0.218303"  # w1 after rounds 1 and 2
HOME = str(Path(__file__).parents[2])
Start = Callable[..., "Terminal"]


@pytest.fixture
def until(request: pytest.FixtureRequest) -> float:
    """The moment, on ``time.monotonic``'s clock, up to which a test that is marked ``long`` goes on."""
    mark = request.node.get_closest_marker("long")
    assert mark is not None, "only a test that is marked long has a time to fill"
    seconds = float(mark.kwargs["seconds"])
    if minutes := float(os.environ.get("SOAK_MINUTES", "0")):
        sharing = sum(item.get_closest_marker("long") is not None for item in request.session.items)
        seconds = max(seconds, 60.0 * minutes / sharing)
    return monotonic() + seconds


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
        paths = os.pathsep.join([str(tmp_path), HOME])
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
