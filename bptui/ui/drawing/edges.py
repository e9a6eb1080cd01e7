"""An edge of the network diagram: the line of one weight.

Its sign shows in its form, solid or dashed, besides its colour, and its size in its thickness, so both are readable
without colours.
"""

from functools import lru_cache
from math import isfinite
from typing import NamedTuple

from bptui.core.formulas.layers import Weight
from bptui.ui.drawing.canvas import Canvas
from bptui.ui.drawing.diagram import Diagram
from bptui.ui.drawing.nodes import draw_outlines
from bptui.ui.drawing.strokes import Strokes

_THICK = (0.5, 2.0)  # weights from which on a line is two and three dots thick
_DASHES = {"negative": (3, 1), "dim": (1, 3), "warning": (1, 1)}  # dots of a dash and of a gap; other lines are solid


class EdgeLook(NamedTuple):
    """How a weight's line looks.

    Attributes:
        weight: The weight.
        kind: The sign of its value, as a role.
        role: What it is in the drawing: selected, at work, or like others of its kind.
        thick: Its thickness in dots.
    """

    weight: Weight
    kind: str
    role: str
    thick: int


def choose_look(places: Diagram, weight: Weight, value: float, *, selected: bool, works: bool) -> EdgeLook:
    """Return how a weight's line looks.

    Args:
        places: The diagram that the weight belongs to.
        weight: The weight.
        value: Its value.
        selected: Whether it is the selected part; its line is thicker.
        works: Whether the last step used it.
    """
    kind = "warning" if not isfinite(value) else "dim" if value == 0 else "positive" if value > 0 else "negative"
    role = "accent" if selected else "flow" if works else kind
    thick = 1 + sum(abs(value) >= size for size in _THICK[places.is_crowded :]) + selected
    return EdgeLook(weight, kind, role, thick)


@lru_cache(maxsize=8)
def draw_edges(places: Diagram, strokes: Strokes, looks: tuple[EdgeLook, ...]) -> Canvas:
    """Draw the usual boxes and the lines between them, later ones over earlier ones; cached, as are the boxes."""
    canvas = draw_outlines(places, strokes).copy()
    for weight, kind, role, thick in looks:
        on, off = _DASHES.get(kind, (0, 0))
        # dashes are longer in a thick line, which would otherwise break into blocks
        dash = (on + 2 * (thick - 1), off) if off else None
        canvas.stroke(*places.edge_ends(weight), role, weight.name, thick=thick, dash=dash)
    return canvas


def draw_arrow(canvas: Canvas, places: Diagram, look: EdgeLook, flow: str) -> None:
    """Draw an arrow at the end of a weight's line at which something arrives.

    Args:
        canvas: Where to draw.
        places: The diagram that the weight belongs to.
        look: How its line looks.
        flow: Where it flows: "forward" or "backward".
    """
    start, end = places.edge_ends(look.weight)
    x, y = end if flow == "forward" else start
    canvas.text(x // 2, y // 4, canvas.strokes.arrows[flow], look.role, look.weight.name)
