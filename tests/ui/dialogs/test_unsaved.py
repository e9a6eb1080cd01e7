"""What was not saved before a crash: kept while the program runs, offered at the next start, opened or discarded."""

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from bptui.lessons.lesson import load_lesson
from bptui.persistence.session_file import load_session
from bptui.persistence.unsaved import UnsavedFile, UnsavedStore
from bptui.session.session import Session
from bptui.system.folders import find_state_folder
from bptui.ui import unsaved as keeping
from bptui.ui.app import BptuiApp
from bptui.ui.dialogs.go_to import GoToScreen
from bptui.ui.dialogs.unsaved import BrokenScreen, UnsavedScreen, describe_unsaved
from bptui.ui.screens.stepper import StepperScreen
from tests.persistence.test_session_file import kept as content
from tests.persistence.test_unsaved import crashed, left, names, unkept
from tests.ui.seeing import stepper, until

Pilots = Pilot[int]


pytestmark = pytest.mark.usefixtures("torch_is_missing")


@pytest.fixture
async def pilot() -> AsyncIterator[Pilots]:
    async with BptuiApp(Session.open(load_lesson("two-by-two"))).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        yield pilot


async def shown(pilot: Pilots, kind: type[Any]) -> str:
    """What a dialog says, once it is there."""
    await until(pilot, "the dialog", lambda: isinstance(pilot.app.screen, kind))
    await pilot.pause()
    return "\n".join(str(one.render()) for one in pilot.app.screen.query(Static) if one.display)


async def nothing_is_offered(pilot: Pilots) -> None:
    """Wait until it has been looked for what was left; there is no dialog then."""
    await until(pilot, "it has looked", lambda: _idle(pilot, "offering"))
    assert isinstance(pilot.app.screen, StepperScreen)


def kept_now() -> list[tuple[object, ...]]:
    return [content(load_session(path)) for path in find_state_folder().glob("unsaved-*.toml")]


# --- kept ---


async def test_a_new_run_is_kept_at_once_and_a_saved_one_no_more(pilot: Pilots, tmp_path: Path) -> None:
    await pilot.press("space")
    assert names() == []
    stepper(pilot).open_lesson(load_lesson("relu"))
    await until(pilot, "it is kept", lambda: kept_now() == [content(stepper(pilot).session)])
    stepper(pilot).open_lesson(load_lesson("step-size"))
    await until(pilot, "it is kept", lambda: kept_now() == [content(stepper(pilot).session)])
    session = stepper(pilot).session
    stepper(pilot).session = session.saved_in(str(tmp_path / "mine.toml"), session)
    await until(pilot, "nothing is left", lambda: names() == [])


async def test_the_place_that_is_shown_is_kept_after_a_while(pilot: Pilots, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "SAVE_INTERVAL", 0.01)
    stepper(pilot).open_lesson(load_lesson("relu"))
    await pilot.press("space", "space", "full_stop")
    await until(pilot, "it is kept", lambda: kept_now() == [content(stepper(pilot).session)])
    assert stepper(pilot).session.round == 4


async def test_where_nothing_can_be_kept_it_is_told_once_and_everything_goes_on(
    pilot: Pilots, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "SAVE_INTERVAL", 0.0)
    Path(home).write_text("no folder")
    stepper(pilot).open_lesson(load_lesson("relu"))
    await until(pilot, "the notice", lambda: "a crash would lose unsaved runs" in stepper(pilot).session.notice)
    await pilot.press("space")
    stepper(pilot).open_lesson(load_lesson("step-size"))
    await until(pilot, "no more work", lambda: _idle(pilot, "keeping"))
    assert stepper(pilot).session.notice == "" and len(stepper(pilot).session.trainings) == 3


def _idle(pilot: Pilots, group: str) -> bool:
    return all(one.is_finished for one in pilot.app.workers if one.group == group)


@pytest.mark.parametrize(("status", "count"), [(0, 0), (1, 1)], ids=["in order", "not in order"])
async def test_an_end_in_order_keeps_nothing_and_any_other_the_latest(status: int, count: int) -> None:
    app = BptuiApp(Session.open(load_lesson("two-by-two")))
    async with app.run_test(size=(80, 24)) as pilot:
        stepper(pilot).open_lesson(load_lesson("relu"))
        await until(pilot, "it is kept", kept_now)
        await pilot.press("space")
        latest = content(stepper(pilot).session)
        app.exit(return_code=status)
    app.end(status)
    assert kept_now() == [latest] * count


# --- offered ---


async def test_nothing_is_offered_where_nothing_was_left(pilot: Pilots) -> None:
    await nothing_is_offered(pilot)
    assert not find_state_folder().exists()


@pytest.mark.parametrize("key", ["enter", "o"])
async def test_what_was_left_is_opened_and_still_unsaved(key: str) -> None:
    (path,) = crashed(unkept())
    async with BptuiApp(Session.open(load_lesson("relu"))).run_test(size=(80, 24)) as pilot:
        said = await shown(pilot, UnsavedScreen)
        assert "A session with 2 runs of two-by-two was not saved. Open it?" in said
        await pilot.press(key)
        await until(pilot, "two trainings", lambda: len(stepper(pilot).session.trainings) == 2)
        session = stepper(pilot).session
        assert content(session) == content(unkept())
        assert session.unsaved and session.notice == "not saved yet: press ctrl+s to save it" and session.file == ""
        assert session.torch.state == "unavailable"
        await pilot.press("space")
        stepper(pilot).open_lesson(load_lesson("relu"))
        await until(pilot, "it is kept", lambda: kept_now() == [content(stepper(pilot).session)])
        assert names("*.toml") == [path.name] and left() == []


async def test_it_is_discarded_when_asked_for_twice_only_and_then_the_next_is_offered() -> None:
    older, newer = crashed(unkept(), unkept(6.0).open_lesson(load_lesson("relu")))
    async with BptuiApp(Session.open(load_lesson("two-by-two"))).run_test(size=(80, 24)) as pilot:
        said = await shown(pilot, UnsavedScreen)
        assert "with 3 runs of two-by-two and relu was" in said and " There is 1 older one." in said
        await pilot.press("d")
        assert "press d again to delete it" in await shown(pilot, UnsavedScreen)
        assert newer.exists()
        await pilot.press("d")
        await until(pilot, "it is taken", lambda: not newer.exists())
        await until(pilot, "the dialog", lambda: isinstance(pilot.app.screen, UnsavedScreen))
        assert "with 2 runs of two-by-two was" in await shown(pilot, UnsavedScreen)
        await pilot.press("escape")
        await nothing_is_offered(pilot)
        assert names("*.toml") == [older.name] and [one.path for one in left()] == [older]


async def test_later_leaves_all_of_it_for_the_next_start() -> None:
    paths = crashed(unkept(), unkept(6.0))
    async with BptuiApp(Session.open(load_lesson("two-by-two"))).run_test(size=(80, 24)) as pilot:
        await shown(pilot, UnsavedScreen)
        assert left() == []  # this program holds them
        await pilot.press("escape")
        await nothing_is_offered(pilot)
        assert len(stepper(pilot).session.trainings) == 1
    assert [one.path for one in left()] == paths[::-1]


async def test_it_waits_for_the_stepper_and_runs_that_are_there_by_then_are_left_when_asked_for_twice_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[UnsavedStore] = []
    really = UnsavedStore.claim_left

    def left_and_noted(self: UnsavedStore) -> list[UnsavedFile]:
        found = really(self)
        looked.append(self)
        return found

    monkeypatch.setattr(UnsavedStore, "claim_left", left_and_noted)
    not_yet = pytest.MonkeyPatch()
    not_yet.setattr(keeping.AutoSaver, "offer", lambda _: None)
    crashed(unkept())
    app = BptuiApp(Session.open(load_lesson("two-by-two")))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g")
        not_yet.undo()
        assert app._keeping is not None
        app._keeping.offer()
        await until(pilot, "it has looked", lambda: looked)
        for _ in range(30):
            await pilot.pause(0.01)
            assert isinstance(app.screen, GoToScreen)
        stepper(pilot).open_lesson(load_lesson("relu"))
        await pilot.press("escape")
        await shown(pilot, UnsavedScreen)
        await pilot.press("enter")
        assert "are not saved; press enter again to open it anyway" in await shown(pilot, UnsavedScreen)
        await pilot.press("d")
        assert "press d again" in await shown(pilot, UnsavedScreen)
        await pilot.press("enter", "enter")
        await until(pilot, "it is opened", lambda: content(stepper(pilot).session) == content(unkept()))
        await until(pilot, "it is kept", lambda: kept_now() == [content(unkept())])


async def test_nobody_who_practises_is_disturbed() -> None:
    crashed(unkept())
    async with BptuiApp(Session.open(load_lesson("two-by-two")), "whole round").run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("escape")
        await nothing_is_offered(pilot)
    assert len(left()) == 1


async def test_a_broken_file_is_told_put_aside_and_the_next_is_offered() -> None:
    _, broken = crashed(unkept(), unkept(6.0))
    broken.write_text("[sitting]\n" + "\n".join(f"a{number} = 1" for number in range(20)))
    os.utime(broken)
    async with BptuiApp(Session.open(load_lesson("two-by-two"))).run_test(size=(80, 24)) as pilot:
        said = await shown(pilot, BrokenScreen)
        assert "\n[sitting] a0: unknown setting" in said and "\nand 14 more" in said
        assert f"broken-{broken.name}" in "".join(said.split())
        await pilot.press("enter")
        assert "with 2 runs" in await shown(pilot, UnsavedScreen)
        await pilot.press("escape")
    assert len(left()) == 1 and len(names("broken-*")) == 1


async def test_files_of_hostile_names_and_of_any_time_are_offered_one_after_the_other() -> None:
    sessions, hostile = [], ("[bold]a[/bold] ../../b", "\x1b[2J\u202ec", "x" * 10_000)
    for name in (*hostile, hostile[0]):
        runs = [run._replace(lesson=replace(run.lesson, name=name), own_name=name) for run in unkept().trainings]
        sessions.append(replace(unkept(), trainings=tuple(runs)))
    for number, path in enumerate(crashed(*sessions)):
        os.utime(path, (0, 2**40 if number % 2 else -(2**40)))
    async with BptuiApp(Session.open(load_lesson("relu"))).run_test(size=(80, 24)) as pilot:
        for left_over in (3, 2, 1, 0):
            said = await shown(pilot, UnsavedScreen)
            assert "not saved. Open it?" in said and "\x1b" not in said and "\u202e" not in said and len(said) < 1000
            screen = pilot.app.screen
            await pilot.press("d", "d")
            await until(pilot, "it is gone", lambda screen=screen: pilot.app.screen is not screen)  # type: ignore[misc]
            await until(pilot, "its file", lambda count=left_over: len(names("unsaved-*.toml")) == count)  # type: ignore[misc]


async def test_what_cannot_be_discarded_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    (path,) = crashed(unkept())

    def unlink(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(1, "Operation not permitted")

    async with BptuiApp(Session.open(load_lesson("two-by-two"))).run_test(size=(80, 24)) as pilot:
        await shown(pilot, UnsavedScreen)
        with monkeypatch.context() as patch:
            patch.setattr(Path, "unlink", unlink)
            await pilot.press("d", "d")
            await until(pilot, "a notice", lambda: stepper(pilot).session.notice)
        assert stepper(pilot).session.notice == f"{path} cannot be removed: Operation not permitted"


def test_some_lessons_are_named_and_long_names_cut() -> None:
    session = Session.open(load_lesson("two-by-two"))
    for name in ("relu", "step-size", "mse-loss", "two-by-two"):
        session = session.open_lesson(load_lesson(name))
    said = describe_unsaved(session, 0.0, 3)
    assert said.startswith("A session with 5 runs of two-by-two, relu, step-size and 1 more was not saved.")
    assert said.endswith(" There are 3 older ones.")
    assert describe_unsaved(session, 2.0**60, 3) == said.split("\n")[0] + " There are 3 older ones."
    long = load_lesson("relu")
    object.__setattr__(long, "name", "x" * 100 + "\n" + "y")
    assert f"with 1 run of {'x' * 29}… was" in describe_unsaved(Session.open(long), 0.0, 0)
