"""Which of a round's samples is shown, what rounds of other samples are called, and all samples as a table.

Sample 0 stands for all: then only what belongs to the round has a number. Inside a round the sample being calculated is
shown.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from bptui.core.engines.engine import Floats, Values
from bptui.core.formulas.names import of_sample, split_sample
from bptui.core.formulas.network import Network
from bptui.core.problem.spec import Spec
from bptui.core.training.all_samples import evaluate_all_samples


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
        latest: What the last step inside the round calculated, whose sample is shown.
    """
    at_work = {split_sample(name)[1] for name in latest} & set(network.samples)
    if at_work and wanted not in at_work:
        return min(at_work)
    if not network.samples or not wanted:
        return 0
    return wanted if wanted in network.samples else network.samples[0]


def describe_samples(spec: Spec, round_: int) -> str:
    """Return the samples of a round in words, with its epoch where rounds use others: ``epoch 2 · sample 3``."""
    if len(spec.inputs) == 1 or spec.period == 1:
        return ""
    samples = spec.samples_of(round_)
    first = (round_ - 1) * spec.batch_size
    epochs = [f"{place // len(spec.inputs) + 1:,}" for place in (first, first + len(samples) - 1)]
    when = f"epoch {epochs[0]}" if epochs[0] == epochs[1] else f"epochs {epochs[0]} and {epochs[1]}"
    return f"{when} · sample{'s' if len(samples) > 1 else ''} {', '.join(map(str, samples))}"


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
