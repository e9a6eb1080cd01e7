"""Torch in a process of its own: what is asked, what is answered, and both ends of the pipe.

One JSON object a line each way. The child keeps nothing between two questions, so a new one can go on where a dead one
stopped; loading torch in a thread instead would freeze the screen, and a broken torch could take the program down. Run
as a module, this file is the child.
"""

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio.subprocess

    from bptui.core.engine import Engine

Values = Mapping[str, float]
_LONGEST_LINE = 1 << 26


@dataclass(frozen=True)
class Question:
    """What the child is asked to compute, for one problem.

    Attributes:
        table: The problem, as ``Spec.to_table`` gives it.
        round: The round that the question is about.
        train: How many rounds to train, from ``start``; 0 for none.
        start: The parameters to train from.
        own: Parameters of torch's own training to evaluate a round at, in its precision; None if not wanted.
        check: Parameters of NumPy's to evaluate a round at in float64, for the gradient check; None if not wanted.
    """

    table: Mapping[str, Any]
    round: int
    train: int = 0
    start: list[float] | None = None
    own: list[float] | None = None
    check: list[float] | None = None


@dataclass(frozen=True)
class Answer:
    """What the child computed.

    Attributes:
        rows: The rounds trained, as ``Engine.advance`` returns them.
        after: The parameters after the last of them.
        own: All quantities at the question's ``own``.
        check: All quantities at its ``check``.
    """

    rows: list[list[float]] | None = None
    after: list[float] | None = None
    own: Values | None = None
    check: Values | None = None


class Unavailable(Exception):  # noqa: N818 - a state of the world, told to the user
    """The child cannot answer (any more), and why."""


class Child:
    """The asking end of the pipe.

    Attributes:
        version: Torch's version, once it has started.
    """

    def __init__(self) -> None:
        self.version = ""
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start the process and wait until torch is loaded.

        Raises:
            Unavailable: If torch is missing or broken.
        """
        import asyncio

        home = str(Path(__file__).parents[1])
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), home]))}
        try:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",  # a file called torch.py in the user's folder is not torch
                "-m",
                "bptui.second_opinion",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=_LONGEST_LINE,
                env=env,
            )
        except OSError as fault:
            raise Unavailable(f"its process does not start: {fault}") from fault
        self.version = str((await self._line()).get("ready"))

    async def ask(self, question: Question) -> Answer:
        """Put one question and wait for its answer.

        Raises:
            Unavailable: If the process has died or fails at the question.
        """
        assert self._process is not None and self._process.stdin is not None
        with suppress(ConnectionError):  # where it has ended, reading will tell how
            self._process.stdin.write(json.dumps(vars(question)).encode() + b"\n")
            await self._process.stdin.drain()
        found = await self._line()
        return Answer(**{name: found.get(name) for name in Answer.__match_args__})

    async def _line(self) -> dict[str, Any]:
        assert self._process is not None and self._process.stdout is not None
        try:
            line = await self._process.stdout.readline()
            found: dict[str, Any] = json.loads(line) if line else {}
        except ValueError as fault:
            raise Unavailable("its process answers nonsense") from fault
        if not line:
            raise Unavailable(f"its process ended with status {await self._process.wait()}")
        if "failed" in found:
            raise Unavailable(str(found["failed"]))
        return found

    async def stop(self) -> None:
        """End the process, if there is one, and its pipes. Nobody may be waiting for an answer any more."""
        if self._process is None:
            return
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
        await self._process.communicate()
        self._process = None


@lru_cache(maxsize=8)
def _engine(table: str, precision: str) -> "Engine":
    from bptui.core.engine import load
    from bptui.core.spec import Spec

    spec = Spec.from_table(json.loads(table))
    return load("torch", replace(spec, torch_precision=precision) if precision else spec)


def _answer(question: dict[str, Any]) -> dict[str, Any]:
    import numpy as np

    def values(engine: "Engine", at: list[float]) -> dict[str, float]:
        return {name: float(value) for name, value in engine.evaluate(np.array(at)).items()}

    table, found = json.dumps(question["table"]), dict[str, Any]()
    if question["train"]:
        rows, after = _engine(table, "").advance(np.array(question["start"]), question["train"])
        found |= {"rows": rows.tolist(), "after": after.tolist()}
    if question["own"]:
        found["own"] = values(_engine(table, ""), question["own"])
    if question["check"]:
        found["check"] = values(_engine(table, "float64"), question["check"])
    return found


def serve() -> None:
    """Answer questions until standard input ends: the child's whole life."""
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not look like an answer
    try:
        from bptui.core import torch_engine

        first = {"ready": torch_engine.VERSION}
    except ModuleNotFoundError as fault:
        first = {"failed": f"{fault.name} is not installed"}
    except BaseException as fault:  # a broken library fails in ways of its own
        first = {"failed": f"it does not load: {fault}"}
    print(json.dumps(first), file=pipe, flush=True)
    for line in sys.stdin:
        try:
            reply = _answer(json.loads(line))
        except Exception as fault:
            reply = {"failed": f"{type(fault).__name__}: {fault}"}
        print(json.dumps(reply), file=pipe, flush=True)


if __name__ == "__main__":
    try:
        serve()
    except (KeyboardInterrupt, BrokenPipeError):
        os._exit(0)  # the program above has ended; there is nobody left to tell
