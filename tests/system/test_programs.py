"""Other programs: what they print, why they fail, and that nothing of them is left."""

import asyncio
from pathlib import Path

import pytest

from bptui.system import confinement
from bptui.system.process import Unavailable
from bptui.system.programs import find_program, run_program
from tests.processes import children, left

SH = find_program(["sh"])


async def test_a_program_runs_in_its_folder_and_what_it_prints_is_returned(tmp_path: Path) -> None:
    assert await run_program([SH, "-c", "echo here > file; echo said"], tmp_path, 10.0) == "said\n"
    assert (tmp_path / "file").read_text() == "here\n"


async def test_a_program_that_fails_or_is_not_there_says_why(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="sh failed: it broke"):
        await run_program([SH, "-c", "echo first; echo '! it broke'; echo last; exit 3"], tmp_path, 10.0)
    with pytest.raises(Unavailable, match="nothing-like-it did not start"):
        await run_program([str(tmp_path / "nothing-like-it")], tmp_path, 10.0)
    assert find_program(["nothing-like-it"]) == ""


@pytest.mark.parametrize("cancelled", [True, False])
async def test_what_a_program_started_ends_with_it(tmp_path: Path, cancelled: bool) -> None:
    """Even where it is cancelled before it is known to have started."""
    words = [SH, "-c", "(touch started; exec sleep 60) & (exec sleep 60) & wait"]
    running = asyncio.ensure_future(run_program(words, tmp_path, 60.0 if cancelled else 0.5))
    while not (tmp_path / "started").exists():
        await asyncio.sleep(0)
    below = children()
    if cancelled:
        running.cancel()
    with pytest.raises(asyncio.CancelledError if cancelled else Unavailable):
        await running
    assert below and not left(below)


async def test_a_guest_runs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confinement, "_folder", tmp_path)
    assert find_program(["sh"]) == ""
    with pytest.raises(Unavailable, match="not available in a browser"):
        await run_program([SH, "-c", "echo"], tmp_path, 10.0)
