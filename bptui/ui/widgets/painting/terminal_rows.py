"""Rows straight to the terminal: what changed in the lines of panels, past Textual's compositor.

After most keys, nothing changes but numbers in panels that nothing covers. The compositor would cut each of their rows
at the edges of all widgets beside them, out of strips that have to be made first: over a third of a key's time. Here
the spans that changed are written where they stand. That is only done if all of this holds, and else the compositor
paints:

* the screen is the one in front, in a terminal that it fills;
* nothing else is to be painted: no other widget, no edge of a panel, and nothing was laid out;
* each panel is whole in sight, and no widget is over it, such as a message, a tooltip or a cover;
* each panel drew its lines for the size that it has.

The compositor is told of the rows as well, and forgets them only once they are written. So whatever it paints next is
right, and where any of Textual's names that this needs is missing, it paints as if this did not exist.
"""

from collections.abc import Mapping, Sequence
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from rich.segment import Segment
from textual.constants import MAX_FPS
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from bptui.ui.drawing.lines import FIELD_ROLES, Line
from bptui.ui.textual_private import can_write_rows, get_marked_regions, get_placed_widgets, paint_now, write_rows
from bptui.ui.widgets.painting.columns import find_change, fit_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.style import Style

Answer = TypeVar("Answer")
_RESET = "\x1b[0m"
_VISIBLE_ON_SPACES = {"selected", "lit", *FIELD_ROLES}


class RowsWidget(Widget):
    """A widget whose rows can be written straight to the terminal."""

    def find_visible(self, height: int) -> Sequence[Line]:
        """Return the lines in so many visible rows, of which the last may be empty."""
        raise NotImplementedError

    def find_prefix(self, role: str) -> str:
        """Return the code that makes a terminal write in the style of a role, whatever it wrote in before."""
        raise NotImplementedError

    def is_plain(self, role: str) -> bool:
        """Whether a space looks the same in this role as in any other such role."""
        return role not in _VISIBLE_ON_SPACES


class _Changes:
    """What changed in a widget since it was painted.

    Attributes:
        rooms: The sizes that the widget's lines were drawn for since.
        lines: By visible row, the line that the terminal still shows.
        regions: Where these rows are in the widget's content, as the compositor was told.
    """

    def __init__(self) -> None:
        self.rooms: set[Size] = set()
        self.lines: dict[int, Line] = {}
        self.regions: set[Region] = set()


class RowsScreen(Screen[Answer]):
    """A screen whose panels' rows are written straight to the terminal where that is possible."""

    def __init__(self) -> None:
        super().__init__()
        self._changes: dict[RowsWidget, _Changes] = {}
        self._placed: Mapping[Widget, tuple[Region, Region]] = {}
        self._insides: dict[RowsWidget, Region | None] = {}  # as long as widgets are placed like that
        self._painted = -inf

    def note_changes(self, widget: RowsWidget, lines: Mapping[int, Line], room: Size, region: Region) -> None:
        """Note what the terminal still shows of a widget whose lines have changed.

        Args:
            widget: The widget.
            lines: By visible row, the line that it showed before.
            room: The size that its lines are drawn for.
            region: The part of its content in which these rows are, as the compositor was told.
        """
        changes = self._changes.setdefault(widget, _Changes())
        changes.rooms.add(room)
        changes.regions.add(region)
        for y, line in lines.items():
            changes.lines.setdefault(y, line)

    def _compositor_refresh(self) -> None:
        """Paint what has changed: as Textual does, or this module."""
        self._painted = monotonic()
        changes, self._changes = self._changes, {}
        if not (changes and self._write(changes)):
            super()._compositor_refresh()

    def paint_soon(self) -> None:
        """Paint what is marked as changed: now, unless the last picture was painted just before."""
        if monotonic() - self._painted >= 1 / MAX_FPS:
            paint_now(self)

    def _write(self, changes: Mapping[RowsWidget, _Changes]) -> bool:
        """Write changed rows to the terminal, if all holds that must; return whether they are written."""
        app = self.app
        if app.screen is not self or app.is_inline or not can_write_rows(self):
            return False
        marked, texts = set[Region](), list[str]()
        for widget, one in changes.items():
            inside = self._find_inside(widget)
            if inside is None or one.rooms != {inside.size}:
                return False
            marked.update(region.translate(inside.offset) for region in one.regions)
            texts.append(write_changes(widget, inside, one.lines))
        if not get_marked_regions(self) <= marked:
            return False
        write_rows(self, "".join(texts))
        return True

    def _find_inside(self, widget: RowsWidget) -> Region | None:
        """Return where a widget's content is on the terminal; None unless it is whole in sight and uncovered."""
        if (placed := get_placed_widgets(self)) is not self._placed:
            self._placed = placed
            self._insides.clear()
        if widget not in self._insides:
            region = find_uncovered(widget, placed)
            self._insides[widget] = None if region is None else region.shrink(widget.gutter)
        return self._insides[widget]


def find_uncovered(widget: Widget, placed: Mapping[Widget, tuple[Region, Region]]) -> Region | None:
    """Return the region of a widget; None if it is cut off or another one is over it.

    Args:
        widget: The widget.
        placed: All widgets from the uppermost down, each with its region and the part of the screen it is cut to.
    """
    region, clip = placed.get(widget, (Region(), Region()))
    if not region or not clip.contains_region(region):
        return None
    for other, (over, its_clip) in placed.items():
        if other is widget:
            break
        if region.overlaps(over.intersection(its_clip)):
            return None
    return region


def write_changes(widget: RowsWidget, inside: Region, shown: Mapping[int, Line]) -> str:
    """Return what a terminal has to be sent so that it shows a widget's lines.

    Args:
        widget: The widget.
        inside: Where its content is.
        shown: By visible row, the lines that the terminal shows and that may have changed.
    """
    x, y, width, height = inside
    lines, texts = widget.find_visible(height), list[str]()
    for row, old in shown.items():
        if (line := lines[row]) != old:
            column, spans = find_change(fit_line(old, width), fit_line(line, width))
            texts.append(f"\x1b[{y + row + 1};{x + column + 1}H{_write_spans(widget, spans)}{_RESET}")
    return "".join(texts)


def _write_spans(widget: RowsWidget, spans: Line) -> str:
    """Return spans in the styles of their roles; spaces in that of what is before them where that looks the same."""
    texts, last, is_plain = list[str](), None, widget.is_plain
    for text, role, _ in spans:
        if role != last and not (last is not None and text.isspace() and is_plain(last) and is_plain(role)):
            texts.append(widget.find_prefix(role))
            last = role
        texts.append(text)
    return "".join(texts)


def make_prefix(style: "Style", console: "Console") -> str:
    """Return the code that makes a terminal write in a style, whatever it wrote in before."""
    code = Strip([Segment("x", style)]).render(console).partition("x")[0]
    return code.replace("\x1b[", "\x1b[0;") or _RESET
