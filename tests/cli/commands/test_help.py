"""The command ``help``: the manual in a terminal, through a pager, and as plain text."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bptui.cli.main import main
from bptui.help.manual_pages import load_pages
from tests.cli.refusals import Output, refused
from tests.terminal import BPTUI, Terminal

STYLE = re.compile(r"\x1b\[[\d;]*m")


LINGERING = ("/bin/sh", "-c", '"$@"; status=$?; sleep 0.3; exit $status', "sh", *BPTUI, "help")
"""The command, and time to read its terminal: some systems drop what is there when the last program closes it."""
CLEARED = ("PAGER", "LESS", "NO_COLOR", "LINES", "COLUMNS")


def shown(*words: str, rows: int = 24, **env: str) -> str:
    """What a terminal receives until the command has ended."""
    program = Terminal(80, rows, *words, program=LINGERING, env={**dict.fromkeys(CLEARED, ""), **env})
    assert program.end() == 0
    return program.seen.decode().replace("\r\n", "\n")


def test_without_a_topic_it_lists_all_pages_each_in_a_line(capsys: Output) -> None:
    assert main(["help"]) == 0
    head, empty, *lines = capsys.readouterr().out.splitlines()
    assert "`bptui help keys`" in head and not empty
    assert [re.split(r" {2,}", line)[1:] for line in lines] == [[page.name, page.about] for page in load_pages()]
    assert max(map(len, (head, *lines))) <= 80 and len(lines) <= 21, "it fits a terminal of 24 rows, with a prompt"


def test_piped_it_is_plain_text(capsys: Output) -> None:
    assert main(["help", "keys"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out and "`ctrl+q`" in out and out.startswith("# Keys\n\n") and "\n## Rounds\n" in out
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize(("columns", "widest"), [("60", 60), ("200", 90), ("1", 20)])
def test_it_is_as_wide_as_the_terminal_but_not_too_wide_to_read(
    capsys: Output, monkeypatch: pytest.MonkeyPatch, columns: str, widest: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert main(["help", "mistakes"]) == 0
    assert widest - 5 < max(map(len, capsys.readouterr().out.splitlines())) <= widest
    assert main(["help"]) == 0


def test_a_topic_that_there_is_not_is_refused_with_the_command_that_lists_them(capsys: Output) -> None:
    fault, more = refused(capsys, "help", "swep")
    assert fault == 'bptui: there is no page "swep"; did you mean "sweep"?'
    assert "`bptui help` lists the pages" in more
    assert refused(capsys, "help", "pr")[0].endswith("printed-values, practice, preferences or program")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_signs_that_cannot_be_printed_are_ascii_and_columns_stay_aligned(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=encoding))
    for page in load_pages():
        assert main(["help", page.name]) == 0
    lines = written.getvalue().decode(encoding).splitlines()
    assert max(map(len, lines)) <= 80
    heads = [place for place, line in enumerate(lines) if set(line) == {"-"}]
    assert len(heads) > 30, "every table has a line below its head"


def test_the_switch_for_ascii_may_come_first(capsys: Output) -> None:
    for words in (["--ascii", "help", "screens"], ["help", "screens", "--ascii"]):
        assert main(words) == 0
        out = capsys.readouterr().out
        assert out.isascii() and "delta" in out and max(map(len, out.splitlines())) <= 80


def test_a_terminal_shows_styles_and_without_colours_the_marks_of_code() -> None:
    coloured = shown("installation", rows=200)
    assert "\x1b[36m" in coloured and "`" not in coloured and coloured.startswith("\x1b[1;4mInstallation")
    plain = shown("installation", rows=200, NO_COLOR="1")
    assert "\x1b[36m" not in plain and "`.venv`" in plain and plain.startswith("\x1b[1;4m# Installation")
    dumb = shown("installation", TERM="dumb")
    assert "\x1b" not in dumb and dumb.startswith("# Installation")


def test_a_page_longer_than_the_screen_goes_through_the_users_pager(tmp_path: Path) -> None:
    got = tmp_path / "got"
    pager = tmp_path / "my pager"
    pager.write_text(f'#!/bin/sh\necho "$LESS" > "{got}"\ncat >> "{got}"\n', encoding="utf-8")
    pager.chmod(0o755)
    assert shown("commands", PAGER=f"'{pager}' -x") == ""
    flags, head, *lines = got.read_text(encoding="utf-8").splitlines()
    assert flags == "-FRX" and STYLE.sub("", head) == "Commands" and len(lines) > 100
    assert "Commands" in shown("commands", rows=1000, PAGER=f"'{pager}' -x"), "there is room for all of it"
    shown("commands", PAGER=f"'{pager}'", LESS="-i")
    assert got.read_text(encoding="utf-8").startswith("-i\n")


@pytest.mark.parametrize("pager", ["no-such-pager", "'", "cat", " "])
def test_without_a_pager_it_is_printed(pager: str) -> None:
    assert "completion bash" in shown("commands", PAGER=pager)


def test_a_pager_that_ends_early_is_no_fault() -> None:
    assert shown("commands", PAGER="true") == ""


def test_a_reader_that_had_enough_is_no_fault() -> None:
    words = [*BPTUI, "help", "commands"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ)) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
