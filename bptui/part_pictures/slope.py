"""The picture of a gradient: the loss over one parameter, all others held fixed, the slope at its value, and the step.

The curve is the loss in float64, without rounding by hand. Its slope is that of the chain rule; a gradient rule that
gives another number gets its own line, which then is no tangent, and a sentence that says so.
"""

from dataclasses import replace
from functools import partial
from math import isclose, isfinite

import numpy as np

from bptui.core.engines.engine import Floats, NumpyEngine, Values, evaluate_forward
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.names import bias, gradient, of_sample, updated, weighted_input
from bptui.core.formulas.network import CHAIN_RULE, Network
from bptui.core.formulas.optimisers import DESCENT
from bptui.core.formulas.rounding import NONE
from bptui.core.problem.spec import Spec
from bptui.derive.notations import format_label
from bptui.part_pictures.activation import NOW
from bptui.part_pictures.picture import (
    Mark,
    Picture,
    PlottedCurve,
    StraightLine,
    describe_change,
    write_factor,
    write_number,
)

_POINTS = 400  # an even number of steps, so that the parameter's own value is a point
_LEAST, _SHARE, _STEPS = 1.0, 0.5, 2.5  # how far the axis reaches: a number, of the parameter, and of the step
_SAME = 1e-5  # relative: gradients that differ by more are not of one rule (float32 differs by less)
_SAME_STEP, _UNITS = 1e-6, 8.0  # relative, and units in the last place of the parameter: steps that differ by less
AFTER = "○"


def picture_slope(spec: Spec, state: Floats, round_: int, parameter: str, digits: int, zoom: float = 1.0) -> Picture:
    """Return the loss over one parameter, with the line of its gradient and the step of the update.

    Args:
        spec: The problem.
        state: The state that the round starts from, of shape (state,).
        round_: The number of the round.
        parameter: A weight or a bias; one that a layer shares moves in all its neurons.
        digits: Significant digits of the numbers in sentences.
        zoom: How many times narrower the axis is than usual.
    """
    network, exact = spec.network_of(round_), replace(spec, gradient=CHAIN_RULE, rounding=NONE)
    values, at = NumpyEngine(spec).evaluate(state, round_), state.astype(np.float64)
    now, own, new = (
        float(one)
        for one in (at[_places(network, parameter)[0]], values[gradient(parameter)], values[updated(parameter)])
    )
    title, write = f"E as a function of {parameter}, all other parameters fixed", partial(write_number, digits=digits)
    if not isfinite(now):
        return Picture(
            title, parameter, sentences=(f"{parameter} is {write(now)}: there is no curve to draw around it.",)
        )
    step = new - now
    reach = max(_LEAST, _SHARE * abs(now), _STEPS * abs(step) if isfinite(step) else 0.0) / zoom
    x = now + reach * np.linspace(-1.0, 1.0, _POINTS + 1)
    y = compute_losses_over(exact, at, round_, parameter, np.append(x, [now, new]))
    true = float(NumpyEngine(exact, "float64").evaluate(at, round_)[gradient(parameter)])
    before, after = map(float, y[-2:])
    curve = PlottedCurve("E", x, y[:-2])
    marks = (Mark(AFTER, new, after), Mark(NOW, now, before))
    sentences = (
        _describe_slope(network, spec.gradient, parameter, own, true, now, digits),
        *_describe_kink(network, values, parameter),
        _describe_step(spec, parameter, now, new, own, digits),
        _describe_loss(spec, network, values, exact, at, round_, (before, after), own * step, digits),
    )
    return Picture(title, parameter, (curve,), marks, StraightLine(now, before, own), sentences)


def compute_losses_over(spec: Spec, state: Floats, round_: int, parameter: str, values: Floats) -> Floats:
    """Return the loss of a round for some values of one parameter, an array of shape (values,) in float64.

    Args:
        spec: The problem.
        state: The state, whose other numbers stay as they are, of shape (state,).
        round_: The number of the round, which says which samples count.
        parameter: The parameter.
        values: Its values, of shape (values,).
    """
    states = np.repeat(state.astype(np.float64)[:, None], len(values), axis=1)
    for place in _places(spec.network_of(round_), parameter):
        states[place] = values
    return np.array(np.broadcast_to(evaluate_forward(spec, states, round_)["E"], len(values)), np.float64)


def _places(network: Network, parameter: str) -> list[int]:
    """Return the places of a parameter in the state; several of a bias that a layer shares."""
    if parameter not in network.biases:
        return [network.parameters.index(parameter)]
    own = [network.parameters.index(bias(neuron)) for neuron in network.neurons_with(parameter)]
    return sorted(own, key=lambda place: network.parameters[place] != parameter)


def _describe_slope(
    network: Network, rule: str, parameter: str, own: float, true: float, now: float, digits: int
) -> str:
    """Return the slope at the parameter's value, and if the gradient's rule gives another number, that it does."""
    write, label = partial(write_number, digits=digits), format_label(gradient(parameter))
    where = f"{NOW} At {parameter} = {write(now)}"
    if not isfinite(true) or not isfinite(own):
        return f"{where} the gradient {label} is {write(own)}: there is no line to draw."
    if isclose(own, true, rel_tol=_SAME, abs_tol=1e-12):
        return f"{where} the slope of the curve is {label} = {write(own)} (the straight line)."
    said = f'the gradient rule "{rule}" gives' if rule != CHAIN_RULE else "this round, with its rounded results, gives"
    return f"{where} {said} {label} = {write(own)} (the straight line); the slope of the curve is {write(true)}."


def _describe_kink(network: Network, values: Values, parameter: str) -> tuple[str, ...]:
    """Return that the curve has a kink where a weighted input that the parameter changes is at one."""
    if parameter in network.biases:
        first = list(network.neurons_with(parameter))
    else:
        first = [w.target for w in network.weights if w.name == parameter]
    number = next(place for place, layer in enumerate(network.layers) if first[0] in layer.neurons)
    later = [n for layer in network.layers[number + 1 :] for n in layer.neurons]
    at_kink = [
        of_sample(weighted_input(n), sample)
        for n in (*first, *later)
        for sample in network.samples or (0,)
        if not ACTIVATIONS[network.activation(n)].smooth and values.get(of_sample(weighted_input(n), sample)) == 0.0
    ]
    if not at_kink:
        return ()
    return (
        f"{at_kink[0]} is 0, where its activation has a kink: the curve may have a kink here too, and then no slope.",
    )


def _describe_step(spec: Spec, parameter: str, now: float, new: float, own: float, digits: int) -> str:
    """Return the step of the update, and where it is not −η times the gradient, what that would be."""
    write, label = partial(write_number, digits=digits), format_label(gradient(parameter))
    step, plain = new - now, -spec.step * own
    if not isfinite(new):
        return f"The update makes {parameter} {write(new)}."
    if spec.network.is_frozen(parameter):
        return f"The update leaves {parameter} at {write(now)}: biases are frozen."
    if new == now:
        return f"The update leaves {parameter} at {write(now)}."
    moved = f"The update moves {parameter} from {write(now)} to {write(new)} ({AFTER})"
    product = f"−η·{label} = −{write(spec.step)}·{write_factor(own, digits)} = {write(plain)}"
    rounding = _UNITS * float(np.finfo(spec.precision_of("numpy")).eps) * max(abs(now), abs(new))
    if isclose(step, plain, rel_tol=_SAME_STEP, abs_tol=rounding):
        return f"{moved}, by {product}."
    is_plain = spec.optimiser == DESCENT and not spec.weight_decay
    by = spec.optimiser + (" with weight decay" if spec.weight_decay else "")
    return f"{moved}, by {write(step)}{'' if is_plain else f' ({by})'}, not by {product}."


def _describe_loss(
    spec: Spec,
    network: Network,
    values: Values,
    exact: Spec,
    at: Floats,
    round_: int,
    ends: tuple[float, float],
    straight: float,
    digits: int,
) -> str:
    """Return what the step does to the loss: by itself, along the straight line, and with all others."""
    write = partial(write_number, digits=digits)
    over = f", the {spec.over_samples} over its {len(network.samples)} samples," if len(network.samples) > 1 else ""
    moved = at.copy()
    moved[: len(network.parameters)] = [float(values[updated(p)]) for p in network.parameters]
    every = float(evaluate_forward(exact, moved, round_)["E"])
    alone = describe_change(f"With this change alone, the round's E{over}", *ends, digits)
    return (
        f"{alone}; along the straight line it would change by {write(straight)}. "
        f"With all parameters updated it is {write(every)}."
    )
