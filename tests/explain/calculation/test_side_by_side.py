"""Sets of changes that differ in given numbers alone have the same numbers side by side as one by one, bit by bit."""

import numpy as np
import pytest

from bptui.core.problem.spec import Spec
from bptui.core.quantities.printable import list_printable
from bptui.explain.calculation.calculation import Calculation
from bptui.explain.calculation.changes import Change, are_compatible
from bptui.explain.calculation.side_by_side import is_of_numbers, join
from bptui.explain.catalogue.catalogue import CATALOGUE
from bptui.explain.search.sheet_numbers import SheetNumbers
from tests.effort import mostly
from tests.misprints import figures_under
from tests.strategies import problem

TWO_SAMPLES = {
    "inputs": [[0.5, 0.3], [0.1, 0.9]],
    "targets": [[0.4], [0.8]],
    "weights": [0.2, -0.4, 0.5, 0.6, 0.1, -0.3],
    "biases": {"hidden": [0.1, 0.2], "output": [0.3], "update": "per neuron"},
}
TRAINING = {"step": 0.7, "rounds": 4, "optimiser": "adam"}
PROBLEMS = {
    "one sample": problem(),
    "momentum": problem(biases="per neuron", optimiser={"kind": "momentum", "momentum": 0.9}),
    "two samples": Spec.from_table({"network": TWO_SAMPLES, "training": TRAINING}),
    "one at a time": Spec.from_table({"network": TWO_SAMPLES, "training": {**TRAINING, "batch": "one at a time"}}),
}


@pytest.mark.parametrize("name", mostly(["one sample", "one at a time"], PROBLEMS))
@pytest.mark.parametrize("printed", [True, False], ids=["as printed", "in full"])
def test_every_change_has_the_same_numbers_beside_many_others_of_numbers_alone(name: str, printed: bool) -> None:
    spec = PROBLEMS[name]
    every = [change for row in CATALOGUE for change in row.options(spec)]
    of_numbers = [change for change in every if is_of_numbers(spec, change)][::5]
    names = list(list_printable(spec.network_of(2)))[::9]
    figures = figures_under(spec, (), [(round_, one) for round_ in (1, 2, 13) for one in names], 3)
    numbers, joined, places = SheetNumbers(figures), 0, range(len(figures))
    for rest in every[::3]:
        some = [one for one in of_numbers if are_compatible((rest, one))]
        together = join(spec, (rest,), [dict(one.settings) for one in some]) if some else None
        if together is None or not together.is_possible:
            continue
        found = numbers.calculate(together, places, printed)
        for at, one in enumerate(some):
            alone = numbers.calculate(Calculation(spec, (rest, one)), places, printed)
            column = {place: np.broadcast_to(values, len(some))[at] for place, values in found.items()}
            np.testing.assert_equal(column, alone, f"{rest.name}, {one.name}")
            joined += 1
    assert joined > 100


def test_what_alters_more_than_numbers_or_how_many_there_are_is_not_of_numbers() -> None:
    spec = problem(biases="per neuron")
    assert is_of_numbers(spec, Change("step", "", "", (("step", 0.3),)))
    assert is_of_numbers(spec, Change("given", "", "", (("biases_hidden", (0.1, 0.2)),)))
    assert not is_of_numbers(spec, Change("biases", "", "", (("biases_hidden", ()),)))
    assert not is_of_numbers(spec, Change("step", "", "", (("step", 0.3),), reading=(("shift", 1),)))
    assert not is_of_numbers(spec, Change("loss", "", "", (("loss", "squared error"),)))


def test_sets_in_single_precision_are_not_joined() -> None:
    single = Change("precision", "", "", (("precision", "float32"),))
    assert join(problem(), (single,), [{"step": 0.3}, {"step": 0.4}]) is None
