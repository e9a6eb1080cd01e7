"""A small canvas of braille dots and text, for diagrams and curves.

A cell holds two by four dots, so coordinates of dots are twice the columns and four times the rows. Dots that meet in
a cell merge; text hides dots. Drawn here rather than by a plotting widget because those measured take 100 ms and more
for what has to be repainted at every key.
"""

from functools import lru_cache

from bptui.ui.lines import Line, Span

_BRAILLE = 0x2800
_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


class Canvas:
    """Dots and text on a grid of cells."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = max(width, 0), max(height, 0)
        self._dots: list[dict[int, tuple[int, str, str]]] = [{} for _ in range(self.height)]
        self._texts: list[dict[int, tuple[str, str, str]]] = [{} for _ in range(self.height)]

    def dot(self, x: int, y: int, role: str = "", part: str = "") -> None:
        """Set one dot; dots outside the canvas are dropped."""
        if 0 <= x < 2 * self.width and 0 <= y < 4 * self.height:
            self._merge(x // 2, y // 4, _BITS[y % 4][x % 2], role, part)

    def _merge(self, x: int, y: int, bits: int, role: str, part: str) -> None:
        row = self._dots[y]
        row[x] = ((row[x][0] if x in row else 0) | bits, role, part)

    def stroke(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        role: str = "",
        part: str = "",
        *,
        thick: int = 1,
        dash: int = 0,
    ) -> None:
        """A straight line between two dots.

        Args:
            start: Column and row of a dot.
            end: The other end.
            role: What the line is.
            part: What a click on it selects.
            thick: Its thickness in dots.
            dash: Length in dots of a dash and of the gap after it; 0 for a solid line.
        """
        for (x, y), bits in _stroke(start, end, thick, dash).items():
            if 0 <= x < self.width and 0 <= y < self.height:
                self._merge(x, y, bits, role, part)

    def is_free(self, x: int, y: int, width: int) -> bool:
        """Whether a stretch of cells lies on the canvas and holds no text."""
        inside = 0 <= y < self.height and x >= 0 and x + width <= self.width
        return inside and not any(column in self._texts[y] for column in range(x, x + width))

    def text(self, x: int, y: int, text: str, role: str = "", part: str = "") -> None:
        """Write text into cells; what lies outside the canvas is dropped."""
        if 0 <= y < self.height:
            row = self._texts[y]
            for column, sign in enumerate(text, x):
                if 0 <= column < self.width:
                    row[column] = (sign, role, part)

    def lines(self) -> list[Line]:
        """The canvas as lines, neighbours alike joined to one span."""
        return [self._line(dots, texts) for dots, texts in zip(self._dots, self._texts, strict=True)]

    def _line(self, dots: dict[int, tuple[int, str, str]], texts: dict[int, tuple[str, str, str]]) -> Line:
        cells = {x: (chr(_BRAILLE + bits), role, part) for x, (bits, role, part) in dots.items()} | texts
        pieces: list[tuple[list[str], str, str]] = []
        end = 0
        for x in sorted(cells):
            if x > end:
                pieces.append(([" " * (x - end)], "", ""))
            sign, role, part = cells[x]
            if pieces and pieces[-1][1:] == (role, part):
                pieces[-1][0].append(sign)
            else:
                pieces.append(([sign], role, part))
            end = x + 1
        if end < self.width:
            pieces.append(([" " * (self.width - end)], "", ""))
        return tuple(Span("".join(signs), role, part) for signs, role, part in pieces)


@lru_cache(maxsize=1024)
def _stroke(start: tuple[float, float], end: tuple[float, float], thick: int, dash: int) -> dict[tuple[int, int], int]:
    """The dots of a line, cell by cell; a network's lines are the same round after round."""
    (x0, y0), (x1, y1) = start, end
    cells: dict[tuple[int, int], int] = {}
    count = max(int(max(abs(x1 - x0), abs(y1 - y0))), 1)
    for step in range(count + 1):
        if dash and step // dash % 2:
            continue
        x, y = round(x0 + (x1 - x0) * step / count), round(y0 + (y1 - y0) * step / count) - (thick - 1) // 2
        for layer in range(y, y + thick):
            cell = (x // 2, layer // 4)
            cells[cell] = cells.get(cell, 0) | _BITS[layer % 4][x % 2]
    return cells
