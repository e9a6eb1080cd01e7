"""The process that computes with torch: it loads torch, reports success or failure, and answers questions.

A question is a ``TorchQuestion`` as a message, an answer a ``TorchAnswer``. It keeps no state between two questions
except the engines of the last few problems.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bptui.system.process import serve_messages

if TYPE_CHECKING:
    from bptui.core.engines.engine import Engine

_NICE = 10  # priority below that of the screen and its rounds


@lru_cache(maxsize=8)
def _load_engine(table: str, precision: str) -> "Engine":
    from bptui.core.engines.engine import make_engine
    from bptui.core.problem.spec import Spec

    spec = Spec.from_table(json.loads(table))
    return make_engine("torch", replace(spec, torch_precision=precision) if precision else spec)


def answer_question(question: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Compute what a question asks for; yield the one answer."""
    import numpy as np

    def values(engine: "Engine", at: list[float]) -> dict[str, float]:
        return {name: float(value) for name, value in engine.evaluate(np.array(at), question["round"]).items()}

    table, found = json.dumps(question["table"]), dict[str, Any]()
    if question["train"]:
        rows, after = _load_engine(table, "").advance(np.array(question["start"]), question["train"], question["first"])
        found |= {"rows": rows.tolist(), "after": after.tolist()}
    if question["own"]:
        engine, state = _load_engine(table, ""), np.array(question["own"])
        if lead := question["lead"]:
            state = engine.advance(state, lead, question["round"] - lead)[1]
        found |= {"own": values(engine, state.tolist()), "state": state.tolist()}
    if question["check"]:
        found["check"] = values(_load_engine(table, "float64"), question["check"])
    yield found


def load_torch() -> dict[str, Any]:
    """Load torch and report that or why it fails; at low priority, so that the screen comes first."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    try:
        from bptui.core.engines import torch_engine
    except BaseException as fault:  # a broken library may raise anything
        if isinstance(fault, ModuleNotFoundError) and fault.name:
            return {"failed": f"{fault.name} is not installed"}
        in_words = isinstance(fault, Exception) and str(fault).strip()
        return {"failed": f"it does not load: {fault if in_words else repr(fault)}"}
    return {"ready": torch_engine.VERSION}


if __name__ == "__main__":
    serve_messages(load_torch, answer_question)
