"""Paths that somebody types lead nowhere but into their folder, however they are written and whatever is asked for."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bptui.core.problem.tables import UserError
from bptui.lessons.lesson import find_lesson_file, load_lesson
from bptui.persistence.lesson_files import save_lesson
from bptui.persistence.session_file import load_session, save_session
from bptui.session.session import Session
from bptui.system import confinement
from bptui.system.folder_writing import require_free, write_folder
from bptui.system.process import Unavailable
from bptui.system.reading import read_text
from bptui.system.writing import write_file
from bptui.ui.dialogs.session_file import OpenScreen, SaveLessonScreen, SaveScreen
from tests.tables import over

INSIDE = ["mine.toml", "./mine.toml", "folder/../mine.toml", "{folder}/mine.toml", "link-in/mine.toml", "..mine.toml"]
OUTSIDE = [
    "/etc/passwd",
    "..",
    "../mine.toml",
    "folder/../../mine.toml",
    "{folder}/../mine.toml",
    "{folder}-2/mine.toml",
    "link-out/mine.toml",
    "link-to-file.toml",
    "broken-link.toml",
    "/proc/self/environ",
    "/proc/self/cwd/../mine.toml",
    "/proc/self/root/etc/passwd",
    "//etc/passwd",
    "mine\0.toml",
    "x/" * 3000 + "../" * 3001,
]
SITTING = Session.open(load_lesson("two-by-two"))
USES: dict[str, Callable[[Path], object]] = {
    "read": read_text,
    "open a lesson": lambda path: load_lesson(str(path)),
    "open a sitting": load_session,
    "save a lesson": lambda path: save_lesson(SITTING.lesson, path),
    "save a lesson again": lambda path: save_lesson(SITTING.lesson, path, replace=True),
    "save a lesson by its dialog": lambda path: SaveLessonScreen(SITTING.lesson).act(path, sure=True),
    "save a session by its dialog": lambda path: SaveScreen(SITTING).act(path, sure=True),
    "open by the dialog": lambda path: OpenScreen(SITTING).act(path, sure=True),
    "save": lambda path: write_file(path, "text"),
    "save again": lambda path: write_file(path, "text", replace=True),
    "look for a place": require_free,
    "write a folder": lambda path: write_folder(path, {"page.md": "text"}, force=True),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that is the current one and must not be left, with links; beside it is what must not be reached."""
    folder, out = tmp_path / "visitor", tmp_path / "visitor-2"
    for path in (folder, out, folder / "folder"):
        path.mkdir()
    for path in (tmp_path / "mine.toml", out / "mine.toml"):
        path.write_text("secret")
    (folder / "link-in").symlink_to(".")
    (folder / "link-out").symlink_to(out)
    (folder / "link-to-file.toml").symlink_to(out / "mine.toml")
    (folder / "broken-link.toml").symlink_to(tmp_path / "not-there.toml")
    monkeypatch.chdir(folder)
    monkeypatch.setattr(confinement, "_folder", None)
    confinement.confine(folder)
    yield folder
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.toml", "visitor", "visitor-2"]
    assert (tmp_path / "mine.toml").read_text() == (out / "mine.toml").read_text() == "secret"


@over(name=OUTSIDE, use=USES)
def test_a_path_that_leads_out_is_refused(folder: Path, name: str, use: str) -> None:
    with pytest.raises(UserError, match=r"^this path is outside your folder"):
        USES[use](Path(name.format(folder=folder)))


@pytest.mark.parametrize("name", INSIDE)
def test_a_path_that_stays_inside_is_as_good_as_ever(folder: Path, name: str) -> None:
    path = Path(name.format(folder=folder))
    save_session(SITTING, path)
    assert load_session(path).lesson.name == SITTING.lesson.name


REFUSED: dict[str, Callable[[Path], object]] = {
    "save over a folder": lambda path: write_file(path / "folder", "text", replace=True),
    "save in no folder": lambda path: write_file(path / "none" / "mine.toml", "text"),
    "save again": lambda path: save_session(SITTING, path / "link-in" / "mine.toml"),
    "save over their folder": lambda path: write_file(path, "text", replace=True),
    "read a folder": lambda path: read_text(path / "folder"),
    "read nothing": lambda path: load_session(path / "none.toml"),
    "write over their folder": lambda path: write_folder(path, {"page.md": "text"}, force=True),
    "write where there is none": lambda path: write_folder(path / "none" / "here", {"page.md": "text"}),
}


@pytest.mark.parametrize("use", REFUSED)
def test_no_error_tells_a_guest_in_which_folder_of_the_computer_theirs_is(folder: Path, use: str) -> None:
    (folder / "mine.toml").touch()
    with pytest.raises(UserError) as refused:
        REFUSED[use](folder)
    assert str(folder.parent) not in str(refused.value), refused.value


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (f"ImportError: {sys.prefix}/lib/libtorch.so: cannot open", "ImportError: libtorch.so: cannot open"),
        (f"[Errno 2] No such file: '{sys.executable}'", f"[Errno 2] No such file: '{Path(sys.executable).name}'"),
        ("12/3 of dE/dw1 is 4, see /a/b/c", "12/3 of dE/dw1 is 4, see /a/b/c"),
    ],
)
def test_why_a_process_is_not_available_names_no_folder_to_a_guest(folder: Path, reason: str, told: str) -> None:
    assert str(Unavailable(reason)) == told


def test_home_is_a_guests_folder_and_is_named_as_they_would(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    assert confinement.make_relative(Path("~/mine.toml").expanduser()) == Path("mine.toml")
    assert confinement.make_relative(Path("~").expanduser()) == Path()


def test_bundled_lessons_are_there_to_be_read_and_not_to_be_written(folder: Path) -> None:
    assert load_lesson("relu").name == "relu"
    path = find_lesson_file("relu")
    with pytest.raises(UserError, match="outside your folder"):
        write_file(path, path.read_text(), replace=True)


def test_nothing_is_confined_until_that_is_asked_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confinement, "_folder", None)
    assert read_text(folder.parent / "mine.toml") == "secret"
