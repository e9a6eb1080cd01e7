"""The table of a comparison: a line for each run, with its differing settings and its results, as far as they fit.

Its head stays in sight: it stands in place of the first line in sight, which scrolling brings out.
"""

from collections.abc import Sequence

from textual import events
from textual.content import Content

from bptui.compare.table import fit_columns, make_columns
from bptui.compare.view import View
from bptui.text.words import pad_cells
from bptui.ui.drawing.lines import CURVE_ROLES, Line, Span, make_line
from bptui.ui.widgets.panel import Panel

_MARK = 2  # columns before the first cell
_LEFT = 2  # cells that are aligned to the left


class OverviewPanel(Panel[View]):
    """A head, and a line for each run; the one under the cursor is highlighted."""

    def heading(self, frame: View) -> str:
        """See ``Panel.heading``."""
        return "½Σ(o − y)² by round; floor (lowest possible) and verdict: run's own loss"

    def focus_line(self, frame: View) -> int | None:
        """See ``Panel.focus_line``."""
        return frame.at + 1

    def footing(self, frame: View) -> Content:
        """Return the names of the columns that do not fit; see ``Panel.footing``."""
        found = make_columns(frame.rows)
        there = fit_columns(found, self._room.width - _MARK)
        left_out = [column.head for column in found if column not in there]
        return Content(f"hidden (widen the window): {', '.join(left_out)}" if left_out else "")

    def find_visible(self, height: int) -> Sequence[Line]:
        """Return the lines in sight, with the head in place of the first one."""
        visible = super().find_visible(height)
        return [*(self._lines or visible)[:1], *visible[1:]]

    def _choose_top(self, frame: View, height: int) -> int:
        """Return the first line in sight, so that the head does not stand over the run under the cursor."""
        top = super()._choose_top(frame, height)
        return max(top - (self.focus_line(frame) == top), 0)

    def on_click(self, event: events.Click) -> None:
        """Leave a click on the head."""
        at = event.get_content_offset(self)
        if at is not None and at.y == 0:
            event.prevent_default()

    def draw(self, frame: View, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        found = fit_columns(make_columns(frame.rows), width - _MARK)
        head = "  ".join(pad_cells(column.head, column.width, place < _LEFT) for place, column in enumerate(found))
        lines = [make_line(Span(" " * _MARK + head, "label"))]
        for place in range(len(frame.rows)):
            cells = [pad_cells(column.cells[place], column.width, i < _LEFT) for i, column in enumerate(found)]
            color = "dim" if place in frame.hidden else CURVE_ROLES[place % len(CURVE_ROLES)]
            rest = "selected" if place == frame.at else "dim" if place in frame.hidden else ""
            sign = "▸ " if place == frame.at else "○ " if place in frame.hidden else "● "
            text = "  " + "  ".join(cells[1:])
            lines.append(make_line(Span(sign + cells[0], color, str(place)), Span(text, rest, str(place))))
        return lines
