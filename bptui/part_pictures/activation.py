"""The picture of an activation: f and its derivative f′ over the weighted input, and where a neuron is on them.

Of softmax, which takes a whole layer, f is the output over its own weighted input; the others are held fixed.
"""

from collections.abc import Callable, Sequence
from functools import partial
from math import isfinite

import numpy as np

from bptui.core.engines.engine import Floats, NumpyEngine
from bptui.core.engines.program import compile_expression
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.expr import Name
from bptui.core.formulas.names import delta, of_sample, weighted_input
from bptui.core.problem.spec import Spec
from bptui.derive.notations import format_label
from bptui.part_pictures.picture import Mark, Picture, PlottedCurve, write_number

_POINTS = 480  # an even number of steps, so that 0 is a point
_REACH = 6.0  # how far the weighted input reaches to both sides, at least
_BEYOND = 1.25  # times the neuron's own weighted input, if that is further
_NUDGE = 0.01  # by which a sentence changes the weighted input
NOW = "●"

Function = Callable[[Floats], Floats]


def picture_activation(spec: Spec, state: Floats, round_: int, neuron: str, sample: int, digits: int) -> Picture:
    """Return f and f′ of a neuron, with the points of the round.

    Args:
        spec: The problem.
        state: The state that the round starts from, of shape (state,).
        round_: The number of the round.
        neuron: The neuron.
        sample: The sample whose point the sentences are about; 0 where there is only one.
        digits: Significant digits of the numbers in sentences.
    """
    network = spec.network_of(round_)
    values = NumpyEngine(spec).evaluate(state, round_)
    name = network.activation(neuron)
    layer = network.layer_of(neuron).neurons if ACTIVATIONS[name].of_layer else ()
    others = [float(values[of_sample(weighted_input(n), sample)]) for n in layer if n != neuron]
    value, slope = make_functions(name, others)
    z, inputs = float(values[of_sample(weighted_input(neuron), sample)]), format_label(weighted_input(neuron))
    title = f"{neuron}: f = {name} and its derivative f′"
    write = partial(write_number, digits=digits)
    if not isfinite(z):
        return Picture(title, inputs, sentences=(f"{inputs} is {write(z)}: the curve has no such point.",))
    reach = max(_REACH, _BEYOND * abs(z))
    x = np.linspace(-reach, reach, _POINTS + 1)
    at = [float(values[of_sample(weighted_input(neuron), s)]) for s in network.samples if s != sample and not layer]
    points = np.array([*(other for other in at if isfinite(other)), z])
    f, df = value(points), slope(points)
    marks = [Mark("○" if place < len(points) - 1 else NOW, float(p), float(f[place])) for place, p in enumerate(points)]
    marks.append(Mark(NOW, z, float(df[-1])))
    curves = PlottedCurve("f", x, value(x)), PlottedCurve("f′", x, slope(x))
    return Picture(title, inputs, curves, tuple(marks), None, (
        *_describe_point(neuron, z, value, slope, sample, digits),
        *_describe_kink(name, z),
        *(_describe_layer(layer, neuron, others, digits) if layer else _describe_use(neuron)),
    ))  # fmt: skip


def make_functions(name: str, others: Sequence[float] = ()) -> tuple[Function, Function]:
    """Return an activation and its derivative, as functions of arrays of weighted inputs.

    Args:
        name: The activation.
        others: The weighted inputs of the other neurons of its layer, if it takes a whole layer.
    """
    row, z, a = ACTIVATIONS[name], Name("z"), Name("a")
    fixed = {f"z{place}": number for place, number in enumerate(others)}
    layer = [z, *map(Name, fixed)]
    f = compile_expression(row.of_layer.value(z, layer) if row.of_layer else row.value(z))
    df = compile_expression(row.derivative(z, a))

    def value(at: Floats) -> Floats:
        arrays = {key: np.full_like(at, number) for key, number in fixed.items()}
        return np.asarray(np.broadcast_to(_run(lambda: f({"z": at, **arrays})), at.shape))

    def slope(at: Floats) -> Floats:
        return np.asarray(np.broadcast_to(_run(lambda: df({"z": at, "a": value(at)})), at.shape), float)

    return value, slope


def _run(function: Callable[[], Floats]) -> Floats:
    with np.errstate(all="ignore"):
        return function()


def _describe_point(
    neuron: str, z: float, value: Function, slope: Function, sample: int, digits: int
) -> tuple[str, ...]:
    """Return where the neuron is, and what f′ means there."""
    write, of = partial(write_number, digits=digits), f" of sample {sample}" if sample else ""
    (f, nudged), (df, _) = value(np.array([z, z + _NUDGE])), slope(np.array([z, z]))
    inputs = format_label(weighted_input(neuron))
    where = f"● {inputs}{of} = {write(z)}: f = {write(f)}, f′ = {write(df)}."
    change = (
        f"If the weighted input grows by {_NUDGE}, {neuron} changes by {write(nudged - f)}; {_NUDGE}·f′ is "
        f"{write(_NUDGE * df)}."
    )
    return where, change


def _describe_kink(name: str, z: float) -> tuple[str, ...]:
    """Return what the program takes for f′ where f has none."""
    if ACTIVATIONS[name].smooth or z != 0.0:
        return ()
    return (f"At 0, {name} has a kink and no derivative; bptui uses the derivative from the left.",)


def _describe_use(neuron: str) -> tuple[str, ...]:
    """Return what f′ is for."""
    label = format_label(delta(neuron))
    return (f"By the chain rule, {label} is ∂E/∂{neuron} times f′: where f′ is small, little flows back.",)


def _describe_layer(layer: Sequence[str], neuron: str, others: Sequence[float], digits: int) -> tuple[str, ...]:
    """Return what is held fixed."""
    names = [n for n in layer if n != neuron]
    fixed = [f"{weighted_input(n)} = {write_number(z, digits)}" for n, z in zip(names, others, strict=True)]
    said = f"Softmax depends on its whole layer. Held fixed here: {', '.join(fixed)}." if fixed else (
        "The softmax of a single neuron is always 1."
    )  # fmt: skip
    return (said,)
