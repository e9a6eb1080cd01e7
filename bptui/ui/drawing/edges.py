"""An edge of the network diagram: the line of one weight.

Its sign shows in its form, solid or dashed, besides its colour, and its size in its thickness, so both are readable
without colours.
"""

from math import isfinite

from bptui.core.formulas.layers import Weight
from bptui.ui.drawing.canvas import Canvas
from bptui.ui.drawing.diagram import Diagram

_THICK = (0.5, 2.0)  # weights from which on a line is two and three dots thick
_DASHES = {"negative": (3, 1), "dim": (1, 3), "warning": (1, 1)}  # dots of a dash and of a gap; other lines are solid


def draw_edge(
    canvas: Canvas, places: Diagram, weight: Weight, value: float, *, selected: bool, works: bool, flow: str
) -> None:
    """Draw a weight's line, with an arrow at the end that a flow arrives at.

    Args:
        canvas: Where to draw.
        places: The diagram that the weight belongs to.
        weight: The weight.
        value: Its value.
        selected: Whether it is the selected part; its line is thicker.
        works: Whether the last step used it.
        flow: "forward" or "backward" if something flows in the last step, else empty.
    """
    kind = "warning" if not isfinite(value) else "dim" if value == 0 else "positive" if value > 0 else "negative"
    role = "accent" if selected else "flow" if works else kind
    thick = 1 + sum(abs(value) >= size for size in _THICK[places.is_crowded :]) + selected
    start, end = places.edge_ends(weight)
    on, off = _DASHES.get(kind, (0, 0))
    # dashes are longer in a thick line, which would otherwise break into blocks
    dash = (on + 2 * (thick - 1), off) if off else None
    canvas.stroke(start, end, role, weight.name, thick=thick, dash=dash)
    if works and flow:
        x, y = end if flow == "forward" else start
        canvas.text(x // 2, y // 4, canvas.strokes.arrows[flow], role, weight.name)
