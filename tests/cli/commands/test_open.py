"""The command that opens the program: a lesson's file is listed among the lessons from then on."""

from pathlib import Path

import pytest

from bptui.cli.main import main
from bptui.lessons.lesson import load_lesson
from bptui.persistence.lesson_files import find_recent_lessons, save_lesson
from bptui.persistence.session_file import save_session
from bptui.session.session import Session


def test_a_lessons_file_is_remembered_and_nothing_else_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_a_terminal: None
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bptui.cli.terminal.run_in_terminal", lambda *_, **__: 0)
    save_lesson(load_lesson("relu"), Path("mine.toml"))
    save_session(Session.open(load_lesson("relu")), Path("it.sitting.toml"))
    for words in ([], ["relu"], ["it.sitting.toml"], ["mine.toml"], ["open", "./mine.toml", "--step", "2"]):
        assert main(words) == 0
    assert [found.path for found in find_recent_lessons()] == [tmp_path / "mine.toml"]
