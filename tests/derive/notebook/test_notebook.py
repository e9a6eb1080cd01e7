"""The notebook runs from top to bottom, its numbers are the engines', and its verdict is true."""

import ast
import json
import re
import sys
from dataclasses import replace
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from bptui.core.engines.engine import make_engine
from bptui.core.formulas.network import CHAIN_RULE
from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.spec import Spec
from bptui.core.training.run import Run
from bptui.derive.notebook.notebook import format_notebook, make_cells
from bptui.lessons.lesson import Lesson, load_bundled_lessons, load_lesson
from tests.derive.running import execute
from tests.effort import examples
from tests.strategies import is_smooth, problem, problems, rounded_or_not
from tests.tables import over

pytestmark = pytest.mark.usefixtures("torch_is_loaded")
_ROUNDS = 5


@pytest.fixture(autouse=True)
def plotted(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was plotted by a stand-in for matplotlib."""
    found: list[Any] = []
    pyplot = ModuleType("matplotlib.pyplot")
    for name in ("plot", "xlabel", "ylabel", "show"):
        setattr(pyplot, name, lambda *given, name=name: found.append((name, *given)))
    pyplot.rcParams = {}  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "matplotlib", SimpleNamespace(pyplot=pyplot))
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", pyplot)
    return found


def notebook(spec: Spec, title: str = "a lesson", note: str = "") -> dict[str, Any]:
    text = format_notebook(Lesson("a", title, spec, note))
    found: dict[str, Any] = json.loads(text)
    return found


def code(spec: Spec, title: str = "a lesson", note: str = "") -> str:
    """All code of a notebook, cell after cell."""
    cells = notebook(spec, title, note)["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def words(spec: Spec) -> str:
    return "\n".join(cell.text for cell in make_cells(Lesson("a", "a lesson", spec)) if cell.kind == "markdown")


def run(spec: Spec) -> dict[str, Any]:
    """Run a notebook from top to bottom, and return its names and what it printed."""
    names = ["by_hand", "by_autograd", "differences", "tolerances", "agree", "losses"]
    rows = ", ".join(f"{name!r}: np.asarray({name}).tolist()" for name in names)
    text, _, values = execute(f"{code(spec)}\n\nprint('----', {{{rows}}})").partition("----")
    return {"out": text, **eval(values, {"nan": np.nan, "inf": np.inf})}


def short(spec: Spec) -> Spec:
    return replace(spec, rounds=min(spec.rounds, _ROUNDS))


def check(spec: Spec) -> dict[str, Any]:
    """Compare what a notebook calculates with the engine."""
    spec = short(spec)
    own, found = Run(make_engine("numpy", spec)), run(spec)
    assert own.train_to(spec.rounds)
    kept = [p for p in spec.network.parameters if not spec.network.is_frozen(p)]
    names = ["E", *(f"dE_d{p}" for p in kept)]
    values = own.values(1)
    close = 1e-12 if spec.precision == "float64" else 1e-5
    scale = max([1.0, *(abs(float(v)) for v in values.values() if np.isfinite(v))])
    expected = [float(values[name]) for name in names]
    np.testing.assert_allclose(found["by_hand"], expected, rtol=0, atol=close * scale)
    losses = [float(own.values(number)["E"]) for number in range(1, spec.rounds + 1)]
    finite = next((place for place, loss in enumerate(losses) if not np.isfinite(loss)), len(losses))
    np.testing.assert_allclose(found["losses"][:finite], losses[:finite], rtol=1e-3, atol=close * scale)
    return found


@over(lesson=load_bundled_lessons())
def test_every_lesson_runs_from_top_to_bottom_with_the_engines_numbers(lesson: Lesson) -> None:
    found = check(lesson.spec)
    assert found["agree"] == (lesson.spec.gradient == CHAIN_RULE)
    assert f"agree: {found['agree']}" in found["out"]


@over(optimiser=OPTIMISERS, batch=("all", "2", "one at a time"))
def test_every_optimiser_trains_on_any_batch(optimiser: str, batch: str) -> None:
    spec = replace(load_lesson("xor").spec, optimiser=optimiser, batch=batch)
    assert check(spec)["agree"]


@examples(40)
@given(problems())
def test_by_the_chain_rule_both_agree_on_random_problems(spec: Spec) -> None:
    spec = short(replace(spec, gradient=CHAIN_RULE))
    own = Run(make_engine("numpy", spec))
    assert own.train_to(1)
    found = run(spec)
    if is_smooth(spec, own.values(1)):
        assert found["agree"]


@examples(20)
@given(rounded_or_not)
def test_every_notebook_runs_whatever_the_problem(spec: Spec) -> None:
    run(short(spec))


@over(rule=RULES)
def test_another_gradient_rule_is_named_and_its_numbers_differ(rule: str) -> None:
    spec = problem((2, 3, 2), "softmax" if "softmax" in RULES[rule].about else "sigmoid", gradient=rule, rounds=2)
    assert (RULES[rule].about[1:] in words(spec).replace("\\", "")) == (rule != CHAIN_RULE)
    assert check(spec)["agree"] == (rule == CHAIN_RULE)


@pytest.mark.parametrize("precisions", [("float32", "float32"), ("float32", "float64"), ("float64", "float32")])
def test_the_verdict_is_true_for_each_precision(precisions: tuple[str, str]) -> None:
    spec = replace(problem((2, 3, 2), rounds=2), precision=precisions[0], torch_precision=precisions[1])
    assert check(spec)["agree"] and all(kind in words(spec) for kind in precisions)


def test_rounding_by_hand_is_said_where_it_makes_the_two_differ() -> None:
    spec = problem((2, 3, 2), rounding="3 digits", rounds=2)
    assert "rounded to 3 significant digits" in words(spec) and not check(spec)["agree"]


def test_the_curve_has_a_point_for_each_round(plotted: list[Any]) -> None:
    found = check(problem(rounds=4))
    assert [name for name, *_ in plotted] == ["plot", "xlabel", "ylabel", "show"]
    assert [*plotted[0][1]] == [1, 2, 3, 4] and [*plotted[0][2]] == found["losses"]


def test_a_long_training_is_announced() -> None:
    assert "may take minutes" in words(problem(rounds=10_000_000)) and "chunksize" in code(problem(rounds=10_000_000))
    assert "may take minutes" not in words(problem(rounds=100_000))


def test_the_file_is_a_notebook_of_version_4_5() -> None:
    """What its schema asks for; see https://github.com/jupyter/nbformat."""
    found = notebook(problem(), note="A note.")
    assert (found["nbformat"], found["nbformat_minor"]) == (4, 5)
    assert found["metadata"]["kernelspec"]["name"] == "python3"
    ids = [cell["id"] for cell in found["cells"]]
    assert len(ids) == len(set(ids)) and all(re.fullmatch("[a-zA-Z0-9_-]{1,64}", one) for one in ids)
    for cell in found["cells"]:
        own = {"execution_count", "outputs"} if cell["cell_type"] == "code" else set()
        assert set(cell) == {"cell_type", "id", "metadata", "source", *own} and all(cell["source"])
        assert not own or (cell["execution_count"] is None and cell["outputs"] == [])
    kinds = [cell["cell_type"] for cell in found["cells"]]
    assert kinds == ["markdown", *["markdown", "code"] * (len(kinds) // 2)]


@over(title=['"""\nimport os', "# x\u2028import os", "\x1b[31m \udcff \x00", "$x$ <script>", "`ls`", ""])
def test_no_title_or_note_becomes_code(title: str) -> None:
    found = notebook(problem(), title, f"{title}\n```\nnever closed\n<!-- ")
    assert code(problem(), title, title) == code(problem())
    text = "".join(found["cells"][0]["source"])
    assert text.startswith("# ") and "import os" not in text.splitlines()
    assert "<script" not in text.replace("\\<script", "") and "<!--" not in text
    json.dumps(found, ensure_ascii=False).encode()


def test_a_notebook_imports_three_libraries_and_nothing_else() -> None:
    imports = [ast.unparse(node) for node in ast.walk(ast.parse(code(problem()))) if isinstance(node, ast.Import)]
    assert imports == ["import numpy as np", "import torch", "import matplotlib.pyplot as plt"]
