"""What users read keeps to one vocabulary, and its numbers agree with their nouns.

Read are all texts of the package's code, except docstrings and names, all lessons, and the Markdown pages.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from bptui.lessons.lesson import load_bundled_lessons

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", ROOT / ".github" / "CONTRIBUTING.md", *sorted((ROOT / "bptui/help/manual").glob("*.md")))


class Text(NamedTuple):
    """A text that users may read, and where it is."""

    place: str
    text: str


def strings(code: str) -> Iterator[tuple[int, ast.expr]]:
    """Every string of a module, with its line; f-strings are whole, docstrings and texts that stand alone left out."""
    tree = ast.parse(code)
    parts = {id(value) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for value in node.values}
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if id(node) in parts | alone:
            continue
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            yield node.lineno, node


def words_of(node: ast.expr) -> str:
    """A string's own words, with a 1 where it takes a value."""
    values = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(str(value.value) if isinstance(value, ast.Constant) else "1" for value in values)


@cache
def texts() -> tuple[Text, ...]:
    """Every text that a user may read; a string of the code without a space is a name or a key."""
    found = []
    for path in sorted((ROOT / "bptui").rglob("*.py")):
        for line, node in strings(path.read_text(encoding="utf-8")):
            if " " in words_of(node).strip():
                found.append(Text(f"{path.relative_to(ROOT)}:{line}", words_of(node)))
    for lesson in load_bundled_lessons():
        variants = (variant.name for variant in lesson.variants)
        found += [Text(f"lesson {lesson.name}", text) for text in (lesson.title, lesson.note, *variants)]
    found += [Text(str(page.relative_to(ROOT)), page.read_text(encoding="utf-8")) for page in PAGES]
    return tuple(found)


RETIRED = {  # what we no longer say, and what we say
    r"sittings?": "session",
    r"slips?": "mistake",
    r"(printed )?figures?": "printed value",
    r"verbs?": "command",
    r"trainings": "runs",
    r"(an?|one|this|each|every|another|the same|whole) training(?! (rounds?|settings?|data|program))": "run",
    r"step sizes?": "learning rate",
    r"loss floor": "lowest possible loss",
    r"floor [\d.]+, whatever": "lowest possible loss",
    r"problem files?": "lesson file",
    r"(was|were|is|are) done instead": "the mistake",
    r"anew": "again",
    r"known by now": "found so far",
    r"look(s|ed|ing)? at (it|them|the runs?)": "analyse",
    r"(comes?|came|coming) out( as|,| right| with)?": "matches",
    r"(is|are) told": "is reported",
    r"tells (what|how|which|where|why)": "says",
    r"(?<!there )is no (number|part|setting|file|lesson|name|range|round)": "is not a",
    r"to be had": "available",
    r"somebody": "someone, or you",
    r"(second opinion|other side)": "NumPy, torch",
    r"would come": "would match",
    r"stands? (there|below|above|beside|behind|here)": "is",
    r"of its floor": "of the lowest possible loss",
    r"by rights": "",
}
ALLOWED = {  # where such a word stays, with the reason
    "--step": "the flag stays",
    "[[figures]]": "the older form of a file stays valid",
    "figures 1": "the place of a fault in that form",
    "[sitting]": "the older form of a file stays valid",
    "figure {": "a style of HTML",
    "start with a\n  verb": "grammar",
    "the verb early": "grammar",
    "also called step size": "what courses call the learning rate",
    "has to come out right": "on the reader's paper",
}


@pytest.mark.parametrize("word", RETIRED)
def test_users_never_read_a_word_that_we_no_longer_use(word: str) -> None:
    pattern = re.compile(rf"(?<![\w-])(?:{word})(?![\w-])", re.IGNORECASE)
    kept = re.compile("|".join(map(re.escape, ALLOWED)))
    found = [(text.place, hit[0]) for text in texts() for hit in pattern.finditer(kept.sub("", text.text))]
    assert found == [], f"say {RETIRED[word]!r}"


NOUNS = (
    "rounds|runs|values|samples|digits|decimals|weights|biases|gradients|numbers|cells|rows|columns|settings|outputs|inputs"
    "|neurons|layers|changes|mistakes|conventions|problems|networks|characters|names|lessons|variants|seconds|minutes|times"
    "|formulas|levels|paths|keys|places|parts|steps|errors|files|lines|curves|passes|epochs|levels|faults"
)
NAMES = {"neuron", "part", "self.name", "source"}  # values that are no numbers
MORE_THAN_ONE = {  # values that are never 1 where they are used: limits, or a 1 has words of its own
    "array_kinds.py": ("self.most",),
    "bounded.py": ("longest",),
    "classification.py": ("count",),
    "course.py": ("len(rounds)",),
    "editor.py": ("len(text)",),
    "faults.py": ("count or 'no'",),
    "filling.py": ("len(free)", "len(numbers)", "group.columns"),
    "gradients.py": ("count", "len(frame.agrees)"),
    "markdown.py": ("len(lines)",),
    "network.py": ("of", "form.min_width - form.beside - 2"),
    "notebook.py": ("spec.rounds", "count"),
    "notices.py": ("digits", "most", "fewest"),
    "numpy_program.py": ("size",),
    "own_number.py": ("len(mine)", "every"),
    "practice.py": ("round_",),
    "program.py": ("size",),
    "remarks.py": ("len(groups)",),
    "samples.py": ("len(frame.samples)",),
    "sentences.py": ("progress.changes", "looked"),
    "session_file.py": ("count",),
    "setting_kinds.py": ("self.layers", "self.high"),
    "sides.py": ("count", "f'all {count}' if count > 2 else 'both'", "len(targets)"),
    "slope.py": ("len(network.samples)",),
    "spec.py": ("count", "spec.batch_size"),
    "suggestions.py": ("len(names)",),
    "text.py": ("rounds[-1]",),
    "torch_program.py": ("size",),
    "verdict_sentence.py": ("course.rises", "course.falls", "period"),
}


def test_a_number_agrees_with_its_noun() -> None:
    """A value before a plural is a limit of more than one, or known never to be 1; others take ``format_count``."""
    found = []
    for path in sorted((ROOT / "bptui").rglob("*.py")):
        for _, node in strings(path.read_text(encoding="utf-8")):
            for value, after in zip(parts := getattr(node, "values", []), parts[1:], strict=False):
                if isinstance(value, ast.FormattedValue) and isinstance(after, ast.Constant):
                    noun = re.match(rf" (?:[a-z]+ )?(?:{NOUNS})\b", str(after.value))
                    name = ast.unparse(value.value)
                    if noun and not re.fullmatch(r"_?[A-Z_]+", name) and "join" not in name:
                        found.append((path.name, name, noun[0].strip()))
    assert [one for one in found if one[1] not in {*NAMES, *MORE_THAN_ONE.get(one[0], ())}] == []
