"""The rows of the settings screen: a setting's name, its editor, what is wrong with it, and the map of the weights."""

from dataclasses import Field
from typing import Any, Self

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Select, Static

from bptui.core.problem.kinds.setting_kinds import Choice
from bptui.core.problem.setting_names import name_setting
from bptui.exercise.cells import WEIGHTS, Shape
from bptui.exercise.resizing import map_weights
from bptui.ui.bindings import bind_enter
from bptui.ui.widgets.fields.bounded import LONGEST_LIST, BoundedInput
from bptui.ui.widgets.fields.filter import has_words

_MAP_EDGE = 30  # columns beside the map, for the name of its row and the edges of the dialog
_MAP_LINES = 2
_NAME_WIDTH = 22  # columns, as in the styles
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

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Keep a press from the row, for which it would be at another place."""
        event.stop()


class SettingChoice(Select[str]):
    """The list for a setting that is one of some names."""

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Keep a press from the row, which would open the list again."""
        event.stop()


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


class SettingRow(Vertical, can_focus=True):
    """One setting: its name, its field, and its error; the field is drawn until the focus first comes to it.

    Editors take time to open, and one alone is needed at a time.
    """

    COMPONENT_CLASSES = {"setting--field", "setting--empty", "setting--choice", "setting--arrow"}  # noqa: RUF012

    def __init__(self, item: Field[Any], value: Any, *, applies: bool, first: bool) -> None:
        """Make the row of a setting.

        Args:
            item: The setting.
            value: Its value.
            applies: Whether it has an effect in the problem, without which its row is hidden.
            first: Whether the focus comes to it first.
        """
        super().__init__(classes="row" if applies else "row -unused")
        self.tooltip = item.metadata["about"]
        self.item = item
        self._shown = item.metadata["kind"].show(value)
        self._editor: SettingInput | SettingChoice | None = None
        self._begins_open = first or (applies and item.name == WEIGHTS)  # whose map is below the editor
        self.fault = self._map = ""

    def compose(self) -> ComposeResult:
        """Yield the editor, if it is there from the start."""
        if self._begins_open:
            yield from self._make_content()

    def show(self, applies: bool) -> None:
        """Show the row if its setting applies, and hide it if not."""
        self.set_class(not applies, "-unused")
        if applies and self.item.name == WEIGHTS:
            self._open()

    def focus(self, scroll_visible: bool = True) -> Self:
        """Give the focus to the editor, which is there from then on."""
        if self._editor is None:
            return super().focus(scroll_visible)
        self._editor.focus(scroll_visible)
        return self

    def on_focus(self) -> None:
        """Make the editor, and hand the focus on to it."""
        self._open()
        self.focus(scroll_visible=False)

    def _open(self) -> None:
        """Make the editor, unless it is there."""
        if self._editor is None:
            self.mount(*self._make_content())

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Edit what is pressed: a list opens, and the cursor of a field goes to the place."""
        self._open()
        self.screen.set_focus(editor := self._editor, scroll_visible=False)
        if event.x >= _NAME_WIDTH and isinstance(editor, SettingChoice):
            editor.call_later(editor.action_show_overlay)
        elif event.x >= _NAME_WIDTH and editor is not None:
            editor.call_later(setattr, editor, "cursor_position", event.x - _NAME_WIDTH - 1)

    def _make_content(self) -> ComposeResult:
        """Yield the editor, with the map below if there is one."""
        self.can_focus = False
        kind = self.item.metadata["kind"]
        if isinstance(kind, Choice):
            options = [(name, name) for name in kind.names]
            self._editor = SettingChoice(options, value=self._shown, allow_blank=False, compact=True)
        else:
            self._editor = SettingInput(self._shown, placeholder=self.item.metadata["about"])
        yield self._editor
        if self.item.name == WEIGHTS:
            yield Static(self._map, classes="map", markup=False)

    def render(self) -> Content:
        """Return the name, and the field while it has no editor."""
        name = Content(name_setting(self.item.name, explained=True))
        return name if self._editor is not None else name.pad_right(_NAME_WIDTH - name.cell_length) + self._draw_field()

    def _draw_field(self) -> Content:
        """Draw the field as its editor would look."""
        is_choice = isinstance(self.item.metadata["kind"], Choice)
        text, role = self._shown or self.item.metadata["about"], "choice" if is_choice else "field"
        end = Content.styled(" ▼", self.get_visual_style("setting--arrow")) if is_choice else Content(" ")
        room = max(self.size.width - _NAME_WIDTH - end.cell_length, 1)
        field = Content(f" {text}").truncate(room, ellipsis=True, pad=True) + end
        return field.stylize_before(self.get_visual_style(f"setting--{role if self._shown else 'empty'}"))

    @property
    def editor(self) -> Widget | None:
        """What takes the focus; None while the row is hidden."""
        shown = self.display and not self.has_class("-unused", "-filtered")
        return (self._editor or self) if shown else None

    def filter(self, words: tuple[str, ...]) -> None:
        """Hide the row unless its name and what it is have all of some words."""
        name = name_setting(self.item.name, explained=True)
        self.set_class(not has_words(f"{name} {self.item.metadata['about']}", words), "-filtered")

    @property
    def text(self) -> str:
        """What is typed or chosen, or was before there is an editor."""
        value = self._editor.value if self._editor is not None else None
        return value if isinstance(value, str) else self._shown

    def put_text(self, text: str) -> None:
        """Put another text into the field."""
        self._shown = text
        if self._editor is None:
            self.refresh()
        else:
            self._editor.value = text

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
            self._open()
            self.mount(Static(message, classes="fault -shown", markup=False), after=0)
        self.set_class(bool(message), "-wrong")
