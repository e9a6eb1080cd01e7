"""The catalogue of changes: each of its rows changes what a problem says, and goes together with every other."""

from collections.abc import Iterator
from dataclasses import fields, replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.problem.spec import Spec
from bptui.core.quantities.printable import list_printable
from bptui.explain.calculation.calculation import Calculation
from bptui.explain.calculation.changes import Change, Reading, apply_changes, are_compatible, make_reading
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.torch_values import TorchValues
from bptui.explain.catalogue.catalogue import CATALOGUE, CHANGE_KINDS, CatalogueRow
from bptui.explain.search import sheet_search
from bptui.explain.search.evidence import Evidence
from tests.effort import each_once, examples
from tests.misprints import explain_figures, figures_under
from tests.strategies import BIASES, problem, tables

SIZES = ((1, 1, 1), (2, 2, 2), (3, 1, 2), (1, 2, 3), (3, 2, 3))
ROWS = pytest.mark.parametrize("row", CATALOGUE, ids=[row.kind for row in CATALOGUE])
PROBLEMS = [problem(size, biases=biases) for size in SIZES for biases in BIASES]
USUAL = problem(biases="shared")
_OF_FEW = ("over samples", "batch", "optimiser", "decay", "penalty")  # rows that do not apply to most problems
WIDE = replace(
    USUAL,
    inputs=((0.3, 0.8), (0.6, 0.2), (0.9, 0.4)),
    targets=((0.2, 0.7), (0.6, 0.3), (0.1, 0.9)),
    bias_update="per neuron",
    over_samples="mean",
    optimiser="adam",
    weight_decay=0.1,
)
_ALIKE = ("activation", "loss", "sigmoid", "derivative", "path")  # rows some of whose options may mean the same


def all_options(spec: Spec) -> Iterator[Change]:
    for row in CATALOGUE:
        yield from row.options(spec)


# --- of every row ---


@given(tables().map(Spec.from_table), st.booleans())
@examples(40)
def test_every_option_of_any_problem_is_another_problem_that_can_be_or_another_reading_or_formula(
    spec: Spec, float_: bool
) -> None:
    options = list(all_options(replace(spec, precision="float32") if float_ else spec))
    for change in options:
        after = apply_changes(spec, [change])
        assert after != spec or make_reading([change]) != Reading() or change.alters_steps or float_
        assert Spec.from_table(after.to_table()) == after
        assert change.kind in CHANGE_KINDS and change.name.strip() and change.about.strip() and change.weight > 0
        assert {name for name, _ in change.settings} <= {field.name for field in fields(Spec)}
        assert {name for name, _ in change.reading} <= {field.name for field in fields(Reading)}
        assert not (change.alters_steps and change.settings)
        assert are_compatible([change])
    done = {(change.settings, change.reading, change.renamed, change.edits, change.rewrite) for change in options}
    assert len(done) == len(options)


@ROWS
def test_options_of_a_row_have_its_kind_and_names_of_their_own(row: CatalogueRow) -> None:
    for spec in PROBLEMS:
        options = list(row.options(spec))
        assert {change.kind for change in options} <= {row.kind}
        assert len({change.name for change in options}) == len({change.about for change in options}) == len(options)


def test_an_option_of_an_edit_alters_steps_that_the_problem_has_by_numbers_that_it_has() -> None:
    for spec in PROBLEMS:
        steps = {step.name: step.expr for step in Calculation(spec).steps(1)}
        for change in all_options(spec):
            assert all(name in steps and steps[name] != expr for name, expr in change.edits), change.name
            assert Calculation(spec, (change,)).is_possible


@pytest.mark.parametrize("spec", [problem((1, 1, 1)), USUAL], ids=["1-1-1", "2-2-2"])
def test_of_two_changes_that_go_together_it_does_not_matter_which_is_made_first(spec: Spec) -> None:
    for one, other in combinations(all_options(spec), 2):
        if one.kind != other.kind and are_compatible((one, other)):
            assert apply_changes(spec, (one, other)) == apply_changes(spec, (other, one))
            assert make_reading((one, other)) == make_reading((other, one))


@each_once(size=SIZES, biases=BIASES)
def test_every_option_can_be_calculated_for_networks_of_any_size(size: tuple[int, int, int], biases: str) -> None:
    spec = problem(size, biases=biases)
    evidence = Evidence([Figure(spec, 2, "E", "0.1")], TorchValues())
    before = evidence.values_in_round(2)
    assert set(before) == set(list_printable(spec.network))
    for change in all_options(spec):
        found = evidence.values_in_round(2, (change,))
        assert set(found) == set(list_printable(apply_changes(spec, [change]).network)), change.name
        assert all(np.isfinite(value) for value in found.values())


@ROWS
def test_every_option_changes_a_number_that_is_printed(row: CatalogueRow) -> None:
    """Some activations, losses and derivatives mean the same here; of every other row it is all options."""
    spec = WIDE if row.kind in _OF_FEW else USUAL
    spec = replace(spec, activation_hidden="torch.sigmoid") if row.kind == "sigmoid" else spec
    if row.kind == "hidden step":
        spec = problem((2, 3, 2, 2))
    if row.kind in ("softmax", "mean"):
        spec = problem((2, 2, 3), "softmax", "categorical cross entropy")
    if row.kind == "hidden step":
        spec = problem((2, 2, 2, 2))
    if row.kind == "order":
        spec = replace(spec, biases_hidden=(0.02, 0.04), biases_output=(0.06, 0.08), bias_update="per neuron")
    places = [(3, name) for name in list_printable(spec.network)]
    digits = 17 if row.kind == "sigmoid" else 15
    stated = [figure.printed for figure in figures_under(spec, (), places, digits)]
    options = list(row.options(spec))
    same = [o.name for o in options if [f.printed for f in figures_under(spec, [o], places, digits)] == stated]
    assert options
    assert len(same) < len(options) if row.kind in _ALIKE else not same


@ROWS
def test_the_order_of_a_rows_options_is_always_the_same(row: CatalogueRow) -> None:
    assert list(row.options(USUAL)) == list(row.options(USUAL))


def test_only_conventions_are_called_so() -> None:
    """What leaves every line right that a person may write down, under a name or sign of its own."""
    legitimate = {change.name for change in all_options(USUAL) if change.convention}
    assert legitimate == {
        "rounds counted from 0",
        "digits cut off",
        "slopes counted the other way",
        "biases are weights of an input of −1",
        "biases subtracted",
        "slopes of squared error",
        "slopes of half mean squared error",
    }


# --- of a row to come ---


def test_a_row_that_is_added_is_found_by_the_search_without_another_word(monkeypatch: pytest.MonkeyPatch) -> None:
    def options(spec: Spec) -> Iterator[Change]:
        inputs = (tuple(value * value for value in spec.inputs[0]),)
        yield Change("inputs", "inputs squared", "the inputs were squared", (("inputs", inputs),))

    spec = problem()
    (change,) = options(spec)
    figures = figures_under(spec, [change], [(1, "in_h1"), (1, "in_h2"), (1, "dE_dw1"), (3, "h1")], 9)
    assert not any(len(group.best.explains) == len(figures) for group in explain_figures(figures, 1).groups)
    monkeypatch.setattr(sheet_search, "CATALOGUE", (*CATALOGUE, CatalogueRow("inputs", options)))
    (group,) = explain_figures(figures, 1).groups
    assert group.best.changes == (change,) and group.figures == (0, 1, 2, 3) and group.sure
