"""A server that was killed leaves nothing for ever, and no server touches what another one is using."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("fcntl", reason="it is served on POSIX systems")

from bptui.web.workplace import make_workplace

SERVE = """
import sys
from bptui.web.workplace import make_workplace
with make_workplace() as folder:
    (folder / "visitor-1").mkdir()
    (folder / "visitor-1" / "mine.toml").touch()
    print(folder, flush=True)
    sys.stdin.read()
"""
Servers = Callable[[], tuple["subprocess.Popen[str]", Path]]


@pytest.fixture
def serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Servers]:
    """Starts a process that has a server's folder; all are killed at the end."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    started: list[subprocess.Popen[str]] = []

    def begin() -> tuple["subprocess.Popen[str]", Path]:
        words = [sys.executable, "-c", SERVE]
        started.append(subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        assert started[-1].stdout is not None
        return started[-1], Path(started[-1].stdout.readline().strip())

    yield begin
    for one in started:
        one.kill()
        one.communicate()


def test_what_a_killed_server_left_goes_with_the_next_start_and_what_another_uses_stays(serve: Servers) -> None:
    (killed, left), (_, used) = serve(), serve()
    killed.kill()
    killed.wait()
    assert (left / "visitor-1" / "mine.toml").exists()
    with make_workplace() as folder:
        assert not left.exists()
        assert (used / "visitor-1" / "mine.toml").exists() and folder.is_dir()
    assert used.is_dir() and not folder.exists()


def test_a_folder_without_a_servers_lock_and_a_link_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    mine, elsewhere = tmp_path / "bptui-serve-mine", tmp_path / "elsewhere"
    for folder in (mine, elsewhere):
        folder.mkdir()
        (folder / "mine.toml").touch()
    (elsewhere / "server.lock").touch()
    (tmp_path / "bptui-serve-link").symlink_to(elsewhere)
    (mine / "server.lock").symlink_to(elsewhere / "server.lock")
    with make_workplace():
        assert (mine / "mine.toml").exists() and (elsewhere / "mine.toml").exists()


def test_where_there_are_no_locks_a_server_starts_and_removes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    def refuse(*_: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(fcntl, "flock", refuse)
    with make_workplace() as other, make_workplace() as folder:
        assert other.is_dir() and folder.is_dir()
    assert list(tmp_path.iterdir()) == []
