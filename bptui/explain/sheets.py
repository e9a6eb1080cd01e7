"""The printed values of a lesson, in order of calculation; those of one problem and engine make a sheet."""

from dataclasses import replace

from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.steps import list_calculated
from bptui.lessons.lesson import Lesson
from bptui.text.printed import find_decimals


def list_figures(lesson: Lesson) -> tuple[Figure, ...]:
    """Return a lesson's printed values, in order of calculation."""
    found: list[tuple[int, int, Figure]] = []
    for entry in lesson.figures:
        spec = lesson.spec_of(entry)
        alike = replace(
            spec.as_computed_by(entry.engine), precision=spec.precision_of(entry.engine), torch_precision="same"
        )
        order = {name: place for place, name in enumerate(list_calculated(spec.network_of(entry.round)))}
        decimals = find_decimals(entry.printed.values())
        for name, printed in entry.printed.items():
            figure = Figure(alike, entry.round, name, printed, entry.engine, decimals)
            found.append((entry.round, order.get(name, len(order)), figure))
    return tuple(figure for *_, figure in sorted(found, key=lambda one: one[:2]))
