"""The printed values of a lesson as a search takes them: in order of calculation, each with its own problem."""

from dataclasses import replace

from bptui.explain.sheets import list_figures
from bptui.lessons.lesson import Figures, load_lesson

PROBLEM = replace(load_lesson("mazur-2015"), figures=())


def test_values_are_in_order_of_calculation_with_the_problem_they_were_printed_for() -> None:
    changes = {"step": 0.25, "torch_precision": "float32", "gradient": "raw error"}
    lesson = replace(
        PROBLEM,
        figures=(
            Figures(3, "numpy", {"step": 0.25}, {"E": "0.1"}),
            Figures(1, "torch", changes, {"new_w1": "0.2", "h1": "0.3"}),
        ),
    )
    figures = list_figures(lesson)
    assert [(f.round, f.name, f.engine) for f in figures] == [
        (1, "h1", "torch"),
        (1, "new_w1", "torch"),
        (3, "E", "numpy"),
    ]
    assert [(f.spec.step, f.spec.precision, f.spec.gradient) for f in figures] == [
        *[(0.25, "float32", "chain rule")] * 2,
        (0.25, "float64", "chain rule"),
    ]


def test_tables_of_one_round_are_put_together_in_order_of_calculation() -> None:
    tables = ({"E": "0.1"}, {"o1": "0.2"}, {"h1": "0.3"})
    lesson = replace(PROBLEM, figures=tuple(Figures(2, "numpy", {}, printed) for printed in tables))
    assert [figure.name for figure in list_figures(lesson)] == ["h1", "o1", "E"]


def test_a_bare_point_stands_for_the_fewest_decimals_of_its_table() -> None:
    lesson = replace(PROBLEM, figures=(Figures(1, "numpy", {}, {"h1": "1.", "h2": "0.59", "o1": "0.751"}),))
    assert {figure.decimals for figure in list_figures(lesson)} == {2}
