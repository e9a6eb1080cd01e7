"""The parent class of all panels: draws a frozen value as lines, and repaints only those that changed.

A subclass has one pure method, ``draw``, and says what it draws: the stepper's panels a ``Frame``.
"""

from typing import Generic, TypeVar

from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from bptui.text.words import make_printable
from bptui.ui.drawing.lines import Line, find_part_at
from bptui.ui.widgets.painting.lines_widget import LinesWidget

Shown = TypeVar("Shown")

_BETWEEN = " ─ "  # two texts on the lower edge
_EDGE = 6  # columns of an edge that no text on it takes: corners, a line, and a space at either end


class Panel(LinesWidget, Generic[Shown], can_focus=False):
    """A bordered box of lines; if not all lines fit, its lower edge says which are shown."""

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
        """The user clicked a part of the network."""

        def __init__(self, part: str) -> None:
            super().__init__()
            self.part = part

    def __init__(self, title: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self._title = title
        self._heading = ""
        self._footing = Content()
        self._asked_footing = (Content(), "", 0)
        self._room = Size()
        self._wanted = 0
        self._seen: int | None = None

    def heading(self, frame: Shown) -> str:
        """Return the text on the upper edge."""
        return self._title

    def footing(self, frame: Shown) -> Content:
        """Return the text on the lower edge; which lines are shown is added to it if not all fit."""
        return Content()

    def draw(self, frame: Shown, width: int, height: int) -> list[Line]:
        """Return the panel's lines for a frame and a size in columns and rows; more lines are scrolled."""
        raise NotImplementedError

    def rows_wanted(self, frame: Shown) -> int:
        """Return the number of lines that the panel has in any round, if it may choose its height."""
        return 1

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the preferred height; see ``Widget.get_content_height``."""
        return 1 if self.frame is None else self.rows_wanted(self.frame)

    def focus_line(self, frame: Shown) -> int | None:
        """Return the line to scroll into sight when it changes, if any."""
        return None

    def watch_frame(self) -> None:
        """Draw the new frame."""
        self._redraw()

    def on_resize(self) -> None:
        """Draw for the new size."""
        self._redraw()

    def on_mouse_scroll_down(self) -> None:
        """Scroll down."""
        self.scroll_lines(1)

    def on_mouse_scroll_up(self) -> None:
        """Scroll up."""
        self.scroll_lines(-1)

    def scroll_lines(self, down: int) -> None:
        """Show lines further down (or up, if negative)."""
        self._scroll_to_row(self._top + down, self.content_size.height)

    @property
    def line_count(self) -> int:
        """The number of lines, in sight or not."""
        return len(self._lines)

    def to_text(self) -> str:
        """Return the heading and all lines, in sight or not, as plain text."""
        lines = ["".join(span.text for span in line).rstrip() for line in self._lines]
        return "\n".join([self._heading, *lines]).strip("\n") + "\n"

    def _redraw(self) -> None:
        if self.frame is None:
            return
        if (heading := self.heading(self.frame)) != self._heading:
            self._heading = heading
            self.border_title = Content(heading)  # as text it would be read as markup
        if (wanted := self.rows_wanted(self.frame)) != self._wanted:
            self._wanted = wanted
            self.refresh(layout=True)
        room = self.content_size
        before = self.find_visible(room.height)
        self._draw(self.frame, room)
        self.show_changes(before, room)

    def _draw(self, frame: Shown, room: Size) -> None:
        """Make the lines of a frame for a size, unless it is empty."""
        self._room = room
        if room:
            self._lines = [_without_controls(line) for line in self.draw(frame, *room)]
            self._scroll_to_row(self._choose_top(frame, room.height), room.height)

    def _choose_top(self, frame: Shown, height: int) -> int:
        """Return the first visible line, so that the focus line is visible if it has changed."""
        if len(self._lines) <= height:
            return 0
        seen, top = self.focus_line(frame), self._top
        moved, self._seen = seen != self._seen, seen
        return seen - height // 2 if seen is not None and moved and not top <= seen < top + height else top

    def _scroll_to_row(self, top: int, height: int) -> None:
        top = max(min(top, len(self._lines) - height), 0)
        more = len(self._lines) > height
        shown = f"{top + 1}–{min(top + height, len(self._lines))} of {len(self._lines)} ↕" if more else ""
        self._show_footing(self.footing(self.frame) if self.frame else Content(), shown)
        if top != self._top:
            self._top = top
            self.refresh()

    def _show_footing(self, footing: Content, shown: str) -> None:
        """Show a text on the lower edge, cut so that which lines are shown is never cut off."""
        asked = (footing, shown, self._room.width)
        if asked == self._asked_footing:
            return
        self._asked_footing = asked
        room = self._room.width + self.gutter.width - _EDGE - len(shown) - len(_BETWEEN) * bool(shown)
        if footing and self._room:
            footing = footing.truncate(max(room, 1), ellipsis=True)
        joined = Content(_BETWEEN).join(part for part in (footing, Content(shown)) if part)
        if joined != self._footing:
            self._footing = self.border_subtitle = joined

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the rows of the panel; see ``Widget.render_lines``. It may be painted before it is told its size."""
        if self.frame is not None and self._room != self.content_size:
            self._draw(self.frame, self.content_size)
        return super().render_lines(crop)

    def on_click(self, event: events.Click) -> None:
        """Select what was clicked."""
        at = event.get_content_offset(self)
        if at is not None and at.y + self._top < len(self._lines):
            part = find_part_at(self._lines[at.y + self._top], at.x)
            if part:
                self.post_message(self.Selected(part))


def _without_controls(line: Line) -> Line:
    """Return a line without characters that a terminal interprets, such as a tab or an escape."""
    if "".join([span.text for span in line]).isprintable():
        return line
    spaces = {ord("\t"): " ", ord("\n"): " "}
    return tuple(span._replace(text=make_printable(span.text).translate(spaces)) for span in line)
