"""The process that trains for a sweep: it receives one part after the other and answers with their tallies.

A part is one setting and some seeds, ``{"table": …, "seeds": [first, after]}``; its answer is any number of messages
``{"part": share done}`` and finally ``{"tally": …}``.
"""

import json
import signal
from collections.abc import Iterator
from functools import lru_cache
from time import monotonic

from bptui.core.problem.spec import Spec
from bptui.sweep.chunk import Chunk, split_seeds
from bptui.sweep.runner import REPORT_INTERVAL
from bptui.sweep.tally import Tally
from bptui.system.process import Message, serve_messages


@lru_cache(maxsize=8)
def _read_spec(table: str) -> Spec:
    return Spec.from_table(json.loads(table))


def train_part(question: Message) -> Iterator[Message]:
    """Train a part; yield its progress, and finally its tally."""
    spec, seeds = _read_spec(json.dumps(question["table"])), range(*question["seeds"])
    tally: Tally | None = None
    said, before = monotonic(), 0
    for some in split_seeds(spec, seeds):
        chunk = Chunk(spec, some)
        for done in chunk.train():
            if monotonic() - said > REPORT_INTERVAL:
                said = monotonic()
                yield {"part": (before + len(some) * done / spec.rounds) / len(seeds)}
        before += len(some)
        one = Tally.of(spec, some, chunk.collect_result())
        tally = one if tally is None else tally.merge(one)
    assert tally is not None
    yield {"tally": tally.to_data()}


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the asking process handles ctrl+c and ends this one
    serve_messages(lambda: {"ready": True}, train_part)
