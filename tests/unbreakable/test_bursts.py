"""What a terminal sends in one piece, faster than it can be answered."""

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are a POSIX thing")

from textual import events

from bptui.ui.app import BptuiApp
from bptui.ui.panels.network import NetworkPanel
from tests.unbreakable.conftest import Start
from tests.unbreakable.driving import driven, second_opinion_by_numpy


def test_keys_sent_in_one_piece_reach_the_dialogs_that_they_open(start: Start) -> None:
    terminal = start()
    for keys, text in (
        ("g500\r ", "round 501/1,000"),
        ("g\x15" + "12\x15" + "7\r", "round 7/1,000"),
        ("s\t\t\t\t\t\x1b[Z\x1b[Z\x1b[Z\x1b[Z\x1b[Z\x150.25, 0.5\x13", "round 1/1,000"),
        ("g3\r", "round 3/1,000"),
        ("aqpq.>g4\r", "round 4/1,000"),
        ("g9\x1bg8\x1b g6\r", "round 6/1,000"),  # an escape right before a letter, and before a space
    ):
        terminal.type(keys)
        terminal.until(text)


async def test_of_a_focus_that_comes_and_goes_only_the_last_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    second_opinion_by_numpy(monkeypatch)
    changes: list[bool] = []
    watch = BptuiApp._watch_app_focus

    def watch_and_note(self: BptuiApp, focus: bool) -> None:
        changes.append(focus)
        watch(self, focus)

    monkeypatch.setattr(BptuiApp, "_watch_app_focus", watch_and_note)
    async with driven() as program:
        for events_ in (
            [events.AppBlur, events.AppFocus] * 100,
            [*[events.AppBlur, events.AppFocus] * 100, events.AppBlur],
        ):
            for event in events_:
                program.app.post_message(event())
            program.type("n")
            await program.settle()
        await program.until("two keys", lambda: program.session.round == 3)
        assert len(changes) <= 4
        program.app.post_message(events.AppBlur())
        await program.until("the blur", lambda: not program.app.app_focus)


async def test_a_press_on_what_was_removed_since_the_last_picture_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    second_opinion_by_numpy(monkeypatch)
    async with driven() as program:
        panel = program.app.screen.query_one(NetworkPanel)
        x, y = panel.region.x + 5, panel.region.y + 5
        await panel.remove()
        assert program.app.screen.get_widget_at(x, y)[0] is panel
        await program.app.on_event(events.MouseDown(None, x, y, 0, 0, 1, False, False, False, x, y))
        program.type("n")
        await program.until("a key", lambda: program.session.round == 2)
