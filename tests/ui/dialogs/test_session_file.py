"""The dialogs that save and open a sitting: what was saved is on the screen again, and nothing is lost on the way."""

import os
from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import product
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static
from textual.worker import WorkerCancelled

from bptui.core.problem.tables import UserError
from bptui.lessons.lesson import format_lesson, load_lesson
from bptui.persistence.session_file import format_session, load_session, parse_session, save_session
from bptui.session.session import Session
from bptui.ui.app import BptuiApp
from bptui.ui.dialogs.session_file import FileScreen, OpenScreen, SaveLessonScreen, SaveScreen
from tests.persistence.test_session_file import kept
from tests.ui.seeing import session_of, stepper
from tests.unbreakable.test_files import is_plain

NAME = "two-by-two.session.toml"
Pilots = Pilot[int]


pytestmark = pytest.mark.usefixtures("torch_is_missing")


@pytest.fixture
async def pilot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pilots]:
    monkeypatch.chdir(tmp_path)
    async with BptuiApp(Session.open(load_lesson("two-by-two"))).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        yield pilot


async def enter(pilot: Pilots, name: str | None = None) -> str:
    """Type a name in place of the one there, press enter; what the dialog says, or nothing if it has closed."""
    dialog = pilot.app.screen
    assert isinstance(dialog, FileScreen)
    if name is not None:
        dialog.query_one(Input).value = name
        await pilot.pause()
    await pilot.press("enter")
    for worker in [worker for worker in pilot.app.workers if worker.node is dialog]:
        with suppress(WorkerCancelled):  # as one is that leaves its own screen
            await worker.wait()
    await pilot.pause()
    shown = dialog.query(".fault.-shown").results(Static) if pilot.app.screen is dialog else []
    return "".join(str(fault.render()) for fault in shown)


async def test_a_sitting_is_saved_under_the_lessons_name_and_opened_again_as_it_was(pilot: Pilots) -> None:
    await pilot.press("space", "full_stop", "full_stop", "down", "e")
    saved = session_of(pilot).change(load_lesson("relu").spec).show_training(0).next().step_on()
    stepper(pilot).session = saved
    await pilot.press("ctrl+s")
    assert await enter(pilot) == ""
    session = session_of(pilot)
    assert (session.notice, session.file, session.unsaved) == (f"saved in {NAME}", NAME, False)
    await pilot.press("space", "o")
    await pilot.press("ctrl+o")
    assert await enter(pilot, NAME) == ""
    assert kept(session_of(pilot)) == kept(saved)
    assert session_of(pilot).torch.state == "unavailable" and session_of(pilot).notice == f"opened {NAME}"
    assert kept(load_session(Path(NAME))) == kept(saved)


async def test_a_file_that_is_there_is_replaced_by_a_second_enter_only(pilot: Pilots) -> None:
    Path(NAME).write_text("my own work")
    await pilot.press("ctrl+s")
    assert await enter(pilot) == f"{NAME} already exists; press enter again to replace it"
    Path("other.toml").write_text("mine too")
    assert await enter(pilot, "other.toml") == "other.toml already exists; press enter again to replace it"
    assert await enter(pilot, NAME) == f"{NAME} already exists; press enter again to replace it"
    assert (Path(NAME).read_text(), Path("other.toml").read_text()) == ("my own work", "mine too")
    assert await enter(pilot) == ""
    assert kept(load_session(Path(NAME))) == kept(session_of(pilot))


async def test_what_cannot_be_saved_or_opened_is_said_and_the_sitting_goes_on(pilot: Pilots) -> None:
    await pilot.press("space", "ctrl+s")
    assert await enter(pilot, "no/such.toml") == "no/such.toml cannot be written: No such file or directory"
    for long in ("x" * 300, "x" * 5000):
        assert await enter(pilot, long) == f"{'x' * 39}…{'x' * 40} cannot be written: File name too long"
    assert await enter(pilot, " ") == ""
    assert isinstance(pilot.app.screen, FileScreen)
    await pilot.press("escape", "ctrl+o")
    assert (await enter(pilot, "nothing.toml")).startswith("nothing.toml: no bundled lesson or file")
    Path("bad.toml").write_text("[sitting]\n" + "\n".join(f"a{n} = 1" for n in range(20)))
    lines = (await enter(pilot, "bad.toml")).split("\n")
    assert lines[0].startswith("bad.toml: [sitting] ") and lines[-1] == "and 14 more" and len(lines) == 9
    await pilot.press("escape")
    assert session_of(pilot).round == 2 and len(session_of(pilot).trainings) == 1


async def test_runs_that_no_file_holds_are_left_by_a_second_enter_only(pilot: Pilots, tmp_path: Path) -> None:
    path = tmp_path / "other.toml"
    save_session(Session.open(load_lesson("relu")).next(), path)
    stepper(pilot).open_lesson(load_lesson("step-size"))
    await pilot.press("ctrl+o")
    assert "not saved; press enter again to open the file anyway" in await enter(pilot, str(path))
    assert len(session_of(pilot).trainings) == 2
    assert await enter(pilot) == ""
    assert (session_of(pilot).lesson.name, session_of(pilot).round) == ("relu", 2)


async def test_a_lessons_file_becomes_one_more_run_of_the_sitting(pilot: Pilots) -> None:
    Path("mine.toml").write_text(format_lesson(load_lesson("relu")))
    await pilot.press("ctrl+o")
    assert await enter(pilot, "mine.toml") == ""
    assert [training.lesson.name for training in session_of(pilot).trainings] == ["two-by-two", "mine"]


async def test_a_program_opened_on_a_far_place_of_a_sitting_is_there_at_once_and_runs_to_it() -> None:
    far = parse_session(format_session(Session.open(load_lesson("two-by-two")).go_to(60_000, done=3)))
    async with BptuiApp(far).run_test(size=(80, 24)) as pilot:
        for _ in range(600):
            if session_of(pilot).goal is None:
                break
            await pilot.pause(0.01)
        assert (session_of(pilot).round, session_of(pilot).formulas_done) == (60_000, 3)


NAMES = (
    *(
        "..",
        ".",
        "/",
        "//",
        "~",
        "~\0",
        "~\ud800",
        "~nobody-here/x",
        "a\0b",
        "\ud800",
        "no/such",
        "..toml",
        ".toml",
        "-rf",
    ),
    *(
        "x" * 256,
        "x" * 5000,
        "\U0001f642" * 64,
        "\U0001f642",
        "e\u0301" * 200,
        "\u202ex",
        "\u200b",
        "a\nb",
        "a\x1b[31m",
        "[b]x",
    ),
    *("loop", "loop/x", "folder", "folder/", "folder/../x", "pipe", "nowhere", "/dev/full", "/dev/zero", "two-by-two"),
)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes in folders")
def test_whatever_a_file_is_called_it_is_saved_and_read_back_or_refused_in_plain_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("loop").symlink_to("loop")
    Path("nowhere").symlink_to("not/there")
    os.mkfifo("pipe")
    session = Session.open(load_lesson("adam")).rename("../[b]x[/] \U0001f642")
    for name, sure in product(NAMES, (False, True)):
        for dialog in (SaveScreen(session), SaveLessonScreen(session.lesson)):
            try:
                path = dialog.act(dialog.make_path(name), sure)
                opened = OpenScreen(session).act(OpenScreen.make_path(str(path)), sure=True)
            except UserError as refused:
                assert is_plain(str(refused)) and "\n" not in str(refused)
            else:
                found = opened.lesson if isinstance(opened, Session) else opened
                assert found.spec == session.spec
