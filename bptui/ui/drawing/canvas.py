"""A small canvas of lines and text, for diagrams and curves.

A cell holds two by four dots, so dot coordinates are twice the columns and four times the rows, even where lines are
not drawn with dots. Lines that meet in a cell merge; text hides them. There is no plotting widget here because those
measured take 100 ms and more, and this is repainted at every key.

A copy shares the rows of its original until a line is drawn in them, and with a row the spans that were made of it. So
a diagram of which only numbers change costs little more than its numbers.
"""

from collections.abc import Iterable
from itertools import pairwise

from bptui.ui.drawing.lines import Line, Span
from bptui.ui.drawing.strokes import BRAILLE, Dash, Strokes

_MOST_KEPT = 256  # stretches of a row of which spans are kept

Text = tuple[int, str, str, str]
"""The first column of a text, the text, its role and its part."""
_BLANK = (" ", "", "")  # a cell with nothing in it: its character, role and part


class _Row:
    """The lines of a row, and the texts over them, of which a later one hides an earlier one."""

    def __init__(self, dots: dict[int, tuple[int, str, str]], texts: tuple[Text, ...]) -> None:
        self.dots, self.texts = dots, texts
        self._kept: dict[tuple[int, int], Line] = {}

    def find_spans(self, start: int, end: int, strokes: Strokes) -> Line:
        """Return what is in some columns, from one to before another."""
        found = self._kept.get((start, end))
        if found is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            found = self._kept[start, end] = self.make_spans(start, end, strokes)
        return found

    def make_spans(self, start: int, end: int, strokes: Strokes, more: Iterable[Text] = ()) -> Line:
        """Return the same, with more texts over it; neighbouring cells of one role and part become one span."""
        signs = strokes.characters
        cells = {x: (signs[bits], role, part) for x, (bits, role, part) in self.dots.items()}
        for x, text, role, part in (*self.texts, *more):
            cells.update((column, (sign, role, part)) for column, sign in enumerate(text, x))
        spans, written, last, at = list[Span](), list[str](), "", ""
        for sign, role, part in [cells.get(x, _BLANK) for x in range(start, end)]:
            if written and (role != last or part != at):
                spans.append(Span("".join(written), last, at))
                written = []
            written.append(sign)
            last, at = role, part
        return (*spans, Span("".join(written), last, at)) if written else ()


def _extend(pieces: list[Span], spans: Line) -> None:
    """Append spans to pieces; the first is joined to the last piece if both have one role and part."""
    if pieces and pieces[-1][1:] == spans[0][1:]:
        pieces[-1] = pieces[-1]._replace(text=pieces[-1].text + spans[0].text)
        spans = spans[1:]
    pieces += spans


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
        self._rows = [_Row({}, ()) for _ in range(self.height)]
        self._own = set(range(self.height))  # rows that no copy shares
        self._texts: list[list[Text]] = [[] for _ in range(self.height)]  # over those of the rows

    def copy(self) -> "Canvas":
        """Return another canvas with the same content."""
        self._rows = [
            _Row(row.dots, (*row.texts, *texts)) if texts else row
            for row, texts in zip(self._rows, self._texts, strict=True)
        ]
        self._texts, self._own = [[] for _ in self._rows], set()
        other = Canvas(self.width, 0, self.strokes)
        other.height, other._rows, other._texts = self.height, self._rows.copy(), [[] for _ in self._rows]
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
                if y not in self._own:
                    self._own.add(y)
                    self._rows[y] = _Row(self._rows[y].dots.copy(), self._rows[y].texts)
                row = self._rows[y].dots
                row[x] = ((row[x][0] if x in row else 0) | bits, role, part)

    def is_free(self, x: int, y: int, width: int) -> bool:
        """Whether a row of cells lies on the canvas and holds no text."""
        if not (0 <= y < self.height and x >= 0 and x + width <= self.width):
            return False
        texts = (*self._rows[y].texts, *self._texts[y])
        return not any(start < x + width and x < start + len(text) for start, text, *_ in texts)

    def text(self, x: int, y: int, text: str, role: str = "", part: str = "") -> None:
        """Write text into cells; what lies outside the canvas is dropped."""
        if 0 <= y < self.height and (text := text[max(-x, 0) : max(self.width - x, 0)]):
            self._texts[y].append((max(x, 0), text, role, part))

    def lines(self) -> list[Line]:
        """Return the canvas as lines; neighbouring cells of one role and part become one span."""
        return [
            self._line(row, texts, y in self._own)
            for y, (row, texts) in enumerate(zip(self._rows, self._texts, strict=True))
        ]

    def _line(self, row: _Row, texts: list[Text], is_own: bool) -> Line:
        over = sorted(texts)
        if is_own or any(x + len(text) > after[0] for (x, text, *_), after in pairwise(over)):
            return row.make_spans(0, self.width, self.strokes, texts)
        pieces, end = list[Span](), 0
        for x, *text in over:
            if x > end:
                _extend(pieces, row.find_spans(end, x, self.strokes))
            _extend(pieces, (Span(*text),))
            end = x + len(text[0])
        if end < self.width:
            _extend(pieces, row.find_spans(end, self.width, self.strokes))
        return tuple(pieces)
