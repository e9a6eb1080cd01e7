"""The picture of one quantity over the rounds so far.

Of a long run rounds are chosen that lie evenly on a logarithmic axis; what happens between two of them is not drawn,
and the sentence under the picture says how many were computed.
"""

from functools import partial
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from bptui.core.engines.engine import Floats, NumpyEngine
from bptui.core.formulas.backprop import name_quantities
from bptui.core.formulas.names import delta, gradient, weighted_input
from bptui.core.problem.spec import Spec
from bptui.core.quantities.parts import describe
from bptui.core.quantities.sample_names import find_full_name
from bptui.core.training.all_samples import evaluate_all_samples
from bptui.core.training.history import History
from bptui.derive.notations import format_label
from bptui.part_pictures.activation import NOW
from bptui.part_pictures.picture import Mark, Picture, PlottedCurve, write_number
from bptui.text.words import format_count

_MOST_ROUNDS = 2000
_MOST_NUMBERS = 2_000_000  # computed for a picture


def list_courses(spec: Spec, part: str) -> tuple[str, ...]:
    """Return the quantities of a part that have a picture over the rounds; none of an input, which never changes.

    Where rounds use other samples, gradients and deltas of two rounds are about different data, and have none.
    """
    network = spec.network
    if part in network.neurons:
        return (part, weighted_input(part), *([delta(part)] if spec.period == 1 else []))
    if part in network.parameters:
        return (part, *([gradient(part)] if spec.period == 1 else []))
    return ("E",) if part == "E" else ()


def choose_rounds(last: int, most: int, shown: int) -> NDArray[np.int64]:
    """Return rounds from 1 to the last, evenly on a logarithmic axis if there are too many, with the one shown."""
    if last <= most:
        return np.arange(1, last + 1)
    powers = np.floor(np.power(float(last), np.linspace(0.0, 1.0, most))).astype(np.int64)
    return np.unique(np.append(np.minimum(powers, last), [1, last, min(shown, last)]))


def choose_kept(history: History, rounds: NDArray[np.int64], shown: int) -> NDArray[np.int64]:
    """Return rounds that are kept, in place of those chosen; the one shown and both ends stay.

    Args:
        history: The run.
        rounds: The rounds chosen, rising.
        shown: The round that is shown.
    """
    staying = {1, int(rounds[-1]), shown}
    kept = [round_ if round_ in staying else history.find_kept(round_) for round_ in rounds.tolist()]
    return np.unique(np.array(kept, np.int64))


def picture_course(history: History, last: int, shown: int, quantity: str, sample: int, digits: int) -> Picture:
    """Return the curve of a quantity over the rounds.

    Args:
        history: The run; all rounds up to the last are computed.
        last: The last round to draw.
        shown: The round that is marked.
        quantity: One of ``list_courses``.
        sample: The sample, where there are several and the quantity belongs to one; else 0.
        digits: Significant digits of the numbers in sentences.
    """
    spec = history.spec
    network = spec.with_all_samples().network if spec.period > 1 else spec.network
    most = max(min(_MOST_ROUNDS, _MOST_NUMBERS // len(name_quantities(network))), 2)
    rounds = choose_kept(history, choose_rounds(last, most, shown), shown)
    name = find_full_name(network, sample, quantity)
    values = compute_course(history, rounds, name)
    label = format_label(name)
    at = float(values[int(np.searchsorted(rounds, shown))])
    # One number has no axis but a made-up one
    curves = (PlottedCurve("", rounds.astype(float), values),) if last > 1 else ()
    marks = (Mark(NOW, float(shown), at),) if last > 1 else ()
    other = " Each round uses different samples." if name == "E" and spec.period > 1 else ""
    said = describe(spec.network if name == "E" else network, name)
    sentences = (
        f"{label}: {said}.{other}",
        *_describe_course(label, rounds, values, shown, last, digits),
    )
    return Picture(f"{label} by round", "round", curves, marks, None, sentences, is_over_rounds=True)


def compute_course(history: History, rounds: NDArray[np.int64], name: str) -> Floats:
    """Return a quantity in some computed rounds, of shape (rounds,) in float64.

    Args:
        history: The run.
        rounds: The rounds, rising.
        name: The quantity, or a parameter.
    """
    spec = history.spec
    if name == "E":
        return np.array([history.loss(int(round_)) for round_ in rounds], np.float64)
    states = np.stack([history.state(int(round_)) for round_ in rounds], axis=1)
    if name in spec.network.parameters:
        return np.array(states[spec.network.parameters.index(name)], np.float64)
    evaluate = evaluate_all_samples if spec.period > 1 else _evaluate
    return np.array(np.broadcast_to(evaluate(spec, states, rounds)[name], len(rounds)), np.float64)


def _evaluate(spec: Spec, states: Floats, rounds: NDArray[np.integer]) -> dict[str, Floats]:
    return dict(NumpyEngine(spec).evaluate(states, rounds))


def _describe_course(
    label: str, rounds: NDArray[np.int64], values: Floats, shown: int, last: int, digits: int
) -> tuple[str, ...]:
    """Return a quantity's first, present and last number, and its lowest and highest."""
    write, place = partial(write_number, digits=digits), int(np.searchsorted(rounds, shown))
    if last == 1:
        return (f"Round 1: {write(values[0])}. There is only one round so far; a curve needs more.",)
    ends = f"Round 1: {write(values[0])}; round {last:,}: {write(values[-1])}."
    now = f"{NOW} round {shown:,}: {write(values[place])}. {ends}"
    known = [place for place, value in enumerate(values) if isfinite(value)]
    if not known:
        return (now, "None of these numbers is finite.")
    low, high = min(known, key=lambda p: values[p]), max(known, key=lambda p: values[p])
    some = f" of the {len(rounds):,} rounds computed for this picture" if len(rounds) < last else ""
    if values[low] == values[high] and len(known) == len(values):
        return (now, f"It is the same in all{some or ' rounds'}.")
    gaps = len(values) - len(known)
    lost = f" In {format_count(gaps, 'round')} it is not finite (×)." if gaps else ""
    return (
        now,
        f"Lowest{some}: {write(values[low])} in round {int(rounds[low]):,}; highest: {write(values[high])} in round "
        f"{int(rounds[high]):,}.{lost}",
    )
