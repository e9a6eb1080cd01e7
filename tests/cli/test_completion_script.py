"""Completion: what real shells offer after the scripts that ``bptui completion`` prints."""

import shutil
import subprocess
from pathlib import Path

import pytest

from bptui.cli.main import main, make_parser
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.lessons.lesson import load_bundled_lessons

# Bash calls the function of a completion with the words there are, and reads an array
TRY_BASH = """
eval "$0"
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_shtab_bptui
printf '%s\\n' "${COMPREPLY[@]}"
"""
SHELLS = ("bash", "fish")  # zsh completes in a terminal only


def fish_word(text: str) -> str:
    """Text as one word of fish's."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


@pytest.fixture(scope="module")
def scripts() -> dict[str, str]:
    from bptui.cli.completion_script import make_script

    return {shell: make_script(make_parser(), shell) for shell in ("bash", "zsh", "fish")}


def completing(shell: str, script: str, words: list[str]) -> str:
    """What a shell prints when it completes the last of some words."""
    if not shutil.which(shell):
        pytest.skip(f"there is no {shell}: install {shell}")
    if shell == "bash":
        command = ["bash", "--norc", "-c", TRY_BASH, script, *words]
    else:
        command = ["fish", "-N", "-c", f"{script}\ncomplete -C {fish_word(' '.join(words))}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""
    return done.stdout


def offered(shell: str, script: str, line: str) -> set[str]:
    """What a shell offers for the last word of a line; words are separated by a bar."""
    printed = completing(shell, script, line.split("|"))
    return {row.partition("\t")[0].replace("\\ ", " ") for row in printed.splitlines() if row}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("bptui|ch", {"check"}),
        ("bptui|two", {"two-by-two"}),
        ("bptui|check|ma", {"matrix-form", "mazur-2015"}),
        ("bptui|check|mazur-2015|n", {"nnwj", "numpy-by-hand"}),
        ("bptui|lessons|er", {"era-sheet"}),
        ("bptui|help|ske", set()),
        ("bptui|help|lesson", {"lesson-files", "lessons"}),
        ("bptui|completion|", {"bash", "zsh", "fish"}),
        ("bptui|rounds|two-by-two|--lo", {"--loss", "--low"}),
        ("bptui|rounds|two-by-two|--engine|", {"numpy", "torch", "both"}),
        ("bptui|rounds|two-by-two|--step|5|--gradient|", set(RULES)),
        ("bptui|sweep|two-by-two|--loss|", set(LOSSES)),
        ("bptui|derive|relu|--activation|leaky", {"leaky relu"}),
        ("bptui|practice|relu|--part|out", {"output gradients"}),
    ],
)
def test_a_shell_offers_commands_lessons_flags_and_choices(
    scripts: dict[str, str], shell: str, line: str, expected: set[str]
) -> None:
    assert offered(shell, scripts[shell], line) == expected


@pytest.mark.parametrize("shell", SHELLS)
def test_where_a_lesson_is_asked_for_files_are_offered_too(
    scripts: dict[str, str], shell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("mine.toml", "other.toml"):
        (tmp_path / name).touch()
    assert offered(shell, scripts[shell], "bptui|check|mi") == {"mine.toml"}
    assert {lesson.name for lesson in load_bundled_lessons()} | {"mine.toml"} <= offered(
        shell, scripts[shell], "bptui|check|"
    )


def test_a_choice_with_a_space_is_one_word_of_bash(scripts: dict[str, str]) -> None:
    words = ["bptui", "rounds", "relu", "--loss", "half\\ s"]
    assert completing("bash", scripts["bash"], words) == "half\\ squared\\ error\n"


def test_zsh_reads_its_script(scripts: dict[str, str]) -> None:
    """Its completion needs a terminal; that it defines the function for the program can be seen without one."""
    if not shutil.which("zsh"):
        pytest.skip("there is no zsh: install zsh")
    code = 'autoload -U compinit; compinit -D -u; eval "$1"; print $_comps[bptui]'
    words = ["zsh", "-f", "-c", code, "-", scripts["zsh"]]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "_shtab_bptui\n"
    assert r"(half\ squared\ error squared\ error " in scripts["zsh"]


def test_the_command_prints_the_script_of_its_shell(
    capsys: pytest.CaptureFixture[str], scripts: dict[str, str]
) -> None:
    assert main(["completion", "bash"]) == 0
    assert capsys.readouterr().out == f"{scripts['bash']}\n"
    with pytest.raises(SystemExit) as end:
        main(["completion", "tcsh"])
    assert end.value.code == 2
