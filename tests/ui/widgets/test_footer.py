"""The footer's keys: made anew when they are others, and kept when a screen only opens or closes over them."""

from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen
from textual.widgets import Button, Label

from bptui.ui.textual_private import FooterKey
from bptui.ui.widgets.footer import KeysFooter
from tests.ui.seeing import until


class Odd(Button):
    """Has a key of its own."""

    BINDINGS = [Binding("o", "own", "Own")]  # noqa: RUF012


class Over(ModalScreen[None]):
    """A dialog."""

    BINDINGS = [Binding("n", "next", "Own")]  # noqa: RUF012

    def compose(self) -> ComposeResult:
        yield Label("over it")
        yield KeysFooter()


class FooterApp(App[None]):
    """Two buttons above a footer."""

    BINDINGS = [Binding("n", "next", "Next"), Binding("x", "over", "Over")]  # noqa: RUF012
    ready = True

    def compose(self) -> ComposeResult:
        yield Button("plain")
        yield Odd("odd")
        yield KeysFooter()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.ready or action != "next" or None

    @property
    def keys(self) -> list[FooterKey]:
        return [key for key in self.screen.query(FooterKey) if key.action in ("next", "over", "own")]

    @property
    def words(self) -> list[str]:
        return [key.description for key in self.keys]


async def test_keys_that_stay_the_same_are_kept_while_a_dialog_opens_and_closes() -> None:
    app = FooterApp()
    async with app.run_test() as pilot:
        await until(pilot, "keys", lambda: app.words == ["Next", "Over"])
        below, over = app.keys, Over()
        await app.push_screen(over)
        await until(pilot, "its keys", lambda: app.screen is over and app.words == ["Own"])
        over.dismiss(None)
        await until(pilot, "the screen below", lambda: app.screen is not over)
        await pilot.pause(0.1)
        assert app.keys == below


async def test_keys_are_made_anew_where_the_focus_brings_others_or_one_is_disabled() -> None:
    app = FooterApp()
    async with app.run_test() as pilot:
        await until(pilot, "keys", lambda: app.words == ["Next", "Over"])
        app.query_one(Odd).focus()
        await until(pilot, "its own", lambda: app.words == ["Own", "Next", "Over"])
        app.set_focus(None)
        await until(pilot, "no more", lambda: app.words == ["Next", "Over"])
        app.ready = False
        app.screen.refresh_bindings()
        await until(pilot, "a disabled one", lambda: [key.has_class("-disabled") for key in app.keys] == [True, False])
