"""The dialog that writes a report of the sitting: a folder with everything, replaced only when asked for twice."""

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
from bptui.session.torch_process import TorchProcess
from bptui.system.process import Unavailable
from bptui.ui.app import BptuiApp
from bptui.ui.dialogs import report
from bptui.ui.dialogs.report import ReportScreen
from bptui.ui.screens.stepper import StepperScreen
from tests.ui.dialogs.test_session_file import enter


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
    monkeypatch.setattr("bptui.core.training.convergence._MOST", 8_000)
    async with BptuiApp(Session.open(load_lesson("two-by-two"))).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("h")
        await pilot.pause()
        yield pilot


async def test_a_report_is_written_and_again_only_after_a_second_enter(pilot: Pilot[Any], tmp_path: Path) -> None:
    assert await enter(pilot) == ""
    assert isinstance(pilot.app.screen, StepperScreen)
    assert pilot.app.screen.session.notice.startswith("wrote two-by-two-report: report.md")
    folder = tmp_path / "two-by-two-report"
    before = (folder / "report.md").read_text(encoding="utf-8")
    assert "## The runs of a sitting" in before
    await pilot.press("h")
    await pilot.pause()
    assert "is there already; enter again replaces it" in await enter(pilot)
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
    assert "the runs cannot be looked at: its process ended with status 9" in await enter(pilot)
    assert "observes, summarises" in str(pilot.app.screen.query_one(".about", Static).render())  # nothing is going on


async def test_leaving_while_a_report_tells_how_far_it_is_is_no_crash(
    pilot: Pilot[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def written(sections: object, path: Path, sure: bool, say: Callable[[str], None]) -> str:
        while True:
            say("looking …")
            await asyncio.sleep(0)

    monkeypatch.setattr(report, "write_report", written)
    await pilot.press("enter")
    await pilot.press("escape")
    await pilot.pause()
    assert isinstance(pilot.app.screen, StepperScreen) and not pilot.app.screen.session.notice.startswith("wrote")
