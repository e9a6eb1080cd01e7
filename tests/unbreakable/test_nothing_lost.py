"""Nothing is lost: every write of the program killed, failed and short of space at every step.

A step is a call of the system's functions that change files, seen from inside the interpreter, so that a new way of
writing is tested without being named here. ``WRITES`` has a row for everything the program writes.
"""

import errno
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from io import IOBase
from pathlib import Path
from types import FrameType, ModuleType
from typing import NamedTuple

import pytest

from bptui.compare.summary import summarise_run
from bptui.core.problem.tables import UserError
from bptui.derive.programs import PROGRAMS, join_source
from bptui.lessons.lesson import format_lesson, load_lesson
from bptui.persistence.lesson_files import save_lesson
from bptui.persistence.session_file import format_session, save_session
from bptui.persistence.unsaved import UnsavedStore
from bptui.report.files import OWN_FILES, PAGE_FILE, make_report_files
from bptui.report.sections import Section
from bptui.session.session import Session
from bptui.system.folder_writing import write_folder
from bptui.ui.screens import programs
from tests.system.test_writing import content

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")

STEPS = (
    *("open", "write", "writelines", "flush", "fsync", "fdatasync", "truncate", "close", "replace", "rename"),
    *("link", "symlink", "unlink", "remove", "mkdir", "rmdir", "chmod", "flock"),
)
BEFORE = ("c_call",)  # what the interpreter calls it
AROUND = ("c_call", "c_return")
ROOT = Path(__file__).parents[2]
FIRST = Session.open(load_lesson("two-by-two"))
OLD = FIRST.change(replace(FIRST.spec, step=5.0))
NEW = OLD.open_lesson(load_lesson("relu")).next().rename("../[b]x[/] \N{SLIGHTLY SMILING FACE}")


def saved_anew(folder: Path) -> None:
    save_session(NEW, folder / "it")


def saved_over(folder: Path) -> None:
    save_session(NEW, folder / "it", replace=True)


def _saved_before(folder: Path) -> None:
    save_session(OLD, folder / "it")


def _files(session: Session) -> dict[str, str]:
    (section,) = Section.of_runs(dict([[*enumerate(session.trainings)][session is OLD]]))
    return make_report_files([section], [[summarise_run(training.run.spec, 10) for training in section.trainings]])


def _written(folder: Path, session: Session, force: bool) -> None:
    """As the end of ``reporting.written`` does, without the thread; both reports are of one lesson."""
    write_folder(folder / "it", _REPORTS[session], force, OWN_FILES, PAGE_FILE)


def reported_anew(folder: Path) -> None:
    _written(folder, NEW, force=False)


def reported_over(folder: Path) -> None:
    _written(folder, NEW, force=True)


def _reported_before(folder: Path) -> None:
    _written(folder, OLD, force=False)


def program_saved(folder: Path) -> None:
    if fault := programs._write(folder / "it", join_source(PROGRAMS["numpy"](NEW.spec, "A title"))):
        raise UserError(fault)


def lesson_saved_anew(folder: Path) -> None:
    save_lesson(NEW.lesson, folder / "it")


def lesson_saved_over(folder: Path) -> None:
    save_lesson(NEW.lesson, folder / "it", replace=True)


def _lesson_before(folder: Path) -> None:
    save_lesson(OLD.lesson, folder / "it")


def nothing_before(folder: Path) -> None:
    """What is written is new."""


class Write(NamedTuple):
    """Something the program writes at ``it`` in a folder: what is there before, the write, and one that replaces it."""

    before: Callable[[Path], None]
    write: Callable[[Path], None]
    again: Callable[[Path], None] | None = None


WRITES = {
    "a sitting": Write(nothing_before, saved_anew, saved_over),
    "a sitting over an old one": Write(_saved_before, saved_over, saved_over),
    "a lesson": Write(nothing_before, lesson_saved_anew, lesson_saved_over),
    "a lesson over an old one": Write(_lesson_before, lesson_saved_over, lesson_saved_over),
    "a report": Write(nothing_before, reported_anew, reported_over),
    "a report over an old one": Write(_reported_before, reported_over, reported_over),
    "a program": Write(nothing_before, program_saved),
}
_REPORTS: dict[Session, dict[str, str]] = {}


def prepared() -> None:
    """Have ready what takes long, and load what is loaded when something is first written."""
    _REPORTS.update({session: _files(session) for session in (OLD, NEW)})
    format_session(NEW)
    format_lesson(NEW.lesson)


def stepped(write: Callable[[], None], at: int, do: Callable[[], None], moments: Sequence[str] = BEFORE) -> int:
    """Write, doing something at one of the moments before steps, or before and after; how many moments there were."""
    count = 0

    def hook(frame: FrameType, event: str, what: object) -> None:
        nonlocal count
        if event in moments and is_step(what):
            count += 1
            if count == at:
                do()

    sys.setprofile(hook)
    try:
        write()
    finally:
        sys.setprofile(None)
    return count


def is_step(what: object) -> bool:
    """Whether a function of the interpreter's own is one of the system's, or of a file; ``str.replace`` is not."""
    is_of = getattr(what, "__self__", None)
    return getattr(what, "__name__", "") in STEPS and isinstance(is_of, ModuleType | IOBase)


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def forked(do: Callable[[], None]) -> int:
    """Do something in a process of its own; its exit status, or the signal that ended it as a negative number."""
    child = os.fork()
    if not child:
        status = 70
        with suppress(BaseException):
            do()
            status = 0
        os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def alone(code: str, names: Iterable[str], folder: Path, by: tuple[str, ...] = ()) -> None:
    """Run a function of this module in a fresh interpreter, which has a single thread and so can be forked.

    Args:
        code: The function; of a name, and of a folder for it.
        names: What it is called with, one after the other.
        folder: Where the folders are made.
        by: What runs the interpreter.
    """
    call = f"it.one_by_one(it.{code}, {list(names)}, {str(folder)!r})"
    lines = f"from tests.unbreakable import test_nothing_lost as it\n{call}"
    done = subprocess.run([*by, sys.executable, "-c", lines], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def one_by_one(check: Callable[[str, str], None], names: Sequence[str], folder: str) -> None:
    """Check each name in a folder of its own; a failure says which it was."""
    prepared()
    for number, name in enumerate(names):
        around = Path(folder) / f"of-{number}"
        around.mkdir()
        try:
            check(name, str(around))
        except BaseException as fault:
            fault.add_note(f"with {name}")
            raise
        shutil.rmtree(around)


def places(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A folder for the first step, for the second, and so on."""
    for at in range(1, 5000):
        folder = tmp_path / str(at)
        folder.mkdir()
        yield at, folder
    raise AssertionError("there is no end to the steps")


def expected(name: str, folder: Path) -> tuple[object, object]:
    """What is at ``it`` before and after a write that nothing happens to."""
    folder.mkdir()
    WRITES[name].before(folder)
    before = content(folder / "it")
    WRITES[name].write(folder)
    after = content(folder / "it")
    assert before != after
    return before, after


def check_leftovers(folder: Path, name: str) -> None:
    """Beside ``it`` there is only what the README of ``bptui.system.writing`` names."""
    beside = [path.name for path in folder.iterdir() if path.name != "it"]
    patterns = (".bptui-", "it.old-") if name == "a report over an old one" else (".bptui-",)
    assert all(one.startswith(patterns) for one in beside), beside


def check_again(folder: Path, name: str, after: object) -> None:
    """The next write works, whatever was left."""
    write = WRITES[name]
    if write.again is None:
        (folder / "it").unlink(missing_ok=True)
    (write.again or write.write)(folder)
    assert content(folder / "it") == after


# --- run alone, by name ---


def kill_everywhere(name: str, around: str) -> None:
    """Kill a write at every step: the old or the new is whole, under its name or beside it between two moves."""
    before, after = expected(name, Path(around) / "whole")
    between = 0
    for at, folder in places(Path(around)):
        WRITES[name].before(folder)

        def write(at: int = at, folder: Path = folder) -> None:
            stepped(lambda: WRITES[name].write(folder), at, kill, AROUND)

        status = forked(write)
        assert status in (0, -signal.SIGKILL)
        check_leftovers(folder, name)
        if not (folder / "it").exists() and before is not None:
            between += 1
            (old,) = folder.glob("it.old-*")
            assert content(old) == before
        else:
            assert content(folder / "it") in (before, after)
        check_again(folder, name, after)
        if status == 0:
            assert at > 10
            assert bool(between) == (name == "a report over an old one")
            return


def fail_everywhere(name: str, around: str) -> None:
    """Fail a write at every step: either it is told, and the old is whole in its place, or the new is."""

    def full() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before, after = expected(name, Path(around) / "whole")
    told = 0
    for at, folder in places(Path(around)):
        WRITES[name].before(folder)
        try:
            count = stepped(lambda folder=folder: WRITES[name].write(folder), at, full)  # type: ignore[misc]
        except UserError as fault:
            told, count = told + 1, at
            assert "No space left on device" in str(fault)
            assert content(folder / "it") == (after if "is written, but" in str(fault) else before)
        else:
            assert content(folder / "it") == after
        check_leftovers(folder, name)
        check_again(folder, name, after)
        if count < at:
            assert told >= 4
            return


def limit_everywhere(name: str, around: str) -> None:
    """Write where a file may have so many bytes only, from none to enough."""
    before, after = expected(name, Path(around) / "whole")
    parts = after.values() if isinstance(after, dict) else [after]
    most = max(len(part) for part in parts if isinstance(part, bytes))
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    for number, limit in enumerate((0, 1, most // 3, most - 1, most)):
        folder = Path(around) / str(number)
        folder.mkdir()
        WRITES[name].before(folder)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, unlimited[1]))
        try:
            WRITES[name].write(folder)
        except UserError as fault:
            said = str(fault)
        else:
            said = ""
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
        assert ("File too large" in said) == (limit < most), said
        assert content(folder / "it") == (before if said else after)
        assert {path.name for path in folder.iterdir()} <= {"it"}
        check_again(folder, name, after)


def order_steps(name: str, around: str) -> None:
    """Look at the order of steps: what a step relies on is on the disk before it, and all of it at the end."""
    WRITES[name].before(Path(around))
    written, moved = False, False  # and perhaps not on the disk

    def hook(frame: FrameType, event: str, function: object) -> None:
        nonlocal written, moved
        what = getattr(function, "__name__", "") if event in BEFORE and is_step(function) else ""
        if what in ("replace", "rename", "link"):
            assert not written
            moved = True
        elif what in ("write", "fsync"):
            written, moved = what == "write", moved and what != "fsync"
        elif what in ("unlink", "rmdir") and name == "a report over an old one":
            assert not moved  # it removes the old one

    sys.setprofile(hook)
    WRITES[name].write(Path(around))
    sys.setprofile(None)
    assert not written and not moved


def fill_up(name: str, around: str) -> None:
    """Write on a full disk, and when there is room again."""
    before, after = expected(name, Path(around) / "whole")
    folder = Path(around) / "full"
    folder.mkdir()
    WRITES[name].before(folder)
    with suppress(OSError), (Path(around) / "filling").open("wb", buffering=0) as filling:
        while filling.write(b"x" * 4096):
            pass
    with pytest.raises(UserError, match="No space left on device"):
        WRITES[name].write(folder)
    assert content(folder / "it") == before
    assert {path.name for path in folder.iterdir()} <= {"it"}
    (Path(around) / "filling").unlink()
    check_again(folder, name, after)


def kill_keeping(what: str, around: str) -> None:
    """Kill at every step of keeping: what was kept before is left, whole, or what is kept now."""
    for at, folder in places(Path(around)):
        os.environ["XDG_STATE_HOME"] = str(folder)

        def keep(at: int = at) -> None:
            unsaved = UnsavedStore()
            if what != "first":
                unsaved.keep(OLD)
            if what == "taken over":
                assert unsaved._kept is not None
                unsaved._kept.release()
                unsaved = UnsavedStore()
                (kept,) = unsaved.claim_left()

                def take_over() -> None:
                    unsaved.adopt(kept)
                    unsaved.keep(NEW)

                stepped(take_over, at, kill, AROUND)
            elif what == "saved":
                stepped(unsaved.forget, at, kill, AROUND)
            else:
                stepped(lambda: unsaved.keep(NEW), at, kill, AROUND)

        status = forked(keep)
        assert status in (0, -signal.SIGKILL)
        found = UnsavedStore().claim_left()
        texts = [format_session(kept.load()) for kept in found]
        allowed: list[list[str]] = [[format_session(NEW)], [format_session(OLD)]]
        if what in ("first", "saved"):
            allowed.append([])
        assert texts in allowed
        for kept in found:
            kept.remove()
        again = UnsavedStore()
        again.keep(NEW)
        assert again._kept is not None and format_session(again._kept.load()) == format_session(NEW)
        assert all(path.name.startswith(("unsaved-", ".bptui-")) for path in (folder / "bptui").iterdir())
        if status == 0:
            assert at > 3
            return


# --- every write ---


def test_killed_at_any_step_a_write_leaves_the_old_or_the_new_whole_and_the_next_one_works(tmp_path: Path) -> None:
    alone("kill_everywhere", WRITES, tmp_path)


def test_failing_at_any_step_a_write_tells_it_and_leaves_the_old_or_the_new_whole(tmp_path: Path) -> None:
    alone("fail_everywhere", WRITES, tmp_path)


def test_what_is_written_is_on_the_disk_before_it_is_moved_and_the_move_before_the_old_is_removed(
    tmp_path: Path,
) -> None:
    alone("order_steps", WRITES, tmp_path)


def test_a_file_that_may_not_get_as_large_as_it_must_leaves_the_old_one(tmp_path: Path) -> None:
    alone("limit_everywhere", WRITES, tmp_path)


def test_a_full_disk_leaves_the_old_whole_and_nothing_beside_it(tmp_path: Path) -> None:
    by = ("unshare", "-rm", "sh", "-c", f'mount -t tmpfs -o size=512k none "{tmp_path}" && exec "$@"', "sh")
    if not shutil.which("unshare") or subprocess.run([*by, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no small file system can be had here: it takes unshare, and leave to mount")
    alone("fill_up", WRITES, tmp_path, by=by)


def test_killed_at_any_step_of_keeping_there_is_what_was_kept_before_or_what_is_kept_now(tmp_path: Path) -> None:
    alone("kill_keeping", ("first", "next", "saved", "taken over"), tmp_path)


def test_every_write_of_the_program_goes_through_the_functions_tested_here() -> None:
    """By the source text: nothing else opens a file to write, and each caller has a row above, but for two.

    Preferences are tested beside their module; what the server writes is in a folder of its own.
    """
    ways = ("write_text(", "write_bytes(", '"wb"', '.open("w', '.open("x', '.open("a', "os.replace(", "os.rename(")
    callers = set()
    for path in sorted((ROOT / "bptui").rglob("*.py")):
        text, name = path.read_text(encoding="utf-8"), path.relative_to(ROOT / "bptui").as_posix()
        if name not in ("system/writing.py", "system/folder_writing.py"):
            assert not [way for way in ways if way in text], name
            callers |= {name} if "write_file(" in text or "write_folder" in text else set()
    tested = {"persistence/session_file.py", "persistence/unsaved.py", "report/writer.py", "ui/screens/programs.py"}
    tested |= {"persistence/lesson_files.py"}
    assert callers == tested | {"persistence/preferences.py", "web/server.py"}
