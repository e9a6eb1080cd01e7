"""A bordered widget that paints lines with meaning, each as one strip, cached until the line changes.

Textual's line interface alone costs half as much as a static text widget, and a fifth of a table, but it makes six
strips of every line: a quarter of a key's time. So rows are made here, and only the borders at their sides come from
it. What changed of a line can also be had as text for the terminal, without any strip; see ``terminal_rows``.
"""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Self

from rich.segment import Segment
from rich.style import Style
from textual.filter import ANSIToTruecolor
from textual.geometry import Region, Size, Spacing
from textual.strip import Strip

from bptui.ui.drawing.lines import Line
from bptui.ui.textual_private import mark_changed
from bptui.ui.widgets.painting.columns import fit_line
from bptui.ui.widgets.painting.terminal_rows import RowsScreen, RowsWidget, make_prefix


class LinesWidget(RowsWidget):
    """A widget that shows the ``_lines`` from ``_top`` on.

    Whoever changes lines calls ``show_changes``; whoever changes anything else calls ``refresh``.
    """

    def __init__(self, id: str | None = None) -> None:
        self._lines: list[Line] = []
        self._top = 0
        self._styles: dict[str, Style] = {}
        self._prefixes: dict[str, str] = {}
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
        lines = self.find_visible(room.height)
        for y in wanted:
            if self._rows[y] is not None:
                continue
            if not gutter.top <= y < gutter.top + room.height:
                self._rows[y] = super().render_lines(Region(0, y, width, 1))[0]
                continue
            if not self._sides:
                edge = super().render_lines(Region(0, y, width, 1))[0]
                self._sides = [list(edge.crop(0, gutter.left)), list(edge.crop(width - gutter.right))]
            segments = self._segments(lines[y - gutter.top], room.width)
            self._rows[y] = Strip([*self._sides[0], *segments, *self._sides[1]], width)

    def render_line(self, y: int) -> Strip:
        """Return one visible line; see Textual's line interface."""
        width, height = self.content_size
        return Strip(self._segments(self.find_visible(height)[y], width), width)

    def find_visible(self, height: int) -> Sequence[Line]:
        """See ``RowsWidget.find_visible``."""
        lines = self._lines[self._top : self._top + height]
        return lines + [()] * (height - len(lines))

    def _segments(self, line: Line, room: int) -> list[Segment]:
        """Return a line, padded or cropped, in as few pieces as look the same: each costs bytes and time."""
        pieces: list[tuple[str, list[str]]] = []
        for text, role, _ in fit_line(line, room):
            last, texts = pieces[-1] if pieces else (role, [])
            is_alike = self.is_plain(last) and self.is_plain(role)
            if texts and (role == last or (text.isspace() and is_alike)):
                texts.append(text)
            elif len(texts) == 1 and texts[0].isspace() and is_alike:
                pieces[-1] = (role, [*texts, text])
            elif text:
                pieces.append((role, [text]))
        return [Segment("".join(texts), self._style(role)) for role, texts in pieces]

    def _style(self, role: str) -> Style:
        """Return the style of a role; cached, because every span of every line needs it."""
        if role not in self._styles:
            segments = [Segment(" ", self.make_style(role))]
            for change in self.get_line_filters():  # such as that to no colours
                if not isinstance(change, ANSIToTruecolor):
                    segments = change.apply(segments, self.background_colors[1])
            self._styles[role] = segments[0].style or Style.null()
        return self._styles[role]

    def make_style(self, role: str) -> Style:
        """Return the style of a role in colours."""
        mine, screen = self.rich_style, self.screen
        named = screen.get_component_rich_style(f"panel--{role}") if role else mine
        on_screen = named.bgcolor == screen.rich_style.bgcolor
        return named + Style(bgcolor=mine.bgcolor) if on_screen else named

    def find_prefix(self, role: str) -> str:
        """See ``RowsWidget.find_prefix``."""
        if role not in self._prefixes:
            self._prefixes[role] = make_prefix(self._style(role), self.app.console)
        return self._prefixes[role]

    def notify_style_update(self) -> None:
        """Drop cached styles and rows, as the theme may have changed."""
        self._styles.clear()
        self._prefixes.clear()
        self._clear_rows()
        super().notify_style_update()

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Repaint everything; see ``Widget.refresh``."""
        self._clear_rows()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def show_changes(self, before: Sequence[Line], room: Size) -> None:
        """Have the visible rows painted whose lines have changed.

        The screen is told at once. Otherwise each panel would wait for a message to itself and then send one to the
        screen, which takes a quarter of the time from a key to its picture.

        Args:
            before: The lines in the visible rows before.
            room: The size that the lines now are drawn for.
        """
        after = self.find_visible(room.height)
        changed = {y: old for y, (old, new) in enumerate(zip_longest(before, after, fillvalue=())) if old != new}
        if not changed:
            return
        if not self.is_mounted:
            self.refresh()
            return
        first, last, top, screen = min(changed), max(changed), self.gutter.top, self.screen
        for y in changed:
            self._rows[y + top : y + top + 1] = [None]
        region = Region(0, first, room.width, last + 1 - first)
        mark_changed(self, region)
        if isinstance(screen, RowsScreen):
            screen.note_changes(self, changed, room, region)
        screen.check_idle()

    def _clear_rows(self) -> None:
        self._rows.clear()
        self._sides.clear()
