"""Help and footers of all screens: every key is told, no footer is cut, and the words fit where they stand."""

from collections.abc import AsyncIterator, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import ModuleInfo, iter_modules
from types import ModuleType
from typing import Any

import pytest
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.dom import DOMNode
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import OptionList, Static

import bptui.ui.dialogs
import bptui.ui.screens
from bptui.help.manual_pages import load_pages
from bptui.help.pages import HelpContext, make_page
from bptui.help.screens import SCREEN_TOPICS
from bptui.help.stepper import STEPPER_TOPICS
from bptui.lessons.lesson import load_lesson
from bptui.session.session import Session
from bptui.session.torch_side.process import TorchProcess
from bptui.system.process import Unavailable
from bptui.ui.app import BptuiApp
from bptui.ui.bindings import STEPPER_BINDINGS
from bptui.ui.dialogs.help import HelpScreen, list_bindings, list_keys
from bptui.ui.screens.stepper import StepperScreen
from bptui.ui.textual_private import FooterKey
from bptui.ui.widgets.footer import FooterWord, fit_keys
from bptui.ui.widgets.panel import Panel
from tests.ui.pictures import PICTURES, SIZES, here, in_process, opened
from tests.ui.seeing import text_of, until
from tests.unbreakable.in_process import settled, words

__all__ = ["here", "in_process"]

WHY = (
    "it does not load: libtorch_cpu.so: cannot open shared object file: No such file or directory, and no more is known"
)
MANUAL = {page.name for page in load_pages()}
OPENED = [name for name in PICTURES if not name.startswith("help")]


@pytest.fixture
async def pilot(request: pytest.FixtureRequest, torch_is_missing: None) -> AsyncIterator[Pilot[int]]:
    size = getattr(request, "param", (80, 24))
    async with BptuiApp(Session.open(load_lesson("two-by-two"))).run_test(size=size) as pilot:
        await pilot.pause()
        yield pilot


def footer_of(screen: Screen[Any]) -> list[FooterKey]:
    return [key for key in screen.query(FooterKey) if key.display]


def own_bindings(screen: Screen[Any]) -> list[Binding]:
    """What the program's own classes on a screen bind, as they are written."""
    found = [*screen.__class__.BINDINGS]
    for widget in screen.walk_children():
        if type(widget).__module__.startswith("bptui."):
            found += type(widget).__dict__.get("BINDINGS", [])
    return [binding for binding in found if isinstance(binding, Binding) and binding.id]


async def help_of(pilot: Pilot[Any], only: str = "") -> dict[str, str]:
    """All pages of the help of the screen there is, or one, by their names, without the edges and breaks of lines."""
    await pilot.press("f1")
    assert isinstance(pilot.app.screen, HelpScreen)
    contents, pages = pilot.app.screen.query_one(OptionList), dict[str, str]()
    for place, option in enumerate(contents.options):
        if not option.disabled and only in ("", str(option.prompt).strip()):
            contents.highlighted = place
            await pilot.pause()
            pages[str(option.prompt).strip()] = words(str(pilot.app.screen.query_one("#help-page", Static).render()))
    await pilot.press("escape")
    return pages


@pytest.mark.exhaustive  # test_snapshots.py looks at footers and keys as well, in screens that it has open anyway
@pytest.mark.parametrize("name", OPENED)
async def test_no_footer_is_cut_and_help_tells_every_key(name: str, here: None) -> None:
    first, *others = SIZES
    async with opened(name, first) as pilot:
        screen = pilot.app.screen
        await until(pilot, "the footer", lambda: footer_of(screen))
        assert_whole(screen)
        await must_tell_every_key(pilot)
        for size in others:
            await pilot.resize_terminal(*size)
            await settled(pilot)
            assert_whole(screen)


async def must_tell_every_key(pilot: Pilot[Any]) -> None:
    """Help tells all that the program's own classes on the screen bind, and comes back to it."""
    screen = pilot.app.screen
    pages = await help_of(pilot, "keys")
    for binding in own_bindings(screen):
        assert binding.tooltip and words(binding.tooltip) in pages["keys"], binding
    assert pilot.app.screen is screen


def assert_whole(screen: Screen[Any]) -> None:
    """The footer is not cut, and tells help and the way out."""
    footer = footer_of(screen)
    assert all(key.region.right <= screen.size.width and key.region.width for key in footer)
    assert "app.help" in {key.action for key in footer}
    assert isinstance(screen, StepperScreen) or any("esc" in key.key_display for key in footer)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_no_line_of_help_is_wider_than_its_page_and_only_keys_and_manual_scroll(
    size: tuple[int, int], here: None
) -> None:
    async with opened("help", size) as pilot:
        contents, text = pilot.app.screen.query_one(OptionList), pilot.app.screen.query_one("#help-page", Static)
        room = pilot.app.screen.query_one(VerticalScroll).size
        for place, option in enumerate(contents.options):
            if not option.disabled:
                contents.highlighted = place
                await pilot.pause()
                assert max(map(len, str(text.render()).splitlines())) <= text.size.width <= room.width
                scrolls = option.id == "0" or str(option.prompt).strip() in MANUAL
                assert scrolls or text.size.height <= room.height, option.prompt


def test_every_screen_and_every_panel_has_a_page_of_help() -> None:
    folders = (*bptui.ui.screens.__path__, *bptui.ui.dialogs.__path__)
    files = {file.stem for folder in folders for file in Path(folder).glob("*.py")} - {
        "__init__",
        "help",
        "opening",
        "screen_table",
    }
    assert set(SCREEN_TOPICS) == files and all(SCREEN_TOPICS.values())
    told = " ".join(topic.name for topic in STEPPER_TOPICS)
    for panel in (child for child in panels_of_the_stepper() if child.__name__ != "StatusPanel"):
        assert panel.__name__.removesuffix("Panel").lower() in told


def test_help_names_only_keys_of_its_own_screen_and_of_the_first_one() -> None:
    known = {one.id for one in (*STEPPER_BINDINGS, *BptuiApp.BINDINGS) if isinstance(one, Binding)}
    folder_of = {file.name: folder for folder in (bptui.ui.screens, bptui.ui.dialogs) for file in files_in(folder)}
    for name, topics in SCREEN_TOPICS.items():
        module = import_module(f"{folder_of[name].__name__}.{name}")
        nodes = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, DOMNode)]
        bound = (one for node in nodes for base in node.__mro__ for one in vars(base).get("BINDINGS", ()))
        own = known | {one.id for one in bound if isinstance(one, Binding)}
        context = HelpContext(load_lesson("two-by-two").spec.network, "ready", "", {one: "x" for one in own if one})
        assert all(make_page(topic, context) for topic in topics), name


def files_in(folder: ModuleType) -> Iterator[ModuleInfo]:
    return iter_modules(folder.__path__)


@pytest.mark.parametrize("keys", [("s",), ("f2",), ("f4",), ("ctrl+n",), ("f8",)])
async def test_help_opens_over_every_dialog(pilot: Pilot[int], keys: tuple[str, ...]) -> None:
    await pilot.press(*keys)
    await help_of(pilot)


def panels_of_the_stepper() -> list[type[Panel[Any]]]:
    module = import_module("bptui.ui.screens.stepper")
    return [
        one for one in vars(module).values() if isinstance(one, type) and issubclass(one, Panel) and one is not Panel
    ]


async def test_help_opens_at_the_keys_of_the_screen(pilot: Pilot[int]) -> None:
    await pilot.press("question_mark")
    at = pilot.app.screen.query_one(OptionList).highlighted_option
    assert at is not None and str(at.prompt).strip() == "keys"


async def test_keys_that_were_remapped_stand_in_help_as_they_are_now(pilot: Pilot[int]) -> None:
    pilot.app.set_keymap({"derivation": "v", "next": "j"})
    pages = await help_of(pilot)
    assert "v derive the selected part" in pages["keys"] and "j show the next round" in pages["keys"]
    assert "v shows it in full" in pages["derivation"] and "space" not in pages["keys"]


async def test_a_key_that_rests_just_now_is_told_nevertheless(pilot: Pilot[int]) -> None:
    await pilot.press("c")  # a lesson without figures: there is nothing to explain
    assert "w" not in pilot.app.screen.active_bindings
    assert "find where it goes wrong, and which mistake was made" in {
        row[2] for row in list_keys(list_bindings(pilot.app.screen))
    }


async def test_the_question_mark_is_typed_into_a_field_and_f1_is_help_there(pilot: Pilot[int]) -> None:
    await pilot.press("ctrl+s", "question_mark")
    screen = pilot.app.screen
    assert not isinstance(screen, HelpScreen)
    assert "f1" in {key.key_display for key in footer_of(screen)}
    await pilot.press("f1")
    assert isinstance(pilot.app.screen, HelpScreen)
    await pilot.press("f1")
    assert pilot.app.screen is screen


async def test_page_keys_and_letters_scroll_the_page_and_arrows_go_from_page_to_page(pilot: Pilot[int]) -> None:
    await pilot.press("question_mark", "home")
    await pilot.pause()
    assert (first := text_of(pilot.app.screen)).count("show the next round") == 1
    await pilot.press("pagedown")
    await pilot.pause()
    assert "show the next round" not in text_of(pilot.app.screen)
    await pilot.press("pageup", "j", "k")
    await pilot.pause()
    assert text_of(pilot.app.screen) == first
    await pilot.press("down")
    await pilot.pause()
    assert "A line is a weight" in text_of(pilot.app.screen)


async def test_why_torch_is_missing_is_told_in_full(pilot: Pilot[int], monkeypatch: pytest.MonkeyPatch) -> None:
    async def start(self: TorchProcess) -> None:
        raise Unavailable(WHY)

    monkeypatch.setattr(TorchProcess, "start", start)
    await pilot.press("t")
    (stepper,) = (screen for screen in pilot.app.screen_stack if isinstance(screen, StepperScreen))
    await until(pilot, "no torch", lambda: stepper.session.torch.detail == WHY)
    assert "no torch (see help)" in await settled(pilot)
    said = (await help_of(pilot))["torch"]
    assert words(WHY) in said and "t loads it again" in said


async def test_help_breaks_its_lines_anew_for_another_width(pilot: Pilot[int]) -> None:
    await pilot.press("question_mark")
    for columns, rows in ((200, 60), (40, 10), (1, 1), (80, 24)):
        await pilot.resize_terminal(columns, rows)
        await pilot.pause()
    page = pilot.app.screen.query_one("#help-page", Static)
    await until(pilot, "the width", lambda: 40 < max(map(len, str(page.render()).splitlines())) <= page.size.width)


def test_a_footer_keeps_the_way_out_and_help_before_what_else_there_is() -> None:
    keys = [FooterWord(action, "k", "1234567") for action in ("open", "variants", "app.quit", "hide", "leave")]
    keys.append(FooterWord("app.help", "?", "Help"))
    widths = [key.width for key in keys]
    assert widths == [10, 10, 10, 10, 10, 7]
    assert fit_keys(keys, 57) == {place: key.word for place, key in enumerate(keys)}
    assert set(fit_keys(keys, 56)) == {0, 1, 3, 4, 5}  # the way out of the program is a key of every screen
    assert set(fit_keys(keys, 38)) == {0, 1, 4, 5}
    assert set(fit_keys(keys, 27)) == {0, 4, 5}
    assert set(fit_keys(keys, 17)) == {4, 5}


def test_a_footer_shortens_words_before_it_drops_a_key_and_then_offers_more_than_it_shows() -> None:
    keys = [FooterWord("open('number')", "m", "My number"), FooterWord("open('compare')", "a", "Compare")]
    keys.append(FooterWord("app.help", "?", "Help"))
    assert list(fit_keys(keys, 29).values()) == ["My number", "Compare", "Help"]
    assert list(fit_keys(keys, 28).values()) == ["Num", "Compare", "more"]
    assert list(fit_keys(keys, 22).values()) == ["Num", "Runs", "more"]
    assert list(fit_keys(keys, 19).values()) == ["Num", "more"]


async def test_a_remapped_key_of_a_list_without_the_cursor_is_told_as_it_is_now(pilot: Pilot[int]) -> None:
    pilot.app.set_keymap({"open-run": "f9"})
    await pilot.press("w")
    pages = await help_of(pilot)
    assert "f9 show the run" in pages["keys"] and "f9 opens the one under the cursor" in pages["results"]


async def test_the_manual_is_behind_the_topics_and_is_broken_to_the_page(pilot: Pilot[int]) -> None:
    pages = await help_of(pilot)
    names = list(pages)
    assert names[names.index("gradient check") + 1 :] == [page.name for page in load_pages() if page.name != "keys"]
    assert "show the next round" in pages["keys"], "those of the screen, which may have been remapped"
    assert pages["sweep"].startswith("Sweep Very many runs at once")
    assert "w trains very many networks at once" in pages["sweep"], "code has no marks, for it has a colour"
    assert "(see compare)" in pages["sweep"], "a link is a name in the list"


async def test_a_page_of_the_manual_is_found_by_its_words(pilot: Pilot[int]) -> None:
    await pilot.press("question_mark", "slash", *"osc 52")
    contents = pilot.app.screen.query_one(OptionList)
    assert [str(option.prompt).strip() for option in contents.options] == ["manual", "terminals"]
    assert "OSC 52" in str(pilot.app.screen.query_one("#help-page", Static).render())


async def test_a_slash_leaves_the_pages_and_the_keys_that_have_the_words(pilot: Pilot[int]) -> None:
    await pilot.press("question_mark", "slash", *"digit more")
    contents = pilot.app.screen.query_one(OptionList)
    assert [str(option.prompt).strip() for option in contents.options][:2] == ["this screen", "keys"]
    keys = str(pilot.app.screen.query_one("#help-page", Static).render())
    assert "]" in keys and "show the next round" not in keys
    await pilot.press("escape")
    assert "show the next round" in str(pilot.app.screen.query_one("#help-page", Static).render())
    await pilot.press("escape")
    assert pilot.app.screen is pilot.app.screen_stack[0]
