"""What is taken along from a screen: a panel's text in the clipboard, a picture in the current folder."""

from collections.abc import AsyncIterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from bptui.lessons.lesson import load_lesson
from bptui.session.session import Session
from bptui.ui.app import BptuiApp
from bptui.ui.copying import WHOLE_SCREEN
from bptui.ui.dialogs.copy import CopyScreen
from tests.ui.seeing import text_of, until

pytestmark = pytest.mark.usefixtures("torch_is_missing")


@pytest.fixture
async def pilot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pilot[int]]:
    monkeypatch.chdir(tmp_path)
    app = BptuiApp(Session.open(load_lesson("era-sheet")))
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await pilot.pause()
        yield pilot


async def copied(pilot: Pilot[int], name: str) -> str:
    await pilot.press("ctrl+y")
    screen = pilot.app.screen
    assert isinstance(screen, CopyScreen)
    names = [str(option.prompt).rpartition("  ")[0].strip() for option in screen.query_one(OptionList).options]
    screen.query_one(OptionList).highlighted = names.index(name)
    await pilot.press("enter")
    await pilot.pause()
    assert name in told(pilot)[-1]
    return pilot.app.clipboard


def told(pilot: Pilot[int]) -> list[str]:
    return [notification.message for notification in pilot.app._notifications]


async def test_a_panel_is_copied_whole_as_plain_text_and_the_gradients_come_first(pilot: Pilot[int]) -> None:
    await pilot.resize_terminal(80, 24)
    await pilot.press("ctrl+y", "enter")
    text = pilot.app.clipboard
    assert text.startswith("gradients · ") and "sent gradients to the clipboard: 10 lines" in told(pilot)
    assert [line.split()[0] for line in text.splitlines()[2:]] == [f"w{number}" for number in range(1, 9)]
    assert "\x1b" not in text and all(line == line.rstrip() for line in text.splitlines())


async def test_what_was_copied_last_is_offered_first_the_next_time(pilot: Pilot[int]) -> None:
    assert "w1 = 0.15, weight" in await copied(pilot, "derivation")
    pilot.app.copy_to_clipboard("")
    await pilot.press("ctrl+y", "enter")
    assert pilot.app.clipboard.startswith("derivation")


async def test_the_whole_screen_is_copied_as_it_is_shown(pilot: Pilot[int]) -> None:
    text = await copied(pilot, WHOLE_SCREEN)
    assert len(text.splitlines()) == 36 and "round 1/" in text.splitlines()[0] and "Quit" in text.splitlines()[-1]


@pytest.mark.parametrize(
    ("key", "name", "holds"),
    [
        ("p", "NumPy by hand", "import numpy as np"),
        ("enter", "round 1: w1", "∂E/∂w1 = δ_h1·x1"),
        ("a", "½Σ(o − y)² by round; floor (lowest possible) and verdict: run's own loss", "era-sheet"),
    ],
)
async def test_pages_of_other_screens_are_copied_too(pilot: Pilot[int], key: str, name: str, holds: str) -> None:
    await pilot.press(key)
    await pilot.pause()
    assert holds in await copied(pilot, name)


async def test_all_printed_figures_are_copied_also_those_out_of_sight(pilot: Pilot[int]) -> None:
    await pilot.press("c")
    await until(pilot, "the marks", lambda: "✓" in text_of(pilot.app.screen))
    text = await copied(pilot, "printed values")
    assert text.count("✓") + text.count("✗") == 44


async def test_where_there_are_no_pages_the_whole_screen_is_copied_at_once(pilot: Pilot[int]) -> None:
    await pilot.press("l", "ctrl+y")
    assert "sent the visible screen" in told(pilot)[-1] and "mazur-2015" in pilot.app.clipboard


async def test_copying_is_left_with_nothing_copied(pilot: Pilot[int]) -> None:
    await pilot.press("ctrl+y", "ctrl+y", "escape")
    assert len(pilot.app.screen_stack) == 1 and not pilot.app.clipboard and not told(pilot)


async def test_pictures_are_saved_beside_each_other_never_over_one_another(pilot: Pilot[int], tmp_path: Path) -> None:
    names = [f"bptui-era-sheet-round-3{which}.svg" for which in ("", "-2", "-3")]
    await pilot.press("space", "space", "ctrl+g")
    await until(pilot, "a word", lambda: told(pilot))
    assert told(pilot) == [f"saved as {names[0]} in the current folder"]
    await pilot.press("ctrl+g", "p", "ctrl+g")
    await until(pilot, "three pictures", lambda: {path.name for path in tmp_path.iterdir()} == set(names))
    text = "".join(ElementTree.fromstring((tmp_path / names[0]).read_text()).itertext())
    assert "round\u00a03/" in text


async def test_a_picture_that_cannot_be_saved_is_told_in_one_line(
    pilot: Pilot[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = Path("gone")
    gone.mkdir()
    monkeypatch.chdir(gone)
    Path("../gone").resolve().rmdir()
    await pilot.press("ctrl+g")
    await until(pilot, "a word", lambda: told(pilot))
    (line,) = told(pilot)[0].splitlines()
    assert "cannot be written" in line
