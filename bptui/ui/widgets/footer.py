"""The footer of every screen: as many keys as fit, and none cut in half.

Textual's own footer cuts off what does not fit: the key that closes the screen first, as it is last.
"""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.widgets import Footer

from bptui.ui.textual_private import FooterKey

_ALWAYS = ("app.help", "leave", "dismiss(None)", "quit", "app.quit")  # actions that every footer shows
_ROOMY = ("open('check')", "open('number')", "open('compare')")  # actions that are dropped first


class KeysFooter(Footer):
    """The footer; in a narrow terminal with the most important keys."""

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)

    def compose(self) -> ComposeResult:
        """Yield all keys, of which those that fit are displayed."""
        # The keys are made again whenever a screen opens or closes, and this releases the old ones: Textual binds
        # each to the footer, which would otherwise keep them all
        self.mutate_reactive(Footer.compact)
        keys = [key for key in super().compose() if isinstance(key, FooterKey)]
        self._show_fitting(keys)
        yield from keys

    def on_resize(self) -> None:
        """Show the keys that fit now."""
        self._show_fitting(list(self.query(FooterKey)))

    def _show_fitting(self, keys: Sequence[FooterKey]) -> None:
        widths = [cell_len(key.key_display) + cell_len(key.description) + 2 for key in keys]
        shown = choose_keys([key.action for key in keys], widths, self.app.size.width + 1)
        for place, key in enumerate(keys):
            key.display = place in shown


def choose_keys(actions: Sequence[str], widths: Sequence[int], room: int) -> set[int]:
    """Return the places of the keys that fit: first those that are always there, then from the left.

    Args:
        actions: The action of each key.
        widths: Columns of each, with the space after it.
        room: Columns available, with the space after the last key.
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
