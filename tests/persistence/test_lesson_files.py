"""The user's own lessons: saved, found in the folder, remembered where they were opened; and no one else's."""

import os
from pathlib import Path

import pytest

from bptui.lessons.lesson import load_lesson
from bptui.persistence.lesson_files import (
    MOST_FILES,
    MOST_RECENT,
    find_folder_lessons,
    find_recent_lessons,
    remember_lesson,
    save_lesson,
)
from bptui.system import confinement
from bptui.system.folders import find_state_folder
from bptui.system.writing import AlreadyExistsError

MAZUR = load_lesson("mazur-2015")


def test_a_saved_lesson_reads_back_the_same_and_is_replaced_only_on_request(tmp_path: Path) -> None:
    path = tmp_path / "mazur-2015.toml"
    save_lesson(MAZUR, path)
    assert load_lesson(str(path)) == MAZUR
    with pytest.raises(AlreadyExistsError):
        save_lesson(load_lesson("relu"), path)
    save_lesson(load_lesson("relu"), path, replace=True)
    assert load_lesson(str(path)).title == load_lesson("relu").title


def test_the_lessons_of_a_folder_are_found_and_what_is_no_lesson_is_left_out(tmp_path: Path) -> None:
    save_lesson(MAZUR, tmp_path / "b.toml")
    (tmp_path / "a.toml").write_text("[network]\ninputs = [1, 2")
    (tmp_path / "c.toml").write_text("[network]\ninputs = [1]\nfoo = 2\n")
    (tmp_path / "pyproject.toml").write_text("[tool.x]\na = 1\n")
    (tmp_path / "broken.toml").write_text("[tool.x")
    (tmp_path / "mine.sitting.toml").write_text("[sitting]\nversion = 1\n")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "other.txt").write_text("[network]\n")
    found = find_folder_lessons(tmp_path)
    assert [(one.name, one.lesson is not None) for one in found] == [("a", False), ("b", True), ("c", False)]
    assert found[0].fault.startswith("is not TOML") and "foo: unknown setting" in found[2].fault.replace(
        "[network] ", ""
    )
    assert find_folder_lessons(tmp_path / "nowhere") == []


def test_only_so_many_files_of_a_folder_are_read(tmp_path: Path) -> None:
    for number in range(MOST_FILES + 20):
        (tmp_path / f"{number:03}.toml").write_text("[network]\n")
    assert len(find_folder_lessons(tmp_path)) == MOST_FILES


def test_the_lessons_opened_last_are_remembered_the_newest_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_recent_lessons() == []
    for number in range(MOST_RECENT + 3):
        save_lesson(MAZUR, Path(f"{number}.toml"))
        remember_lesson(Path(f"{number}.toml"))
    remember_lesson(Path("7.toml"))
    names = [one.name for one in find_recent_lessons()]
    assert names[:3] == ["7", "14", "13"] and len(names) == MOST_RECENT == len(set(names))
    assert [one.name for one in find_recent_lessons(find_folder_lessons(tmp_path))] == []
    Path("7.toml").unlink()
    assert find_recent_lessons()[0].name == "14"


def test_the_state_is_private_and_bounded_and_a_broken_one_is_no_harm(tmp_path: Path) -> None:
    save_lesson(MAZUR, tmp_path / "it.toml")
    remember_lesson(tmp_path / "it.toml")
    (file,) = find_state_folder().glob("*.toml")
    assert os.stat(find_state_folder()).st_mode & 0o077 == 0  # noqa: PTH116
    for broken in ("", "lessons = 3", "lessons = [1, 'a\\u0000b']", "[[", f"lessons = ['{'x' * 9000}']", "\x00"):
        file.write_text(broken)
        assert find_recent_lessons() == []
        remember_lesson(tmp_path / "it.toml")
        assert [one.name for one in find_recent_lessons()] == ["it"]


def test_where_nothing_can_be_kept_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    remember_lesson(tmp_path / "it.toml")
    assert find_recent_lessons() == []


def test_a_visitor_sees_only_files_of_their_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "visitor"
    own.mkdir()
    save_lesson(MAZUR, tmp_path / "others.toml")
    save_lesson(MAZUR, own / "mine.toml")
    monkeypatch.setenv("XDG_STATE_HOME", str(own / "state"))
    remember_lesson(tmp_path / "others.toml")
    remember_lesson(own / "mine.toml")
    (own / "link.toml").symlink_to(tmp_path / "others.toml")
    monkeypatch.setattr(confinement, "_folder", Path(os.path.realpath(own)))
    assert [one.name for one in find_recent_lessons()] == ["mine"]
    assert [one.name for one in find_folder_lessons(own)] == ["mine"]
