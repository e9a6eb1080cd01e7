"""Paths that somebody types lead nowhere but into their folder, however they are written and whatever is asked for."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bptui.core.problem.tables import UserError
from bptui.lessons.lesson import find_lesson_file, load_lesson
from bptui.persistence.session_file import load_session, save_session
from bptui.session.session import Session
from bptui.system import confinement
from bptui.system.folder_writing import require_free, write_folder
from bptui.system.reading import read_text
from bptui.system.writing import write_file
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
USES: dict[str, Callable[[Path], object]] = {
    "read": read_text,
    "open a lesson": lambda path: load_lesson(str(path)),
    "open a sitting": load_session,
    "save": lambda path: write_file(path, "text"),
    "save again": lambda path: write_file(path, "text", replace=True),
    "look for a place": require_free,
    "write a folder": lambda path: write_folder(path, {"page.md": "text"}, force=True),
}
SITTING = Session.open(load_lesson("two-by-two"))


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


def test_bundled_lessons_are_there_to_be_read_and_not_to_be_written(folder: Path) -> None:
    assert load_lesson("relu").name == "relu"
    path = find_lesson_file("relu")
    with pytest.raises(UserError, match="outside your folder"):
        write_file(path, path.read_text(), replace=True)


def test_nothing_is_confined_until_that_is_asked_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confinement, "_folder", None)
    assert read_text(folder.parent / "mine.toml") == "secret"
