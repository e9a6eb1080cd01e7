"""The rows of the settings screen: a setting's name, its editor, what is wrong with it, and the map of the weights."""

from dataclasses import Field
from typing import Any, Self

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Select, Static

from bptui.core.problem.kinds.setting_kinds import Choice
from bptui.core.problem.setting_names import name_setting
from bptui.exercise.cells import WEIGHTS, Shape
from bptui.exercise.resizing import map_weights
from bptui.ui.bindings import bind_enter
from bptui.ui.widgets.fields.bounded import LONGEST_LIST, BoundedInput
from bptui.ui.widgets.fields.filter import has_words

_MAP_EDGE = 30  # columns beside the map, for the name of its row and the edges of the dialog
_MAP_LINES = 2
_WIDEST = 110  # columns of a dialog
_FAR = 1_000_000  # lines, more than there are


class SettingInput(BoundedInput):
    """The field for a setting; what is pasted over several lines, such as a matrix, becomes one line.

    No setting has a slash, so that key filters the settings from here as well.
    """

    longest = LONGEST_LIST
    BINDINGS = [bind_enter("Next", "go to the next setting", "setting-entered")]  # noqa: RUF012

    async def on_key(self, event: events.Key) -> None:
        """Keep the slash from being typed."""
        if event.character == "/":
            event.stop()
            event.prevent_default()
            await self.run_action("screen.filter")

    def on_paste(self, event: events.Paste) -> None:
        """Join the lines, of which the field would take the first alone."""
        event.text = " ".join(event.text.split())


class SettingRows(VerticalScroll, can_focus=False):
    """The rows of all settings, which a filter leaves some of."""

    def focus(self, scroll_visible: bool = True) -> Self:
        """Give the focus to the first setting that is shown."""
        for row in self.query(SettingRow):
            if row.editor is not None:
                row.editor.focus(scroll_visible)
                break
        return self

    def action_cursor_down(self) -> None:
        """Go to the first setting that is shown."""
        self.focus()

    action_cursor_up = action_select = action_cursor_down

    # A scroll without the focus would leave it out of sight, on a setting that keys still change

    def action_scroll_home(self) -> None:
        """Go to the first setting."""
        self._go(-_FAR)

    def action_scroll_end(self) -> None:
        """Go to the last setting."""
        self._go(_FAR)

    def action_page_up(self) -> None:
        """Go to the setting a page above."""
        self._go(-self.size.height)

    def action_page_down(self) -> None:
        """Go to the setting a page below."""
        self._go(self.size.height)

    def _go(self, lines: int) -> None:
        """Give the focus to the setting that is so many lines below, or above, the one that has it."""
        rows = [row for row in self.query(SettingRow) if row.editor is not None]
        here = next((row.virtual_region.y for row in rows if row.editor is self.app.focused), 0)
        if rows and (editor := min(rows, key=lambda row: abs(row.virtual_region.y - here - lines)).editor):
            editor.focus()


class SettingRow(Vertical):
    """One setting: its name, its editor, and its error; empty until it first applies, as editors take time to open."""

    def __init__(self, item: Field[Any], value: Any, *, applies: bool) -> None:
        super().__init__(classes="row" if applies else "row -unused")
        self.item = item
        self._shown = item.metadata["kind"].show(value)
        self._filled = applies
        self.fault = self._map = ""

    def compose(self) -> ComposeResult:
        """Yield the row's content, if it applies from the start."""
        if self._filled:
            yield from self._make_content()

    def show(self, applies: bool) -> None:
        """Show the row if its setting applies, and hide it if not."""
        self.set_class(not applies, "-unused")
        if applies and not self._filled:
            self._filled = True
            self.mount(*self._make_content())

    def _make_content(self) -> ComposeResult:
        """Yield the editor, with the map below if there is one."""
        kind, about = self.item.metadata["kind"], self.item.metadata["about"]
        if isinstance(kind, Choice):
            options = [(name, name) for name in kind.names]
            yield Select(options, value=self._shown, allow_blank=False, compact=True, tooltip=about)
        else:
            yield SettingInput(self._shown, placeholder=about, tooltip=about)
        if self.item.name == WEIGHTS:
            yield Static(self._map, classes="map", markup=False)

    def render(self) -> Content:
        """Return the name, beside the editor; a widget of its own for each would take time to open."""
        return Content(name_setting(self.item.name, explained=True) if self._filled else "")

    @property
    def editor(self) -> Widget | None:
        """What takes the focus; None while the row is hidden."""
        shown = self.display and not self.has_class("-unused", "-filtered")
        return next(iter(self.query("Input, Select")), None) if shown else None

    def filter(self, words: tuple[str, ...]) -> None:
        """Hide the row unless its name and what it is have all of some words."""
        name = name_setting(self.item.name, explained=True)
        self.set_class(not has_words(f"{name} {self.item.metadata['about']}", words), "-filtered")

    @property
    def text(self) -> str:
        """What is typed or chosen, or was before there is an editor."""
        values = [editor.value for editor in self.query("Input, Select").results(Input | Select)]  # type: ignore[arg-type]
        return next((value for value in values if isinstance(value, str)), self._shown)

    def put_text(self, text: str) -> None:
        """Put another text into the field."""
        self._shown = text
        for editor in self.query(Input):
            editor.value = text

    def show_map(self, shape: Shape) -> None:
        """Show which weight leads where."""
        width = min(self.app.size.width, _WIDEST) - _MAP_EDGE
        if (found := map_weights(shape, width, _MAP_LINES)) != self._map:
            self._map = found
            for place in self.query(".map").results(Static):
                place.update(found)

    def show_fault(self, message: str) -> None:
        """Show an error, or none."""
        if message == self.fault:
            return
        self.fault = message
        for fault in self.query(".fault").results(Static):
            fault.update(message)
            fault.set_class(bool(message), "-shown")
            break
        else:
            if self._filled:
                self.mount(Static(message, classes="fault -shown", markup=False), after=0)
        self.set_class(bool(message), "-wrong")
