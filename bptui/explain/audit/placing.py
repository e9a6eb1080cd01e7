"""Where printed values stand in a calculation: one printed under another name of a step stands for that step."""

from collections.abc import Iterable

from bptui.core.formulas.expr import Name
from bptui.core.quantities.printable import list_printable
from bptui.explain.calculation.calculation import Calculation


def place_names(calculation: Calculation, round_: int, printed: Iterable[tuple[int, str]]) -> dict[str, list[int]]:
    """Return which values are printed for which step of a round.

    Args:
        calculation: The calculation.
        round_: The round.
        printed: The values by their numbers and names.
    """
    found: dict[str, list[int]] = {}
    for number, name in printed:
        found.setdefault(name, []).append(number)
    names = {step.name: step for step in calculation.steps(round_)}
    known = list_printable(calculation.network_of(round_))
    scale = calculation.reading.scale
    for name in list(found):
        expr = names[name].expr if name in names else known.get(name)
        of = expr.name if isinstance(expr, Name) else ""
        if of in names and of not in found and scale(name) == scale(of):
            found[of] = found.pop(name)
    return found
