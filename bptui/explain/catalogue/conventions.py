"""Legitimate choices that a problem does not mention, and printed values read off otherwise."""

from collections.abc import Iterator

from bptui.core.formulas.losses import LOSSES
from bptui.core.problem.layer_keys import biases_of
from bptui.core.problem.spec import Spec
from bptui.explain.calculation.changes import Change


def list_shifts(spec: Spec) -> Iterator[Change]:
    """Yield printed values of another round."""
    later = "rounds are counted from 0: a value printed for round N is from round N + 1 here, after N updates"
    earlier = "a value printed for round N is from round N − 1, one update earlier"
    yield Change("round", "rounds counted from 0", later, reading=(("shift", 1),), weight=1, convention=True)
    yield Change("round", "round N for N − 1", earlier, reading=(("shift", -1),), weight=1)


def list_cut_digits(spec: Spec) -> Iterator[Change]:
    """Yield digits that were cut off."""
    about = "the last digits are cut off instead of rounded"
    yield Change("digits", "digits cut off", about, reading=(("cut", True),), weight=1, convention=True)


def list_turned_signs(spec: Spec) -> Iterator[Change]:
    """Yield slopes of the opposite sign."""
    about = "deltas and gradients have the opposite sign (target minus output), and the update adds them"
    yield Change("sign", "slopes counted the other way", about, reading=(("turned", True),), weight=1, convention=True)


def list_bias_signs(spec: Spec) -> Iterator[Change]:
    """Yield biases as weights of an input of −1."""
    if not spec.network.biases:
        return
    name = "biases are weights of an input of −1"
    about = "a bias is the weight of an input of −1, so its gradient and its updates have the opposite sign"
    yield Change("bias sign", name, about, reading=(("bias_sign", -1.0),), weight=1, convention=True)
    turned = tuple((field, tuple(-b for b in getattr(spec, field))) for field in map(biases_of, spec.layer_keys))
    about = "a bias is the weight of an input of −1, so it is subtracted"
    yield Change("bias sign", "biases subtracted", about, turned, (("bias_sign", -1.0),), weight=1, convention=True)


def list_loss_scales(spec: Spec) -> Iterator[Change]:
    """Yield the slopes of a loss that is a multiple of the one printed, such as of half of the square."""
    scales, outputs = dict[str, float](), len(spec.network.outputs)
    for name in LOSSES:
        if "squared error" in name and (outputs > 1 or "mean" not in name):
            scales[name] = (0.5 if "half" in name else 1.0) / (outputs if "mean" in name else 1)
    for name, scale in scales.items():
        if spec.loss in scales and scale != scales[spec.loss]:
            factor = scales[spec.loss] / scale
            about = f"the loss is printed as {spec.loss}, but its derivative is that of {name}"
            settings, reading = (("loss", name),), (("loss_factor", factor),)
            yield Change("loss", f"slopes of {name}", about, settings, reading, weight=1, convention=True)
