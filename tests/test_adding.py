"""What CONTRIBUTING.md says about adding something: its own examples, each added in the one place that it names.

Each is put into a copy of the project, which a fresh interpreter then runs: so nothing but that place makes it known.
The copy's own tests that go through the tables are run for the new row alone.
"""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bptui.help.manual_pages import find_page

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"^```python\n# (bptui/\S+(?:, \w+)?)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE))
OPTIMISER = "bptui/core/formulas/optimisers.py, OPTIMISERS"
ATAN = 'ATAN = Function("atan({0})", "np.arctan({0})", r"\\arctan\\left({0}\\right)")\n'  # a function nothing calls yet
ATAN_ROW = """
    Activation(
        "arctan", "the angle", lambda z: Call(ATAN, (z,)), lambda z, a: 1.0 / (1.0 + Square(z)),
        (-1.5707963267948966, 1.5707963267948966), "torch.atan({z})",
    ),
"""


class Copy:
    """The project in another folder, to be changed there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("bptui", "tests"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "README.md", "dev.py"):
            shutil.copy(ROOT / name, folder)

    def add_row(self, place: str, row: str) -> None:
        """Lay a row behind the last of a table; the place is a file and the table's name."""
        path, _, table = place.partition(", ")
        text = (self.folder / path).read_text(encoding="utf-8")
        (found,) = (
            node
            for node in ast.parse(text).body
            if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == [table]
        )
        rows = [
            node for node in ast.walk(found) if isinstance(node, ast.Call) and row.split("(")[0].strip() == name(node)
        ]
        last = max(node.end_lineno or 0 for node in rows)
        lines = text.splitlines(keepends=True)
        self.write(path, "".join([*lines[:last], row, *lines[last:]]))

    def replace(self, path: str, old: str, new: str) -> None:
        """Put something in place of what is there once."""
        text = (self.folder / path).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{path}: {old}"
        self.write(path, text.replace(old, new))

    def write(self, path: str, text: str) -> None:
        """Write a file."""
        (self.folder / path).write_text(text, encoding="utf-8")

    def run(self, *words: str, status: int = 0, **variables: str) -> str:
        """What a fresh interpreter prints that knows only the copy."""
        environment = {**os.environ, "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1", **variables}
        command = [sys.executable, "-P", *words]
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=300
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout

    def bptui(self, *words: str, status: int = 0) -> str:
        """What the copy's command line prints."""
        return self.run("-m", "bptui", *words, status=status)

    def cells_of(self, rows: Sequence[str]) -> set[str]:
        """Run the copy's tests that go through the tables for some rows alone, and return the cells that passed."""
        words = ("-m", "pytest", "-q", "-s", "-o", "addopts=", "-p", "no:cacheprovider", "-m", "table", *OF_TABLES)
        return set(re.findall("^cell .*$", self.run(*words, ONLY_ROWS="|".join(rows)), re.MULTILINE))


def name(call: ast.Call) -> str:
    """What is called."""
    return ast.unparse(call.func)


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


OF_TABLES = (
    "tests/core/engines/test_finite_differences.py",
    "tests/core/engines/test_torch_engine.py",
    "tests/core/formulas/rules/test_gradient_rules.py",
    "tests/practice/test_practice.py",
    "tests/derive/test_programs.py",
)


def test_the_page_adds_one_of_each_kind() -> None:
    assert list(EXAMPLES) == [
        "bptui/core/formulas/activations.py, ACTIVATIONS",
        "bptui/core/formulas/losses.py, LOSSES",
        OPTIMISER,
        "bptui/core/formulas/rules/gradient_rules.py, RULES",
        "bptui/ui/panels/largest.py",
    ]


ROWS = (  # where each is added, its flag, its name, what it looks like in a derivation, and cells that are tested
    (
        "bptui/core/formulas/activations.py, ACTIVATIONS",
        "activation",
        "bipolar sigmoid",
        "h1 = 2/(1 + exp(-in_h1)) - 1",
        50,
    ),
    (
        "bptui/core/formulas/losses.py, LOSSES",
        "loss",
        "quartic error",
        "E = ((o1 - y1)**2)**2 + ((o2 - y2)**2)**2",
        50,
    ),
    (
        "bptui/core/formulas/rules/gradient_rules.py, RULES",
        "gradient",
        "hidden derivative twice",
        "h1*(1 - h1)*h1*(1 - h1)",
        5,
    ),
)


@pytest.mark.exhaustive
@pytest.mark.with_torch
def test_a_row_of_the_page_is_known_everywhere(copy: Copy) -> None:
    """As a flag and in completion, in derivations, to the search; and to all tests that go through the tables."""
    for place, *_ in ROWS:
        copy.add_row(place, EXAMPLES[place])
    help_text, completion = re.sub(r"\s+", " ", copy.bptui("rounds", "--help")), copy.bptui("completion", "bash")
    tested = copy.cells_of([row for _, _, row, _, _ in ROWS])
    for _, flag, row, formula, cells in ROWS:
        words = ("two-by-two", f"--{flag}", row)
        assert row in help_text and row.replace(" ", "\\ ") in completion
        assert formula in copy.bptui("derive", *words)
        assert all("1" in copy.bptui("derive", *words, "--format", form) for form in ("markdown", "latex"))
        (line,) = copy.bptui("rounds", *words, "--json").splitlines()
        numbers = {name: f"{json.loads(line)['quantities'][name]:.12g}" for name in ("E", "dE_dw1", "dE_dw4")}
        asked = [word for name, digits in numbers.items() for word in ("--number", f"{name}={digits}")]
        assert row in re.sub(r"\s+", " ", copy.bptui("explain", "two-by-two", *asked))
        assert len([cell for cell in tested if row in cell]) >= cells, row


@pytest.mark.exhaustive
@pytest.mark.with_torch
def test_an_optimiser_of_the_page_agrees_with_torch(copy: Copy) -> None:
    copy.add_row(OPTIMISER, EXAMPLES[OPTIMISER])
    words = ("two-by-two", "--optimiser", "adagrad")
    assert "new_v_w1 = v_w1 + dE_dw1**2" in re.sub(r"\s+", " ", copy.bptui("derive", *words))
    by_hand, by_torch = (
        json.loads(copy.bptui("rounds", *words, "--at", "20", "--engine", engine, "--json"))["quantities"]
        for engine in ("numpy", "torch")
    )
    assert by_hand["new_v_w1"] != 0.0
    assert by_hand == pytest.approx(by_torch, rel=1e-12)


def test_a_function_that_no_formula_called_is_a_row_and_a_word(copy: Copy) -> None:
    path = "bptui/core/formulas/functions.py"
    copy.replace(path, "\nMAX = Function(", f"\n{ATAN}MAX = Function(")
    copy.replace(path, "(EXP, LOG, TANH, MAX, SQRT, SIGMOID)", "(EXP, LOG, TANH, ATAN, MAX, SIGMOID)")
    rows = "bptui/core/formulas/activations.py"
    copy.replace(rows, "    EXP,\n", "    ATAN,\n    EXP,\n")
    copy.add_row(f"{rows}, ACTIVATIONS", ATAN_ROW)
    derived = re.sub(r"\s+", " ", copy.bptui("derive", "two-by-two", "--activation", "arctan"))
    assert "h1 = atan(in_h1) = atan(0.25) = 0.244979 " in derived
    code = "from bptui.practice.answers import read_answer; print(read_answer('2*atan(1/4)').value)"
    assert copy.run("-c", code).startswith("0.48995732")


def test_a_file_among_the_lessons_is_a_lesson(copy: Copy) -> None:
    (text,) = re.findall(r"^```toml\n(.*?)^```$", find_page("lesson-files").text, re.DOTALL | re.MULTILINE)
    copy.write("bptui/lessons/bundled/my-homework.toml", text)
    assert "my-homework" in copy.bptui("lessons")
    assert "my-homework" in copy.bptui("completion", "fish")
    assert copy.bptui("check", "my-homework").splitlines()[-1] == "3 of 3 printed values match"


PANEL_AT_WORK = """
import asyncio
from bptui.lessons.lesson import load_lesson
from bptui.session.session import Session
from bptui.ui.app import BptuiApp
from bptui.ui.panels.largest import LargestPanel

async def main():
    app = BptuiApp(Session.open(load_lesson("two-by-two")))
    async with app.run_test(size=(120, 36)) as pilot:
        for keys in ((), ("space",), ("less_than_sign",)):
            await pilot.press(*keys)
            await pilot.pause()
            panel = app.screen.query_one(LargestPanel)
            print(panel.render_line(0).text.strip())

asyncio.run(main())
"""


def test_a_panel_is_a_file_and_the_line_where_the_screen_takes_it_in(copy: Copy) -> None:
    path, stepper = "bptui/ui/panels/largest.py", "bptui/ui/screens/stepper.py"
    copy.write(path, EXAMPLES[path])
    (line,) = re.findall(r"`(yield LargestPanel\(.+?)`", PAGE)
    copy.replace(stepper, "            yield LossPanel(", f"            {line}\n            yield LossPanel(")
    copy.replace(
        stepper,
        "from bptui.ui.panels.loss",
        "from bptui.ui.panels.largest import LargestPanel\nfrom bptui.ui.panels.loss",
    )
    shown = copy.run("-c", PANEL_AT_WORK).splitlines()
    assert shown[0].startswith("w6 0.0838660") and shown[1].startswith("w6 0.08130") and "nothing" in shown[2]
