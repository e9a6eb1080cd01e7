"""Which of a round's samples is shown, and its numbers under the names that a single sample has.

Panels ask for ``h1``; where a problem has several samples, that is ``h1_s2`` while sample 2 is shown. ``E`` and the
gradients are always those of the round. Sample 0 stands for all: then only what belongs to the round has a number.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from bptui.core.engines.engine import Floats, Values
from bptui.core.formulas.backprop import name_quantities
from bptui.core.formulas.names import of_sample, split_sample
from bptui.core.formulas.network import Network
from bptui.core.problem.spec import Spec
from bptui.core.training.all_samples import evaluate_all_samples

Found = TypeVar("Found")


class SampleRow(NamedTuple):
    """A sample at the parameters that a round starts from.

    Attributes:
        sample: Its number.
        is_used: Whether the round uses it.
        outputs: The outputs for it, in order; None for those that are not calculated yet.
        targets: Its targets, in the same order.
        loss: Its loss; None if it is not calculated yet.
    """

    sample: int
    is_used: bool
    outputs: tuple[float | None, ...]
    targets: tuple[float, ...]
    loss: float | None


def choose_sample(network: Network, wanted: int, latest: Iterable[str] = ()) -> int:
    """Return the sample that is shown; 0 for all, or where there is only one.

    Args:
        network: The network of the round.
        wanted: The sample that was chosen; 0 for all.
        latest: What the last step inside the round calculated: its sample is shown, unless all are.
    """
    if not network.samples or not wanted:
        return 0
    at_work = {split_sample(name)[1] for name in latest} & set(network.samples)
    if at_work and wanted not in at_work:
        return min(at_work)
    return wanted if wanted in network.samples else network.samples[0]


@lru_cache(maxsize=64)
def _list_sample_names(network: Network) -> tuple[str, ...]:
    """Return the names of one sample that a round has only with a sample's number."""
    named = (*network.data, *name_quantities(network))
    return tuple({split_sample(name)[0]: None for name in named if split_sample(name)[1]}.keys() - set(named))


def show_sample(network: Network, sample: int, found: Mapping[str, Found]) -> Mapping[str, Found]:
    """Return what is known by name, and what is known of a sample by the names that a single one has."""
    if not sample:
        return found
    known = ((name, of_sample(name, sample)) for name in _list_sample_names(network))
    return {**found, **{name: found[full] for name, full in known if full in found}}


def describe_samples(spec: Spec, round_: int) -> str:
    """Return the samples of a round in words, with its epoch where rounds use others: ``epoch 2 · sample 3``."""
    if len(spec.inputs) == 1 or spec.period == 1:
        return ""
    samples = spec.samples_of(round_)
    epoch = (round_ - 1) * spec.batch_size // len(spec.inputs) + 1
    which = f"sample{'s' if len(samples) > 1 else ''} {', '.join(map(str, samples))}"
    return f"epoch {epoch:,} · {which}"


def list_samples(spec: Spec, round_: int, state: Floats, known: Values) -> tuple[SampleRow, ...]:
    """Return a row for every sample of a problem; none if it has only one.

    Args:
        spec: The problem.
        round_: The number of the round.
        state: The state that the round starts from, of shape (state,).
        known: The quantities of the round that are calculated so far.
    """
    if len(spec.inputs) == 1:
        return ()
    used = spec.samples_of(round_)
    others: Mapping[str, Any] = {} if spec.period == 1 else evaluate_all_samples(spec, state, round_)
    rows = []
    for sample, targets in enumerate(spec.targets, 1):
        values = known if sample in used else others
        outputs = tuple(values.get(of_sample(output, sample)) for output in spec.network.outputs)
        rows.append(SampleRow(sample, sample in used, outputs, targets, values.get(of_sample("E", sample))))
    return tuple(rows)
