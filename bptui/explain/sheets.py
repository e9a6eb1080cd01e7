"""The printed values of a lesson, in order of calculation; those of one problem and engine make a sheet."""

from dataclasses import replace

from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.steps import list_calculated
from bptui.lessons.lesson import Lesson
from bptui.text.printed import find_decimals


def list_figures(lesson: Lesson) -> tuple[Figure, ...]:
    """Return a lesson's printed values, in order of calculation."""
    found: list[Figure] = []
    for entry in sorted(lesson.figures, key=lambda entry: entry.round):
        spec = lesson.spec_of(entry)
        alike = replace(
            spec.as_computed_by(entry.engine), precision=spec.precision_of(entry.engine), torch_precision="same"
        )
        order = {name: place for place, name in enumerate(list_calculated(spec.network))}
        names = sorted(entry.printed, key=lambda name: order.get(name, len(order)))
        decimals = find_decimals(entry.printed.values())
        found += [Figure(alike, entry.round, name, entry.printed[name], entry.engine, decimals) for name in names]
    return tuple(found)
