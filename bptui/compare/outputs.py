"""Observations about outputs and the loss that is taken of them: softmax, and losses meant for probabilities."""

from collections.abc import Iterator
from math import fsum, isclose, isfinite

from bptui.compare.findings import Findings, format_value, name_loss
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import softmax
from bptui.core.formulas.rules.derivatives import has_joint_outputs
from bptui.core.problem.spec import Spec
from bptui.text.words import join_words


def describe_pair(spec: Spec) -> str:
    """Return what is odd about a loss of such outputs, in a clause; empty if nothing is."""
    network, row = spec.network, LOSSES[spec.loss]
    if has_joint_outputs(network):
        twice = softmax(network.outputs[0]) in row.parts(network.one_sample)
        return f"softmax is applied twice here, once by the outputs and once by {spec.loss}" if twice else ""
    least, most = row.of_outputs
    ranges = {name: ACTIVATIONS[name].range for name in map(network.activation, network.outputs)}
    if beyond := sorted(name for name, (low, high) in ranges.items() if low < least or high > most):
        meant = f"{spec.loss} is meant for outputs from {format_value(least)} to {format_value(most)}"
        return f"{meant}, but {join_words(beyond)} {'goes' if len(beyond) == 1 else 'go'} beyond that range"
    if not row.lowers_others:
        return f"{spec.loss} does not lower an output whose target is 0; softmax would, because its outputs sum to 1"
    return ""


def describe_outputs(seen: Findings) -> Iterator[str]:
    """Yield what is odd about the outputs, and what softmax alone decides about them."""
    spec = seen.facts.spec
    if said := describe_pair(spec):
        yield f"{said[:1].upper()}{said[1:]}."
    if not has_joint_outputs(spec.network):
        return
    if len(spec.network.outputs) == 1:
        yield "o1 is always 1: softmax outputs sum to 1, and there is only one output."
    sums = [fsum(targets) for targets in spec.targets]
    others = [whole for whole in sums if not isclose(whole, 1.0)]
    reached = all(0.0 <= y <= 1.0 for targets in spec.targets for y in targets)  # else each out of reach is named
    if others and reached and LOSSES[spec.loss].by_output and isfinite(spec.floor) and spec.floor > 0.0:
        totals = join_words(sorted({format_value(whole) for whole in others}))
        yield (
            f"Softmax outputs sum to 1, but targets sum to {totals}: {name_loss(spec)} cannot fall below "
            f"{format_value(spec.floor)}."
        )
