"""The numbers of a sheet are those of a calculation that runs every step of every round, to the last bit."""

from collections.abc import Sequence
from math import isfinite

import numpy as np
import pytest

from bptui.core.engines.program import run_line
from bptui.core.problem.spec import Spec
from bptui.core.quantities.printable import compute_values, list_printable
from bptui.explain.calculation.calculation import Calculation
from bptui.explain.calculation.figure import Figure
from bptui.explain.catalogue.catalogue import CATALOGUE
from bptui.explain.search.sheet_numbers import SheetNumbers
from tests.effort import mostly
from tests.misprints import figures_under
from tests.strategies import problem

PROBLEMS = {
    "one sample": problem(),
    "biases and momentum": problem(biases="per neuron", optimiser={"kind": "momentum", "momentum": 0.9}),
    "softmax": problem((2, 2, 3), loss="cross entropy"),
    "two samples": Spec.from_table(
        {
            "network": {
                "inputs": [[0.5, 0.3], [0.1, 0.9]],
                "targets": [[0.4], [0.8]],
                "weights": [0.2, -0.4, 0.5, 0.6, 0.1, -0.3],
            },
            "training": {"step": 0.7, "rounds": 4},
        }
    ),
    "one sample at a time": Spec.from_table(
        {
            "network": {
                "inputs": [[0.5, 0.3], [0.1, 0.9]],
                "targets": [[0.4], [0.8]],
                "weights": [0.2, -0.4, 0.5, 0.6, 0.1, -0.3],
            },
            "training": {"step": 0.7, "rounds": 4, "batch": "one at a time"},
        }
    ),
}


def run_all(calculation: Calculation, figures: Sequence[Figure], printed: bool) -> dict[int, float]:
    """The numbers of printed values by place, from every step of every round up to the last."""
    found, state, reading = dict[int, float](), calculation.start(), calculation.reading
    last = max(figure.round for figure in figures) + reading.shift
    for round_ in range(1, last + 1):
        here = [(place, one) for place, one in enumerate(figures) if one.round + reading.shift == round_]
        values = calculation.given(state, round_)
        kind, seen = type(values[calculation.network.state[0]]), set[str]()
        for name, line in calculation.lines(round_, own=not (printed and here)):
            value = values[name] = run_line(line, values)
            seen.add(name)
            for place, one in here:
                if one.name == name:
                    found[place] = float(value) * reading.scale(name)
                    number = float(one.digits.value)
                    if printed and isfinite(number):
                        values[name] = kind(number / reading.scale(name))
        network = calculation.network_of(round_)
        for place, one in here:
            if one.name not in seen and one.name in list_printable(network):
                value = compute_values(network, [one.name], values)[one.name]
                found[place] = float(value) * reading.scale(one.name)
        state = calculation.next_state(values, state)
    return found


@pytest.mark.parametrize("name", mostly(["one sample", "two samples"], PROBLEMS))
@pytest.mark.parametrize("printed", [True, False], ids=["as printed", "in full"])
def test_no_step_that_is_left_out_changes_a_number_under_any_change_of_the_catalogue(name: str, printed: bool) -> None:
    spec = PROBLEMS[name]
    places = [(round_, one) for round_ in (1, 2, 4) for one in list_printable(spec.network_of(round_))]
    figures = figures_under(spec, (), places, 3)
    numbers, tried = SheetNumbers(figures), 0
    for change in [change for row in CATALOGUE for change in row.options(spec)]:
        calculation = Calculation(spec, (change,))
        if not calculation.is_possible:
            continue
        with np.errstate(all="ignore"):
            expected = run_all(calculation, figures, printed)
        found = numbers.calculate(Calculation(spec, (change,)), range(len(figures)), printed)
        np.testing.assert_equal(found, {place: expected[place] for place in sorted(expected)}, change.name)
        few = range(tried % 3, len(figures), 7)  # and of some of them, with what lies between left out
        alone = numbers.calculate(Calculation(spec, (change,)), few, printed)
        np.testing.assert_equal(alone, {place: expected[place] for place in few if place in expected}, change.name)
        tried += 1
    assert tried > 20
