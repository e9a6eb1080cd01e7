"""The manual: Markdown pages in ``manual/``, which ``bptui help``, the program's own help and GitHub show alike.

A page starts with its title and one sentence, which is its line in the list of pages. Links lead to other pages.
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

MANUAL = Path(__file__).parent / "manual"
ORDER = (
    "tour", "screens", "keys", "exercise", "printed-values", "mistakes", "derivations", "practice", "compare", "sweep",
    "sessions", "report", "pictures", "lesson-files", "commands", "scripts", "browser", "preferences", "terminals",
    "installation",
)  # fmt: skip
"""The pages in reading order; others follow by name."""
_BY_COMMAND = "commands"  # the page that has a section for each command

_CODE_BLOCK = re.compile(r"^( *)```.*?^\1```$", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"`((?:[^`\n]|\n(?!\n))+)`")  # a line of the file may end inside
_HEADING = re.compile(r"^(#+) ", re.MULTILINE)
_LINK = re.compile(r"\[`?([^\]`]+)`?\]\([\w-]+\.md(?:#[\w-]*)?\)")


class ManualPage(NamedTuple):
    """A page, or the section of a command.

    Attributes:
        name: The topic that finds it.
        text: Its Markdown.
    """

    name: str
    text: str

    @property
    def title(self) -> str:
        """The heading."""
        return self.text.partition("\n")[0].lstrip("# ")

    @property
    def about(self) -> str:
        """What it is for: the first sentence, as one line."""
        return " ".join(self.text.split("\n\n")[1].split())


class UnknownTopicError(LookupError):
    """A topic that finds no page, or several; its text says what is near."""


@cache
def load_pages() -> tuple[ManualPage, ...]:
    """Return all pages in reading order."""
    names = sorted(path.stem for path in MANUAL.glob("*.md"))
    names.sort(key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))
    return tuple(ManualPage(name, (MANUAL / f"{name}.md").read_text(encoding="utf-8")) for name in names)


def list_topics() -> list[str]:
    """Return the names of all pages, and of the commands that have no page of their own name."""
    return list(dict.fromkeys([page.name for page in load_pages()] + [one.name for one in _load_commands()]))


def find_page(topic: str) -> ManualPage:
    """Return the page of a name, or the only one whose name begins so, or the same of the sections of commands.

    Raises:
        UnknownTopicError: If there is none, or more than one.
    """
    pages, word = {page.name: page for page in (*_load_commands(), *load_pages())}, topic.strip().lower()
    if word in pages:
        return pages[word]
    near = [name for name in list_topics() if word and name.startswith(word)]
    near_pages = [page for page in load_pages() if page.name in near]
    if len(near) == 1 or len(near_pages) == 1:
        return (near_pages or [pages[near[0]]])[0]
    if near:
        raise UnknownTopicError(f'"{topic}" can be {_join_alternatives(near)}')
    from bptui.core.problem.kinds.suggestions import suggest

    raise UnknownTopicError(f'there is no page "{topic}"{suggest(word, list(pages))}')


def make_readable(markdown: str, keep_marks: bool) -> str:
    """Return a page's Markdown for a reader who cannot click: a link is the name of its page.

    Args:
        markdown: The page.
        keep_marks: Whether headings and code keep their marks, where no style can show what they are.
    """
    parts, end = [], 0
    for block in _CODE_BLOCK.finditer(markdown):
        parts += [_change(markdown[end : block.start()], keep_marks), block[0]]
        end = block.end()
    return "".join((*parts, _change(markdown[end:], keep_marks)))


def _change(prose: str, keep_marks: bool) -> str:
    prose = _LINK.sub(r"`\1`", prose)
    if keep_marks:
        prose = _CODE.sub(r"`` `\1` ``", prose)
        prose = _HEADING.sub(lambda marks: marks[0] + marks[1].replace("#", r"\#") + " ", prose)
    return prose


@cache
def _load_commands() -> tuple[ManualPage, ...]:
    """Return the sections of the page on commands as pages."""
    found = [page.text for page in load_pages() if page.name == _BY_COMMAND]
    sections = [section for text in found for section in text.split("\n## ")[1:]]
    named = [(section.partition("\n")[0].strip("`").removeprefix("bptui "), section) for section in sections]
    return tuple(ManualPage(name, f"# bptui {section}") for name, section in named if name.isalpha() and name.islower())


def _join_alternatives(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"
