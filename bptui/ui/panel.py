"""The base of all panels: paints the lines a frozen value is drawn as, and only those that changed.

A subclass writes one pure method, ``draw``, and says what it draws: the stepper's panels a ``Frame``. Painting goes
through Textual's line interface, which costs about half of what a static text widget does and a fifth of a table.
"""

from itertools import islice, zip_longest
from typing import Generic, Self, TypeVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.content import Content
from textual.filter import ANSIToTruecolor
from textual.geometry import Region, Size, Spacing
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from bptui.text import plain
from bptui.ui.lines import Line, Span, part_at

Shown = TypeVar("Shown")
_MUCH = 8  # columns; to cut them off costs some time
_SEEN_ON_SPACES = {"selected", "lit"}


class Panel(Widget, Generic[Shown], can_focus=False):
    """A bordered box of lines; where there are more lines than rows, its lower edge says which are shown."""

    DEFAULT_CSS = """
    Panel {
        border: round $panel-lighten-2;
        border-title-color: $text-muted;
        background: $background;
        border-subtitle-color: $text-muted;
    }
    """

    frame: reactive[Shown | None] = reactive(None, repaint=False)

    class Selected(Message):
        """The user pointed at a part of the network."""

        def __init__(self, part: str) -> None:
            super().__init__()
            self.part = part

    def __init__(self, title: str = "", id: str | None = None) -> None:
        self._styles: dict[str, Style] = {}
        self._rows: list[Strip | None] = []
        self._sides: list[list[Segment]] = []
        super().__init__(id=id)
        self._title = title
        self._heading = ""
        self._footing = (Content(), "")
        self._lines: list[Line] = []
        self._room = Size()
        self._top = 0
        self._seen: int | None = None

    def heading(self, frame: Shown) -> str:
        """The text on the upper edge."""
        return self._title

    def footing(self, frame: Shown) -> Content:
        """The text on the lower edge; where not all lines fit, which ones are shown stands behind it."""
        return Content()

    def draw(self, frame: Shown, width: int, height: int) -> list[Line]:
        """The panel's lines for a frame, for a room of so many columns and rows; more rows are scrolled."""
        raise NotImplementedError

    def focus_line(self, frame: Shown) -> int | None:
        """The line to bring into sight when it changes, if there is one."""
        return None

    def watch_frame(self) -> None:
        """Draw the new frame."""
        self._redraw()

    def on_resize(self) -> None:
        """Draw for the new size."""
        self._redraw()

    def on_mouse_scroll_down(self) -> None:
        """Lines further down."""
        self.scroll_lines(1)

    def on_mouse_scroll_up(self) -> None:
        """Lines further up."""
        self.scroll_lines(-1)

    def scroll_lines(self, down: int) -> None:
        """Show lines further down (or up, if negative)."""
        self._show_from(self._top + down, self.content_size.height)

    @property
    def line_count(self) -> int:
        """How many lines there are, in sight or not."""
        return len(self._lines)

    def _redraw(self) -> None:
        if self.frame is None:
            return
        if (heading := self.heading(self.frame)) != self._heading:
            self._heading = heading
            self.border_title = Content(heading)  # as text it would be read as markup
        before, room = self._lines, self.content_size
        self._draw(self.frame, room)
        width, top = room.width + self.gutter.right, self._top
        there = zip_longest(before[top:], self._lines[top:], fillvalue=())
        changed = [
            Region(0, y, _last_change(old, new, width), 1)
            for y, (old, new) in enumerate(islice(there, room.height))
            if old != new
        ]
        if changed:
            self.refresh(*changed)

    def _draw(self, frame: Shown, room: Size) -> None:
        """Have the lines of a frame for the room there is, if there is any."""
        self._room = room
        if room:
            self._lines = [_on_screen(line) for line in self.draw(frame, *room)]
            self._show_from(self._top_for(frame, room.height), room.height)

    def _top_for(self, frame: Shown, height: int) -> int:
        """The first line to be in sight, so that the line that matters is, if it is another one than before."""
        if len(self._lines) <= height:
            return 0
        seen, top = self.focus_line(frame), self._top
        moved, self._seen = seen != self._seen, seen
        return seen - height // 2 if seen is not None and moved and not top <= seen < top + height else top

    def _show_from(self, top: int, height: int) -> None:
        top = max(min(top, len(self._lines) - height), 0)
        more = len(self._lines) > height
        shown = f"{top + 1}–{min(top + height, len(self._lines))} of {len(self._lines)} ↕" if more else ""
        footing = self.footing(self.frame) if self.frame else Content()
        if (footing, shown) != self._footing:
            self._footing = (footing, shown)
            self.border_subtitle = Content(" ─ ").join(part for part in (footing, Content(shown)) if part)
        if top != self._top:
            self._top = top
            self.refresh()

    # Painting: Textual's way from a line to the screen makes six strips of it, a quarter of what a key costs

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of the widget in a region of it; see ``Widget.render_lines``."""
        width, height = self.outer_size
        if self.frame is not None and self._room != self.content_size:  # it is painted before it hears of its size
            self._draw(self.frame, self.content_size)
        if len(self._rows) != height:
            self._rows = [None] * height
        if None in self._rows:
            self._paint(crop.line_range, width, self.gutter, self.content_size)
        strips = [row for row in self._rows[crop.y : crop.bottom] if row is not None]
        return strips if crop.column_span == (0, width) else [strip.crop(*crop.column_span) for strip in strips]

    def _paint(self, wanted: range, width: int, gutter: Spacing, room: Size) -> None:
        """Make the rows that are missing: of the edge, and lines between the pieces of edge at their sides."""
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
        """One line of what is in sight; see Textual's line interface."""
        room = self.content_size.width
        return Strip(self._segments(y + self._top, room), room)

    def _segments(self, number: int, room: int) -> list[Segment]:
        """A line of all, as wide as there is room, in as few pieces as look the same: each costs bytes and time."""
        pieces: list[tuple[str, list[str]]] = []
        spans = self._lines[number] if number < len(self._lines) else ()
        width = _width(spans)
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
        """Whether a space looks the same in this role as in none."""
        return role is not None and role not in _SEEN_ON_SPACES

    def _style(self, role: str) -> Style:
        """How a role looks; asked for every span of every line, so it is kept."""
        if role not in self._styles:
            mine, screen = self.rich_style, self.screen
            named = screen.get_component_rich_style(f"panel--{role}") if role else mine
            on_screen = named.bgcolor == screen.rich_style.bgcolor
            self._styles[role] = named + Style(bgcolor=mine.bgcolor) if on_screen else named
        return self._styles[role]

    def notify_style_update(self) -> None:
        """Forget how everything looks, as another theme may have come."""
        self._styles.clear()
        self._forget()
        super().notify_style_update()

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Paint anew what is in some regions, or all; see ``Widget.refresh``.

        Of regions the screen is told at once. Else each panel would wait for a message to itself and then send one to
        the screen, which takes a quarter of the time from a key to its picture.
        """
        if not regions or not self.is_mounted:
            self._forget()
            return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        top = self.gutter.top
        for region in regions:
            for y in region.line_range:
                self._rows[y + top : y + top + 1] = [None]
        self._set_dirty(*regions)
        self.screen._dirty_widgets.add(self)
        self.screen.check_idle()
        return self

    def _forget(self) -> None:
        self._rows.clear()
        self._sides.clear()

    def on_click(self, event: events.Click) -> None:
        """Select what was clicked."""
        at = event.get_content_offset(self)
        if at is not None and at.y + self._top < len(self._lines):
            part = part_at(self._lines[at.y + self._top], at.x)
            if part:
                self.post_message(self.Selected(part))


def _last_change(old: Line, new: Line, room: int) -> int:
    """The columns in which two lines differ, from the first; what is behind them need not be sent, if it is much."""
    alike = 0
    for before, after in zip(reversed(old), reversed(new), strict=False):
        if before != after:
            break
        alike += 1
    width = _width(new[: len(new) - alike])
    is_much = room - width > _MUCH and width + _width(new[len(new) - alike :]) == _width(old)
    return width if is_much else room


def _width(spans: Line) -> int:
    return cell_len("".join([span.text for span in spans]))


def _on_screen(line: Line) -> Line:
    """A line of which a terminal would make more than signs, a tab or an escape, without that."""
    if all(span.text.isprintable() for span in line):
        return line
    spaces = {ord("\t"): " ", ord("\n"): " "}
    return tuple(span._replace(text=plain(span.text).translate(spaces)) for span in line)
