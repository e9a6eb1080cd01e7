"""A bordered widget that paints lines with meaning, each as one strip, cached until the line changes.

Textual's line interface alone costs half as much as a static text widget, and a fifth of a table, but it makes six
strips of every line: a quarter of a key's time. So rows are made here, and only the borders at their sides come from
it.
"""

from typing import Self

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.filter import ANSIToTruecolor
from textual.geometry import Region, Size, Spacing
from textual.strip import Strip
from textual.widget import Widget

from bptui.ui.drawing.lines import FIELD_ROLES, Line, Span
from bptui.ui.textual_private import mark_changed

_LEAST_CUT = 8  # columns; cutting off fewer costs more time than it saves
_VISIBLE_ON_SPACES = {"selected", "lit", *FIELD_ROLES}


class LinesWidget(Widget):
    """A widget that shows the ``_lines`` from ``_top`` on; whoever changes them calls ``refresh``."""

    def __init__(self, id: str | None = None) -> None:
        self._lines: list[Line] = []
        self._top = 0
        self._styles: dict[str, Style] = {}
        self._rows: list[Strip | None] = []
        self._sides: list[list[Segment]] = []
        super().__init__(id=id)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the rows of the widget in a region of it; see ``Widget.render_lines``.

        During a resize of the terminal, the region may exceed the widget: rows beyond it are blank.
        """
        width, height = self.outer_size
        if len(self._rows) != height:
            self._rows = [None] * height
        if None in self._rows:
            self._paint(range(crop.y, min(crop.bottom, height)), width, self.gutter, self.content_size)
        strips = [row for row in self._rows[crop.y : crop.bottom] if row is not None]
        if crop.column_span != (0, width):
            strips = [strip.crop(*crop.column_span).adjust_cell_length(crop.width) for strip in strips]
        return strips + [Strip.blank(crop.width)] * (crop.height - len(strips))

    def _paint(self, wanted: range, width: int, gutter: Spacing, room: Size) -> None:
        """Make the missing rows: those of the border, and lines between the borders at their sides."""
        changes = [change for change in self.get_line_filters() if not isinstance(change, ANSIToTruecolor)]
        for y in wanted:
            if self._rows[y] is not None:
                continue
            if not gutter.top <= y < gutter.top + room.height:
                self._rows[y] = super().render_lines(Region(0, y, width, 1))[0]
                continue
            if not self._sides:
                edge = super().render_lines(Region(0, y, width, 1))[0]
                self._sides = [list(edge.crop(0, gutter.left)), list(edge.crop(width - gutter.right))]
            segments = self._segments(y - gutter.top + self._top, room.width)
            row = Strip([*self._sides[0], *segments, *self._sides[1]], width)
            for change in changes:
                row = row.apply_filter(change, self.background_colors[1])
            self._rows[y] = row

    def render_line(self, y: int) -> Strip:
        """Return one visible line; see Textual's line interface."""
        room = self.content_size.width
        return Strip(self._segments(y + self._top, room), room)

    def _segments(self, number: int, room: int) -> list[Segment]:
        """Return a line, padded or cropped, in as few pieces as look the same: each costs bytes and time."""
        pieces: list[tuple[str, list[str]]] = []
        spans = self._lines[number] if number < len(self._lines) else ()
        width = count_columns(spans)
        for text, role, _ in (*spans, Span(" " * (room - width))):
            last, texts = pieces[-1] if pieces else (None, [])
            if role == last or (text.isspace() and self._is_plain(last) and self._is_plain(role)):
                texts.append(text)
            elif len(texts) == 1 and texts[0].isspace() and self._is_plain(last) and self._is_plain(role):
                pieces[-1] = (role, [*texts, text])
            elif text:
                pieces.append((role, [text]))
        segments = [Segment("".join(texts), self._style(role)) for role, texts in pieces]
        return segments if width <= room else list(Strip(segments, width).crop(0, room))

    def _is_plain(self, role: str | None) -> bool:
        """Whether a space looks the same in this role as without a role."""
        return role is not None and role not in _VISIBLE_ON_SPACES

    def _style(self, role: str) -> Style:
        """Return the style of a role; cached, because every span of every line needs it."""
        if role not in self._styles:
            mine, screen = self.rich_style, self.screen
            named = screen.get_component_rich_style(f"panel--{role}") if role else mine
            on_screen = named.bgcolor == screen.rich_style.bgcolor
            self._styles[role] = named + Style(bgcolor=mine.bgcolor) if on_screen else named
        return self._styles[role]

    def notify_style_update(self) -> None:
        """Drop cached styles and rows, as the theme may have changed."""
        self._styles.clear()
        self._clear_rows()
        super().notify_style_update()

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Repaint some regions, or everything; see ``Widget.refresh``.

        Regions are passed to the screen at once. Otherwise each panel would wait for a message to itself and then send
        one to the screen, which takes a quarter of the time from a key to its picture.
        """
        if not regions or not self.is_mounted:
            self._clear_rows()
            return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        top = self.gutter.top
        for region in regions:
            for y in region.line_range:
                self._rows[y + top : y + top + 1] = [None]
        mark_changed(self, regions)
        self.screen.check_idle()
        return self

    def _clear_rows(self) -> None:
        self._rows.clear()
        self._sides.clear()


def find_last_change(old: Line, new: Line, room: int) -> int:
    """Return how many columns from the left hold all differences of two lines; ``room`` if the equal rest is short."""
    alike = 0
    for before, after in zip(reversed(old), reversed(new), strict=False):
        if before != after:
            break
        alike += 1
    width = count_columns(new[: len(new) - alike])
    is_much = room - width > _LEAST_CUT and width + count_columns(new[len(new) - alike :]) == count_columns(old)
    return width if is_much else room


def count_columns(spans: Line) -> int:
    """Return how many columns some spans fill; numbers, which hardly ever come again, are not looked up."""
    return sum([len(span.text) if _is_plain(span.text) else cell_len(span.text) for span in spans])


def _is_plain(text: str) -> bool:
    """Whether each character surely fills one column."""
    return text.isascii() and text.isprintable()
