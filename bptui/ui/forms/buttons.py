"""Buttons for whoever uses the mouse; keys do the same, so that the cursor stays in the form."""

from textual.widgets import Button


class MouseButton(Button, can_focus=False):
    """A button for the mouse alone."""

    DEFAULT_CSS = "MouseButton { margin-right: 2; }"

    def __init__(self, label: str, action: str) -> None:
        super().__init__(label, compact=True, action=f"screen.{action}")
