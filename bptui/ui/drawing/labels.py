"""Places weight labels in a network's diagram, so that each clearly belongs to its edge.

A label hides no box, no other label and no crossing. It lies on its edge, or beside a level one, preferably near the
source. It may end at its edge where it would hide other edges in the middle of it. Where names and numbers do not fit,
or would hide the edges, slanted edges have their names alone, and where these do not fit, no edge has a label.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import combinations

from bptui.core.formulas.layers import Weight
from bptui.record import record
from bptui.ui.drawing.diagram import Diagram
from bptui.ui.drawing.strokes import BRAILLE

_MOST_HIDDEN = 3  # cells of other edges that a label may cover
_BESIDE = 2  # columns between two labels
_FLAT = 1  # rows that an edge may rise to have its label beside it like a level one
_NAMES = 2  # the attempt with names alone
_NAMED = 12  # most edges between two columns that can be found by names alone
_ALONG = 0.3  # the best place along an edge for its label; for edges from one source, measured from the other end
_FAR_PENALTY, _HIDDEN_PENALTY, _TOUCHED_PENALTY, _ASIDE_PENALTY = (
    40.0,
    3.0,
    4.0,
    0.5,
)  # penalties of a place: see ``_Gap``


@record
class PlacedLabel:
    """The place of a weight's label."""

    x: int
    y: int
    width: int

    @property
    def cells(self) -> Iterator[tuple[int, int]]:
        """The cells it fills."""
        return ((x, self.y) for x in range(self.x, self.x + self.width))


@lru_cache(maxsize=64)
def place_labels(diagram: Diagram, weights: tuple[Weight, ...]) -> Mapping[str, PlacedLabel]:
    """Return the places of weight labels, by name: between two columns those of all weights, or none.

    A label as wide as its name has no room for a number.

    Args:
        diagram: The diagram.
        weights: The weights that are drawn.
    """
    found: dict[str, PlacedLabel] = {}
    for targets in (layer.neurons for layer in diagram.network.layers):
        gap = [w for w in weights if w.target in targets]
        for attempt in range(_NAMES + 1 if len(gap) <= _NAMED else 1):
            placed = _Gap(diagram, gap, found.values()).place_all(attempt)
            if len(placed) == len(gap):
                found |= placed
                break
    return found


class _Gap:
    """The edges between two columns, and the labels placed on them."""

    def __init__(self, diagram: Diagram, weights: Iterable[Weight], others: Iterable[PlacedLabel]) -> None:
        self._diagram = diagram
        self._weights = list(weights)
        self._cells = {w.name: frozenset(BRAILLE.pen(*diagram.edge_ends(w), 1, None)) for w in self._weights}
        self._crossings = frozenset(self._find_crossings())
        is_fan = len(self._weights) > 1 and len({w.source for w in self._weights}) == 1
        self._along = 1.0 - _ALONG if is_fan else _ALONG
        self._labels: dict[str, PlacedLabel] = {}
        self._filled: set[tuple[int, int]] = set(diagram.occupied_cells)
        for label in others:
            self._fill(label)

    def _find_crossings(self) -> Iterator[tuple[int, int]]:
        """Yield the cells around the crossings."""
        for one, other in combinations(self._weights, 2):
            (x0, y0), (x1, y1) = self._diagram.edge_ends(one)
            (_, v0), (_, v1) = self._diagram.edge_ends(other)
            if (y0 - v0) * (y1 - v1) < 0:
                along = (y0 - v0) / ((y0 - v0) - (y1 - v1))
                x, y = (x0 + along * (x1 - x0)) / 2, (y0 + along * (y1 - y0) + 0.5) / 4
                yield from ((int(x + dx), int(y)) for dx in (-1, 0, 1))

    def place_all(self, attempt: int = 0) -> dict[str, PlacedLabel]:
        """Place the labels, those of level edges first, as they have the least choice.

        Args:
            attempt: 0 for labels with numbers, 1 for names alone on slanted edges, 2 for names alone.
        """
        if attempt == 0 and self._would_hide_edges():
            return {}
        for weight in sorted(self._weights, key=lambda w: abs(self._rise(w))):
            rise, whole = abs(self._rise(weight)), len(weight.name) + 1 + self._diagram.label
            width = len(weight.name) if attempt >= 1 + (rise <= _FLAT) else whole
            best = min(self._candidates(weight, width), key=lambda one: one[0], default=None)
            if best is not None:
                self._labels[weight.name] = best[1]
                self._fill(best[1], _BESIDE - (attempt == _NAMES))
        return self._labels

    def _would_hide_edges(self) -> bool:
        """Whether labels with numbers would leave less than half of the rows between the columns for slanted edges."""
        slanted = [w for w in self._weights if abs(self._rise(w)) > _FLAT]
        ports = [self._diagram.boxes[name].port for w in slanted for name in (w.source, w.target)]
        return bool(slanted) and len(slanted) > 1 and 2 * len(slanted) > max(ports) - min(ports) - 1

    def _fill(self, label: PlacedLabel, beside: int = _BESIDE) -> None:
        """Take a label's cells and a margin beside it, so that no other label touches it."""
        self._filled.update((x, label.y) for x in range(label.x - beside, label.x + label.width + beside))

    def _rise(self, weight: Weight) -> int:
        boxes = self._diagram.boxes
        return boxes[weight.target].port - boxes[weight.source].port

    def _candidates(self, weight: Weight, width: int) -> Iterator[tuple[float, PlacedLabel]]:
        """Yield the possible places of a label, each with its penalty."""
        diagram = self._diagram
        others = frozenset[tuple[int, int]]().union(*(c for n, c in self._cells.items() if n != weight.name))
        for row, left, against in self._positions_near(weight, width):
            label = PlacedLabel(left, row, width)
            cells = set(label.cells)
            inside = 0 <= row < diagram.height and left >= 0 and left + width <= diagram.width
            if not inside or cells & self._filled or (width > len(weight.name) and cells & self._crossings):
                continue
            hidden = len(cells & others)
            if hidden <= _MOST_HIDDEN:
                touched = ((left - 1, row) in others) + ((left + width, row) in others)
                yield against + _HIDDEN_PENALTY * hidden + _TOUCHED_PENALTY * touched, label

    def _positions_near(self, weight: Weight, width: int) -> Iterator[tuple[int, int, float]]:
        """Yield rows and left ends near an edge: above or below a level one, otherwise on it."""
        (x0, y0), (x1, y1) = self._diagram.edge_ends(weight)
        left, right = x0 // 2, x1 // 2 + 1
        first, last = y0 // 4, y1 // 4
        if abs(first - last) <= _FLAT:
            upper = first < self._diagram.height / 2
            for below, row in enumerate((min(first, last) - 1, max(first, last) + 1)):
                for x in range(left, right - width + 1):
                    yield row, x, abs(x + width / 2 - (left + right) / 2) + below * (2 if upper else -2)
            return
        for row in range(min(first, last) + 1, max(first, last)):
            along = (row - first) / (last - first)
            on = left + along * (right - left)
            for x in range(int(on) - width + 1, int(on) + 1):
                yield row, x, _ASIDE_PENALTY * abs(x + width / 2 - on) + _FAR_PENALTY * abs(along - self._along)
