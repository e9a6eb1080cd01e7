"""The screen of the programs: what is shown is what is saved, and nothing that is there is written over."""

import errno
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.widgets import Static

from bptui.derive.program_parts import PART_NAMES
from bptui.derive.programs import PROGRAMS, count_code_lines, join_source
from bptui.lessons.lesson import load_lesson
from bptui.ui.app import BptuiApp
from bptui.ui.dialogs.help import list_keys
from bptui.ui.screens import programs
from bptui.ui.screens.programs import ProgramsScreen

LESSON = load_lesson("two-by-two")
NAMES = ("two-by-two-numpy.py", "two-by-two-matrix.py", "two-by-two-torch.py")


class Tiny(App[None]):
    """Nothing but the screen."""

    HORIZONTAL_BREAKPOINTS = BptuiApp.HORIZONTAL_BREAKPOINTS


@pytest.fixture
async def pilot(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Pilot[None]]:
    monkeypatch.chdir(tmp_path)
    async with Tiny().run_test(size=getattr(request, "param", (120, 36))) as pilot:
        await pilot.app.push_screen(ProgramsScreen(LESSON.spec, LESSON.title, LESSON.name))
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        yield pilot


def shown(pilot: Pilot[None], engine: str) -> bool:
    return all(pane.region.width > 0 for pane in pilot.app.screen.query(f".{engine}").results(Static))


def pane_text(pilot: Pilot[None], engine: str) -> str:
    return "\n".join(str(pane.render()) for pane in pilot.app.screen.query(f".{engine}.pane").results(Static))


async def said(pilot: Pilot[None]) -> str:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    return str(pilot.app.screen.query_one("#said", Static).render())


def shown_programs(pilot: Pilot[None]) -> list[str]:
    return [engine for engine in ("numpy", "matrix", "torch") if shown(pilot, engine)]


@pytest.mark.parametrize("left", ["numpy", "matrix"])
async def test_two_programs_stand_side_by_side_part_by_part_on_a_wide_screen(pilot: Pilot[None], left: str) -> None:
    """A key shows the other one of NumPy."""
    if left == "matrix":
        await pilot.press("tab")
        await pilot.pause()
    assert shown_programs(pilot) == [left, "torch"]
    rows = list(pilot.app.screen.query(".part"))
    assert tuple(row.border_title for row in rows) == PART_NAMES
    for row in rows:
        one, other = row.query_one(f".{left}", Static), row.query_one(".torch", Static)
        assert one.region.y == other.region.y and one.region.right < other.region.x
        assert row.region.height == 1 + max(one.region.height, other.region.height)
    await pilot.press("tab")
    await pilot.pause()
    assert shown_programs(pilot) == ["numpy" if left == "matrix" else "matrix", "torch"]


@pytest.mark.parametrize("pilot", [(80, 24)], indirect=True)
async def test_a_narrow_screen_shows_one_program_and_a_key_shows_the_next(pilot: Pilot[None]) -> None:
    assert pilot.app.screen.active_bindings["tab"].binding.description == "Other program"
    for engine in ("numpy", "matrix", "torch", "numpy", "matrix", "torch"):
        assert shown_programs(pilot) == [engine]
        await pilot.press("tab")
        await pilot.pause()
    await pilot.press("tab", "tab")
    await pilot.resize_terminal(120, 36)
    await pilot.pause()
    assert shown_programs(pilot) == ["numpy", "torch"]


async def test_the_panes_hold_the_programs_and_the_headings_count_their_lines(pilot: Pilot[None]) -> None:
    for engine, program in PROGRAMS.items():
        parts = program(LESSON.spec, LESSON.title)
        assert pane_text(pilot, engine) == "\n".join(part.source.rstrip("\n") for part in parts)
        heading = pilot.app.screen.query_one("#headings").query_one(f".{engine}", Static)
        assert str(heading.render()).endswith(f" · {count_code_lines(parts)} lines of code")


async def test_the_code_is_coloured_by_the_theme(pilot: Pilot[None]) -> None:
    panes = [pane for pane in pilot.app.screen.query(".pane").results(Static) if pane.display]
    colors = [{segment.style.color for segment in pane.render_line(0) if segment.style} for pane in panes[-2:]]
    assert all(len(found) > 1 for found in colors)
    pilot.app.theme = "textual-light"
    await pilot.pause()
    assert {segment.style.color for segment in panes[-1].render_line(0) if segment.style} != colors[-1]


async def test_every_line_of_the_default_network_fits_its_pane(pilot: Pilot[None]) -> None:
    for pane in [pane for pane in pilot.app.screen.query(".pane").results(Static) if pane.display]:
        assert pane.region.height >= len(str(pane.render()).splitlines())
        assert max(map(len, str(pane.render()).splitlines())) <= pane.content_size.width


@pytest.mark.parametrize("pilot", [(120, 36), (80, 24)], indirect=True)
async def test_arrows_and_page_keys_scroll_to_both_ends(pilot: Pilot[None]) -> None:
    scroll = pilot.app.screen.query_one(VerticalScroll)
    for key, reached in (("end", scroll.max_scroll_y), ("home", 0), ("down", 1), ("up", 0)):
        await pilot.press(key)
        await pilot.pause()
        assert scroll.scroll_y == reached > -1
    await pilot.press("pagedown")
    await pilot.pause()
    assert scroll.scroll_y > 5
    await pilot.press("pageup")
    await pilot.pause()
    assert scroll.scroll_y == 0 < scroll.max_scroll_y


@pytest.mark.parametrize("key", ["escape", "q", "p"])
async def test_keys_close_it(pilot: Pilot[None], key: str) -> None:
    await pilot.press(key)
    await pilot.pause()
    assert not isinstance(pilot.app.screen, ProgramsScreen)


def test_every_key_says_what_it_does() -> None:
    assert all(description and about for _, description, about in list_keys(ProgramsScreen.BINDINGS))


async def test_saving_writes_all_programs_as_they_are_printed(pilot: Pilot[None], tmp_path: Path) -> None:
    await pilot.press("w")
    assert await said(pilot) == f"wrote {NAMES[0]}, {NAMES[1]} and {NAMES[2]} in the current folder"
    for name, program in PROGRAMS.items():
        written = (tmp_path / f"two-by-two-{name}.py").read_bytes()
        assert written == join_source(program(LESSON.spec, LESSON.title)).encode()


async def test_saving_again_touches_nothing_and_says_what_is_in_the_way(pilot: Pilot[None], tmp_path: Path) -> None:
    for name in NAMES:
        (tmp_path / name).write_text("my own work")
    await pilot.press("w")
    lines = (await said(pilot)).splitlines()
    assert lines == [f"{name} already exists: move it first, then save again" for name in NAMES]
    assert [(tmp_path / name).read_text() for name in NAMES] == ["my own work"] * 3


async def test_where_only_one_file_is_in_the_way_the_other_is_written(pilot: Pilot[None], tmp_path: Path) -> None:
    (tmp_path / NAMES[1]).symlink_to(tmp_path / "nowhere")
    await pilot.press("w")
    first, second = (await said(pilot)).splitlines()
    assert first == f"wrote {NAMES[0]} and {NAMES[2]} in the current folder"
    assert second.startswith(f"{NAMES[1]} already exists")
    assert (tmp_path / NAMES[0]).exists() and not (tmp_path / "nowhere").exists()


async def test_a_folder_that_is_gone_is_told(pilot: Pilot[None], tmp_path: Path) -> None:
    tmp_path.rmdir()
    await pilot.press("w")
    assert f"{NAMES[0]} cannot be written: No such file or directory" in await said(pilot)
    tmp_path.mkdir()


def test_a_file_that_cannot_be_written_to_its_end_is_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    def full(path: Path, *arguments: Any, **others: Any) -> Any:
        file = opened(path, *arguments, **others)

        def write(text: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        file.write = write
        return file

    monkeypatch.setattr(Path, "open", full)
    path = tmp_path / "x.py"
    assert programs._write(path, "text") == f"{path} cannot be written: No space left on device"
    assert not path.exists()
