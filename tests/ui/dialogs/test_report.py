"""The dialog that writes the hand-in: which runs, whose name, and a folder that is replaced only if asked for twice."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from bptui.compare.summary import summarise_run
from bptui.lessons.lesson import load_lesson
from bptui.report import writer as reporting
from bptui.session.session import Session
from bptui.session.torch_side.process import TorchProcess
from bptui.system.process import Unavailable
from bptui.ui.app import BptuiApp
from bptui.ui.dialogs import report
from bptui.ui.dialogs.report import Choice, ReportScreen, RunChoices
from bptui.ui.screens.stepper import StepperScreen
from tests.ui.dialogs.test_session_file import enter
from tests.ui.seeing import session_of, stepper, until


@pytest.fixture
async def pilot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pilot[Any]]:
    async def start(self: TorchProcess) -> None:
        raise Unavailable("torch is not installed")

    async def summaries(questions: list[Any]) -> AsyncIterator[Any]:
        for place, question in enumerate(questions):
            yield place, summarise_run(question.spec, 20)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(TorchProcess, "start", start)
    monkeypatch.setattr(reporting, "summarise_runs", summaries)
    monkeypatch.setattr(report, "find_printer", lambda: "")
    monkeypatch.setattr("bptui.core.training.convergence._MOST", 8_000)
    async with BptuiApp(Session.open(load_lesson("two-by-two"))).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("h")
        await pilot.pause()
        yield pilot


async def test_a_report_is_written_and_again_only_after_a_second_enter(pilot: Pilot[Any], tmp_path: Path) -> None:
    assert await enter(pilot) == ""
    assert isinstance(pilot.app.screen, StepperScreen)
    assert pilot.app.screen.session.notice.startswith("wrote two-by-two-report: report.html, report.md and ")
    folder = tmp_path / "two-by-two-report"
    before = (folder / "report.md").read_text(encoding="utf-8")
    assert "## Derivation of round 1: run a, two-by-two" in before
    await pilot.press("h")
    await pilot.pause()
    assert "already exists; press enter again to replace it" in await enter(pilot)
    assert await enter(pilot) == ""
    assert (folder / "report.md").read_text(encoding="utf-8") == before


async def test_a_folder_that_cannot_be_made_is_told_and_nothing_is_left(pilot: Pilot[Any], tmp_path: Path) -> None:
    pilot.app.screen.query_one(Input).value = "no/such/place"
    await pilot.pause()
    assert "no/such" in await enter(pilot)
    assert not list(tmp_path.iterdir()) and isinstance(pilot.app.screen, ReportScreen)
    await pilot.press("escape")
    await pilot.pause()
    assert isinstance(pilot.app.screen, StepperScreen)


async def test_processes_that_fail_are_told_of(pilot: Pilot[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    async def summaries(questions: list[Any]) -> AsyncIterator[Any]:
        raise Unavailable("its process ended with status 9")
        yield

    monkeypatch.setattr(reporting, "summarise_runs", summaries)
    assert "the runs cannot be analysed: its process ended with status 9" in await enter(pilot)
    assert "derives the run shown" in str(pilot.app.screen.query_one(".about", Static).render())  # nothing is going on


async def test_leaving_while_a_report_says_how_far_it_is_is_no_crash(
    pilot: Pilot[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def written(order: object, path: Path, sure: bool, say: Callable[[str], None]) -> str:
        while True:
            say("looking …")
            await asyncio.sleep(0)

    monkeypatch.setattr(report, "write_report", written)
    await pilot.press("enter", "escape", "escape")
    await pilot.pause()
    assert isinstance(pilot.app.screen, StepperScreen) and not pilot.app.screen.session.notice.startswith("wrote")


async def test_escape_skips_the_runs_that_are_not_analysed_yet(
    pilot: Pilot[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def summaries(questions: list[Any]) -> AsyncIterator[Any]:
        await asyncio.Event().wait()
        yield

    monkeypatch.setattr(reporting, "summarise_runs", summaries)
    await pilot.press("enter")
    dialog = pilot.app.screen
    about = dialog.query_one(".about", Static)
    await until(pilot, "how to skip", lambda: "escape to report the rest" in str(about.render()))
    await pilot.press("escape")
    await until(pilot, "the report", lambda: isinstance(pilot.app.screen, StepperScreen))
    assert "1 run not analysed" in session_of(pilot).notice
    assert "This run was not analysed." in (tmp_path / "two-by-two-report" / "report.md").read_text(encoding="utf-8")


async def test_boxes_say_which_runs_go_in_and_the_fields_whose_it_is(pilot: Pilot[Any], tmp_path: Path) -> None:
    await pilot.press("escape")
    stepper(pilot).session = stepper(pilot).session.open_lesson(load_lesson("relu")).open_lesson(load_lesson("xor"))
    await pilot.press("h", "tab", *" mine", "tab", *"Ada", "tab", "down", "space")
    boxes = pilot.app.screen.query_one(RunChoices)
    shown = [str(boxes.get_option_at_index(place).prompt) for place in range(4)]
    assert shown[:3] == ["[x] a · two-by-two", "[ ] b · relu", "[x] c · xor (shown)"]
    assert shown[3] == "no PDF without LaTeX, Chromium or Chrome: print report.html from a browser"
    await pilot.press("enter")
    await until(pilot, "the report", lambda: isinstance(pilot.app.screen, StepperScreen))
    page = (tmp_path / "xor-report" / "report.md").read_text(encoding="utf-8")
    assert page.startswith(f"# Backpropagation report: {load_lesson('xor').title} mine\n\nAda · ")
    assert ": run c, xor" in page and ": run a, two-by-two" in page and "relu" not in page
    await pilot.press("h")
    await pilot.pause()
    assert pilot.app.screen.query_one("#author", Input).value == "Ada"  # as the last time


async def test_a_report_of_no_run_is_refused(pilot: Pilot[Any], tmp_path: Path) -> None:
    await pilot.press("tab", "tab", "tab", "space")
    assert "no run is ticked" in await enter(pilot)
    assert not list(tmp_path.iterdir())


def test_a_pdf_is_made_unless_its_box_is_not_ticked() -> None:
    choice = Choice.of(Session.open(load_lesson("relu")), "xelatex")
    assert choice.pdf and choice.rows[-1] == "[x] also a PDF, made with xelatex" and not choice.toggle(1).pdf
    assert not Choice.of(Session.open(load_lesson("relu")), "").toggle(1).pdf
