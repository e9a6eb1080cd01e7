"""The footer of every screen: as many keys as fit, and none cut in half.

Textual's own footer cuts off what does not fit: the key that closes the screen first, as it is last. Here words become
shorter before keys are dropped.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Footer

from bptui.session.frame import Frame
from bptui.ui.bindings import HELP_BINDING, RUNNING_WORDS, SHORT_WORDS
from bptui.ui.textual_private import FooterKey

_ALWAYS = ("app.help", "leave", "dismiss(None)")  # actions that every footer shows
_ROOMY = ("quit", "app.quit")  # actions that are dropped first


class FooterWord(NamedTuple):
    """A key of the footer: its action, its name, and the word for what it does."""

    action: str
    key: str
    word: str

    @property
    def width(self) -> int:
        """Its columns, with the space after it."""
        return cell_len(self.key) + cell_len(self.word) + 2


class KeysFooter(Footer):
    """The footer; in a narrow terminal with shorter words, then with the most important keys.

    Attributes:
        frame: What the screen shows of a session; None where it shows none.
    """

    frame: reactive[Frame | None] = reactive(None, repaint=False)

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)
        self._words: dict[str, str] = {}
        self._made: list[tuple[Binding, bool, str]] | None = None  # what there are keys for

    def bindings_changed(self, screen: Screen[Any]) -> None:
        """Make the keys anew, unless they are the same: a screen that opens or closes says two or three times so."""
        if not self.is_attached or self._made != self._read_bindings():
            super().bindings_changed(screen)

    def _read_bindings(self) -> list[tuple[Binding, bool, str]]:
        """Return what the keys of the screen do now, whether they are enabled, and what is said of them."""
        active = self.screen.active_bindings.values()
        return [(binding, enabled, tooltip) for _, binding, enabled, tooltip in active if binding.show]

    def compose(self) -> ComposeResult:
        """Yield all keys, of which those that fit are displayed."""
        # The keys are made again whenever a screen opens or closes, and this releases the old ones: Textual binds
        # each to the footer, which would otherwise keep them all
        self.mutate_reactive(Footer.compact)
        keys = [key for key in super().compose() if isinstance(key, FooterKey)]
        self._made = self._read_bindings() if keys else None
        self._words = {key.action: key.description for key in keys}
        self._show_fitting(keys)
        yield from keys

    def on_resize(self) -> None:
        """Show the keys that fit now."""
        self._show_fitting(list(self.query(FooterKey)))

    def watch_frame(self, old: Frame | None, new: Frame | None) -> None:
        """Show other words when running starts or stops."""
        if _is_running(old) != _is_running(new):
            self._show_fitting(list(self.query(FooterKey)))

    def _show_fitting(self, keys: Sequence[FooterKey]) -> None:
        now = self._words | (RUNNING_WORDS if _is_running(self.frame) else {})
        words = [FooterWord(key.action, key.key_display, now[key.action]) for key in keys]
        shown = fit_keys(words, self.app.size.width + 1)
        for place, key in enumerate(keys):
            key.display = place in shown
            if (word := shown.get(place, key.description)) != key.description:
                key.description = word
                key.refresh(layout=True)


def _is_running(frame: Frame | None) -> bool:
    return frame is not None and frame.running


def fit_keys(keys: Sequence[FooterWord], room: int) -> Mapping[int, str]:
    """Return the keys that fit by their place, with their words.

    Words become shorter one after the other until all fit; then keys are dropped: first those that need no footer,
    then from the right, but never those that are always there.

    Args:
        keys: All keys.
        room: Columns available, with the space after the last key.
    """
    wanted = [key for key in keys if key.action not in _ROOMY]
    if sum(key.width for key in wanted) > room:
        keys = [_shorten(key, HELP_BINDING.action) for key in keys]
    for action in SHORT_WORDS:
        if sum(key.width for key in keys if key.action not in _ROOMY) <= room:
            break
        keys = [_shorten(key, action) for key in keys]
    shown = dict[int, str]()
    for place in sorted(range(len(keys)), key=lambda place: (_rank(keys[place]), place)):
        if keys[place].width <= room:
            shown[place] = keys[place].word
            room -= keys[place].width
    return dict(sorted(shown.items()))


def _shorten(key: FooterWord, action: str) -> FooterWord:
    return key._replace(word=SHORT_WORDS[action]) if key.action == action else key


def _rank(key: FooterWord) -> int:
    return 0 if key.action in _ALWAYS else 2 if key.action in _ROOMY else 1
