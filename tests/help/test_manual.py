"""The manual: what it says of commands, keys, files and rules is what the program has, and it reads well in 80 columns.

Its tables of keys and gradient rules quote the program. After a change there, write them anew:
    BPTUI_RENEW_MANUAL=1 python3 dev.py test tests/help/test_manual.py
"""

import argparse
import os
import re
from pathlib import Path

import pytest
from textual.theme import BUILTIN_THEMES

from bptui.check.recompute import check_figures
from bptui.cli.main import COMMANDS, make_parser
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.spec import list_settings
from bptui.core.problem.starts import INITS
from bptui.help.manual_pages import MANUAL, ORDER, UnknownTopicError, find_page, list_topics, load_pages, make_readable
from bptui.lessons.lesson import load_bundled_lessons, load_lesson
from bptui.persistence.preferences import CONFIG_FILE, parse_preferences
from bptui.session.state import SPEEDS
from bptui.ui.app import BptuiApp
from bptui.ui.dialogs.help import list_keys
from bptui.ui.drawing.manual import draw_manual
from bptui.ui.keymap import find_actions, is_typed, parse_key
from bptui.ui.screens.stepper import StepperScreen
from tests.markdown_commands import find_commands, find_examples, require_printed, require_understood

PAGES = {page.name: page.text for page in load_pages()}
EVERY = pytest.mark.parametrize("name", PAGES)
WHOLE = "\n".join(PAGES.values())
RENEW = "BPTUI_RENEW_MANUAL"
ROW = re.compile(r"^\| ([^|\n]+) \| (.+) \|$", re.MULTILINE)


def draw(name: str, width: int = 80) -> list[str]:
    """A page as ``bptui help`` prints it."""
    lines = draw_manual(make_readable(PAGES[name], keep_marks=True), width)
    return ["".join(segment.text for segment in line) for line in lines]


def code_blocks(name: str, language: str = "") -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGES[name], re.DOTALL | re.MULTILINE)


def require_table(name: str, rows: dict[str, str]) -> None:
    """Require that a page's tables have some rows, and that what is behind their first cells is as it should be."""
    found = {key: about for key, about in ROW.findall(PAGES[name]) if key in rows}
    assert set(found) == set(rows)
    renewed = ROW.sub(lambda row: f"| {row[1]} | {rows.get(row[1], row[2])} |", PAGES[name])
    if os.environ.get(RENEW) and renewed != PAGES[name]:
        (MANUAL / f"{name}.md").write_text(renewed, encoding="utf-8")
        pytest.fail(f"{name}.md is written anew; run the tests once more")
    assert found == rows, f"if that was meant: {RENEW}=1 python3 dev.py test tests/help/test_manual.py"


# --- the pages ---


def test_every_page_has_its_place_and_a_short_line_in_the_list() -> None:
    assert set(ORDER) == set(PAGES)
    for page in load_pages():
        assert page.text.startswith(f"# {page.title}\n\n{page.about}\n\n"), page.name
        assert page.about.endswith(".") and len(page.about) <= 62, page.about
        assert "\n###" not in page.text
        assert not re.search(r"^(\d+[.)]|[-+>]) ", page.text, re.MULTILINE), "a line that would begin a list"


@EVERY
def test_a_page_reads_well_in_80_columns(name: str) -> None:
    assert max(map(len, draw(name))) <= 80
    assert all(len(line) <= 78 for block in code_blocks(name, r"\w*") for line in block.splitlines())
    cells = [cell for cell, _ in ROW.findall(PAGES[name])]
    assert all(len(cell) <= 34 for cell in cells), "the first column is not broken"
    for row in re.findall(r"^\|.*\|$", PAGES[name], re.MULTILINE):
        assert "\\|" in row or row.count("|") <= 5, row
    assert not any("**" in line or "](" in line or "| ---" in line for line in draw(name))


@EVERY
@pytest.mark.parametrize("width", [20, 40, 200])
def test_a_page_can_be_drawn_in_any_width(name: str, width: int) -> None:
    assert max(map(len, draw(name, width))) <= width


@EVERY
def test_links_lead_to_other_pages_by_their_names(name: str) -> None:
    links = re.findall(r"\[([^\]\n]+)\]\(([^)\n]+)\)", PAGES[name])
    assert all(address == f"{words}.md" and words in PAGES and words != name for words, address in links), links


def test_every_page_is_linked_to() -> None:
    assert set(re.findall(r"\]\(([\w-]+)\.md\)", WHOLE)) == set(PAGES)


@pytest.mark.parametrize(
    ("topic", "title"),
    [
        ("keys", "Keys"),
        ("KEYS ", "Keys"),
        ("key", "Keys"),
        ("lesson", "Lesson files"),
        ("sweep", "Sweep"),
        ("rounds", "bptui rounds"),
        ("ro", "bptui rounds"),
        ("check", "bptui check"),
    ],
)
def test_a_page_is_found_by_its_name_its_beginning_or_a_command(topic: str, title: str) -> None:
    assert find_page(topic).title == title


def test_every_command_finds_a_page() -> None:
    assert set(COMMANDS) <= set(list_topics()) == {*COMMANDS, *PAGES}
    for name in COMMANDS:
        page = find_page(name)
        assert f"bptui {name}" in page.text or name == "open", name


def test_a_topic_that_finds_none_or_several_is_told_what_there_is() -> None:
    with pytest.raises(UnknownTopicError, match=r'"pr" can be printed-values, practice, preferences or program'):
        find_page("pr")
    with pytest.raises(UnknownTopicError, match=r'no page "swep"; did you mean "sweep"\?$'):
        find_page("swep")
    for topic in (" ", "x" * 1000):
        with pytest.raises(UnknownTopicError, match=r"no page"):
            find_page(topic)


def test_what_cannot_be_shown_by_a_style_keeps_its_marks() -> None:
    text = "# A\n\nPress `b`, see [keys](keys.md), `c\nd`.\n\n```\n# not `a` heading\n```\n"
    assert make_readable(text, keep_marks=False) == text.replace("[keys](keys.md)", "`keys`")
    drawn = draw_manual(make_readable(text, keep_marks=True), 40)
    lines = ["".join(segment.text for segment in line) for line in drawn]
    assert lines == ["# A", "", "Press `b`, see `keys`, `c d`.", "", "  # not `a` heading"]


# --- what they say ---


@pytest.mark.parametrize("command", sorted(find_commands(WHOLE)))
def test_a_command_of_the_manual_is_understood(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    require_understood(command, monkeypatch)


@pytest.mark.parametrize("example", find_examples(WHOLE))
def test_an_example_is_what_it_prints(example: str, capsys: pytest.CaptureFixture[str]) -> None:
    require_printed(example, capsys)


def flags_of(name: str) -> set[str]:
    """The flags of a command alone, without those of settings."""
    (commands,) = (one for one in make_parser()._actions if isinstance(one, argparse._SubParsersAction))
    actions = commands.choices[name]._actions
    shared = {"--help", "--activation"}
    found = {action.option_strings[-1] for action in actions if action.option_strings and action.dest[:4] != "set_"}
    return {flag for flag in found if flag.startswith("--")} - shared


@pytest.mark.parametrize("name", COMMANDS)
def test_the_page_of_commands_has_every_flag_and_an_example(name: str) -> None:
    (section,) = re.findall(rf"^## {name}\n\n(.+?)(?=^## |\Z)", PAGES["commands"], re.DOTALL | re.MULTILINE)
    told = {flag for cell, _ in ROW.findall(section) for flag in re.findall(r"--[a-z][\w-]*", cell)}
    assert told == flags_of(name)
    assert find_commands(section)


@pytest.mark.parametrize("name", ["sweep", "derive", "report", "program", "practice", "serve"])
def test_a_page_on_a_command_has_its_flags(name: str) -> None:
    page = {"derive": "derivations", "program": "report", "serve": "browser"}.get(name, name)
    told = {flag for cell, _ in ROW.findall(PAGES[page]) for flag in re.findall(r"--[a-z][\w-]*", cell)}
    assert flags_of(name) <= told


def test_it_has_exactly_the_keys_there_are() -> None:
    rows = list_keys([*StepperScreen.BINDINGS, *BptuiApp.BINDINGS])
    keys = {f"`{keys.replace(' ', '` `')}`": about for keys, _, about in rows}
    assert len(keys) == len(rows)
    require_table("keys", keys)
    cells = [key for key, _ in ROW.findall(PAGES["keys"]) if key not in ("key", "---")]
    assert sorted(cells) == sorted(keys)


def test_it_has_every_gradient_rule() -> None:
    require_table("mistakes", {rule.name: rule.about for rule in RULES.values() if rule.name != "chain rule"})


def test_its_lesson_file_is_a_lesson_whose_values_match(tmp_path: Path) -> None:
    (text,) = code_blocks("lesson-files", "toml")
    (tmp_path / "my-homework.toml").write_text(text, encoding="utf-8")
    lesson = load_lesson(str(tmp_path / "my-homework.toml"))
    assert (lesson.title, len(lesson.variants)) == ("My homework", 1)
    assert lesson.spec.optimiser == "momentum" and lesson.spec.own_activations["o2"] == "relu"
    assert [one.agrees for one in check_figures(lesson)] == [True] * 3


def test_it_has_every_key_and_every_name_of_a_lesson_file() -> None:
    named = set(re.findall(r"`([^`\n]+)`", PAGES["lesson-files"]))
    assert {*ACTIVATIONS, *LOSSES, *OPTIMISERS, *INITS} - {"given weights"} <= named
    words = set(re.findall(r"\w+", " ".join(named)))
    keys = {item.metadata["path"][-1] for item in list_settings()}
    assert keys - {"*", "hidden3", "hidden4"} <= words


def test_its_preferences_are_read_without_a_fault() -> None:
    (text,) = code_blocks("preferences", "toml")
    found = parse_preferences(text, Path(CONFIG_FILE), list(BUILTIN_THEMES), parse_key)
    assert found.check_keys(find_actions(BptuiApp), is_typed).error is None
    assert (found.preferences.digits, found.preferences.speed) == (12, SPEEDS[-1])
    speeds = ", ".join(f"{speed:g}" for speed in SPEEDS[:-1])
    assert f"or {speeds} rounds per second" in text


def test_it_names_every_bundled_lesson_or_the_row_it_is_in() -> None:
    named = set(re.findall(r"`([\w-]+)`", PAGES["tour"]))
    lessons = [lesson.name for lesson in load_bundled_lessons()]
    first, last = lessons.index("numpy-by-hand"), lessons.index("zero-weights")
    assert last - first == 7, "eight experiments"
    assert set(lessons) - set(lessons[first : last + 1]) <= named
