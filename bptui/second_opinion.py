"""Torch in a process of its own: what is asked, what is answered, and both ends of the pipe.

One JSON object a line each way. The child keeps nothing between two questions, so whatever happens to it costs no
more than the answer under way; loading torch in a thread instead would freeze the screen, and a broken torch could
take the program down. Run as a module, this file is the child.
"""

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
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
        advance_from: Parameters to train from; empty for no training.
        rounds: How many rounds to train.
        at: Parameter vectors to evaluate a round at.
    """

    table: Mapping[str, Any]
    advance_from: list[float]
    rounds: int
    at: list[list[float]]


@dataclass(frozen=True)
class Answer:
    """What the child computed.

    Attributes:
        rows: As ``Engine.advance`` returns them, a list a round.
        after: The parameters after the last of them.
        values: All quantities at each of the question's vectors.
    """

    rows: list[list[float]]
    after: list[float]
    values: list[Values]


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
        self.version = (await self._line())["ready"]

    async def ask(self, question: Question) -> Answer:
        """Put one question and wait for its answer.

        Raises:
            Unavailable: If the child has died or fails at the question.
        """
        assert self._process is not None and self._process.stdin is not None
        with suppress(ConnectionError):  # where it has ended, reading will tell how
            self._process.stdin.write(json.dumps(vars(question)).encode() + b"\n")
            await self._process.stdin.drain()
        return Answer(**await self._line())

    async def _line(self) -> dict[str, Any]:
        assert self._process is not None and self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            status = await self._process.wait()
            raise Unavailable(f"its process ended with status {status}")
        try:
            found: dict[str, Any] = json.loads(line)
        except ValueError as fault:
            raise Unavailable("its process answers nonsense") from fault
        if "failed" in found:
            raise Unavailable(str(found["failed"]))
        return found

    async def stop(self) -> None:
        """End the process, if there is one, and its pipes."""
        if self._process is None:
            return
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
        await self._process.communicate()


@lru_cache(maxsize=8)
def _engine(table: str) -> "Engine":
    from bptui.core.engine import load
    from bptui.core.spec import Spec

    return load("torch", Spec.from_table(json.loads(table)))


def _answer(question: dict[str, Any]) -> dict[str, Any]:
    import numpy as np

    engine = _engine(json.dumps(question["table"]))
    rows, after = [], []
    if question["rounds"]:
        rows, after = (a.tolist() for a in engine.advance(np.array(question["advance_from"]), question["rounds"]))
    values = [engine.evaluate(np.array(at)) for at in question["at"]]
    plain = [{name: float(value) for name, value in v.items()} for v in values]
    return {"rows": rows, "after": after, "values": plain}


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
