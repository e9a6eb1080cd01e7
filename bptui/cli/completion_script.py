"""The script with which a shell completes the command line: shtab makes it from the parser itself.

This module adds to the parser what only completion needs: the names of lessons, and the choices of settings. Bash and
zsh split a list of choices at spaces, which some choices contain, so these two shells get a format of their own.
"""

import argparse
from collections.abc import Sequence
from shlex import quote

import shtab

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.problem.kinds.setting_kinds import Choice
from bptui.core.problem.spec import list_settings
from bptui.help.manual_pages import list_topics
from bptui.lessons.lesson import load_bundled_lessons
from bptui.practice.parts import PARTS

Completed = dict[str, str | dict[str, str]]


def make_script(parser: argparse.ArgumentParser, shell: str) -> str:
    """Return the script that a shell must load once.

    Args:
        parser: The parser of all commands; choices are added to it.
        shell: ``bash``, ``zsh`` or ``fish``.
    """
    text = shtab.complete(_with_choices(parser), shell)
    return text.replace(
        "complete -o bashdefault", "complete -o bashdefault -o default"
    )  # complete files in the place of a command, too


def _with_choices(whole: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Return the parser with choices for completion only: the settings check values, with messages of their own."""
    kinds = {f"set_{item.name}": item.metadata["kind"] for item in list_settings()}
    choices = {name: kind.names for name, kind in kinds.items() if isinstance(kind, Choice)}
    choices |= {"activation": tuple(ACTIVATIONS), "part": tuple(PARTS)}
    completed: dict[str, Completed] = {name: _one_of(name, names) for name, names in choices.items()}
    completed |= {"lesson": _lesson_or_file(), "name": _one_of("name", _names()), "out": shtab.DIRECTORY}
    completed["topic"] = _one_of("topic", list_topics())
    (commands,) = (action for action in whole._actions if isinstance(action, argparse._SubParsersAction))
    for command in dict(commands.choices).values():
        for action in command._actions:
            if action.dest in completed:
                action.complete = completed[action.dest]
    for lesson in load_bundled_lessons():  # a lesson may take the place of a command
        commands.add_parser(lesson.name, help=lesson.title.replace("%", "%%"))
    return whole


def _names() -> list[str]:
    return [lesson.name for lesson in load_bundled_lessons()]


def _one_of(what: str, names: Sequence[str]) -> Completed:
    """Return names as a list of choices for each shell; bash compares them as typed, with escaped spaces."""
    function, escaped = f"_bptui_{what}", [name.replace(" ", r"\ ") for name in names]
    bash = f"""\
{function}() {{
  local name
  for name in {" ".join(map(quote, escaped))}; do [[ $name == "$1"* ]] && printf '%s\\n' "$name"; done
}}"""
    return {
        "bash": function,
        "zsh": f"({' '.join(escaped)})",
        "fish": " ".join(map(quote, names)),
        "preamble": {"bash": bash},
    }


def _lesson_or_file() -> Completed:
    """Return each shell's completion of a bundled lesson's name or a file's path."""
    function, names = "_bptui_lesson_or_file", " ".join(_names())
    bash = f'compgen -W "{names}" -- "$1"; compgen -f -- "$1"'
    zsh = f'_alternative "lessons:lesson:({names})" "files:file:_files"'
    return {
        "bash": function,
        "zsh": function,
        "fish": f"{names} (__fish_complete_path (commandline -ct))",
        "preamble": {"bash": f"{function}() {{ {bash}; }}", "zsh": f"{function}() {{ {zsh} }}"},
    }
