"""Command lines in Markdown: found as somebody would type them, and tried."""

import re
import shlex
from collections.abc import Iterator

import pytest

from bptui.cli.main import main, make_parser, with_command
from tests.test_dev import dev

STANDS_FOR = {
    "LESSON...": "relu two-by-two",
    "LESSON": "two-by-two",
    "NAME": "relu",
    "FILE": "mine.bptui",
    "KEY=V1,V2": "step=1,2",
    "N": "3",
    "PAGE": "keys",
    "COMMAND": "rounds",
}


def find_commands(markdown: str) -> set[str]:
    """Return every command of a page as somebody would type it, its flags on lines below it laid behind it."""
    return {*re.findall(r"`((?:bptui|python3 dev\.py) [^`\n]+)`", markdown), *_in_blocks(markdown)}


def _in_blocks(markdown: str) -> Iterator[str]:
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", markdown, re.DOTALL | re.MULTILINE)
    for block in (text for language, text in fenced if not language):
        command = ""
        for text in block.splitlines():
            flags = re.match(r" {6}(--.+)", text)
            line = flags[1] if flags else re.sub(r"^\$ ", "", text)
            if flags or line.startswith(("bptui", "python3 dev.py")):
                line = re.split(r" {2,}", line)[0]
                command = f"{command} {line}" if flags else line
                yield command


def split_command(command: str) -> list[str]:
    """Return the words of a command, one of its choices taken and what stands for something replaced."""
    command = re.sub(r" [|>] \S+", "", command)
    words = [re.sub(r"(\w)\|[\w|]+", r"\1", word.strip("[]")) for word in shlex.split(command)]
    return shlex.split(" ".join(shlex.quote(word) if " " in word else STANDS_FOR.get(word, word) for word in words))


def require_understood(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Require that a command line means something, without running it."""
    program, *words = split_command(command)
    if program == "python3":
        started: list[str] = []
        monkeypatch.setattr(dev, "start", lambda verb, rest, _: started.extend((verb, *rest)))
        dev.main(words[1:])
        assert started == words[1:]
        words = words[2:] if words[1] == "run" else ["--help"]
    words = with_command(words)
    if "--help" in words:
        with pytest.raises(SystemExit) as end:
            make_parser(words[:1]).parse_args(words)
        assert end.value.code == 0
    else:
        assert make_parser(words[:1]).parse_args(words).run


def find_examples(markdown: str) -> list[str]:
    """Return the blocks that show a command and what it prints."""
    return re.findall(r"^```\n\$ bptui (.*?)^```$", markdown, re.DOTALL | re.MULTILINE)


def require_printed(example: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Require that a command prints what an example shows; … stands for lines that are left out."""
    command, *parts = example.split("\n", 1)
    assert main(shlex.split(command)) == 0
    rest = capsys.readouterr().out
    for part in filter(None, "\n".join(parts).split("…\n")):
        assert part in rest
        rest = rest.partition(part)[2]
