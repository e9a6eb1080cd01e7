"""Every screen looks as it did, at two sizes, as text.

To renew the snapshots after a change that was meant, look at the difference that the test shows, then

    BPTUI_RENEW_SNAPSHOTS=1 python3 dev.py test --all tests/ui/test_snapshots.py

and look once more, at ``git diff tests/ui/snapshots``.
"""

import os
from difflib import unified_diff
from pathlib import Path

import pytest

from tests.effort import each_once
from tests.ui.dialogs.test_help import assert_whole, footer_of, must_tell_every_key
from tests.ui.pictures import PICTURES, SIZES, here, in_process, opened, shown
from tests.ui.seeing import until

__all__ = ["here", "in_process"]

SNAPSHOTS = Path(__file__).parent / "snapshots"
RENEW = "BPTUI_RENEW_SNAPSHOTS"


def file_of(name: str, size: tuple[int, int]) -> Path:
    return SNAPSHOTS / f"{name}-{size[0]}x{size[1]}.txt"


def difference(before: str, now: str, name: str) -> str:
    """What is another line now, and how to take it for right."""
    lines = unified_diff(before.splitlines(), now.splitlines(), f"{name} as it was", f"{name} now", lineterm="", n=1)
    return "\n".join([*lines, f"if that was meant: {RENEW}=1 python3 dev.py test --all tests/ui/test_snapshots.py"])


@each_once(name=list(PICTURES), size={f"{width}x{height}": (width, height) for width, height in SIZES})
async def test_a_screen_looks_as_it_did_and_its_footer_and_help_tell_its_keys(
    name: str, size: tuple[int, int], here: None
) -> None:
    async with opened(name, size) as pilot:
        now = shown(pilot)
        if not name.startswith("help"):
            await until(pilot, "the footer", lambda: footer_of(pilot.app.screen))
            assert_whole(pilot.app.screen)
            if size == SIZES[0]:
                await must_tell_every_key(pilot)
    file = file_of(name, size)
    if os.environ.get(RENEW):
        file.write_text(now, encoding="utf-8")
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    if before != now:
        pytest.fail(difference(before, now, file.name), pytrace=False)


def test_there_is_no_snapshot_of_a_screen_that_is_none() -> None:
    known = {file_of(name, size) for name in PICTURES for size in SIZES}
    stray = set(SNAPSHOTS.iterdir()) - known
    if os.environ.get(RENEW):
        for file in stray:
            file.unlink()
    assert not [file.name for file in stray if file.exists()]


def test_a_difference_is_shown_line_by_line_and_says_how_to_renew() -> None:
    said = difference("one\ntwo\nthree\n", "one\nzwei\nthree\n", "a")
    assert "-two\n+zwei\n" in said and "+one" not in said
    assert said.endswith("BPTUI_RENEW_SNAPSHOTS=1 python3 dev.py test --all tests/ui/test_snapshots.py")
