"""Writing safely: whole or not at all, whichever step fails, is interrupted or is the last of a killed program."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from bptui.core.problem.tables import UserError
from bptui.system.folder_writing import require_free, write_folder
from bptui.system.writing import AlreadyExistsError, make_stem, write_file

OLD = {"a.tex": "old a", "b.tex": "old b"}
NEW: dict[str, str | bytes] = {"a.tex": "new ä\n", "c.bin": b"\x00\r\n"}
WRITTEN = {"a.tex": "new ä\n".encode(), "c.bin": b"\x00\r\n"}
STEPS = ("fsync", "link", "replace", "rename", "mkdir")
Write = Callable[[Path], None]


def forced(path: Path) -> None:
    write_folder(path, NEW, force=True, ours=("*.tex",))


def new_file(path: Path) -> None:
    write_file(path, "new")


def replaced_file(path: Path) -> None:
    write_file(path, "new", replace=True)


def new_folder(path: Path) -> None:
    write_folder(path, NEW)


@contextmanager
def steps(do: Callable[[int], None], after: bool = False) -> Iterator[None]:
    """Call ``do`` with its number before, or after, each step of writing that can fail."""
    count = 0

    def stepped(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **others: Any) -> Any:
            nonlocal count
            count += 1
            number = count
            if not after:
                do(number)
            result = function(*arguments, **others)
            if after:
                try:
                    do(number)
                except BaseException:
                    if hasattr(result, "close"):
                        result.close()
                    raise
            return result

        return call

    def opened(*arguments: Any, **others: Any) -> Any:
        file = really_open(*arguments, **others)
        file.write = stepped(file.write)
        return file

    with pytest.MonkeyPatch.context() as patch:
        really_open = Path.open
        patch.setattr(Path, "open", stepped(opened))
        for name in STEPS:
            patch.setattr(os, name, stepped(getattr(os, name)))
        yield


def failing(first: int, last: int, fault: int) -> Callable[[int], None]:
    def do(number: int) -> None:
        if first <= number <= last:
            raise OSError(fault, os.strerror(fault))

    return do


def interrupted(at: int) -> Callable[[int], None]:
    def do(number: int) -> None:
        if number == at:
            raise KeyboardInterrupt

    return do


def killed(at: int) -> Callable[[int], None]:
    def do(number: int) -> None:
        if number == at:
            os._exit(9)

    return do


def ready(folder: Path, write: Write) -> Path:
    """A folder made for a way of writing: the path to be written, with the old thing there if one is replaced."""
    folder.mkdir()
    path = folder / "it"
    if write is replaced_file:
        path.write_text("old")
    if write is forced:
        path.mkdir()
        for name, text in OLD.items():
            (path / name).write_text(text)
    return path


def content(path: Path) -> object:
    """What is at a path: nothing, a file's bytes, or those of a folder's files, by name."""
    if path.is_dir() and not path.is_symlink():
        return {file.name: content(file) for file in path.iterdir()}
    return path.read_bytes() if path.is_file() else None


BEFORE: dict[Write, object] = {
    new_file: None,
    replaced_file: b"old",
    new_folder: None,
    forced: {name: text.encode() for name, text in OLD.items()},
}
AFTER: dict[Write, object] = {new_file: b"new", replaced_file: b"new", new_folder: WRITTEN, forced: WRITTEN}
every_way = pytest.mark.parametrize("write", list(BEFORE), ids=lambda write: write.__name__)


def until_it_ends(tmp_path: Path, write: Write, do: Callable[[int], Callable[[int], None]], after: bool) -> list[str]:
    """Write with something done at the first step, at the second, and so on; what was said each time."""
    said: list[str] = []
    for at in range(1, 100):
        reached = False

        def one(number: int, at: int = at) -> None:
            nonlocal reached
            reached |= number == at
            do(at)(number)

        path = ready(tmp_path / str(at), write)
        try:
            with steps(one, after):
                write(path)
        except (UserError, KeyboardInterrupt) as fault:
            said.append(str(fault))
            assert content(path) in (BEFORE[write], AFTER[write])
            assert isinstance(fault, KeyboardInterrupt) or content(path) == BEFORE[write]
        else:
            assert content(path) == AFTER[write]
        assert {file.name for file in path.parent.iterdir()} <= {"it"}
        if not reached:
            return said
    raise AssertionError("there is no end to the steps")


# --- what is written ---


@every_way
def test_what_is_written_is_there_to_the_byte_and_nothing_beside_it(tmp_path: Path, write: Write) -> None:
    path = ready(tmp_path / "here", write)
    write(path)
    assert content(path) == AFTER[write]
    assert [file.name for file in path.parent.iterdir()] == ["it"]


def test_a_new_file_and_a_new_folder_have_the_permissions_that_new_things_have(tmp_path: Path) -> None:
    write_file(tmp_path / "file", "")
    write_folder(tmp_path / "folder", {})
    (tmp_path / "plain").touch()
    (tmp_path / "made").mkdir()
    assert (tmp_path / "file").stat().st_mode == (tmp_path / "plain").stat().st_mode
    assert (tmp_path / "folder").stat().st_mode == (tmp_path / "made").stat().st_mode


@pytest.mark.skipif(os.name == "nt", reason="the system has other permissions")
@pytest.mark.parametrize("write", [replaced_file, forced], ids=lambda write: write.__name__)
def test_what_is_replaced_keeps_its_permissions(tmp_path: Path, write: Write) -> None:
    path = ready(tmp_path / "here", write)
    path.chmod(0o700)
    write(path)
    assert path.stat().st_mode & 0o777 == 0o700


def test_a_relative_path_is_written_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    new_file(Path("file"))
    new_folder(Path("folder"))
    assert content(tmp_path / "file") == b"new" and content(tmp_path / "folder") == WRITTEN


def test_an_empty_folder_is_written_into_without_force(tmp_path: Path) -> None:
    (tmp_path / "it").mkdir()
    new_folder(tmp_path / "it")
    assert content(tmp_path / "it") == WRITTEN


def test_a_file_that_is_replaced_through_a_link_leaves_the_link(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    (tmp_path / "link").symlink_to("file")
    replaced_file(tmp_path / "link")
    assert (tmp_path / "link").is_symlink() and content(tmp_path / "file") == b"new"


# --- what is refused ---


def refused(around: Path, write: Write, path: Path) -> str:
    """What is said when something is not written; nothing around it may have changed."""
    before = content(around)
    with pytest.raises(UserError) as fault:
        write(path)
    assert content(around) == before
    said = str(fault.value)
    assert "\n" not in said
    return said


def test_what_is_there_is_not_replaced_without_being_told_to(tmp_path: Path) -> None:
    folder = ready(tmp_path / "one", forced)
    file = ready(tmp_path / "two", replaced_file)
    (tmp_path / "two" / "link").symlink_to("nowhere")
    for write, path in ((new_folder, folder), (new_file, file), (new_file, folder), (new_file, file.parent / "link")):
        with pytest.raises(AlreadyExistsError):
            write(path)
        assert refused(tmp_path, write, path) == f"{path} already exists"


def test_even_with_force_a_folder_that_holds_anything_else_is_kept_and_some_of_that_named(tmp_path: Path) -> None:
    path = ready(tmp_path / "here", forced)
    (path / "letter.doc").write_text("dear")
    assert refused(tmp_path, forced, path) == f"{path} is not replaced: it also contains letter.doc"
    (path / "photos.tex").mkdir()  # a name of ours, but no file
    (path / "link.tex").symlink_to(path)
    for name in (".ssh", "z1", "z2"):
        (path / name).touch()
    told = f"{path} is not replaced: it also contains .ssh, letter.doc, link.tex and 3 more"
    assert refused(tmp_path, forced, path) == told


def test_names_of_files_are_no_patterns(tmp_path: Path) -> None:
    (tmp_path / "a" / "it").mkdir(parents=True)
    (tmp_path / "a" / "it" / "x1").write_text("mine")
    assert "also contains x1" in refused(
        tmp_path, lambda p: write_folder(p, {"x[1]": ""}, force=True), tmp_path / "a" / "it"
    )


def test_what_comes_into_a_folder_while_it_is_replaced_is_not_lost(tmp_path: Path) -> None:
    path = ready(tmp_path / "here", forced)

    def add(number: int) -> None:
        if number == 1:
            (path / "letter.doc").write_text("dear")

    with steps(add), pytest.raises(UserError, match=r"it also contains letter\.doc"):
        forced(path)
    assert content(path) == {**{name: text.encode() for name, text in OLD.items()}, "letter.doc": b"dear"}
    assert [file.name for file in path.parent.iterdir()] == ["it"]


@pytest.mark.parametrize("write", [new_folder, forced], ids=lambda write: write.__name__)
def test_files_links_missing_and_current_folders_are_no_place_for_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    path = ready(tmp_path / "here", replaced_file)
    assert refused(tmp_path, write, path) == f"{path} already exists and is not a folder"
    assert refused(tmp_path, write, path / "below") == f"the folder {path} is not a folder"
    assert (
        refused(tmp_path, write, tmp_path / "no" / "it")
        == f"the folder {tmp_path / 'no'} does not exist: create it first"
    )
    (tmp_path / "here" / "empty").mkdir()
    (tmp_path / "here" / "link").symlink_to("empty")
    assert refused(tmp_path, write, tmp_path / "here" / "link").endswith("is a link: give the folder itself")
    monkeypatch.chdir(tmp_path / "here" / "empty")
    assert refused(tmp_path, write, Path()) == ". is the current folder or contains it: choose another"
    assert refused(tmp_path, write, Path("/")) == "/ is the current folder or contains it: choose another"


@every_way
@pytest.mark.parametrize(
    ("name", "why"),
    [("x" * 300, "File name too long"), ("a\0b", "it has a character that no name or text can contain")],
    ids=["too long", "a zero"],
)
def test_a_name_that_cannot_be_is_told_in_one_line(tmp_path: Path, write: Write, name: str, why: str) -> None:
    said = refused(tmp_path, write, ready(tmp_path / "here", write).parent / name)
    assert said.endswith(f" cannot be written: {why}") and "\0" not in said


def test_a_folder_that_is_no_ordinary_file_is_never_replaced_by_one(tmp_path: Path) -> None:
    path = ready(tmp_path / "here", forced)
    assert refused(tmp_path, replaced_file, path) == f"{path} is a folder, not a file"
    assert refused(tmp_path, replaced_file, Path(os.devnull)) == f"{os.devnull} is not an ordinary file"


def test_a_text_that_no_file_can_hold_leaves_none(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    said = refused(tmp_path, lambda path: write_file(path, "\ud800"), tmp_path / "a" / "it")
    assert said.endswith(" cannot be written: it has a character that no name or text can contain")


# --- what fails on the way ---


@every_way
@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EACCES], ids=["disk full", "read-only"])
def test_whichever_step_fails_the_old_is_whole_and_nothing_is_left(tmp_path: Path, write: Write, fault: int) -> None:
    said = until_it_ends(tmp_path, write, lambda at: failing(at, at, fault), after=False)
    assert len(said) >= 3 and all(line.endswith(f"it cannot be written: {os.strerror(fault)}") for line in said)


@pytest.mark.parametrize("write", [new_file, replaced_file, new_folder], ids=lambda write: write.__name__)
def test_whichever_step_fails_with_all_that_follow_nothing_is_left(tmp_path: Path, write: Write) -> None:
    said = until_it_ends(tmp_path, write, lambda at: failing(at, 1000, errno.EROFS), after=False)
    assert len(said) >= 4


def test_an_old_folder_that_cannot_be_moved_back_is_whole_beside_its_place_and_the_place_is_told(
    tmp_path: Path,
) -> None:
    for at in range(1, 100):
        path = ready(tmp_path / str(at), forced)
        with steps(failing(at, 1000, errno.EACCES)):
            try:
                forced(path)
            except UserError as fault:
                said = str(fault)
        if not path.exists():
            break
        assert content(path) == BEFORE[forced]
    (aside,) = path.parent.iterdir()
    assert content(aside) == BEFORE[forced] and aside.name.startswith("it.old-")
    assert said == f"{path} cannot be written: Permission denied; the old folder is {aside}"


@every_way
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_whichever_step_is_interrupted_there_is_the_old_or_the_new_and_nothing_else(
    tmp_path: Path, write: Write, after: bool
) -> None:
    assert len(until_it_ends(tmp_path, write, interrupted, after)) >= 4


def kill_at_every_step(folder: Path) -> None:
    """Write in processes that are killed at the first step, at the second, and so on, each in a folder of its own."""
    for write in BEFORE:
        for after in (False, True):
            for at in range(1, 100):
                path = ready(folder / f"{write.__name__}-{after}-{at}", write)
                child = os.fork()
                if not child:
                    with suppress(BaseException), steps(killed(at), after):
                        write(path)
                    os._exit(0)
                if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
                    break


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
def test_wherever_the_program_is_killed_the_old_is_whole_under_its_name_or_between_two_moves_beside_it(
    tmp_path: Path,
) -> None:
    code = "import sys, pathlib; from tests.system.test_writing import *; kill_at_every_step(pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, cwd=Path(__file__).parents[2])
    between = 0
    for write in BEFORE:
        places = list(tmp_path.glob(f"{write.__name__}-*"))
        assert len(places) >= 8
        for place in places:
            if write is forced and not (place / "it").exists():
                between += 1
                (aside,) = place.glob("it.old-*")
                (new,) = place.glob(".bptui-*")
                assert (content(aside), content(new)) == (BEFORE[write], AFTER[write])
            else:
                assert content(place / "it") in (BEFORE[write], AFTER[write])
    assert between == 2


# --- names ---


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("two-by-two", "two-by-two"),
        ("my lesson (2)", "my-lesson-2"),
        ("../../etc/passwd", "etc-passwd"),
        ("Übung_3", "Übung_3"),
        ("-rf\x00\n\ud800", "rf"),
        ("...", "lesson"),
        ("a" * 300, "a" * 60),
        ("\U0001d400" * 60, "\U0001d400" * 45),  # of 4 bytes each: a file's name has 255 at most
    ],
    ids=ascii,
)
def test_a_lessons_name_becomes_a_safe_file_name(name: str, named: str) -> None:
    assert make_stem(name) == named


def test_a_folder_with_files_but_without_its_mark_is_not_replaced(tmp_path: Path) -> None:
    """Its files may have names like ours, and be somebody's own all the same."""
    folder = tmp_path / "homework"
    folder.mkdir()
    (folder / "mine.tex").write_text("my own", encoding="utf-8")
    with pytest.raises(UserError, match=r"it contains files but no c\.bin"):
        require_free(folder, force=True, mark="c.bin")
    with pytest.raises(UserError, match=r"it contains files but no c\.bin"):
        write_folder(folder, NEW, force=True, ours=("*.tex",), mark="c.bin")
    assert [file.name for file in tmp_path.rglob("*")] == ["homework", "mine.tex"]
    (folder / "c.bin").write_text("", encoding="utf-8")
    write_folder(folder, NEW, force=True, ours=("*.tex",), mark="c.bin")
    assert {file.name for file in folder.iterdir()} == set(NEW)


def test_a_place_that_will_be_refused_is_refused_before_there_is_anything_to_write(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "c.bin").write_text("", encoding="utf-8")
    with pytest.raises(AlreadyExistsError):
        require_free(tmp_path / "full")
    require_free(tmp_path / "full", force=True, mark="c.bin")
    require_free(tmp_path / "new")
    with pytest.raises(UserError, match="create it first"):
        require_free(tmp_path / "no" / "such")
