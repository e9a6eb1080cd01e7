"""The base of all panels: paints the lines a frozen value is drawn as, and only those that changed.

A subclass writes one pure method, ``draw``, and says what it draws: the stepper's panels a ``Frame``. Painting goes
through Textual's line interface, which costs about half of what a static text widget does and a fifth of a table.
"""

from typing import Generic, TypeVar

from rich.segment import Segment
from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from bptui.text import plain
from bptui.ui.lines import ROLES, Line, part_at

Shown = TypeVar("Shown")


class Panel(Widget, Generic[Shown], can_focus=False):
    """A bordered box of lines; where there are more lines than rows, its lower edge says which are shown."""

    COMPONENT_CLASSES = {f"panel--{role}" for role in ROLES}  # noqa: RUF012 - Textual's own form
    DEFAULT_CSS = """
    Panel {
        border: round $panel-lighten-2;
        border-title-color: $text-muted;
        background: $background;
        border-subtitle-color: $text-muted;
        & .panel--title { text-style: bold; }
        & .panel--label { color: $text-muted; }
        & .panel--dim { color: $text-muted; }
        & .panel--selected { text-style: bold reverse; }
        & .panel--positive { color: $text-primary; }
        & .panel--negative { color: $text-error; }
        & .panel--good { color: $text-success; }
        & .panel--warning { color: $text-warning; text-style: bold; }
        & .panel--accent { color: $text-accent; text-style: bold; }
        & .panel--curve1 { color: $text-primary; }
        & .panel--curve2 { color: $text-warning; }
        & .panel--curve3 { color: $text-success; }
        & .panel--curve4 { color: $text-error; }
        & .panel--curve5 { color: $text-accent; }
        & .panel--curve6 { color: $text-secondary; }
        & .panel--lit { color: $text; background: $secondary-muted; text-style: bold; }
    }
    """

    frame: reactive[Shown | None] = reactive(None, repaint=False)

    class Selected(Message):
        """The user pointed at a part of the network."""

        def __init__(self, part: str) -> None:
            super().__init__()
            self.part = part

    def __init__(self, title: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self._title = title
        self._heading = self._footing = ""
        self._lines: list[Line] = []
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
        self._show_from(self._top + down)

    @property
    def line_count(self) -> int:
        """How many lines there are, in sight or not."""
        return len(self._lines)

    def _redraw(self) -> None:
        width, height = self.content_size
        if self.frame is None or not width or not height:
            return
        if (heading := self.heading(self.frame)) != self._heading:
            self._heading = heading
            self.border_title = Content(heading)  # as text it would be read as markup
        before, self._lines = self._lines, self.draw(self.frame, width, height)
        seen, top = self.focus_line(self.frame), self._top
        moved, self._seen = seen != self._seen, seen
        if seen is not None and moved and not top <= seen < top + height:
            top = seen - height // 2
        self._show_from(top)
        if len(before) != len(self._lines):
            self.refresh()
            return
        for y, (old, new) in enumerate(zip(before, self._lines, strict=True)):
            if old != new:
                self.refresh(Region(0, y - self._top, width, 1))

    def _show_from(self, top: int) -> None:
        height = self.content_size.height
        top = max(min(top, len(self._lines) - height), 0)
        more = len(self._lines) > height
        shown = f"{top + 1}–{min(top + height, len(self._lines))} of {len(self._lines)} ↕" if more else ""
        parts = [self.footing(self.frame) if self.frame else Content(), Content(shown)]
        subtitle = Content(" ─ ").join(part for part in parts if part)
        if subtitle.markup != self._footing:
            self._footing = subtitle.markup
            self.border_subtitle = subtitle
        if top != self._top:
            self._top = top
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of what is in sight; see Textual's line interface."""
        y += self._top
        base = self.rich_style
        segments = []
        for span in self._lines[y] if y < len(self._lines) else ():
            style = self.get_component_rich_style(f"panel--{span.role}") if span.role else base
            segments.append(Segment(span.text if span.text.isprintable() else _on_screen(span.text), style))
        return Strip(segments).adjust_cell_length(self.content_size.width, base)

    def on_click(self, event: events.Click) -> None:
        """Select what was clicked."""
        at = event.get_content_offset(self)
        if at is not None and at.y + self._top < len(self._lines):
            part = part_at(self._lines[at.y + self._top], at.x)
            if part:
                self.post_message(self.Selected(part))


def _on_screen(text: str) -> str:
    """A text of which a terminal would make more than signs, a tab or an escape, without that."""
    return plain(text).translate({ord("\t"): " ", ord("\n"): " "})
