"""The footer of every screen: its keys as far as there is room, and never half of one.

Textual's own footer cuts off what does not fit, the way out of a screen first, as that stands last.
"""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.widgets import Footer

from bptui.ui.textual_private import FooterKey

_ALWAYS = ("app.help", "leave", "dismiss(None)", "quit", "app.quit")  # actions that every footer has room for
_ROOMY = ("open('check')", "open('number')", "open('compare')")  # that give way before others do


class KeysFooter(Footer):
    """The footer; in a narrow terminal with the keys that matter most."""

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)

    def compose(self) -> ComposeResult:
        """All keys, those shown for which there is room."""
        # The keys are made anew whenever a screen opens or closes, and this lets go of those there were: Textual binds
        # each to the footer, which would keep them all for ever
        self.mutate_reactive(Footer.compact)
        keys = [key for key in super().compose() if isinstance(key, FooterKey)]
        self._fit(keys)
        yield from keys

    def on_resize(self) -> None:
        """Show as many keys as there is room for now."""
        self._fit(list(self.query(FooterKey)))

    def _fit(self, keys: Sequence[FooterKey]) -> None:
        widths = [cell_len(key.key_display) + cell_len(key.description) + 2 for key in keys]
        shown = fitting([key.action for key in keys], widths, self.app.size.width + 1)
        for place, key in enumerate(keys):
            key.display = place in shown


def fitting(actions: Sequence[str], widths: Sequence[int], room: int) -> set[int]:
    """The places of the keys that there is room for: first those that are always there, then from the left.

    Args:
        actions: What each key does.
        widths: Columns of each, with the space behind it.
        room: Columns there are, with the space behind the last key.
    """

    def weight(place: int) -> tuple[int, int]:
        action = actions[place]
        return (0 if action in _ALWAYS else 2 if action in _ROOMY else 1, place)

    shown = set[int]()
    for place in sorted(range(len(actions)), key=weight):
        if widths[place] <= room:
            shown.add(place)
            room -= widths[place]
    return shown
