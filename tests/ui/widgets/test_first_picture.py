"""A screen that opens is painted when it has all of its contents."""

from typing import Any

from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from bptui.ui.widgets.dismiss_once import DismissOnce
from tests.ui.seeing import text_of, until


class Sized(Static):
    """Says how wide it is once it knows."""

    def on_resize(self) -> None:
        self.update(f"{self.size.width} columns")


class Opening(DismissOnce[None], Screen[None]):
    """Keeps what the terminal shows of it, picture by picture."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures = list[str]()

    def compose(self) -> ComposeResult:
        yield Sized("nothing yet")


class PicturesApp(App[None]):
    """Notes what is shown of the screens that open."""

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        super()._display(screen, renderable)
        if isinstance(screen, Opening) and renderable is not None:
            screen.pictures.append(text_of(screen))


async def test_the_first_picture_of_a_screen_has_what_its_widgets_draw_once_they_know_their_size() -> None:
    app = PicturesApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.push_screen(screen := Opening())
        await until(pilot, "a picture", lambda: screen.pictures)
        assert "60 columns" in screen.pictures[0]
        screen.query_one(Sized).update("later")
        await until(pilot, "what changes later", lambda: "later" in screen.pictures[-1])


async def test_a_screen_that_another_covers_while_it_opens_is_painted_once_it_is_seen() -> None:
    app = PicturesApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.push_screen(screen := Opening())
        app.push_screen(over := Opening())
        await until(pilot, "the upper one", lambda: over.pictures)
        assert not screen.pictures
        over.dismiss(None)
        await until(pilot, "the lower one", lambda: screen.pictures and "60 columns" in screen.pictures[-1])
