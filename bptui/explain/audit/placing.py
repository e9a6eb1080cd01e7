"""Where printed values stand in a calculation: one printed under another name of a step stands for that step."""

from collections.abc import Iterable, Sequence

from bptui.core.formulas.expr import Name
from bptui.core.quantities.printable import list_printable
from bptui.explain.calculation.calculation import Calculation
from bptui.explain.calculation.steps import Step


def place_names(
    calculation: Calculation, steps: Sequence[Step], printed: Iterable[tuple[int, str]]
) -> dict[str, list[int]]:
    """Return which values are printed for which step of a round.

    Args:
        calculation: The calculation.
        steps: The steps of the round.
        printed: The values by their numbers and names.
    """
    found: dict[str, list[int]] = {}
    for number, name in printed:
        found.setdefault(name, []).append(number)
    names, known = {step.name: step for step in steps}, list_printable(calculation.network)
    scale = calculation.reading.scale
    for name in list(found):
        expr = names[name].expr if name in names else known.get(name)
        of = expr.name if isinstance(expr, Name) else ""
        if of in names and of not in found and scale(name) == scale(of):
            found[of] = found.pop(name)
    return found
