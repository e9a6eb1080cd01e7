"""The presenter's view, for a projector: fewer, larger numbers, and the pressed keys with what each does.

It belongs to the program, not to the session: it is not saved.
"""

from collections import deque
from itertools import accumulate
from typing import Any, NamedTuple

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.widgets import Static

from bptui.ui.textual_private import get_own_bindings
from bptui.ui.widgets.ordered_keys import OrderedKeysApp, Typed

_MOST_PRESSES = 12  # recorded keys


class KeyPress(NamedTuple):
    """A pressed key, by its name in the footer, with what it does, and how many times in a row."""

    key: str
    action: str
    times: int = 1

    @property
    def text(self) -> str:
        """The press in words."""
        return f" {self.action}{f' ×{self.times}' if self.times > 1 else ''}"


class Pressed(Static):
    """A line with the last pressed keys, the latest at its end."""

    SCOPED_CSS = False  # the class is the screen's
    DEFAULT_CSS = """
    Pressed { height: 1; background: $panel; dock: bottom; margin-bottom: 1; }
    StepperScreen Pressed { dock: none; margin-bottom: 0; display: none; }
    StepperScreen.-presenter Pressed { display: block; }
    """

    def show(self, presses: list[KeyPress]) -> None:
        """Show the latest presses that fit."""
        widths = accumulate(cell_len(press.key) + cell_len(press.text) + 4 for press in reversed(presses))
        fitting = sum(width <= self.app.size.width for width in widths)
        content = Content()
        for press in presses[len(presses) - fitting :]:
            content += Content.assemble((f" {press.key} ", "bold reverse"), (f"{press.text}  ", "bold"))
        self.update(content)


class PresenterApp(OrderedKeysApp):
    """An app that has the presenter's view.

    Attributes:
        presenter: Whether it is shown.
    """

    presenter = False

    def __init__(self, presenter: bool, **options: Any) -> None:
        super().__init__(**options)
        self.presenter = presenter
        self._presses: deque[KeyPress] = deque(maxlen=_MOST_PRESSES)

    def action_presenter(self) -> None:
        """Show the presenter's view, or the usual one."""
        self.presenter = not self.presenter
        self._presses.clear()
        for screen in self.screen_stack:
            screen.set_class(self.presenter, "-presenter")
            screen.query(Pressed).set(display=self.presenter)

    async def pass_on(self, event: Typed) -> None:
        """Record a key before it acts, since its action may close the screen that describes it."""
        if self.presenter and isinstance(event, events.Key):
            self._record(event)
        await super().pass_on(event)

    def _record(self, event: events.Key) -> None:
        """Record a key, and show it once its action is done."""
        press = self._describe_press(event)
        if self._presses and self._presses[-1][:2] == press[:2]:
            press = press._replace(times=self._presses.pop().times + 1)
        self._presses.append(press)
        self.call_after_refresh(self._show_presses)

    def _describe_press(self, event: events.Key) -> KeyPress:
        """Return a key's name and what it does: nothing where it is typed into a field."""
        typed = self.focused is not None and self.focused.check_consume_key(event.key, event.character)
        active = None if typed else self.screen.active_bindings.get(event.key)
        bindings = get_own_bindings(self).key_to_bindings.get(event.key, [])
        own = [one for one in bindings if one.priority]  # a dialog hides them
        if active is not None and active.enabled:
            own = [active.binding]
        if not own or typed:
            return KeyPress(event.character if event.character and event.is_printable else event.key, "")
        return KeyPress(self.get_key_display(own[0]), own[0].description)

    def _show_presses(self) -> None:
        """Show the keys on the current screen, and on those below, for when it closes."""
        if self.presenter and self.screen.is_attached and not self.screen.query(Pressed):
            self.screen.mount(Pressed())
        for screen in self.screen_stack:
            for line in screen.query(Pressed):
                line.show(list(self._presses))
