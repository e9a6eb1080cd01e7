"""What goes wrong with softmax and cross entropies: softmax twice or in another place, other deltas, a mean.

A loss has a softmax of its own if it takes logits, as torch's CrossEntropyLoss does.
"""

from collections.abc import Iterator

from bptui.core.formulas.expr import Name
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import delta, derivative
from bptui.core.formulas.rounding import NONE
from bptui.core.formulas.rules.derivatives import has_joint_outputs
from bptui.core.problem.spec import Spec
from bptui.explain.calculation.changes import Change, Edits
from bptui.explain.calculation.steps import list_steps
from bptui.explain.catalogue.variants import make_edit, place_at_all

_OF_LOGITS, _OF_PARTS = "cross entropy", "categorical cross entropy"
_SOFTMAX, _LOGITS = ("activation_output", "softmax"), ("activation_output", "identity")
_MEANT = {_OF_LOGITS: False, _OF_PARTS: False, "binary cross entropy": True}
"""Losses that are sums over the outputs; whether their mean is as usual, as torch's BCELoss takes it."""


def list_softmax_places(spec: Spec) -> Iterator[Change]:
    """Yield softmax applied twice, once, or as outputs where the loss has its own: in the other of its two places."""
    if len(spec.network.outputs) == 1:
        return
    name, about = (
        "softmax applied twice",
        "the outputs of softmax are given to cross entropy, which applies softmax again",
    )
    once = "softmax applied once"
    if has_joint_outputs(spec.network):
        if spec.loss == _OF_PARTS:
            yield Change("softmax", name, about, (("loss", _OF_LOGITS),))
            about = "the outputs are logits, and softmax is part of the loss, cross entropy"
            yield _change_place("softmax in the loss", about, _LOGITS, _OF_LOGITS)
        elif spec.loss == _OF_LOGITS:
            about = "softmax is applied once, by the outputs: the loss is categorical cross entropy"
            yield Change("softmax", once, about, (("loss", _OF_PARTS),))
            about = "softmax is applied once, by the loss: the outputs are logits"
            yield Change("softmax", f"{once}, in the loss", about, (_LOGITS, ("activation_neurons", ())))
    elif spec.loss == _OF_LOGITS:
        own = tuple(pair for pair in spec.activation_neurons if pair[0] not in spec.network.outputs)
        yield Change("softmax", name, about, (_SOFTMAX, ("activation_neurons", own)))
        if set(spec.network.activations[-len(spec.network.outputs) :]) == {"identity"}:
            about = "the outputs are those of softmax, and the loss is categorical cross entropy, which is equivalent"
            yield _change_place("softmax in the outputs", about, _SOFTMAX, _OF_PARTS)


def _change_place(name: str, about: str, output: tuple[str, str], loss: str) -> Change:
    return Change("softmax", name, about, (output, ("loss", loss)), weight=1, convention=True)


def list_squared_deltas(spec: Spec) -> Iterator[Change]:
    """Yield the deltas of sigmoids with a squared error, taken by habit for those of softmax with a cross entropy."""
    network = spec.network.one_sample
    if not has_joint_outputs(network) or spec.loss not in (_OF_PARTS, _OF_LOGITS) or spec.rounding != NONE:
        return
    edits: Edits = {delta(o): (Name(o) - Name(y)) * Name(o) * (1.0 - Name(o)) for o, y in network.pairs}
    about = "the outputs' deltas are those of sigmoids with the half squared error, (o − y)·o·(1 − o)"
    yield make_edit("softmax", "deltas of sigmoids", about, place_at_all(spec, edits))


def list_means(spec: Spec) -> Iterator[Change]:
    """Yield a cross entropy that is the mean over the outputs in place of the sum, with the slopes of that mean."""
    network, count = spec.network.one_sample, len(spec.network.outputs)
    if spec.loss not in _MEANT or count == 1 or spec.rounding != NONE:
        return
    steps = {step.name: step.expr for step in list_steps(network)}
    names = ("E", *(derivative("E", o) for o in network.outputs))
    edits: Edits = {name: steps[name] / float(count) for name in names if name in steps}
    placed = place_at_all(spec, edits)
    about = f"the loss is {spec.loss} averaged over the {count} outputs instead of summed"
    yield Change("mean", "mean over the outputs", about, edits=tuple(placed.items()), convention=_MEANT[spec.loss])


def is_of_its_own(spec: Spec, **settings: str) -> bool:
    """Whether another activation of all outputs, or another loss, is a change of ``list_softmax_places``."""
    known = {name for name, row in LOSSES.items() if row.parts(spec.network.one_sample)} | {_OF_PARTS}
    output, loss = settings.get("output", ""), settings.get("loss", "")
    if has_joint_outputs(spec.network):
        return spec.loss in known and (loss in known or (output == _LOGITS[1] and spec.loss == _OF_LOGITS))
    return spec.loss == _OF_LOGITS and output == _SOFTMAX[1]
