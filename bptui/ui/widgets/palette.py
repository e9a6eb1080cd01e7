"""The command palette, dismissed like any other screen.

Textual's own is dismissed twice when enter comes twice, which takes away the screen below, and continues to search for
commands after it was dismissed, which ends the program.
"""

from contextlib import suppress

from textual.app import App
from textual.command import CommandPalette
from textual.theme import ThemeProvider

from bptui.ui.widgets.dismiss_once import DismissOnce


class Palette(DismissOnce[None], CommandPalette):
    """The command palette; page keys in its list are as safe as in ``Choices``."""

    DEFAULT_CSS = """
    Palette {
        & CommandList { min-width: 20; } /* text cannot be wrapped to no columns at all */
        & > .command-palette--help-text { color: $text-disabled; text-style: none; } /* also read on a chosen line */
    }
    """

    def _action_command_list(self, action: str) -> None:
        with suppress(KeyError):
            super()._action_command_list(action)


class PaletteApp(App[int]):
    """An app with this palette in place of Textual's."""

    def action_command_palette(self) -> None:
        """Open the palette, unless it is open."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(Palette(id="--command-palette"))

    def search_themes(self) -> None:
        """Open the palette on the themes."""
        self.push_screen(Palette(providers=[ThemeProvider], placeholder="Search for themes…"))
