"""A step that nobody lists, solved for from the figures that it gave."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bptui.core.problem.spec import Spec
from bptui.explain.calculation.changes import Change
from bptui.explain.calculation.figure import Figure
from bptui.explain.catalogue.gradients import list_kept_gradients
from bptui.explain.catalogue.settings import make_step_change
from bptui.explain.catalogue.variants import list_added_updates
from bptui.explain.search.step_solver import solve_steps
from tests.misprints import figures_under
from tests.strategies import problem

SPEC = problem(biases="per neuron", step=1.0)


def steps(spec: Spec, figures: Sequence[Figure], *changes: Change) -> list[float]:
    return [dict(change.settings)["step"] for change in solve_steps(spec, changes, figures)]


def figures_at(
    step: float, *places: tuple[int, str], spec: Spec = SPEC, more: Sequence[Change] = ()
) -> Sequence[Figure]:
    return figures_under(spec, [make_step_change(step), *more], places, 7)


@pytest.mark.parametrize("step", [0.37, 0.0123, 1.9, 17.0])
@pytest.mark.parametrize("place", [(1, "new_w5"), (1, "change_w1"), (7, "E"), (7, "dE_dw1"), (20, "new_w3")])
def test_a_step_of_few_digits_is_found_from_one_figure_of_any_round(step: float, place: tuple[int, str]) -> None:
    assert step in steps(SPEC, figures_at(step, place))


@pytest.mark.parametrize("name", ["frozen", "shared", "per neuron"])
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_it_is_found_in_either_precision_and_with_any_biases(name: str, precision: str) -> None:
    spec = replace(problem(biases=name), precision=precision)
    assert 0.37 in steps(spec, figures_under(spec, [make_step_change(0.37)], [(7, "E")], 6))


@pytest.mark.parametrize("size", [(1, 1, 1), (3, 2, 3)])
def test_it_is_found_for_networks_of_any_size(size: tuple[int, int, int]) -> None:
    spec = problem(size)
    assert 0.37 in steps(spec, figures_at(0.37, (7, "E"), spec=spec))


def test_the_step_of_fewest_digits_that_gives_the_figure_is_named_and_its_digits_count() -> None:
    (change,) = solve_steps(SPEC, (), figures_at(0.37, (2, "E")))
    assert change == make_step_change(0.37, 2)
    assert change.weight == Change.weight + 2


def test_each_of_several_figures_is_solved_for() -> None:
    figures = [*figures_at(0.37, (7, "E")), *figures_at(0.53, (7, "o1"))]
    assert {0.37, 0.53} <= set(steps(SPEC, figures))


def test_figures_are_solved_for_as_they_are_read() -> None:
    turned = Change("sign", "", "", reading=(("turned", True),))
    later = Change("round", "", "", reading=(("shift", 1),))
    cut = Change("digits", "", "", reading=(("cut", True),))
    for change in (turned, later, cut):
        figures = figures_at(0.37, (7, "dE_dw1"), more=[change])
        assert 0.37 in steps(SPEC, figures, change)
        assert 0.37 not in steps(SPEC, figures) or change is cut


def test_figures_are_solved_for_beside_steps_that_were_calculated_otherwise() -> None:
    for change in (next(iter(list_added_updates(SPEC))), next(iter(list_kept_gradients(SPEC)))):
        figures = figures_at(0.37, (4, "new_w1"), more=[change])
        assert 0.37 in steps(SPEC, figures, change) and 0.37 not in steps(SPEC, figures)


@pytest.mark.parametrize(
    "figure",
    [
        Figure(SPEC, 1, "E", "0.12345"),
        Figure(SPEC, 1, "dE_dw1", "0.12345"),
        Figure(SPEC, 7, "E", "-5.0"),
        Figure(SPEC, 7, "E", "nan"),
        Figure(SPEC, 7, "E", "1e400"),
        Figure(SPEC, 7, "dE_dw99", "0.12345"),
    ],
    ids=["no step in it", "nor in this", "out of reach", "no number", "too large", "no such name"],
)
def test_there_is_no_step_for_a_figure_that_none_gives(figure: Figure) -> None:
    assert steps(SPEC, [figure]) == []


def test_there_is_no_step_before_the_first_round() -> None:
    earlier = Change("round", "", "", reading=(("shift", -1),))
    assert steps(SPEC, figures_at(0.37, (1, "new_w1")), earlier) == []


def test_the_problems_own_step_is_no_other() -> None:
    assert SPEC.step not in steps(SPEC, figures_at(SPEC.step, (7, "E")))
