"""A small canvas of lines and text, for diagrams and curves.

A cell holds two by four dots, so dot coordinates are twice the columns and four times the rows, even where lines are
not drawn with dots. Lines that meet in a cell merge; text hides them. There is no plotting widget here because those
measured take 100 ms and more, and this is repainted at every key.
"""

from bptui.ui.drawing.lines import Line, Span
from bptui.ui.drawing.strokes import BRAILLE, Dash, Strokes


class Canvas:
    """Lines and text on a grid of cells.

    Args:
        width: Columns.
        height: Rows.
        strokes: What lines are drawn with.
    """

    def __init__(self, width: int, height: int, strokes: Strokes = BRAILLE) -> None:
        self.strokes = strokes
        self.width, self.height = max(width, 0), max(height, 0)
        self._dots: list[dict[int, tuple[int, str, str]]] = [{} for _ in range(self.height)]
        self._texts: list[dict[int, tuple[str, str, str]]] = [{} for _ in range(self.height)]

    def copy(self) -> "Canvas":
        """Return another canvas with the same content."""
        other = Canvas(0, 0, self.strokes)
        other.width, other.height = self.width, self.height
        other._dots, other._texts = [row.copy() for row in self._dots], [row.copy() for row in self._texts]
        return other

    def stroke(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        role: str = "",
        part: str = "",
        *,
        thick: int = 1,
        dash: Dash | None = None,
    ) -> None:
        """Draw a straight line between two dots.

        Args:
            start: Column and row of a dot.
            end: The other end.
            role: What the line is.
            part: What a click on it selects.
            thick: Its thickness in dots.
            dash: Length in dots of a dash and of the gap after it; None for a solid line.
        """
        for (x, y), bits in self.strokes.pen(start, end, thick, dash).items():
            if 0 <= x < self.width and 0 <= y < self.height:
                row = self._dots[y]
                row[x] = ((row[x][0] if x in row else 0) | bits, role, part)

    def is_free(self, x: int, y: int, width: int) -> bool:
        """Whether a row of cells lies on the canvas and holds no text."""
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
        """Return the canvas as lines; neighbouring cells of one role and part become one span."""
        return [self._line(dots, texts) for dots, texts in zip(self._dots, self._texts, strict=True)]

    def _line(self, dots: dict[int, tuple[int, str, str]], texts: dict[int, tuple[str, str, str]]) -> Line:
        signs = self.strokes.characters
        cells = {x: (signs[bits], role, part) for x, (bits, role, part) in dots.items()} | texts
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
        return tuple(Span("".join(text), role, part) for text, role, part in pieces)
