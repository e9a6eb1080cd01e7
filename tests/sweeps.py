"""Many trainings, for tests and benchmarks: trained here and counted, without processes."""

from functools import reduce

from bptui.core.problem.spec import Spec
from bptui.sweep.chunk import Chunk, split_seeds
from bptui.sweep.tally import Tally


def tallied(spec: Spec, seeds: range) -> Tally:
    """Train runs to their end, chunk by chunk, and count."""
    return reduce(Tally.merge, (_tallied(spec, part) for part in split_seeds(spec, seeds)))


def _tallied(spec: Spec, seeds: range) -> Tally:
    chunk = Chunk(spec, seeds)
    assert list(chunk.train())[-1] == spec.rounds
    return Tally.of(spec, seeds, chunk.collect_result())
