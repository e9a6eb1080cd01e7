"""The full derivation of the selected part, and of everything it is built from, step by step.

The screen shows one frame: the round does not change while it is open.
"""

from dataclasses import replace

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList

from bptui.session.frame import Frame
from bptui.session.state import find_next_form
from bptui.ui.bindings import HELP_BINDING, bind_enter, bind_key
from bptui.ui.panels.derivation import DerivationPage, describe_part, list_derivations
from bptui.ui.widgets.choices import Choices
from bptui.ui.widgets.dismiss_once import DismissOnce
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.page_scroll import bind_page_keys
from bptui.ui.widgets.painting.role_styles import ROLE_CLASSES, make_roles_css
from bptui.ui.widgets.too_small import TooSmall

_LINES = 10  # lines that a page key scrolls


class EntryList(Choices):
    """What a number is built from, a line each."""

    BINDINGS = [bind_enter("Open", "derive the line under the cursor", "go-into", "select")]  # noqa: RUF012


class DerivationScreen(DismissOnce[None], ModalScreen[None]):
    """A derivation on the whole screen; the user can enter what it is built from, and come back."""

    CSS_PATH = "dialog.tcss"
    COMPONENT_CLASSES = ROLE_CLASSES
    DEFAULT_CSS = make_roles_css("DerivationScreen")
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding(
            "escape,backspace,left",
            "leave",
            "Back",
            key_display="esc",
            tooltip="go back to the page before, or close",
            id="leave",
        ),
        Binding("q", "dismiss(None)", "Close", tooltip="return to the main screen", id="close"),
        bind_key(
            "i",
            "switch_form",
            "derivation-form",
            "Form",
            "show letters, matrices, or the graph from E down",
            show=True,
        ),
        *bind_page_keys("the derivation"),
        HELP_BINDING,
    ]

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self._trail = [frame.selected]
        self._entries: list[str] = []

    def compose(self) -> ComposeResult:
        """Yield the page, and below it what it is built from."""
        with Vertical(classes="dialog"):
            page = DerivationPage()
            page.set_reactive(DerivationPage.frame, self._frame)  # type: ignore[misc]
            yield page
            yield EntryList(markup=False)
        yield TooSmall()
        yield KeysFooter()

    def on_mount(self) -> None:
        """Show the selected part."""
        self._show()

    def _show(self, entered: str = "") -> None:
        """Show the last entry of the trail, with the cursor on the page that was left, if it came from there."""
        entries, trail = self.query_one(OptionList), tuple(self._trail)
        self.query_one(DerivationPage).show(trail, self._frame)
        names = [name for worked in list_derivations(self._frame, trail[1:]) for name in worked.built_from]
        self._entries = list(dict.fromkeys(names))
        entries.clear_options()
        entries.add_options([_format_on_one_line(self._frame, name) for name in self._entries])
        entries.display = bool(self._entries) and self._frame.form != "graph"
        entries.border_title = "built from"
        entries.highlighted = self._entries.index(entered) if entered in self._entries else 0
        self.set_focus(entries if entries.display else None)  # at once: a key may be waiting

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter what was chosen, unless the list has changed since."""
        if event.option not in event.option_list.options:
            return
        self._trail.append(self._entries[event.option_index])
        self._show()

    def action_leave(self) -> None:
        """Go back to what this is a part of; from the first page, to the stepper."""
        entered = self._trail.pop()
        if self._trail:
            self._show(entered)
        else:
            self.dismiss(None)

    def action_switch_form(self) -> None:
        """Show the same in the next form, and after the last in the first."""
        self._frame = replace(self._frame, form=find_next_form(self._frame.form))
        self._show(self._entries[self.query_one(OptionList).highlighted or 0] if self._entries else "")

    def action_page(self, pages: int) -> None:
        """Scroll the page."""
        self.query_one(DerivationPage).scroll_lines(_LINES * pages)


def _format_on_one_line(frame: Frame, name: str) -> str:
    """Return a worked quantity or factor on one line; a given value with a description."""
    if name in frame.given:
        return describe_part(frame, name)
    line = frame.working.line(name)
    result = line.result or "· not calculated yet"
    sides = dict.fromkeys((line.label, line.letters, line.numbers))
    sides.pop(result, None)
    return f"{' = '.join(side for side in sides if side)} {'=' if line.holds else '≈'} {result}"
