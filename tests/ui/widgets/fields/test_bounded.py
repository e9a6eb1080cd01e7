"""Every text field of the program takes so much and no more; what is left out is told, and nothing takes long."""

import re
from pathlib import Path
from time import process_time

import pytest
from textual import events
from textual.widgets import Input, TextArea

import bptui
from bptui.lessons.lesson import load_lesson
from bptui.session.session import Session
from bptui.ui.app import BptuiApp
from bptui.ui.widgets.fields.bounded import LONGEST, LONGEST_LIST, LONGEST_PATH, LONGEST_TEXT

FIELDS = {
    "go to": (("g",), LONGEST),
    "settings": (("s",), LONGEST_LIST),
    "my number": (("m",), LONGEST),
    "printed values": (("f8",), LONGEST_TEXT),
    "the filter of lessons": (("l", "slash"), LONGEST),
    "a file to open": (("ctrl+o",), LONGEST_PATH),
}


@pytest.mark.parametrize(("keys", "longest"), FIELDS.values(), ids=FIELDS)
async def test_a_paste_of_megabytes_is_cut_and_told(keys: tuple[str, ...], longest: int) -> None:
    async with BptuiApp(Session.open(load_lesson("two-by-two"))).run_test(size=(120, 36)) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        field = pilot.app.focused
        assert isinstance(field, Input | TextArea)
        begun = process_time()
        for _ in range(2):
            pilot.app.post_message(events.Paste("0.5, " * 1_000_000))
            await pilot.pause()
        await pilot.press("1", "2")
        await pilot.pause()
        assert process_time() - begun < 10.0
        assert len(field.value if isinstance(field, Input) else field.text) == longest
        told = [notice.message for notice in pilot.app._notifications]
        assert f"this field takes {longest:,} characters; the rest is left out" in told


async def test_a_full_field_can_be_edited_and_says_again_when_it_is_full_again() -> None:
    async with BptuiApp(Session.open(load_lesson("two-by-two"))).run_test(size=(120, 36)) as pilot:
        await pilot.press("g")
        pilot.app.post_message(events.Paste("1" * 5000))
        await pilot.pause()
        field = pilot.app.focused
        assert isinstance(field, Input) and len(field.value) == LONGEST
        await pilot.press("1", "1", "backspace", "2", "3")
        assert field.value == "1" * (LONGEST - 1) + "2"
        field.select_all()
        pilot.app.post_message(events.Paste("77"))
        await pilot.pause()
        assert field.value == "77"


def test_no_field_is_without_a_bound() -> None:
    """All are made of the bounded ones."""
    plain = re.compile(r"class \w+\((Input|TextArea)\)|(?<!\w)(Input|TextArea)\(")
    for path in (Path(bptui.__file__).parent / "ui").rglob("*.py"):
        if path.name != "bounded.py":
            assert not plain.search(path.read_text(encoding="utf-8")), path
