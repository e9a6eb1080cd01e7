"""Sheets as if calculated by hand: random problems whose numbers are printed, with slips of arithmetic in some."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal
from math import isfinite
from typing import Any

import numpy as np

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.losses import LOSSES
from bptui.core.problem.spec import Spec
from bptui.core.problem.tables import Table
from bptui.explain.calculation.calculation import Calculation
from bptui.explain.calculation.figure import Figure
from tests.misprints import as_printed
from tests.strategies import NEURON_ACTIVATIONS

FLOWS = ("full digits", "printed digits", "all rounded")
STYLES = ("decimals", "significant", "cut decimals", "cut significant", "python", "float32")
_SLOPES = ("sigmoid", "sigmoid", "sigmoid", "sigmoid", "tanh", "softplus")


@dataclass(frozen=True)
class Sheet:
    """Printed values, and the slips of arithmetic in them: their places, each with what should have been printed."""

    figures: tuple[Figure, ...]
    meant: Mapping[int, str]

    @property
    def slips(self) -> frozenset[int]:
        """The places of the slips."""
        return frozenset(self.meant)

    def units_off(self, place: int) -> int:
        """By how many units of its last digit a slip is off."""
        digits = self.figures[place].digits
        return round(abs(float(digits.value) - float(self.meant[place])) / (2.0 * digits.half))

    def name(self, places: Any) -> list[str]:
        """Round, name and digits of some places."""
        return [f"{f.round} {f.name} {f.printed}" for f in (self.figures[place] for place in sorted(places))]


def random_network(rng: random.Random, odd: bool = False) -> Spec:
    """A problem up to 4-4-3 as a textbook has it, its numbers with two digits.

    Args:
        rng: Chooses everything.
        odd: Allow zeros, numbers of one digit, dead neurons, shared biases, and any activation and loss.
    """
    d, q, l = rng.randint(1, 4), rng.randint(1, 4), rng.randint(1, 3)  # noqa: E741
    digits = rng.choice((1, 2)) if odd else 2

    def some(count: int, low: float, high: float) -> list[float]:
        return [0.0 if odd and rng.random() < 0.1 else round(rng.uniform(low, high), digits) for _ in range(count)]

    network: Table = {
        "inputs": some(d, 0.05, 1.0),
        "targets": some(l, 0.05, 0.95),
        "hidden": q,
        "weights": some(d * q + q * l, -0.9, 0.9),
        "activation": {"hidden": rng.choice((*_SLOPES, "relu")), "output": rng.choice(_SLOPES)},
        "numbering": rng.choice(("by source", "by destination")),
    }
    loss = rng.choice(("half squared error", "squared error", "mean squared error"))
    if odd:
        loss = rng.choice(tuple(LOSSES))
        network["activation"] = {"hidden": rng.choice(NEURON_ACTIVATIONS), "output": rng.choice(tuple(ACTIVATIONS))}
        if "entropy" in loss:
            network["activation"]["output"] = "softmax" if loss.startswith("categorical") else "sigmoid"
    if rng.random() < 0.5:
        update = rng.choice(("frozen", "per neuron", *["shared"] * odd))
        own = [some(n, -0.5, 0.5) if update != "shared" else some(1, -0.5, 0.5) * n for n in (q, l)]
        network["biases"] = {"hidden": own[0], "output": own[1], "update": update}
    return Spec.from_table({"network": network, "training": {"loss": loss, "step": rng.choice((0.1, 0.5, 1.0, 2.0))}})


def write_in(style: str, value: float, digits: int) -> str:
    """A number in one of ``STYLES``; with decimals, so many of them."""
    if style == "decimals":
        return f"{value:.{digits}f}"
    if style == "cut decimals":
        return f"{Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_DOWN):f}"
    if style in ("python", "float32"):
        return repr(float(value)) if style == "python" else str(np.float32(value))
    return as_printed(value, digits, cut=style == "cut significant")


def make_sheet(
    seed: str,
    flow: str,
    style: str,
    slips: int = 0,
    rounds: tuple[int, ...] = (1, 2),
    least: float = 0.5,
    odd: bool = False,
) -> Sheet:
    """Calculate a random problem by hand, step by step.

    Args:
        seed: Which one.
        flow: Which digits each line goes on with.
        style: How the numbers are printed.
        slips: In how many printed values one digit is another, and the rest goes on from it.
        rounds: The rounds that are printed; those before are calculated.
        least: Which part of the steps is printed at least; three of them at least, or one if it is 0.
        odd: See ``random_network``.
    """
    rng = random.Random(f"{flow} {style} {slips} {seed}")
    spec, digits = random_network(rng, odd), rng.choice((3, 4, 5, 6))
    if style == "float32":
        spec = replace(spec, precision="float32")
    calculation, kind = Calculation(spec), np.dtype(spec.precision).type
    names = [step.name for step in calculation.steps(1)]
    kept = set(
        rng.sample(names, max(3 if least else 1, int(len(names) * rng.uniform(least, 1.0) ** (1 if least else 3))))
    )
    wrong = set(rng.sample([(k, name) for k in rounds for name in names if name in kept], slips))
    state, figures, made = calculation.start(), list[Figure](), dict[int, str]()
    for round_ in range(1, rounds[-1] + 1):
        values = calculation.given(state, round_)
        for step in calculation.steps(round_):
            value: Any = np.asarray(step.compute(values), spec.precision)[()]
            text = write_in(style, float(value), digits)
            if not isfinite(float(value)):
                text = str(float(value))
            if step.name in kept and round_ in rounds:
                slip = _turn_a_digit(rng, text) if (round_, step.name) in wrong else text
                if float(slip) != float(text):
                    made[len(figures)] = text
                    value, text = kind(slip), slip
                figures.append(Figure(spec, round_, step.name, text))
                value = kind(text) if flow != "full digits" else value
            elif flow == "all rounded":
                value = kind(text)
            values[step.name] = value
        state = calculation.next_state(values, state)
    return Sheet(tuple(figures), made)


def _turn_a_digit(rng: random.Random, text: str) -> str:
    """Return a number with another digit in place of one, or as it is if it has no digit but zeros before it."""
    digits = text.partition("e")[0]
    first = next((at for at, sign in enumerate(digits) if sign in "123456789"), len(digits))
    places = [at for at, sign in enumerate(digits) if sign.isdigit() and at >= first]
    if not places:
        return text
    at = rng.choice(places)
    return text[:at] + rng.choice([digit for digit in "0123456789" if digit != text[at]]) + text[at + 1 :]
