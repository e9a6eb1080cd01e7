"""Keeping an unsaved sitting: there as long as it is unsaved, left by programs that are no more, taken by one."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import time

import pytest

from bptui.core.problem.tables import UserError
from bptui.lessons.lesson import load_lesson
from bptui.persistence import unsaved as keeping
from bptui.persistence.session_file import load_session
from bptui.persistence.unsaved import MAX_FILES, UnsavedFile, UnsavedStore
from bptui.session.session import Session
from bptui.system.folders import find_state_folder
from bptui.system.reading import LessonError
from tests.persistence.test_session_file import kept as content

fcntl = pytest.importorskip("fcntl", reason="locks of this kind are a POSIX thing")


def unkept(step: float = 5.0) -> Session:
    """A sitting with a run that no file holds."""
    session = Session.open(load_lesson("two-by-two"))
    return session.change(replace(session.spec, step=step)).next()


def names(pattern: str = "*") -> list[str]:
    """The files in the state folder."""
    return sorted(path.name for path in find_state_folder().glob(pattern))


@contextmanager
def elsewhere(code: str) -> Iterator[subprocess.Popen[str]]:
    """Another program, which has said ``ready`` after some code and goes on until its input ends or it is killed."""
    lines = [
        "import sys",
        "from tests.persistence.test_unsaved import *",
        code,
        "print('ready', flush=True)",
        "sys.stdin.read()",
    ]
    command = [sys.executable, "-c", "\n".join(lines)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )
    with process:
        try:
            assert process.stdout is not None and process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def crashed(*sessions: Session) -> list[Path]:
    """The files of programs that are no more, the newest last."""
    paths = []
    for number, session in enumerate(sessions):
        unsaved = UnsavedStore()
        unsaved.keep(session)
        assert unsaved._kept is not None
        unsaved._kept.release()  # as the system does when the program ends
        paths.append(unsaved._kept.path)
        moment = time() - 10_000.0 + number
        os.utime(paths[-1], (moment, moment))
    return paths


def left() -> list[UnsavedFile]:
    """What a new program finds; it is left to the next one."""
    found = UnsavedStore().claim_left()
    for kept in found:
        kept.release()
    return found


# --- what is kept ---


def test_a_sitting_with_nothing_unsaved_is_not_kept_and_makes_no_folder() -> None:
    UnsavedStore().keep(Session.open(load_lesson("two-by-two")).next())
    assert not find_state_folder().exists()


def test_what_is_kept_follows_the_sitting_and_goes_when_it_is_saved(tmp_path: Path) -> None:
    unsaved, session = UnsavedStore(), unkept()
    unsaved.keep(session)
    (name,) = names("*.toml")
    session = session.open_lesson(load_lesson("relu")).next().next()
    unsaved.keep(session)
    assert names("*.toml") == [name]
    assert content(load_session(find_state_folder() / name)) == content(session)
    unsaved.keep(session.saved_in("mine.toml", session))
    assert names() == []
    unsaved.keep(session)
    assert len(names("*.toml")) == 1
    unsaved.forget()
    unsaved.forget()
    assert names() == []


def test_only_the_user_can_look_into_the_folder() -> None:
    UnsavedStore().keep(unkept())
    assert find_state_folder().stat().st_mode & 0o777 == 0o700


def test_the_same_text_is_not_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    unsaved, session = UnsavedStore(), unkept()
    unsaved.keep(session)
    monkeypatch.setattr(keeping, "write_file", lambda *_, **__: pytest.fail("it was written again"))
    unsaved.keep(session.with_notice("something"))


def test_what_cannot_be_kept_is_told_and_what_was_kept_before_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    unsaved, session = UnsavedStore(), unkept()
    unsaved.keep(session)

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(UserError, match="cannot be written: No space left on device"):
            unsaved.keep(session.next())
    assert content(load_session(next(find_state_folder().glob("*.toml")))) == content(session)
    unsaved.keep(session.next())
    assert content(load_session(next(find_state_folder().glob("*.toml")))) == content(session.next())


def test_without_a_home_or_with_a_file_in_its_place_it_is_told(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_STATE_HOME")
    Path(home).write_text("no folder")
    with pytest.raises(UserError, match="cannot be made: Not a directory"):
        UnsavedStore().keep(unkept())
    assert UnsavedStore().claim_left() == []
    monkeypatch.setattr("platformdirs.user_state_path", lambda *_, **__: Path("~/.local/state/bptui"))
    with pytest.raises(UserError, match="no home folder found"):
        UnsavedStore().keep(unkept())
    assert UnsavedStore().claim_left() == []


# --- what was left ---


def test_what_a_killed_program_kept_is_found_once_it_is_no_more() -> None:
    with elsewhere("unsaved = UnsavedStore()\nunsaved.keep(unkept())") as program:
        assert left() == []
        program.kill()
        program.wait()
        (kept,) = left()
    session = kept.load()
    assert content(session) == content(unkept())
    assert session.unsaved and session.file == "" and session.notice


def test_a_program_that_runs_under_the_number_of_a_dead_one_hides_nothing() -> None:
    (path,) = crashed(unkept())
    reused = path.with_name(f"unsaved-{os.getpid()}-0badcafe-0.toml")
    path.rename(reused)
    assert [kept.path for kept in left()] == [reused]


def test_programs_that_run_take_nothing_of_each_other() -> None:
    mine = UnsavedStore()
    mine.keep(unkept())
    with elsewhere("unsaved = UnsavedStore()\nassert unsaved.claim_left() == []\nunsaved.keep(unkept(7.0))"):
        assert UnsavedStore().claim_left() == []
        assert len(names("*.toml")) == 2


def test_what_was_left_is_offered_by_one_program_at_a_time() -> None:
    crashed(unkept(), unkept(6.0))
    with elsewhere("found = UnsavedStore().claim_left()\nassert len(found) == 2"):
        assert left() == []
    assert len(left()) == 2


def test_the_newest_comes_first_and_all_but_so_many_of_the_dead_are_removed() -> None:
    paths = crashed(*(unkept(2.0 + number) for number in range(MAX_FILES + 3)))
    with elsewhere("unsaved = UnsavedStore()\nunsaved.keep(unkept())"):
        assert [kept.path for kept in left()] == paths[:2:-1]
        assert len(names("*.toml")) == MAX_FILES + 1 and len(names()) == 2 * (MAX_FILES + 1)


def test_a_sitting_that_was_left_becomes_this_programs_own_and_is_whole_all_the_time() -> None:
    (path,) = crashed(unkept())
    mine = UnsavedStore()
    (kept,) = mine.claim_left()
    session = kept.load()
    mine.keep(unkept(9.0))
    assert len(names("*.toml")) == 2
    mine.adopt(kept)
    assert names("*.toml") == [path.name] and content(load_session(path)) == content(session)
    assert left() == []  # it is held
    mine.keep(session.next())
    assert names("*.toml") == [path.name] and content(load_session(path)) == content(session.next())
    mine.adopt(kept)
    assert names("*.toml") == [path.name]
    mine.forget()
    assert names() == []


def test_what_is_removed_is_gone_with_its_lock() -> None:
    crashed(unkept())
    (kept,) = UnsavedStore().claim_left()
    kept.remove()
    assert names() == []


@pytest.mark.parametrize("text", ["", "[sitting]\nversion = 2\n", "\0", "trainings = 3"], ids=ascii)
def test_a_broken_file_is_told_of_and_not_offered_again(text: str) -> None:
    (path,) = crashed(unkept())
    path.write_text(text)
    (kept,) = UnsavedStore().claim_left()
    with pytest.raises(LessonError):
        kept.load()
    aside = kept.put_aside()
    assert aside.read_text() == text and names() == [aside.name]
    assert left() == []


def test_whatever_goes_wrong_with_a_file_is_a_fault_of_that_file(monkeypatch: pytest.MonkeyPatch) -> None:
    crashed(unkept())
    (kept,) = left()
    monkeypatch.setattr(keeping, "load_session", lambda path: 1 / 0)
    with pytest.raises(LessonError, match="cannot be read: ZeroDivisionError"):
        kept.load()


def test_where_nothing_can_be_locked_what_others_kept_is_offered_and_the_own_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_locks(handle: int, how: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", no_locks)
    (path,) = crashed(unkept())
    mine = UnsavedStore()
    mine.keep(unkept(9.0))
    assert [kept.path for kept in mine.claim_left()] == [path]


def test_locks_without_a_file_old_temporary_files_and_very_many_broken_ones_are_tidied_away() -> None:
    mine = UnsavedStore()
    mine.keep(unkept())
    folder, own = find_state_folder(), names()
    (folder / "unsaved-1-00000000-0.lock").touch()
    (folder / ".bptui-new").touch()
    (folder / ".bptui-old").touch()
    os.utime(folder / ".bptui-old", (1.0, 1.0))
    for number in range(MAX_FILES + 2):
        (folder / f"broken-{number:02}.toml").touch()
        os.utime(folder / f"broken-{number:02}.toml", (number, number))
    UnsavedStore().claim_left()
    broken = [f"broken-{number:02}.toml" for number in range(2, MAX_FILES + 2)]
    assert names() == sorted([*own, ".bptui-new", *broken])


def test_a_lock_that_is_taken_away_while_it_is_locked_is_taken_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    really = fcntl.flock
    taken: list[Path] = []

    def flock(handle: int, how: int) -> None:
        really(handle, how)
        if not taken:
            taken.extend(find_state_folder().glob("*.lock"))
            taken[0].unlink()

    mine = UnsavedStore()
    with monkeypatch.context() as patch:
        patch.setattr(fcntl, "flock", flock)
        mine.keep(unkept())
    assert taken and len(names("*.lock")) == 1
    assert left() == []
