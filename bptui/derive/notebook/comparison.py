"""The cells of a notebook that calculate round 1 with autograd, and compare it with the round by hand.

What rounding may take apart is bounded here, for the numbers of the lesson: the notebook has no bounds of its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import isfinite
from typing import Any

import numpy as np

from bptui.core.engines.engine import NumpyEngine, collect_given
from bptui.core.engines.error_bounds import compute_bounds
from bptui.core.formulas.names import gradient
from bptui.core.formulas.rounding import NONE
from bptui.core.problem.initialisation import make_initial_state
from bptui.core.problem.spec import Spec
from bptui.derive.code_lines import break_line
from bptui.derive.notebook.cells import Cell, begin_round_1, collect_sources, describe_departure, make_section
from bptui.derive.numpy_program import list_trained
from bptui.derive.torch_program import write_gradients

_COMPARISON = """\
by_hand = [float(value) for value in by_hand]
differences = [abs(a - b) for a, b in zip(by_hand, by_autograd)]
for row in zip(names, by_hand, by_autograd, differences):
    print("{:10} by hand {:<24} by autograd {:<24} difference {:.1e}".format(*row))
print("largest difference:", np.max(differences))
agree = all(off <= most for off, most in zip(differences, tolerances))
print("by hand and by autograd agree:", agree)
"""


def explain_autograd(spec: Spec) -> Iterator[Cell]:
    """Yield the cells of the round with autograd, and of the comparison."""
    sources = collect_sources(spec, "torch")
    yield from make_section(
        "tensors",
        "The same in PyTorch",
        "The same numbers as tensors.",
        sources["imports"],
        sources["data"],
        sources["weights"],
    )
    by_autograd = break_line("by_autograd = [", f"{', '.join(['E.item()', *write_gradients(spec)])}]")
    yield from make_section(
        "autograd",
        "Gradients by autograd",
        "PyTorch needs only the forward pass: backward() applies the chain rule for you.",
        begin_round_1(sources),
        *(sources[part] for part in ("forward", "loss", "gradient")),
        "\n".join(by_autograd),
    )
    tolerances = _list_tolerances(spec)
    names = ", ".join(f'"{name}"' for name in tolerances)
    yield from make_section(
        "comparison",
        "Comparison",
        _introduce_comparison(spec, tolerances),
        "\n".join(break_line("names = [", f"{names}]")),
        "\n".join(break_line("tolerances = [", f"{', '.join(map(_round_up, tolerances.values()))}]")),
        _COMPARISON,
    )


def _introduce_comparison(spec: Spec, tolerances: Mapping[str, float]) -> str:
    kinds = " and ".join(dict.fromkeys(map(spec.precision_of, ("numpy", "torch"))))
    about = (
        f"A tolerance is the largest difference that rounding in {kinds} can cause; it holds for these numbers only."
    )
    if not all(map(isfinite, tolerances.values())):
        about += " It is inf where no such bound exists, as where a divisor may be 0; there, agreement says nothing."
    if departure := describe_departure(spec):
        both = spec.rounding != NONE and describe_departure(replace(spec, rounding=NONE))
        about += f" The two do not calculate the same, so they may differ by more.{departure} "
        about += f"Autograd does {'neither' if both else 'not do that'}."
    return about


def _list_tolerances(spec: Spec) -> dict[str, float]:
    """Return how far rounding may take the two calculations of round 1 apart, for E and each trained gradient.

    Where their precisions differ, what that does to the calculation by hand is measured, and added.
    """
    by_hand, by_autograd = replace(spec, rounding=NONE), spec.as_computed_by("torch")
    precision = spec.precision_of("torch")
    values = _compute_round_1(by_hand, precision)
    bounds = [
        compute_bounds(by_hand.network, values, precision),
        compute_bounds(by_autograd.network, _compute_round_1(by_autograd, precision), precision, by_autograd=True),
    ]
    own = _compute_round_1(by_hand, spec.precision_of("numpy"))
    names = ("E", *map(gradient, list_trained(spec.network)))
    return {name: abs(float(own[name]) - float(values[name])) + sum(found[name] for found in bounds) for name in names}


def _compute_round_1(spec: Spec, precision: str) -> dict[str, Any]:
    with np.errstate(all="ignore"):
        state = make_initial_state(spec).astype(precision)
        values = NumpyEngine(spec, precision).evaluate(state, 1)
        return {**collect_given(spec, state, 1), **values}


def _round_up(bound: float) -> str:
    """Return source for a bound, in two digits and no smaller."""
    return f"{1.06 * bound:.1e}" if isfinite(1.06 * bound) else "np.inf"
